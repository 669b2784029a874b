/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "prescribe-sheet.h"

G_BEGIN_DECLS

GPtrArray *prescribe_sheet_get_beside (PrescribeSheet *self);
CareContext *prescribe_sheet_get_context (PrescribeSheet *self);
GHashTable *prescribe_sheet_get_own_reasons (PrescribeSheet *self);
gboolean prescribe_sheet_get_looked (PrescribeSheet *self);

G_END_DECLS
