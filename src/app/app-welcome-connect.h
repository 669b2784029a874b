/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A server's address, and what stands there.
 * signal "use" (server): a person read what works with it and wants it */
#define APP_TYPE_WELCOME_CONNECT (app_welcome_connect_get_type ())
G_DECLARE_FINAL_TYPE (
    AppWelcomeConnect, app_welcome_connect, APP, WELCOME_CONNECT, AdwNavigationPage)

AdwNavigationPage *app_welcome_connect_new (const char *address);

G_END_DECLS
