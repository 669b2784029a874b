/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-account.h"
#include "app-clinic-window.h"

G_BEGIN_DECLS

/* Tells once what a server cannot do, as soon as that has settled; and, for as long as it is so,
 * that the server may be another than the one that the records here came from. */
#define APP_TYPE_SERVER_NOTICE (app_server_notice_get_type ())
G_DECLARE_FINAL_TYPE (AppServerNotice, app_server_notice, APP, SERVER_NOTICE, GObject)

AppServerNotice *
app_server_notice_new (AppAccount *account, AppClinicWindow *window, WorkspaceSession *session);
void app_server_notice_ask (AppServerNotice *self);

G_END_DECLS
