/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-access.h"

#include "base-id.h"
#include "hub-access-private.h"
#include "base-password.h"
#include "hub-reply.h"

/* Passwords: checked on a thread of their own, tried a few times only. Whatever is answered, and
 * how soon, is the same for a name that nobody has: who works at a clinic is not told to strangers.
 */

#define WRONG_ALLOWED 5
#define LOCK_US       (60 * G_USEC_PER_SEC)
#define TRIES_KEPT    10000

/* Wrong passwords in a row for one name, somebody's or not. */
typedef struct
{
  guint wrong;
  gint64 last, locked_until;
} HubTries;

typedef struct
{
  char *name, *password, *hash;
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;

  g_free (check->name);
  g_free (check->password);
  g_free (check->hash);
  g_free (check);
}

static void
check_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Check *check = data;

  g_task_return_boolean (task, base_password_verify (check->password, check->hash));
}

static gboolean
is_old (gpointer name, gpointer data, gpointer now)
{
  const HubTries *tries = data;

  return tries->last + LOCK_US < *(gint64 *) now;
}

/* Names are kept as hashes, for they come from anybody and may be long. */
static HubTries *
tries_of (HubAccess *self, const char *name)
{
  g_autofree char *hash = base_sha256_hex (name, -1);
  gint64 now = base_clock_monotonic (self->clock);
  HubTries *tries = g_hash_table_lookup (self->tries, hash);

  if (tries != NULL)
    return tries;
  if (g_hash_table_size (self->tries) >= TRIES_KEPT)
    g_hash_table_foreach_remove (self->tries, is_old, &now);
  if (g_hash_table_size (self->tries) >= TRIES_KEPT)
    g_hash_table_remove_all (self->tries);
  tries = g_new0 (HubTries, 1);
  g_hash_table_replace (self->tries, g_steal_pointer (&hash), tries);
  return tries;
}

/* Counted before the answer is known, or many tries at once would all pass. */
static gboolean
may_try (HubAccess *self, const char *name)
{
  HubTries *tries = tries_of (self, name);
  gint64 now = base_clock_monotonic (self->clock);

  if (now < tries->locked_until)
    return FALSE;
  tries->last = now;
  if (++tries->wrong >= WRONG_ALLOWED)
    {
      tries->wrong = 0;
      tries->locked_until = now + LOCK_US;
    }
  return TRUE;
}

/**
 * hub_access_check_password_async:
 *
 * A name that nobody has takes as long as a wrong password. Five wrong ones in a row close the name
 * for a minute, whether somebody has it or not.
 */
void
hub_access_check_password_async (HubAccess *self,
                                 const char *name,
                                 const char *password,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  HubAccount *account = g_hash_table_lookup (self->accounts, name);
  const char *hash = account != NULL && !account->disabled ? account->password : NULL;
  Check *check;

  g_task_set_source_tag (task, hub_access_check_password_async);
  if (!may_try (self, name))
    {
      g_task_return_new_error (task, HUB_ERROR, 429,
                               "Too many wrong passwords. Wait a minute, then try again.");
      return;
    }
  check = g_new (Check, 1);
  check->name = g_strdup (name);
  check->password = g_strdup (password);
  check->hash = hash != NULL ? g_strdup (hash)
                             : g_strdup_printf ("pbkdf2-sha256$%u$00$00", BASE_PASSWORD_ITERATIONS);
  g_task_set_task_data (task, check, check_free);
  g_task_run_in_thread (task, check_thread);
}

/**
 * hub_access_check_password_finish:
 *
 * Returns: (transfer full): the user, or NULL with a sentence in @error
 */
HubUser *
hub_access_check_password_finish (HubAccess *self, GAsyncResult *result, GError **error)
{
  const Check *check = g_task_get_task_data (G_TASK (result));
  HubAccount *account = check != NULL ? g_hash_table_lookup (self->accounts, check->name) : NULL;
  g_autoptr (GError) problem = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &problem) && account != NULL && !account->disabled)
    {
      HubTries *tries = tries_of (self, check->name);

      tries->wrong = 0;
      tries->locked_until = 0;
      return hub_user_ref (account->user);
    }
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  g_set_error (error, HUB_ERROR, 401, "Name or password is wrong.");
  return NULL;
}
