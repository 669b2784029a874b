/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

/* One account on this machine: its folder, its key, its store, and who signed in last. */
#define APP_TYPE_ACCOUNT (app_account_get_type ())
G_DECLARE_FINAL_TYPE (AppAccount, app_account, APP, ACCOUNT, GObject)

AppAccount *
app_account_new (const char *folder, const char *server, const char *user, const char *key_file);
void app_account_open_async (AppAccount *self,
                             BaseClock *clock,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean app_account_open_finish (AppAccount *self, GAsyncResult *result, GError **error);
StoreDatabase *app_account_get_database (AppAccount *self);
const char *app_account_get_folder (AppAccount *self);
const char *app_account_get_key_file (AppAccount *self);
gboolean app_account_get_has_code (AppAccount *self);
char *app_account_dup_id (AppAccount *self);
gboolean app_account_is_read_only (AppAccount *self);
const char *app_account_get_server (AppAccount *self);
const char *app_account_get_login (AppAccount *self);
const char *app_account_get_user_reference (AppAccount *self);
const char *app_account_get_user_name (AppAccount *self);
const char *app_account_get_role (AppAccount *self);
const char *app_account_get_refresh_token (AppAccount *self);
gint64 app_account_get_pulled (AppAccount *self);
gint64 app_account_get_signed_in (AppAccount *self);
gboolean
app_account_keep_user (AppAccount *self, const char *reference, const char *name, const char *role);
gboolean app_account_keep_notes (AppAccount *self, const char *const *notes);
gboolean app_account_save_refresh_token (const char *token, gpointer self, GError **error);
gboolean app_account_erase_key (AppAccount *self, GError **error);
GBytes *app_account_read_key_file (const char *path, gboolean may_create, GError **error);

G_END_DECLS
