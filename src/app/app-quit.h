/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

typedef void (*AppQuitAnswer) (gpointer user_data, gboolean quit);

/* The barrier between the user and quit: what is signed but not sent (H1). */
#define APP_TYPE_QUIT (app_quit_get_type ())
G_DECLARE_FINAL_TYPE (AppQuit, app_quit, APP, QUIT, AdwAlertDialog)

void app_quit_ask (GtkWidget *parent,
                   WorkspaceSession *session,
                   AppQuitAnswer answer,
                   gpointer user_data);

G_END_DECLS
