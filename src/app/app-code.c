/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-code.h"

#include <glib/gi18n.h>

#include "base-password.h"
#include "store-setting.h"

/* A try is on the disk as a wrong one before it is looked at, so that nobody gains tries by killing
 * the program. After five each further one has to wait, longer each time. Signing in at the server
 * opens too, so whoever forgot the code loses nothing of what waits here. Where a newer version
 * wrote the store nothing can be put on the disk: what comes on top is counted while the program
 * runs. */

#define CODE     "lock.code"
#define TRIES    "lock.tries"
#define TRIED_AT "lock.tried-at"

#define FIRST_WAIT_S   30
#define LONGEST_WAIT_S 900

gboolean
app_code_has (StoreConnection *connection)
{
  g_autofree char *hash = store_setting_get (connection, CODE);

  return hash != NULL;
}

static gboolean
all_the_same (const char *code)
{
  gunichar first = g_utf8_get_char (code);

  for (const char *at = code; *at; at = g_utf8_next_char (at))
    if (g_utf8_get_char (at) != first)
      return FALSE;
  return TRUE;
}

/* (transfer full) (nullable): why @code will not do, or NULL. */
char *
app_code_dup_problem (const char *code, const char *again)
{
  if (g_utf8_strlen (code, -1) < APP_CODE_LEAST_CHARACTERS)
    return g_strdup_printf (_ ("A code has %d characters or more."), APP_CODE_LEAST_CHARACTERS);
  if (all_the_same (code))
    return g_strdup (_ ("This is guessed at once. Choose another code."));
  if (g_strcmp0 (code, again) != 0)
    return g_strdup (_ ("The two codes are not the same."));
  return NULL;
}

typedef struct
{
  char *code;
  gint64 now;
  char *hash;
  gint64 tries, tried_at; /* as the store has them, where it is only read */
  guint seconds;
} Try;

static void
try_free (gpointer data)
{
  Try *self = data;

  g_free (self->code);
  g_free (self->hash);
  g_free (self);
}

static gint64
get_number (StoreConnection *connection, const char *name)
{
  g_autofree char *text = store_setting_get (connection, name);

  return text ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static gboolean
set_number (StoreConnection *connection, const char *name, gint64 number, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  return store_setting_set (connection, name, text, error);
}

/* ---- setting ---- */

/* Also forgets the wrong tries: whoever sets a code has shown who they are. */
static gboolean
set_work (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_set (connection, CODE, ((Try *) data)->hash, error) &&
         set_number (connection, TRIES, 0, error);
}

static void
set_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Try *self = data;
  g_autoptr (GError) error = NULL;

  self->hash = base_password_hash (self->code, BASE_PASSWORD_ITERATIONS);
  if (store_database_write (source, BASE_LANE_PERSON, set_work, self, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
app_code_set_async (StoreDatabase *store,
                    const char *code,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, NULL, callback, user_data);
  Try *self = g_new0 (Try, 1);

  self->code = g_strdup (code);
  g_task_set_source_tag (task, app_code_set_async);
  g_task_set_task_data (task, self, try_free);
  g_task_run_in_thread (task, set_thread);
}

gboolean
app_code_set_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- trying ---- */

/* A clock that was set back gains nothing. */
static guint
seconds_left (gint64 tries, gint64 tried_at, gint64 now)
{
  gint64 over = tries - APP_CODE_FREE_TRIES;
  gint64 wait = over < 0 ? 0 : MIN ((gint64) FIRST_WAIT_S << MIN (over, 10), LONGEST_WAIT_S);
  gint64 passed = MAX (0, now - tried_at) / G_USEC_PER_SEC;

  return passed >= wait ? 0 : (guint) (wait - passed);
}

typedef struct
{
  gint64 tries, tried_at;
} Count;

static GMutex counting;

/* (transfer none): of a store that is only read; under the lock. */
static Count *
get_count (StoreDatabase *store)
{
  Count *count = g_object_get_data (G_OBJECT (store), TRIES);

  if (!count)
    {
      count = g_new0 (Count, 1);
      count->tries = -1; /* not yet read from the store */
      g_object_set_data_full (G_OBJECT (store), TRIES, count, g_free);
    }
  return count;
}

static gboolean
claim_work (StoreConnection *connection, gpointer data, GError **error)
{
  Try *self = data;
  gint64 tries = get_number (connection, TRIES);

  self->seconds = seconds_left (tries, get_number (connection, TRIED_AT), self->now);
  self->hash = store_setting_get (connection, CODE);
  return self->seconds > 0 || (set_number (connection, TRIES, tries + 1, error) &&
                               set_number (connection, TRIED_AT, self->now, error));
}

static gboolean
read_work (StoreConnection *connection, gpointer data, GError **error)
{
  Try *self = data;

  self->hash = store_setting_get (connection, CODE);
  self->tries = get_number (connection, TRIES);
  self->tried_at = get_number (connection, TRIED_AT);
  return TRUE;
}

/* As claim_work() does, in memory. */
static gboolean
claim_unwritten (StoreDatabase *store, Try *self, GError **error)
{
  Count *count;

  if (!store_database_read (store, read_work, self, error))
    return FALSE;
  g_mutex_lock (&counting);
  count = get_count (store);
  if (count->tries < 0)
    *count = (Count) { self->tries, self->tried_at };
  self->seconds = seconds_left (count->tries, count->tried_at, self->now);
  if (self->seconds == 0)
    *count = (Count) { count->tries + 1, self->now };
  g_mutex_unlock (&counting);
  return TRUE;
}

static gboolean
claim (StoreDatabase *store, Try *self, GError **error)
{
  return store_database_is_read_only (store)
             ? claim_unwritten (store, self, error)
             : store_database_write (store, BASE_LANE_PERSON, claim_work, self, error);
}

static gboolean
forget_work (StoreConnection *connection, gpointer data, GError **error)
{
  return set_number (connection, TRIES, 0, error);
}

static gboolean
forget (StoreDatabase *store, GError **error)
{
  if (!store_database_is_read_only (store))
    return store_database_write (store, BASE_LANE_PERSON, forget_work, NULL, error);
  g_mutex_lock (&counting);
  get_count (store)->tries = 0;
  g_mutex_unlock (&counting);
  return TRUE;
}

static void
try_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Try *self = data;
  g_autoptr (GError) error = NULL;
  AppCodeAnswer answer = APP_CODE_WRONG;

  if (!claim (source, self, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (self->seconds > 0)
    answer = APP_CODE_WAIT;
  else if (self->hash && base_password_verify (self->code, self->hash))
    answer = APP_CODE_RIGHT;
  /* that the count stands too high is no reason to keep the right person out */
  if (answer == APP_CODE_RIGHT && !forget (source, &error))
    g_message ("cannot forget wrong codes: %s", error->message);
  g_task_return_int (task, answer);
}

/* @now: µs since 1970 */
void
app_code_try_async (StoreDatabase *store,
                    const char *code,
                    gint64 now,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, NULL, callback, user_data);
  Try *self = g_new0 (Try, 1);

  self->code = g_strdup (code);
  self->now = now;
  g_task_set_source_tag (task, app_code_try_async);
  g_task_set_task_data (task, self, try_free);
  g_task_run_in_thread (task, try_thread);
}

/* @seconds: (out): how long to wait, with APP_CODE_WAIT */
AppCodeAnswer
app_code_try_finish (GAsyncResult *result, guint *seconds, GError **error)
{
  gssize answer = g_task_propagate_int (G_TASK (result), error);

  *seconds = ((Try *) g_task_get_task_data (G_TASK (result)))->seconds;
  return answer < 0 ? APP_CODE_FAILED : (AppCodeAnswer) answer;
}
