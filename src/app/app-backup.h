/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void app_backup_async (const char *folder,
                       GFile *place,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
void app_backup_key_async (const char *folder,
                           GFile *file,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
char *app_backup_finish (GAsyncResult *result, GError **error);
char *app_backup_dup_restore_command (const char *folder, gboolean sandboxed);

G_END_DECLS
