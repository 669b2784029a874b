/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-day-private.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "fhir-date.h"
#include "fhir-query.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* A day's list: each appointment with the visit it became. */

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = care_day_row_get_start ((CareDayRow *) a),
         y = care_day_row_get_start ((CareDayRow *) b);

  return (x > y) - (x < y);
}

/* The day's bounds as instants in the clinic's zone, for the search. */
static char *
day_query (const char *date, GTimeZone *zone)
{
  FhirDate day;
  g_autoptr (GDateTime) start = NULL, end = NULL, start_utc = NULL, end_utc = NULL;
  g_autofree char *from = NULL, *to = NULL;

  if (!fhir_date_parse (date, &day) || day.precision != FHIR_PRECISION_DAY)
    return NULL;
  start = g_date_time_new (zone, day.year, day.month, day.day, 0, 0, 0);
  end = g_date_time_add_days (start, 1);
  start_utc = g_date_time_to_utc (start);
  end_utc = g_date_time_to_utc (end);
  from = g_date_time_format (start_utc, "%Y-%m-%dT%H:%M:%SZ");
  to = g_date_time_format (end_utc, "%Y-%m-%dT%H:%M:%SZ");
  return g_strdup_printf ("date=ge%s&date=lt%s&_count=500", from, to);
}

/* A booking was taken back, and the patient came by its link all the same: somebody waits there, so
 * it is shown. */
static gboolean
is_withdrawn (FhirResource *appointment, CareDayRow *row)
{
  static const char *const here[] = { "waiting", "in-visit", "interrupted", NULL };
  const char *status = fhir_resource_path_text (appointment, "status");

  return !care_day_row_is_withheld (row) &&
         (g_strcmp0 (status, "entered-in-error") == 0 || g_strcmp0 (status, "cancelled") == 0) &&
         !g_strv_contains (here, care_day_row_get_status (row));
}

static gboolean
has_row (GListStore *rows, const char *appointment)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (rows)); i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (G_LIST_MODEL (rows), i);

      if (g_strcmp0 (care_day_row_get_appointment (row), appointment) == 0)
        return TRUE;
    }
  return FALSE;
}

/* A link is good from the booking until a day after it: who comes a day early or late waits today.
 */
static gboolean
add_waiting (StoreConnection *connection,
             GListStore *rows,
             const char *date,
             GTimeZone *zone,
             GError **error)
{
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "Encounter", "status=arrived,triaged&class=VR", error);

  for (guint i = 0; ids && i < ids->len; i++)
    {
      g_autoptr (FhirResource) visit =
          store_resource_get (connection, "Encounter", ids->pdata[i], NULL);
      const char *reference =
          visit ? fhir_resource_path_text (visit, "appointment.0.reference") : NULL;
      g_autofree char *type = NULL, *id = NULL;
      g_autoptr (FhirResource) appointment = NULL;
      g_autoptr (CareDayRow) row = NULL;

      if (!reference || !fhir_reference_split (reference, &type, &id) || has_row (rows, id))
        continue;
      appointment = store_resource_get (connection, "Appointment", id, NULL);
      row = appointment ? care_day_row_new (connection, appointment, date, zone) : NULL;
      if (row && g_str_equal (care_day_row_get_status (row), "waiting"))
        g_list_store_append (rows, row);
    }
  return ids != NULL;
}

static void
forget_only_clinician (GListModel *rows)
{
  const char *first = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (rows, i);

      if (i == 0)
        first = care_day_row_get_clinician (row);
      else if (g_strcmp0 (first, care_day_row_get_clinician (row)) != 0)
        return;
    }
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (rows, i);

      care_day_row_forget_clinician (row);
    }
}

/**
 * care_day_load:
 * @date: YYYY-MM-DD, a day of the clinic's time zone
 *
 * Returns: (transfer full) (nullable): the day's CareDayRow, by time; cancelled bookings and those
 *   entered in error are left out, unless somebody waits there; who waits now
 *   is in today's list, whatever day the booking is for
 */
GListStore *
care_day_load (StoreConnection *connection, const char *date, BaseClock *clock, GError **error)
{
  g_autoptr (GListStore) rows = g_list_store_new (CARE_TYPE_DAY_ROW);
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  GTimeZone *zone = g_date_time_get_timezone (now);
  g_autofree char *text = day_query (date, zone), *today = base_clock_dup_today (clock);
  g_autoptr (FhirQuery) query = NULL;
  g_autoptr (StoreSearch) search = NULL;

  if (!text)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("“%s” is not a day."), date);
      return NULL;
    }
  query = fhir_query_parse ("Appointment", text, FALSE, error);
  search = query ? store_search (connection, query, error) : NULL;
  if (!search)
    return NULL;
  for (guint i = 0; i < search->matches->len; i++)
    {
      FhirResource *appointment = search->matches->pdata[i];
      g_autoptr (CareDayRow) row = care_day_row_new (connection, appointment, date, zone);

      if (!is_withdrawn (appointment, row))
        g_list_store_append (rows, row);
    }
  if (g_str_equal (date, today) && !add_waiting (connection, rows, date, zone, error))
    return NULL;
  g_list_store_sort (rows, compare_rows, NULL);
  forget_only_clinician (G_LIST_MODEL (rows));
  return g_steal_pointer (&rows);
}

static gboolean
load_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_object_unref;
  command->result = care_day_load (connection, command->texts[0], command->clock, error);
  return command->result != NULL;
}

void
care_day_load_async (StoreDatabase *store,
                     const char *date,
                     BaseClock *clock,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  care_command_read (care_command_new_read (clock, load_work, date), store, care_day_load_async,
                     cancellable, callback, user_data);
}

GListStore *
care_day_load_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
