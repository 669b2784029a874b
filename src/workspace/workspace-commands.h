/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-session.h"

G_BEGIN_DECLS

/* One command, ready to show: name, keys and what it activates. */
#define WORKSPACE_TYPE_COMMAND_ITEM (workspace_command_item_get_type ())
G_DECLARE_FINAL_TYPE (
    WorkspaceCommandItem, workspace_command_item, WORKSPACE, COMMAND_ITEM, GObject)

WorkspaceCommandItem *workspace_command_item_new (const char *title,
                                                  const char *subtitle,
                                                  const char *action,
                                                  const char *accelerator,
                                                  const char *icon_name);
const char *workspace_command_item_get_title (WorkspaceCommandItem *self);
const char *workspace_command_item_get_subtitle (WorkspaceCommandItem *self);
const char *workspace_command_item_get_action (WorkspaceCommandItem *self);
const char *workspace_command_item_get_accelerator (WorkspaceCommandItem *self);
char *workspace_command_item_dup_keys (WorkspaceCommandItem *self);
gboolean workspace_command_item_matches (WorkspaceCommandItem *self, const char *typed);

GListStore *workspace_commands_list (WorkspaceSession *session, WorkspaceScope scope);
void workspace_commands_add_clinic_pages (GListStore *list, WorkspaceSession *session);
void
workspace_commands_add_named (GListStore *list, WorkspaceSession *session, WorkspaceScope scope);
void
workspace_commands_install (GtkWidget *window, WorkspaceSession *session, WorkspaceScope scope);

G_END_DECLS
