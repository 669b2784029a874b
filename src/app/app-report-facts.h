/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "workspace-session.h"

#include "app-report.h"

G_BEGIN_DECLS

void app_report_facts_gather_async (GtkWidget *window,
                                    GSettings *settings,
                                    const char *server,
                                    WorkspaceSession *session,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
AppReport *app_report_facts_gather_finish (GAsyncResult *result);

G_END_DECLS
