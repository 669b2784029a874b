/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Keeps a window's size from one start to the next. @settings is NULL where they are not installed;
 * @which: "clinic" or "patient". */
void app_size_keep (GSettings *settings, GtkWindow *window, const char *which);

G_END_DECLS
