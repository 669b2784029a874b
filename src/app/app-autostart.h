/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whether the server of the clinic on this computer starts when somebody logs in.
 * signal "notify::active": that was changed here */
#define APP_TYPE_AUTOSTART (app_autostart_get_type ())
G_DECLARE_FINAL_TYPE (AppAutostart, app_autostart, APP, AUTOSTART, GObject)

AppAutostart *app_autostart_new (const char *clinic);
AppAutostart *app_autostart_new_at (const char *clinic,
                                    const char *folder,
                                    GDBusConnection *bus,
                                    gboolean sandboxed);
gboolean app_autostart_get_active (AppAutostart *self);
void app_autostart_set_async (AppAutostart *self,
                              gboolean active,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean app_autostart_set_finish (AppAutostart *self, GAsyncResult *result, GError **error);

G_END_DECLS
