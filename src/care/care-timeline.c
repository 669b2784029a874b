/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-timeline-private.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-write.h"
#include "fhir-date.h"
#include "fhir-text.h"

#include <string.h>

/* A chart may hold tens of thousands of events, of which a screen shows thirty: an event is a few
 * pointers into shared text here, and becomes a CareRow when it is looked at. */

G_DEFINE_FINAL_TYPE (CareTimeline, care_timeline, G_TYPE_OBJECT)

#define CHUNK_BYTES 16384

static void
care_timeline_finalize (GObject *object)
{
  CareTimeline *self = CARE_TIMELINE (object);

  g_array_unref (self->events);
  g_string_chunk_free (self->texts);
  G_OBJECT_CLASS (care_timeline_parent_class)->finalize (object);
}

static void
care_timeline_class_init (CareTimelineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = care_timeline_finalize;
}

static void
care_timeline_init (CareTimeline *self)
{
  self->events = g_array_new (FALSE, TRUE, sizeof (CareTimelineEvent));
  self->texts = g_string_chunk_new (CHUNK_BYTES);
}

/* ---- days and months ---- */

/* Year * 10000 + month * 100 + day, of a moment in the clinic's zone; what is not known is 0. A
 * date without a time is never converted (H14). */
int
care_timeline_day (const char *when, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = NULL, local = NULL;
  FhirDate date;
  gint64 low, high;

  if (!when || !fhir_date_parse (when, &date))
    return 0;
  if (date.precision < FHIR_PRECISION_MINUTE || !date.has_zone)
    return date.year * 10000 + date.month * 100 + date.day;
  fhir_date_bounds (&date, &low, &high);
  utc = g_date_time_new_from_unix_utc_usec (low);
  local = utc ? g_date_time_to_timezone (utc, zone) : NULL;
  return local ? g_date_time_get_year (local) * 10000 + g_date_time_get_month (local) * 100 +
                     g_date_time_get_day_of_month (local)
               : 0;
}

/* (transfer full): the heading over the events of a month */
char *
care_timeline_dup_month (int month)
{
  g_autoptr (GDateTime) first = NULL;

  if (month == 0)
    return g_strdup (_ ("Date Not Recorded"));
  if (month % 100 == 0)
    return g_strdup_printf (_ ("%d, Month Not Recorded"), month / 100);
  first = g_date_time_new_utc (month / 100, month % 100, 1, 0, 0, 0);
  /* Translators: a heading, as "November 2026" */
  return g_date_time_format (first, _ ("%OB %Y"));
}

const char *
care_timeline_kind_get_title (CareTimelineKind kind)
{
  static const char *const titles[CARE_N_TIMELINE_KINDS] = {
    N_ ("Visits"),     N_ ("Results"),          N_ ("Problems"), N_ ("Allergies"),
    N_ ("Medicines"),  N_ ("Documents"),        N_ ("Messages"), N_ ("Immunizations"),
    N_ ("Procedures"), N_ ("Orders and Plans"), N_ ("Other"),
  };

  return _ (titles[kind]);
}

/* ---- events ---- */

static const char *
keep (CareTimeline *self, const char *text)
{
  return text && *text ? g_string_chunk_insert_const (self->texts, text) : NULL;
}

static const char *
keep_folded (CareTimeline *self, const CareTimelineEvent *event)
{
  const char *const parts[] = { event->title, event->subtitle, event->detail, event->value,
                                event->date };
  g_autoptr (GString) words = g_string_new (NULL);
  g_autofree char *folded = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i])
      g_string_append_printf (words, "%s\n", parts[i]);
  folded = fhir_fold (words->str);
  return g_string_chunk_insert (self->texts, folded);
}

/* @when: (nullable): as the record writes it; @value: (nullable): instead of the row's own */
void
care_timeline_add (CareTimeline *self,
                   CareChart *chart,
                   CareTimelineKind kind,
                   const char *when,
                   CareRow *row,
                   const char *value)
{
  g_autofree char *date = when ? fhir_date_format (when, chart->zone) : NULL;
  CareTimelineEvent event = {
    .title = keep (self, care_row_get_title (row)),
    .subtitle = keep (self, care_row_get_text (row, CARE_ROW_SUBTITLE)),
    .detail = keep (self, care_row_get_text (row, CARE_ROW_DETAIL)),
    .value = keep (self, value ? value : care_row_get_text (row, CARE_ROW_VALUE)),
    .flag = keep (self, care_row_get_text (row, CARE_ROW_FLAG)),
    .severity = keep (self, care_row_get_text (row, CARE_ROW_SEVERITY)),
    .date = keep (self, date),
    .reference = keep (self, care_row_get_reference (row)),
    .time_us = care_chart_time (when),
    .month = care_timeline_day (when, chart->zone) / 100,
    .kind = kind,
  };

  event.folded = keep_folded (self, &event);
  g_array_append_val (self->events, event);
}

/* By month first: what is known by the year only stands after all the months of that year, and what
 * has no date after everything. */
static int
compare_newest (gconstpointer a, gconstpointer b)
{
  const CareTimelineEvent *x = a, *y = b;

  if (x->month != y->month)
    return x->month < y->month ? 1 : -1;
  if (x->time_us != y->time_us)
    return x->time_us < y->time_us ? 1 : -1;
  return g_strcmp0 (y->reference, x->reference);
}

/**
 * care_timeline_load:
 * @connection: on its own thread
 *
 * Returns: (transfer full) (nullable): what happened to a patient, as far as it is on this computer
 */
CareTimeline *
care_timeline_load (StoreConnection *connection,
                    const char *patient_id,
                    BaseClock *clock,
                    GError **error)
{
  g_autoptr (FhirResource) patient = care_read (connection, "Patient", patient_id, error);
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  g_autofree char *today = base_clock_dup_today (clock);
  g_autoptr (CareTimeline) self = NULL;
  CareChart chart = { connection, clock, g_date_time_get_timezone (now), patient_id, today,
                      NULL,       NULL };

  if (!patient)
    return NULL;
  chart.birth_date = fhir_resource_path_text (patient, "birthDate");
  self = g_object_new (CARE_TYPE_TIMELINE, NULL);
  if (!care_timeline_read_results (self, &chart, error) ||
      !care_timeline_read_rows (self, &chart, error))
    return NULL;
  g_array_sort (self->events, compare_newest);
  return g_steal_pointer (&self);
}

static gboolean
load_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_object_unref;
  command->result = care_timeline_load (connection, command->texts[0], command->clock, error);
  return command->result != NULL;
}

void
care_timeline_load_async (StoreDatabase *store,
                          const char *patient_id,
                          BaseClock *clock,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  care_command_read (care_command_new_read (clock, load_work, patient_id), store,
                     care_timeline_load_async, cancellable, callback, user_data);
}

CareTimeline *
care_timeline_load_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

guint
care_timeline_get_n_events (CareTimeline *self)
{
  return self->events->len;
}

/* (transfer none) */
const CareTimelineEvent *
care_timeline_get_event (CareTimeline *self, guint position)
{
  g_return_val_if_fail (position < self->events->len, NULL);

  return &g_array_index (self->events, CareTimelineEvent, position);
}

/* (transfer full): an event as a line of a list */
CareRow *
care_timeline_dup_row (CareTimeline *self, guint position)
{
  const CareTimelineEvent *event = care_timeline_get_event (self, position);

  return care_row_new (event->time_us, CARE_ROW_TITLE, event->title, CARE_ROW_SUBTITLE,
                       event->subtitle, CARE_ROW_DETAIL, event->detail, CARE_ROW_VALUE,
                       event->value, CARE_ROW_FLAG, event->flag, CARE_ROW_SEVERITY, event->severity,
                       CARE_ROW_DATE, event->date ? event->date : _ ("date not recorded"),
                       CARE_ROW_REFERENCE, event->reference, 0);
}

/* Whether two readings of one record show the same, so that a list need not move. */
gboolean
care_timeline_is_same (CareTimeline *self, CareTimeline *other)
{
  if (self->events->len != other->events->len || self->n_errors != other->n_errors)
    return FALSE;
  for (guint i = 0; i < self->events->len; i++)
    {
      const CareTimelineEvent *x = care_timeline_get_event (self, i);
      const CareTimelineEvent *y = care_timeline_get_event (other, i);

      if (x->time_us != y->time_us || x->kind != y->kind ||
          g_strcmp0 (x->reference, y->reference) != 0 || g_strcmp0 (x->flag, y->flag) != 0 ||
          g_strcmp0 (x->severity, y->severity) != 0 || strcmp (x->folded, y->folded) != 0)
        return FALSE;
    }
  return TRUE;
}

/* How many records are not among the events because they were entered in error or refuted. */
guint
care_timeline_get_n_errors (CareTimeline *self)
{
  return self->n_errors;
}

/* Whether an event has all of @words, each folded, anywhere in its text. */
gboolean
care_timeline_event_has_words (const CareTimelineEvent *event, const char *const *words)
{
  for (; words && *words; words++)
    if (!strstr (event->folded, *words))
      return FALSE;
  return TRUE;
}
