/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-words.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workspace-time.h"

/* From here a wait is marked: a patient who waits longer tends to leave. Policy, not a clinical
 * fact. */
#define LONG_WAIT (10 * G_TIME_SPAN_MINUTE)

/* @status as CareDayRow has it; @now and @waiting_since in µs since 1970. */
TodayStatus
today_words_status (const char *status, gint64 waiting_since, gint64 now)
{
  if (g_strcmp0 (status, "waiting") == 0)
    {
      g_autofree char *span = workspace_time_span (now - waiting_since);
      gboolean is_long = now - waiting_since >= LONG_WAIT;
      char *text =
          waiting_since > 0 ? g_strdup_printf (_ ("waiting %s"), span) : g_strdup (_ ("waiting"));
      return (TodayStatus) { text, is_long ? "chip-amber" : "chip-accent",
                             "bedside-clock-symbolic" };
    }
  if (g_strcmp0 (status, "in-visit") == 0)
    return (TodayStatus) { g_strdup (_ ("in visit")), "chip-green", "camera-video-symbolic" };
  if (g_strcmp0 (status, "interrupted") == 0)
    return (TodayStatus) { g_strdup (_ ("interrupted")), "chip-red", "dialog-warning-symbolic" };
  if (g_strcmp0 (status, "done") == 0)
    return (TodayStatus) { g_strdup (_ ("done")), NULL, "object-select-symbolic" };
  if (g_strcmp0 (status, "missed") == 0)
    return (TodayStatus) { g_strdup (_ ("missed")), "chip-amber", "call-missed-symbolic" };
  if (g_strcmp0 (status, "booked") == 0)
    return (TodayStatus) { g_strdup (_ ("booked")), NULL, NULL };
  return (TodayStatus) { g_strdup (_ ("status not known")), "chip-amber",
                         "dialog-question-symbolic" };
}

/* @level: "ok", "amber", "failed" or "unknown"; an empty text when nothing was tested yet. */
TodayStatus
today_words_device (const char *level, const char *summary)
{
  if (!level || !summary || !*summary)
    return (TodayStatus) { g_strdup (""), NULL, NULL };
  if (g_str_equal (level, "ok"))
    return (TodayStatus) { g_strdup (summary), NULL, "object-select-symbolic" };
  if (g_str_equal (level, "amber"))
    return (TodayStatus) { g_strdup (summary), "warning", "dialog-warning-symbolic" };
  if (g_str_equal (level, "failed"))
    return (TodayStatus) { g_strdup (summary), "error", "dialog-error-symbolic" };
  return (TodayStatus) { g_strdup (summary), NULL, "dialog-question-symbolic" };
}

void
today_status_clear (TodayStatus *self)
{
  g_clear_pointer (&self->text, g_free);
}

/* How many of @rows (CareDayRow) have @status. */
guint
today_words_count (GListModel *rows, const char *status)
{
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (rows, i);
      count += g_strcmp0 (care_day_row_get_status (row), status) == 0;
    }
  return count;
}

/* (transfer full): "1 waiting · 1 in visit · 8 booked · 2 done". */
char *
today_words_counts (GListModel *rows)
{
  static const struct
  {
    const char *status, *format;
  } parts[] = {
    { "waiting", N_ ("%u waiting") },         { "in-visit", N_ ("%u in visit") },
    { "interrupted", N_ ("%u interrupted") }, { "booked", N_ ("%u booked") },
    { "missed", N_ ("%u missed") },           { "done", N_ ("%u done") },
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      guint count = today_words_count (rows, parts[i].status);
      if (count == 0)
        continue;
      g_string_append (text, text->len ? " · " : "");
      g_string_append_printf (text, _ (parts[i].format), count);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* (transfer full): why the patient comes and, where there are several, to whom. */
char *
today_words_reason (CareDayRow *row)
{
  const char *reason = care_day_row_get_reason (row);
  const char *clinician = care_day_row_get_clinician (row);

  const char *nurse = care_day_row_get_intake_by (row);
  g_autofree char *ready = NULL;

  if (!reason)
    reason = _ ("Reason not recorded");
  if (care_day_row_get_intake (row) && nurse)
    {
      /* Translators: why the patient comes, a nurse's name */
      ready = g_strdup_printf (_ ("%s · intake done by %s"), reason, nurse);
      reason = ready;
    }
  return clinician ? g_strdup_printf ("%s · %s", reason, clinician) : g_strdup (reason);
}

/* What decides when the turn of @row comes: the day's visits of the same clinician. */
static GArray *
list_queue (GListModel *rows, CareDayRow *row)
{
  const char *practitioner = care_day_row_get_practitioner (row);
  GArray *queue = g_array_new (FALSE, FALSE, sizeof (CareWaitVisit));

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareDayRow) other = g_list_model_get_item (rows, i);
      CareWaitVisit visit;

      if (!care_day_row_is_with (other, practitioner))
        continue;
      care_day_row_read_wait (other, &visit);
      g_array_append_val (queue, visit);
    }
  return queue;
}

/* What the patient's page says too, as the hub reckons it with the same function. */
static char *
expects (const CareWaitEstimate *estimate)
{
  if (estimate->open)
    return g_strdup_printf (_ ("expects %u min or more, running late"), estimate->minutes);
  if (estimate->minutes == 0)
    return estimate->late ? g_strdup (_ ("expects a few min, running late"))
                          : g_strdup (_ ("expects a few min"));
  if (estimate->late)
    return g_strdup_printf (_ ("expects about %u min, running late"), estimate->minutes);
  return g_strdup_printf (_ ("expects about %u min"), estimate->minutes);
}

/* (transfer full) (nullable): when somebody who waits expects their turn, or how late it will be
 * for somebody who has not come yet; NULL: there is nothing to say. */
char *
today_words_estimate (GListModel *rows, CareDayRow *row, gint64 now)
{
  g_autoptr (GArray) queue = list_queue (rows, row);
  CareWaitVisit visit;
  CareWaitEstimate estimate;

  care_day_row_read_wait (row, &visit);
  if (!visit.id || !care_wait_estimate ((const CareWaitVisit *) (gpointer) queue->data, queue->len,
                                        visit.id, now, &estimate))
    return NULL;
  if (visit.state == CARE_WAIT_HERE)
    return expects (&estimate);
  /* who is late themselves is not kept waiting */
  if (!estimate.late || visit.start <= now)
    return NULL;
  return g_strdup_printf (_ ("about %d min late"),
                          (int) ((estimate.at - visit.start) / G_TIME_SPAN_MINUTE + 4) / 5 * 5);
}

/* (transfer full) (nullable): how much a patient wrote that nobody has read. */
char *
today_words_unread (guint unread)
{
  return unread > 0
             ? g_strdup_printf (ngettext ("%u new message", "%u new messages", unread), unread)
             : NULL;
}

/* (transfer full): a line as one sentence, for those who hear it. @rows: (nullable): the day's, for
 * when a turn comes */
char *
today_words_line (GListModel *rows, CareDayRow *row, gint64 now)
{
  g_autofree char *estimate = rows ? today_words_estimate (rows, row, now) : NULL;

  g_auto (TodayStatus) status =
      today_words_status (care_day_row_get_status (row), care_day_row_get_waiting_since (row), now);
  g_auto (TodayStatus) device = today_words_device (care_day_row_get_device_test_level (row),
                                                    care_day_row_get_device_test (row));
  g_autofree char *reason = today_words_reason (row);
  g_autoptr (GString) text = g_string_new (care_day_row_get_time (row));

  g_string_append_printf (text, ", %s, %s", care_day_row_get_name (row), status.text);
  if (estimate)
    g_string_append_printf (text, ", %s", estimate);
  g_string_append_printf (text, ", %s", reason);
  if (*device.text)
    g_string_append_printf (text, ", %s", device.text);
  if (care_day_row_get_link (row))
    g_string_append_printf (text, ", %s", care_day_row_get_link (row));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* Who was with the nurse is next, then who waits longest. */
static gboolean
is_before (CareDayRow *row, CareDayRow *other)
{
  gboolean ready = care_day_row_get_intake (row) != NULL;

  if (ready != (care_day_row_get_intake (other) != NULL))
    return ready;
  return care_day_row_get_waiting_since (row) < care_day_row_get_waiting_since (other);
}

/* (transfer full) (nullable): who waits longest, before them who was with the nurse. */
CareDayRow *
today_words_find_longest (GListModel *rows)
{
  g_autoptr (CareDayRow) longest = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (rows, i);
      if (g_strcmp0 (care_day_row_get_status (row), "waiting") != 0)
        continue;
      if (!longest || is_before (row, longest))
        g_set_object (&longest, row);
    }
  return g_steal_pointer (&longest);
}

/* (transfer full) (nullable): the first who is booked and whose time ends after @now */
static CareDayRow *
find_booked (GListModel *rows, gint64 now)
{
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (rows, i);
      gint64 end =
          care_day_row_get_start (row) + care_day_row_get_minutes (row) * G_TIME_SPAN_MINUTE;

      if (g_strcmp0 (care_day_row_get_status (row), "booked") == 0 && end >= now)
        return g_steal_pointer (&row);
    }
  return NULL;
}

/* (transfer full) (nullable): who is next: who waits longest, and where nobody does the first who
 * has not come yet; who should have come and gone by @now only where there is nobody else. */
CareDayRow *
today_words_find_next (GListModel *rows, gint64 now)
{
  g_autoptr (CareDayRow) next = today_words_find_longest (rows);

  if (!next)
    next = find_booked (rows, now);
  if (!next)
    next = find_booked (rows, G_MININT64);
  return g_steal_pointer (&next);
}

/* What was typed as a time of @date ("9:20", "09.20", "0920"), in µs since 1970; 0 when it is none.
 * A time that the change of the clocks leaves out that day is none either. */
gint64
today_words_instant (const char *date, const char *time, GTimeZone *zone)
{
  g_auto (GStrv) day = g_strsplit (date, "-", 3);
  int hour = 0, minute = 0;
  g_autofree char *digits = g_strdup (time);
  char end = 0;

  g_strstrip (g_strdelimit (digits, ".", ':'));
  if (strlen (digits) == 4 && strspn (digits, "0123456789") == 4)
    sscanf (digits, "%2d%2d", &hour, &minute);
  else if (strspn (digits, "0123456789:") != strlen (digits) ||
           sscanf (digits, "%2d:%2d%c", &hour, &minute, &end) != 2 ||
           strlen (strchr (digits, ':')) != 3)
    return 0;
  if (g_strv_length (day) != 3 || hour > 23 || minute > 59)
    return 0;
  g_autoptr (GDateTime) moment =
      g_date_time_new (zone, atoi (day[0]), atoi (day[1]), atoi (day[2]), hour, minute, 0);
  if (!moment || g_date_time_get_hour (moment) != hour || g_date_time_get_minute (moment) != minute)
    return 0;
  return g_date_time_to_unix_usec (moment);
}
