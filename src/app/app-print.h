/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-session.h"

G_BEGIN_DECLS

void app_print_unsent (GtkRoot *window, WorkspaceSession *session, GListModel *rows);

G_END_DECLS
