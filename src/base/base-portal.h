/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BASE_PORTAL_NAME "org.freedesktop.portal.Desktop"
#define BASE_PORTAL_PATH "/org/freedesktop/portal/desktop"

/* What the desktop lends to a program in a sandbox, or asks a person for in its name. */
gboolean base_portal_is_sandboxed (void);
void base_portal_request_async (GDBusConnection *bus,
                                const char *interface,
                                const char *method,
                                const char *window,
                                GVariant *options,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GVariant *base_portal_request_finish (GAsyncResult *result, GError **error);
gboolean base_portal_is_missing (const GError *error);

G_END_DECLS
