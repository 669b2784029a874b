/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKSPACE_TYPE_LIST_CHOICE (workspace_list_choice_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceListChoice, workspace_list_choice, WORKSPACE, LIST_CHOICE, GObject)

WorkspaceListChoice *workspace_list_choice_new (GtkListView *list, GtkSingleSelection *selection);
void workspace_list_choice_set (WorkspaceListChoice *self, guint position);
gboolean workspace_list_choice_move (WorkspaceListChoice *self, int step);

G_END_DECLS
