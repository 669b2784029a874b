/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-secret.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>

#include "store-setting.h"

/* What a prescriber signs with lies where the key of the records lies: in the keyring; or, where
 * the user keeps that one in a file, among the records that it encrypts. */

struct _AppSecret
{
  AppSecretKind kind;
  StoreDatabase *database;
  char *folder, *who;
  gboolean in_store;
};

#define ATTRIBUTES                                                                                 \
  {                                                                                                \
    { "store", SECRET_SCHEMA_ATTRIBUTE_STRING },                                                   \
    { "who", SECRET_SCHEMA_ATTRIBUTE_STRING },                                                     \
    { NULL, 0 },                                                                                   \
  }

static const struct
{
  const char *setting; /* among the records */
  SecretSchema schema; /* in the keyring */
  const char *label;
} kinds[] = {
  [APP_SECRET_SIGNING_KEY] = { "sign.key",
                               { "health.bedside.SigningKey", SECRET_SCHEMA_NONE, ATTRIBUTES },
                               N_ ("Bedside: key that signs your prescriptions") },
  [APP_SECRET_SECOND_FACTOR] = { "second-factor.secret",
                                 { "health.bedside.SecondFactor", SECRET_SCHEMA_NONE, ATTRIBUTES },
                                 N_ ("Bedside: second factor that signs your controlled drugs") },
};

AppSecret *
app_secret_new (AppAccount *account, CareContext *context, AppSecretKind kind)
{
  AppSecret *self = g_new0 (AppSecret, 1);

  self->kind = kind;
  self->database = g_object_ref (app_account_get_database (account));
  self->folder = g_strdup (app_account_get_folder (account));
  self->who = g_strdup (care_context_get_user_reference (context));
  self->in_store = app_account_get_key_file (account) != NULL;
  return self;
}

void
app_secret_free (AppSecret *self)
{
  g_object_unref (self->database);
  g_free (self->folder);
  g_free (self->who);
  g_free (self);
}

/* Whether it is kept among the records, which ask nobody for a password. */
gboolean
app_secret_is_in_store (AppSecret *self)
{
  return self->in_store;
}

typedef struct
{
  const char *setting, *kept;
  char *found;
} Kept;

static gboolean
read_work (StoreConnection *connection, gpointer data, GError **error)
{
  Kept *kept = data;

  kept->found = store_setting_get (connection, kept->setting);
  return TRUE;
}

static gboolean
keep_work (StoreConnection *connection, gpointer data, GError **error)
{
  const Kept *kept = data;

  return store_setting_set (connection, kept->setting, kept->kept, error);
}

/**
 * app_secret_look_up:
 * @secret: (out): what is kept, to be freed with secret_password_free(); NULL where nothing is
 *
 * Returns: FALSE where nobody answers
 */
gboolean
app_secret_look_up (AppSecret *self, char **secret, GError **error)
{
  Kept kept = { kinds[self->kind].setting, NULL, NULL };
  g_autoptr (GError) local = NULL;

  if (self->in_store)
    store_database_read (self->database, read_work, &kept, &local);
  else
    kept.found = secret_password_lookup_sync (&kinds[self->kind].schema, NULL, &local, "store",
                                              self->folder, "who", self->who, NULL);
  *secret = kept.found;
  if (!local)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               _ ("Prescriptions are signed with a key of your own, and the place where this "
                  "desktop keeps keys does not answer (%s). Unlock the keyring, then sign again."),
               local->message);
  return FALSE;
}

gboolean
app_secret_keep (AppSecret *self, const char *secret, GError **error)
{
  Kept kept = { kinds[self->kind].setting, secret, NULL };

  return self->in_store
             ? store_database_write (self->database, BASE_LANE_PERSON, keep_work, &kept, error)
             : secret_password_store_sync (&kinds[self->kind].schema, SECRET_COLLECTION_DEFAULT,
                                           _ (kinds[self->kind].label), secret, NULL, error,
                                           "store", self->folder, "who", self->who, NULL);
}

/**
 * app_secret_erase:
 * @folder: where the records lie
 *
 * Takes all that signed among those records out of the keyring. Blocks; for worker threads.
 */
gboolean
app_secret_erase (const char *folder, GError **error)
{
  g_autoptr (GError) local = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds) && !local; i++)
    secret_password_clear_sync (&kinds[i].schema, NULL, &local, "store", folder, NULL);
  if (!local)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
