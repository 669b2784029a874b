/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-signing-key.h"

#include <libsecret/secret.h>

#include "app-secret.h"

/* The key that a prescriber signs with. It is made when it is first needed. Where it cannot be kept
 * nothing is signed: there is no signature by less. */

/* A CareKeySource. */
static BaseKey *
load (gpointer data, GError **error)
{
  AppSecret *place = data;
  g_autoptr (BaseKey) key = NULL;
  char *secret = NULL;

  if (!app_secret_look_up (place, &secret, error))
    return NULL;
  if (secret)
    key = base_key_new_from_secret (secret, error);
  else
    {
      key = base_key_new (error);
      secret = key ? base_key_dup_secret (key) : NULL;
      if (!secret || !app_secret_keep (place, secret, error))
        g_clear_pointer (&key, base_key_unref);
    }
  secret_password_free (secret);
  return g_steal_pointer (&key);
}

static void
load_thread (GTask *task, gpointer context, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (!care_context_load_key (context, &error))
    g_warning ("the key that signs is not there: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

/* A CareSecretLoad: what it gives is freed as any text. */
static gboolean
load_second (gpointer data, char **secret, GError **error)
{
  char *kept = NULL;

  if (!app_secret_look_up (data, &kept, error))
    return FALSE;
  *secret = g_strdup (kept);
  secret_password_free (kept);
  return TRUE;
}

/* A CareSecretSave. */
static gboolean
save_second (gpointer data, const char *secret, GError **error)
{
  return app_secret_keep (data, secret, error);
}

/**
 * app_signing_key_attach:
 *
 * From now on what @context signs is signed with the key of its user, and controlled drugs with the
 * second factor, too.
 */
void
app_signing_key_attach (AppAccount *account, CareContext *context)
{
  AppSecret *place = app_secret_new (account, context, APP_SECRET_SIGNING_KEY);
  AppSecret *second = app_secret_new (account, context, APP_SECRET_SECOND_FACTOR);

  care_context_set_key_source (context, load, place, (GDestroyNotify) app_secret_free);
  care_context_set_secret_place (context, load_second, save_second, second,
                                 (GDestroyNotify) app_secret_free);
  /* The store asks nobody for a password, and what is being written cannot wait for it to write. */
  if (app_secret_is_in_store (place))
    {
      g_autoptr (GTask) task = g_task_new (context, NULL, NULL, NULL);

      g_task_set_source_tag (task, app_signing_key_attach);
      g_task_run_in_thread (task, load_thread);
    }
}
