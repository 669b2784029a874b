/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

#include "outbox-item.h"

G_BEGIN_DECLS

/* What asks once more before it is done. @page is told on; nothing happens where it is cancelled.
 */
void outbox_actions_give_up (GtkWidget *page, WorkspaceSession *session, OutboxItem *item);
void outbox_actions_show_failure (GtkWidget *page, const char *sentence);
void outbox_actions_export (GtkWidget *page, WorkspaceSession *session);
void outbox_actions_decide (GtkWidget *page,
                            WorkspaceSession *session,
                            const char *group,
                            SyncDecision decision);
void outbox_actions_write_export (GtkWidget *page, WorkspaceSession *session, GFile *file);

G_END_DECLS
