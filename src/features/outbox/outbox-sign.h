/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "workspace-session.h"

#include "outbox-item.h"

G_BEGIN_DECLS

void outbox_sign (GtkWidget *page, WorkspaceSession *session, OutboxItem *item);

G_END_DECLS
