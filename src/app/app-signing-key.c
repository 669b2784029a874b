/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-signing-key.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>

#include "store-setting.h"

/* The key that a prescriber signs with lies where the key of the records lies: in the keyring; or,
 * where the user keeps that one in a file, among the records that it encrypts. It is made when it
 * is first needed. Where it cannot be kept nothing is signed: there is no signature by less. */

#define SETTING "sign.key"

typedef struct
{
  StoreDatabase *database;
  char *folder, *who;
  gboolean in_store;
} Place;

static const SecretSchema schema = {
  "health.bedside.SigningKey",
  SECRET_SCHEMA_NONE,
  { { "store", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "who", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 } },
};

static void
place_free (gpointer data)
{
  Place *self = data;

  g_object_unref (self->database);
  g_free (self->folder);
  g_free (self->who);
  g_free (self);
}

typedef struct
{
  char *secret;
} Kept;

static gboolean
read_work (StoreConnection *connection, gpointer data, GError **error)
{
  ((Kept *) data)->secret = store_setting_get (connection, SETTING);
  return TRUE;
}

static gboolean
keep_work (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_set (connection, SETTING, ((Kept *) data)->secret, error);
}

/* FALSE with @error set where nobody answers; else @secret is what is kept, or NULL. */
static gboolean
look_up (const Place *self, char **secret, GError **error)
{
  Kept kept = { NULL };
  g_autoptr (GError) local = NULL;

  if (self->in_store)
    store_database_read (self->database, read_work, &kept, &local);
  else
    kept.secret = secret_password_lookup_sync (&schema, NULL, &local, "store", self->folder, "who",
                                               self->who, NULL);
  *secret = kept.secret;
  if (!local)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               _ ("Prescriptions are signed with a key of your own, and the place where this "
                  "desktop keeps keys does not answer (%s). Unlock the keyring, then sign again."),
               local->message);
  return FALSE;
}

static gboolean
keep (const Place *self, char *secret, GError **error)
{
  Kept kept = { secret };

  return self->in_store
             ? store_database_write (self->database, BASE_LANE_PERSON, keep_work, &kept, error)
             : secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT,
                                           _ ("Bedside: key that signs your prescriptions"), secret,
                                           NULL, error, "store", self->folder, "who", self->who,
                                           NULL);
}

/* A CareKeySource. */
static BaseKey *
load (gpointer data, GError **error)
{
  const Place *self = data;
  g_autoptr (BaseKey) key = NULL;
  char *secret = NULL;

  if (!look_up (self, &secret, error))
    return NULL;
  if (secret)
    key = base_key_new_from_secret (secret, error);
  else
    {
      key = base_key_new (error);
      secret = key ? base_key_dup_secret (key) : NULL;
      if (!secret || !keep (self, secret, error))
        g_clear_pointer (&key, base_key_unref);
    }
  secret_password_free (secret);
  return g_steal_pointer (&key);
}

/**
 * app_signing_key_erase:
 * @folder: where the records lie
 *
 * Takes the keys that signed among those records out of the keyring. Blocks; for worker threads.
 */
gboolean
app_signing_key_erase (const char *folder, GError **error)
{
  g_autoptr (GError) local = NULL;

  secret_password_clear_sync (&schema, NULL, &local, "store", folder, NULL);
  if (!local)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static void
load_thread (GTask *task, gpointer context, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (!care_context_load_key (context, &error))
    g_warning ("the key that signs is not there: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

/**
 * app_signing_key_attach:
 *
 * From now on what @context signs is signed with the key of its user.
 */
void
app_signing_key_attach (AppAccount *account, CareContext *context)
{
  Place *place = g_new0 (Place, 1);

  place->database = g_object_ref (app_account_get_database (account));
  place->folder = g_strdup (app_account_get_folder (account));
  place->who = g_strdup (care_context_get_user_reference (context));
  place->in_store = app_account_get_key_file (account) != NULL;
  care_context_set_key_source (context, load, place, place_free);
  /* The store asks nobody for a password, and what is being written cannot wait for it to write. */
  if (place->in_store)
    {
      g_autoptr (GTask) task = g_task_new (context, NULL, NULL, NULL);

      g_task_set_source_tag (task, app_signing_key_attach);
      g_task_run_in_thread (task, load_thread);
    }
}
