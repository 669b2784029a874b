/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "prescribe-sheet.h"

G_BEGIN_DECLS

/* What is asked of several sheets at once: (element-type PrescribeSheet). */
char *prescribe_group_dup_problem (GPtrArray *sheets, PrescribeSheet *but);
char *prescribe_group_dup_checked (GPtrArray *sheets);
GPtrArray *prescribe_group_dup_drafts (GPtrArray *sheets);
GHashTable *prescribe_group_dup_reasons (GPtrArray *sheets);
PrescribeSheet *prescribe_group_next (GPtrArray *sheets, PrescribeSheet *sheet);
void prescribe_group_set_signing (GPtrArray *sheets, gboolean signing);
gboolean prescribe_group_is_signing (GPtrArray *sheets);
void prescribe_group_check_again (GPtrArray *sheets);

G_END_DECLS
