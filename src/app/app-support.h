/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

#include "app-fleet.h"

G_BEGIN_DECLS

/* What a person turns to beside the work: help, preferences, the diagnostic report and About, each
 * by an action of the application, with somebody signed in or not. */
#define APP_TYPE_SUPPORT (app_support_get_type ())
G_DECLARE_FINAL_TYPE (AppSupport, app_support, APP, SUPPORT, GObject)

AppSupport *app_support_new (GtkApplication *application, GSettings *settings, AppFleet *fleet);
void app_support_set_server (AppSupport *self, const char *server);
void app_support_set_content (AppSupport *self, StoreContent *content);
void app_support_set_session (AppSupport *self, WorkspaceSession *session);

G_END_DECLS
