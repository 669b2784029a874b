/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-context.h"

G_BEGIN_DECLS

void prescribe_keep_dialog_present (GtkWidget *parent, CareContext *context, GPtrArray *drafts);

G_END_DECLS
