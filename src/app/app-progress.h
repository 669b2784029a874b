/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first reading of a clinic's records, in words and as a part of one. */
char *app_progress_dup_text (guint done, guint total, guint seconds_left);
double app_progress_get_fraction (guint done, guint total);

G_END_DECLS
