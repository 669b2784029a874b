/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-words.h"

/* What a line says. */

#define TODAY "2026-11-22"

static const gint64 NOW = G_GINT64_CONSTANT (1795338000) * G_USEC_PER_SEC; /* 09:00 of TODAY */

static TasksFacts *
critical_new (void)
{
  TasksFacts *facts = g_new0 (TasksFacts, 1);

  facts->reference = g_strdup ("Task/1");
  facts->code = g_strdup ("critical-result");
  facts->priority = g_strdup ("stat");
  facts->title = g_strdup ("Critical result: Potassium 6.8 mmol/L");
  facts->patient = g_strdup ("rossi");
  facts->patient_name = g_strdup ("ROSSI, Marco (Mr)");
  facts->since = NOW - 35 * G_TIME_SPAN_MINUTE;
  facts->result = g_strdup ("Potassium");
  facts->value = g_strdup ("6.8 mmol/L");
  facts->flag = g_strdup ("HH");
  facts->range = g_strdup ("3.5 to 5.1 mmol/L");
  facts->previous = g_strdup ("4.6 mmol/L");
  facts->previous_date = g_strdup ("12-Oct-2026");
  return facts;
}

static void
test_critical (void)
{
  g_autoptr (TasksFacts) facts = critical_new ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *level = tasks_words_level (facts, TODAY);
  g_autofree char *what = tasks_words_what (facts);
  g_autofree char *value = tasks_words_value (facts);
  g_autofree char *detail = tasks_words_detail (facts);
  g_autofree char *line = tasks_words_line (facts, NOW, TODAY, zone);

  g_assert_cmpstr (level, ==, "RED");
  g_assert_cmpstr (tasks_words_level_icon (facts, TODAY), ==, "dialog-error-symbolic");
  g_assert_cmpstr (tasks_words_level_style (facts, TODAY), ==, "chip-red");
  g_assert_cmpstr (what, ==, "Critical result: Potassium");
  g_assert_cmpstr (value, ==, "6.8 mmol/L ▲ critically high");
  g_assert_cmpstr (detail, ==,
                   "Range it came with: 3.5 to 5.1 mmol/L\nBefore: 4.6 mmol/L, 12-Oct-2026");
  g_assert_cmpstr (line, ==,
                   "RED, ROSSI, Marco (Mr), Critical result: Potassium, 6.8 mmol/L ▲ critically "
                   "high, 35 min, since 08:25, Range it came with: 3.5 to 5.1 mmol/L Before: "
                   "4.6 mmol/L, 12-Oct-2026");
}

/* A check that could not be made never looks like one that found nothing. */
static void
test_absence (void)
{
  g_autoptr (TasksFacts) facts = critical_new ();

  g_clear_pointer (&facts->range, g_free);
  g_clear_pointer (&facts->previous, g_free);
  g_autofree char *bare = tasks_words_detail (facts);
  g_assert_cmpstr (bare, ==,
                   "It came without a reference range\nNo earlier value on this computer");
  g_clear_pointer (&facts->value, g_free);
  g_clear_pointer (&facts->result, g_free);
  facts->missing = g_strdup ("The result itself is not on this computer yet");
  g_autofree char *detail = tasks_words_detail (facts);
  g_autofree char *what = tasks_words_what (facts);
  g_autofree char *value = tasks_words_value (facts);
  g_assert_cmpstr (detail, ==, "The result itself is not on this computer yet");
  g_assert_cmpstr (what, ==, "Critical result: Potassium 6.8 mmol/L");
  g_assert_null (value);
  g_clear_pointer (&facts->patient_name, g_free);
  g_autofree char *unknown = tasks_words_name (facts);
  g_assert_cmpstr (unknown, ==, "A patient who is not on this computer yet");
  g_clear_pointer (&facts->patient, g_free);
  g_autofree char *nobody = tasks_words_name (facts);
  g_assert_cmpstr (nobody, ==, "About no patient");
}

static void
assert_since (gint64 since, const char *expected)
{
  g_autoptr (TasksFacts) facts = critical_new ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  facts->since = since;
  g_autofree char *words = tasks_words_since (facts, NOW, zone);
  g_assert_cmpstr (words, ==, expected);
}

static void
test_since (void)
{
  assert_since (NOW - 30 * G_TIME_SPAN_SECOND, "0 min, since 08:59");
  assert_since (NOW - 59 * G_TIME_SPAN_MINUTE, "59 min, since 08:01");
  assert_since (NOW - 3 * G_TIME_SPAN_HOUR, "3 h, since 06:00");
  assert_since (NOW - 20 * G_TIME_SPAN_HOUR, "20 h, since 21-Nov-2026");
  assert_since (NOW - 9 * G_TIME_SPAN_DAY, "9 days, since 13-Nov-2026");
  assert_since (NOW + G_TIME_SPAN_MINUTE, "0 min, since 09:01"); /* another clock runs ahead */
  assert_since (0, "time not recorded");
}

static void
assert_level (
    const char *code, const char *priority, const char *due, const char *words, const char *icon)
{
  g_autoptr (TasksFacts) facts = g_new0 (TasksFacts, 1);

  facts->reference = g_strdup ("Task/1");
  facts->code = g_strdup (code);
  facts->priority = g_strdup (priority);
  facts->due = g_strdup (due);
  g_autofree char *level = tasks_words_level (facts, TODAY);
  g_assert_cmpstr (level, ==, words);
  g_assert_cmpstr (tasks_words_level_icon (facts, TODAY), ==, icon);
}

static void
test_level (void)
{
  assert_level ("to-do", "asap", NULL, "As soon as possible", "dialog-warning-symbolic");
  assert_level ("link-closed", "urgent", NULL, "Urgent", "dialog-warning-symbolic");
  assert_level ("to-do", "urgent", TODAY, "Urgent · Due today", "dialog-warning-symbolic");
  assert_level ("message", "routine", NULL, "Not screened", "dialog-question-symbolic");
  assert_level ("to-do", "routine", NULL, "", "x-office-calendar-symbolic");
  assert_level ("follow-up", "routine", "2027-01-12", "Due 12-Jan-2027",
                "x-office-calendar-symbolic");
  assert_level ("to-do", "routine", "2026-11-20", "Overdue since 20-Nov-2026",
                "dialog-warning-symbolic");
}

/* A message that nobody screened says so; a red one needs no such sentence. */
static void
test_message (void)
{
  g_autoptr (TasksFacts) facts = g_new0 (TasksFacts, 1);

  facts->reference = g_strdup ("Task/1");
  facts->code = g_strdup ("message");
  facts->priority = g_strdup ("routine");
  facts->message = g_strdup ("May I take them with milk?");
  g_autofree char *detail = tasks_words_detail (facts);
  g_assert_cmpstr (detail, ==, "No rule has looked for warning signs in it");
  g_set_str (&facts->priority, "stat");
  g_autofree char *red = tasks_words_detail (facts);
  g_assert_null (red);
}

static void
test_counts (void)
{
  g_autofree char *none = tasks_words_counts (3, 0, 0);
  g_autofree char *one = tasks_words_counts (3, 1, 0);
  g_autofree char *two = tasks_words_counts (3, 2, 1);

  g_assert_cmpstr (none, ==, "3 open");
  g_assert_cmpstr (one, ==, "3 open, 1 red: it needs a written outcome");
  g_assert_cmpstr (two, ==, "3 open, 2 red: each needs a written outcome · 1 needs you");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tasks/words/critical", test_critical);
  g_test_add_func ("/tasks/words/absence", test_absence);
  g_test_add_func ("/tasks/words/since", test_since);
  g_test_add_func ("/tasks/words/level", test_level);
  g_test_add_func ("/tasks/words/message", test_message);
  g_test_add_func ("/tasks/words/counts", test_counts);
  return g_test_run ();
}
