/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

typedef void (*AppSwitchAnswer) (gpointer user_data, const char *account);

/* The barrier between two clinicians on one computer: what the one who goes has not sent (H1). */
void app_switch_ask (GtkWidget *parent,
                     WorkspaceSession *session,
                     const char *name,
                     const char *account,
                     AppSwitchAnswer answer,
                     GObject *receiver);

G_END_DECLS
