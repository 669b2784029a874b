/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-words.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "care-cosign.h"
#include "care-review.h"
#include "care-supply.h"
#include "care-to-sign.h"
#include "fhir-date.h"
#include "workspace-time.h"
#include "workspace-trend.h"

/* What a task of each code is called when it does not say so itself. */
static const struct
{
  const char *code, *words;
} kinds[] = {
  { "critical-result", N_ ("Critical result") },
  { "message", N_ ("Message") },
  { "call-me", N_ ("Asks to be called") },
  { "link-closed", N_ ("The join link was closed") },
  { "visit-interrupted", N_ ("The visit was interrupted") },
  { "visit-not-completed", N_ ("The visit could not be completed") },
  { "arrange-in-person", N_ ("Needs to be seen in person") },
  { "emergency", N_ ("Emergency") },
  { "follow-up", N_ ("Follow-up visit") },
  { CARE_TASK_TELL, N_ ("The patient is to be told") },
  { "prescription-not-sent", N_ ("A prescription was not sent") },
  { CARE_SUPPLY_CALL, N_ ("A cancelled medicine is with the patient") },
  { CARE_SUPPLY_UNTAKEN, N_ ("A medicine was never collected") },
  { CARE_SUPPLY_QUESTION, N_ ("A pharmacy asks") },
  { CARE_SUPPLY_RENEWAL, N_ ("A renewal is asked for") },
  { CARE_SUPPLY_CHANGE, N_ ("A pharmacy waits for an answer") },
  { CARE_TASK_COSIGN, N_ ("A note to co-sign") },
  { CARE_TASK_TO_SIGN_RETURNED, N_ ("A prescription was sent back to you") },
  { CARE_TASK_COSIGN_RETURNED, N_ ("A note was sent back to you") },
};

static const char *
kind_of (const TasksFacts *facts)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].code, facts->code) == 0)
      return _ (kinds[i].words);
  return _ ("Task without a description");
}

static char *
dup_due (const TasksFacts *facts, const char *today)
{
  if (!facts->due)
    return NULL;
  g_autofree char *date = fhir_date_format (facts->due, NULL);
  int when = strncmp (facts->due, today, strlen ("YYYY-MM-DD"));

  if (when == 0)
    return g_strdup (_ ("Due today"));
  return g_strdup_printf (when < 0 ? _ ("Overdue since %s") : _ ("Due %s"), date);
}

static gboolean
is_overdue (const TasksFacts *facts, const char *today)
{
  return facts->due && strncmp (facts->due, today, strlen ("YYYY-MM-DD")) < 0;
}

/* (transfer full): what the mark says; empty when there is nothing to mark. */
char *
tasks_words_level (const TasksFacts *facts, const char *today)
{
  g_autofree char *due = dup_due (facts, today);
  const char *words = "";

  switch (tasks_facts_get_level (facts, today))
    {
    case TASKS_LEVEL_RED:
      words = facts->needs_you ? _ ("RED · Needs you") : _ ("RED");
      break;
    case TASKS_LEVEL_NOT_SENT:
      return g_strdup (facts->delivery);
    case TASKS_LEVEL_ASAP:
      words = _ ("As soon as possible");
      break;
    case TASKS_LEVEL_URGENT:
      words = _ ("Urgent");
      break;
    case TASKS_LEVEL_UNCHECKED:
      words = facts->withheld ? _ ("Cannot be shown") : _ ("Not screened");
      break;
    case TASKS_LEVEL_ROUTINE:
    case TASKS_LEVEL_LATER:
      return due ? g_steal_pointer (&due) : g_strdup ("");
    }
  return due ? g_strdup_printf ("%s · %s", words, due) : g_strdup (words);
}

/* (nullable) */
const char *
tasks_words_level_style (const TasksFacts *facts, const char *today)
{
  TasksLevel level = tasks_facts_get_level (facts, today);

  if (level <= TASKS_LEVEL_NOT_SENT)
    return "chip-red";
  return level <= TASKS_LEVEL_UNCHECKED || is_overdue (facts, today) ? "chip-amber" : NULL;
}

const char *
tasks_words_level_icon (const TasksFacts *facts, const char *today)
{
  switch (tasks_facts_get_level (facts, today))
    {
    case TASKS_LEVEL_RED:
      return "dialog-error-symbolic";
    case TASKS_LEVEL_NOT_SENT:
    case TASKS_LEVEL_ASAP:
    case TASKS_LEVEL_URGENT:
      return "dialog-warning-symbolic";
    case TASKS_LEVEL_UNCHECKED:
      return "dialog-question-symbolic";
    case TASKS_LEVEL_ROUTINE:
    case TASKS_LEVEL_LATER:
      break;
    }
  return is_overdue (facts, today) ? "dialog-warning-symbolic" : "x-office-calendar-symbolic";
}

char *
tasks_words_name (const TasksFacts *facts)
{
  if (!facts->patient)
    return g_strdup (_ ("About no patient"));
  return g_strdup (facts->patient_name ? facts->patient_name
                                       : _ ("A patient who is not on this computer yet"));
}

static gboolean
is_critical_result (const TasksFacts *facts)
{
  return facts->result && facts->value && g_strcmp0 (facts->code, "critical-result") == 0;
}

/* What there is to do. A critical result's value stands on the next line, as it is in the record
 * now, so the title does not repeat what it was when the task was made. */
char *
tasks_words_what (const TasksFacts *facts)
{
  if (is_critical_result (facts))
    return g_strdup_printf (_ ("Critical result: %s"), facts->result);
  /* of a note the words are ours, in the reader's language */
  return g_strdup (facts->title && !tasks_facts_is_of_note (facts) ? facts->title
                                                                   : kind_of (facts));
}

/* (nullable): "6.8 mmol/L ▲ critically high" */
char *
tasks_words_value (const TasksFacts *facts)
{
  g_autofree char *flag = facts->flag ? workspace_trend_flag_words (facts->flag) : NULL;
  const char *shape = !facts->flag            ? ""
                      : facts->flag[0] == 'H' ? "▲"
                      : facts->flag[0] == 'L' ? "▼"
                                              : "●";

  if (!facts->value)
    return NULL;
  g_autofree char *value = is_critical_result (facts) || !facts->result
                               ? g_strdup (facts->value)
                               : g_strdup_printf ("%s %s", facts->result, facts->value);
  return flag ? g_strdup_printf ("%s %s %s", value, shape, flag) : g_steal_pointer (&value);
}

/* A message is not calm because nothing was found in it: nothing was looked for (H17). */
static gboolean
is_unscreened (const TasksFacts *facts)
{
  return g_strcmp0 (facts->code, "message") == 0 && !tasks_facts_is_red (facts);
}

static void
add_line (GString *text, const char *line)
{
  if (line && *line)
    g_string_append_printf (text, "%s%s", text->len ? "\n" : "", line);
}

/* (nullable): what one has to know before deciding, a line each. */
char *
tasks_words_detail (const TasksFacts *facts)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (facts->value)
    {
      g_autofree char *range = facts->range
                                   ? g_strdup_printf (_ ("Range it came with: %s"), facts->range)
                                   : g_strdup (_ ("It came without a reference range"));
      g_autofree char *previous =
          facts->previous
              ? g_strdup_printf (_ ("Before: %s, %s"), facts->previous, facts->previous_date)
              : g_strdup (_ ("No earlier value on this computer"));
      add_line (text, range);
      add_line (text, previous);
    }
  if (facts->from && tasks_facts_is_of_note (facts))
    {
      g_autofree char *from = g_strdup_printf (_ ("From %s"), facts->from);
      add_line (text, from);
    }
  add_line (text, facts->dosage);
  add_line (text, facts->missing);
  if (is_unscreened (facts))
    add_line (text, _ ("No rule has looked for warning signs in it"));
  return text->len ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

/* (transfer full): "35 min, since 08:50"; beyond a day with the date. */
char *
tasks_words_since (const TasksFacts *facts, gint64 now, GTimeZone *zone)
{
  if (facts->since <= 0)
    return g_strdup (_ ("time not recorded"));
  g_autofree char *span = workspace_time_span (now - facts->since);
  g_autofree char *clock = workspace_time_of_day (facts->since, zone);

  if (now - facts->since < 12 * G_TIME_SPAN_HOUR)
    return g_strdup_printf (_ ("%s, since %s"), span, clock);
  g_autofree char *date = workspace_trend_dup_date (facts->since, zone);
  return g_strdup_printf (_ ("%s, since %s"), span, date);
}

/* (transfer full): the line as one sentence, for those who hear it. */
char *
tasks_words_line (const TasksFacts *facts, gint64 now, const char *today, GTimeZone *zone)
{
  g_autofree char *level = tasks_words_level (facts, today);
  g_autofree char *name = tasks_words_name (facts);
  g_autofree char *what = tasks_words_what (facts);
  g_autofree char *value = tasks_words_value (facts);
  g_autofree char *since = tasks_words_since (facts, now, zone);
  g_autofree char *detail = tasks_words_detail (facts);
  const char *const parts[] = { level,        name,           what,  value,
                                facts->route, facts->message, since, detail };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] && *parts[i])
      g_string_append_printf (text, "%s%s", text->len ? ", " : "", parts[i]);
  g_strdelimit (text->str, "\n", ' ');
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* (transfer full): "7 open, 2 of them red", and how many of those need whoever looks. */
char *
tasks_words_counts (guint n_items, guint n_red, guint n_needing_you)
{
  g_autofree char *open = g_strdup_printf (ngettext ("%u open", "%u open", n_items), n_items);
  g_autofree char *red = NULL, *you = NULL;

  if (n_red == 0)
    return g_steal_pointer (&open);
  red = g_strdup_printf (ngettext ("%s, %u red: it needs a written outcome",
                                   "%s, %u red: each needs a written outcome", n_red),
                         open, n_red);
  if (n_needing_you == 0)
    return g_steal_pointer (&red);
  you = g_strdup_printf (ngettext ("%u needs you", "%u need you", n_needing_you), n_needing_you);
  return g_strdup_printf ("%s · %s", red, you);
}

/* ---- absences ---- */

/* @date: YYYY-MM-DD; @time: "14:20", "14.20" or "1420". µs since 1970; 0: not readable, or an hour
 * that the clocks leave out. */
gint64
tasks_words_instant (const char *date, const char *time, GTimeZone *zone)
{
  g_auto (GStrv) day = g_strsplit (date, "-", 3);
  g_autofree char *digits = g_strdup (time);
  g_autoptr (GDateTime) moment = NULL;
  int hour = 0, minute = 0, end = 0;

  g_strstrip (g_strdelimit (digits, ".", ':'));
  if (sscanf (digits, "%2d:%2d%n", &hour, &minute, &end) != 2 &&
      sscanf (digits, "%2d%2d%n", &hour, &minute, &end) != 2)
    return 0;
  if (digits[end] != '\0' || strspn (digits, "0123456789:") != strlen (digits) ||
      g_strv_length (day) != 3)
    return 0;
  moment = g_date_time_new (zone, atoi (day[0]), atoi (day[1]), atoi (day[2]), hour, minute, 0);
  return moment && g_date_time_get_hour (moment) == hour ? g_date_time_to_unix_usec (moment) : 0;
}

static char *
dup_moment (gint64 instant, GTimeZone *zone)
{
  g_autofree char *text = base_clock_format_instant (instant);

  return fhir_date_format (text, zone);
}

/* (transfer full): "22-Nov-2026 09:00 to 24-Nov-2026 08:00" */
char *
tasks_words_period (const CareCover *cover, GTimeZone *zone)
{
  g_autofree char *from = dup_moment (cover->from_us, zone);
  g_autofree char *until = dup_moment (cover->until_us, zone);

  return g_strdup_printf (_ ("%s to %s"), from, until);
}

static char *
dup_absence (const CareCover *cover, const char *user, GTimeZone *zone)
{
  g_autofree char *until = dup_moment (cover->until_us, zone);
  const char *name = cover->who_name ? cover->who_name : cover->who;
  const char *other = cover->cover_name ? cover->cover_name : cover->cover;

  if (g_strcmp0 (cover->cover, user) == 0)
    return g_strdup_printf (_ ("You stand in for %s until %s."), name, until);
  if (g_strcmp0 (cover->who, user) != 0)
    return NULL;
  if (!other)
    return g_strdup_printf (_ ("You are absent until %s. Nobody stands in for you."), until);
  return g_strdup_printf (_ ("You are absent until %s. %s stands in for you."), until, other);
}

/* (transfer full): what of it concerns @user now, a sentence a line; empty: nothing. */
char *
tasks_words_absences (GPtrArray *covers, const char *user, gint64 now, GTimeZone *zone)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < covers->len; i++)
    {
      const CareCover *cover = covers->pdata[i];
      g_autofree char *words =
          cover->from_us <= now && now < cover->until_us ? dup_absence (cover, user, zone) : NULL;

      add_line (text, words);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}
