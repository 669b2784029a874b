/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-account.h"
#include "care-context.h"

G_BEGIN_DECLS

/* What a prescriber signs with. */
typedef enum
{
  APP_SECRET_SIGNING_KEY,
  APP_SECRET_SECOND_FACTOR,
} AppSecretKind;

/* Where one secret of a user is kept. Its functions block: the keyring may ask for its password. */
typedef struct _AppSecret AppSecret;

AppSecret *app_secret_new (AppAccount *account, CareContext *context, AppSecretKind kind);
void app_secret_free (AppSecret *self);
gboolean app_secret_is_in_store (AppSecret *self);
gboolean app_secret_look_up (AppSecret *self, char **secret, GError **error);
gboolean app_secret_keep (AppSecret *self, const char *secret, GError **error);
gboolean app_secret_erase (const char *folder, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AppSecret, app_secret_free)

G_END_DECLS
