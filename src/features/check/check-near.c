/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check-near.h"

#include "store-search.h"

/* Whether somebody may need this workplace soon: a patient waits or is in a visit, or is booked
 * from half an hour ago until an hour from now. */

#define BEFORE (30 * G_TIME_SPAN_MINUTE)
#define WITHIN (60 * G_TIME_SPAN_MINUTE)

typedef struct
{
  BaseClock *clock;
  gboolean near;
} Look;

static void
look_free (gpointer data)
{
  g_object_unref (((Look *) data)->clock);
  g_free (data);
}

static gboolean
is_any (
    StoreConnection *connection, const char *type, const char *query, gboolean *any, GError **error)
{
  g_autoptr (GPtrArray) ids = store_search_ids (connection, type, query, error);

  *any = ids != NULL && ids->len > 0;
  return ids != NULL;
}

static char *
dup_instant (gint64 time)
{
  g_autoptr (GDateTime) instant = g_date_time_new_from_unix_utc_usec (time);

  return g_date_time_format (instant, "%Y-%m-%dT%H:%M:%SZ");
}

/**
 * check_near_look:
 * @now: µs since 1970
 * @near: (out)
 */
gboolean
check_near_look (StoreConnection *connection, gint64 now, gboolean *near, GError **error)
{
  g_autofree char *from = dup_instant (now - BEFORE);
  g_autofree char *to = dup_instant (now + WITHIN);
  g_autofree char *booked =
      g_strdup_printf ("status=booked,arrived,checked-in&date=ge%s&date=le%s&_count=1", from, to);

  if (!is_any (connection, "Encounter",
               "status=arrived,triaged,in-progress,onleave&class=VR&_count=1", near, error))
    return FALSE;
  return *near || is_any (connection, "Appointment", booked, near, error);
}

static gboolean
look_work (StoreConnection *connection, gpointer data, GError **error)
{
  Look *look = data;

  return check_near_look (connection, base_clock_now (look->clock), &look->near, error);
}

static void
look_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    g_task_return_boolean (task, ((Look *) g_task_get_task_data (task))->near);
  else
    g_task_return_error (task, error);
}

void
check_near_look_async (StoreDatabase *store,
                       BaseClock *clock,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Look *look = g_new0 (Look, 1);

  g_task_set_source_tag (task, check_near_look_async);
  look->clock = g_object_ref (clock);
  g_task_set_task_data (task, look, look_free);
  store_database_read_async (store, look_work, look, NULL, cancellable, look_cb, task);
}

/**
 * check_near_look_finish:
 * @near: (out)
 *
 * Returns: FALSE where it could not be found out
 */
gboolean
check_near_look_finish (GAsyncResult *result, gboolean *near, GError **error)
{
  g_autoptr (GError) local = NULL;

  *near = g_task_propagate_boolean (G_TASK (result), &local);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
