/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The first start: where to work.
 * signal "demo" (): the demo clinic
 * signal "server" (server): that server, which was looked at
 * signal "clinic" (login): a clinic of its own, founded in the folder given */
#define APP_TYPE_WELCOME (app_welcome_get_type ())
G_DECLARE_FINAL_TYPE (AppWelcome, app_welcome, APP, WELCOME, AdwBin)

GtkWidget *app_welcome_new (const char *clinic_folder);
void app_welcome_connect_to (AppWelcome *self, const char *address);

G_END_DECLS
