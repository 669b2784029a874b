/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* In a Flatpak: knows when a newer version than the one that runs was installed.
 *
 * signal "installed" (): once; a restart begins it */
#define APP_TYPE_UPDATE (app_update_get_type ())
G_DECLARE_FINAL_TYPE (AppUpdate, app_update, APP, UPDATE, GObject)

AppUpdate *app_update_new (GDBusConnection *bus);

G_END_DECLS
