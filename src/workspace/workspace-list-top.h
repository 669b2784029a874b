/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* After @view got its items: shows it from its first heading. */
void workspace_list_top_show (GtkListView *view);
void workspace_list_top_leave (GtkAdjustment *adjustment);

G_END_DECLS
