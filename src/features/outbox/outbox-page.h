/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-page.h"
#include "workspace-session.h"

G_BEGIN_DECLS

#define OUTBOX_TYPE_PAGE (outbox_page_get_type ())
G_DECLARE_FINAL_TYPE (OutboxPage, outbox_page, OUTBOX, PAGE, WorkspacePage)

GtkWidget *outbox_page_new (WorkspaceSession *session);

G_END_DECLS
