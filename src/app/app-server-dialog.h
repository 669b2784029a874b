/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What this server cannot do, and what Bedside does instead, a sentence each. */
#define APP_TYPE_SERVER_DIALOG (app_server_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AppServerDialog, app_server_dialog, APP, SERVER_DIALOG, AdwDialog)

AdwDialog *app_server_dialog_new (const char *server, const char *const *notes);

G_END_DECLS
