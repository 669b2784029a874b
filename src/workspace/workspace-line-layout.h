/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKSPACE_TYPE_LINE_LAYOUT (workspace_line_layout_get_type ())
G_DECLARE_FINAL_TYPE (
    WorkspaceLineLayout, workspace_line_layout, WORKSPACE, LINE_LAYOUT, GtkLayoutManager)

GtkLayoutManager *workspace_line_layout_new (int spacing);
void workspace_line_layout_spare (GtkWidget *child);

G_END_DECLS
