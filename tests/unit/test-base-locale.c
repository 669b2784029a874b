/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-locale.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "fhir-date.h"
#include "workspace-person-search.h"
#include "workspace-time.h"
#include "workspace-trend.h"

#define AT_FIVE ((gint64) 1795651200 * G_USEC_PER_SEC + 17 * G_TIME_SPAN_HOUR) /* 2026-11-26 */

static const struct
{
  const char *language, *locale, *day, *month, *moment, *typed, *hours;
} cases[] = {
  { "de", "de_DE.UTF-8", "12-Mär-1961", "Okt-2026", "26-Nov-2026 17:00", "12-maer-1961", "3 h" },
  { "es", "es_ES.UTF-8", "12-mar-1961", "oct-2026", "26-nov-2026 17:00", "12 marzo 1961", "3 h" },
  { "fr", "fr_FR.UTF-8", "12-mars-1961", "oct-2026", "26-nov-2026 17:00", "12 mars 1961", "3 h" },
  { "ja", "ja_JP.UTF-8", "1961年3月12日", "2026年10月", "2026年11月26日 17:00", "1961年03月12日",
    "3 時間" },
};

static gboolean
speak (const char *language, const char *locale)
{
  g_autofree char *catalogues = g_build_filename (g_getenv ("BEDSIDE_BUILD"), "po", NULL);

  g_setenv ("LC_ALL", locale, TRUE);
  g_setenv ("LANGUAGE", language, TRUE);
  g_setenv ("BEDSIDE_LOCALE_DIR", catalogues, TRUE);
  base_locale_start ("/nowhere");
  return g_str_equal (setlocale (LC_MESSAGES, NULL), locale);
}

static void
test_languages (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
      g_autofree char *day = NULL, *month = NULL, *moment = NULL, *hours = NULL, *number = NULL;

      if (!speak (cases[i].language, cases[i].locale))
        {
          g_test_skip_printf ("this system has no locale %s", cases[i].locale);
          return;
        }
      day = fhir_date_format ("1961-03-12", NULL);
      month = fhir_date_format ("2026-10", NULL);
      moment = workspace_time_moment (AT_FIVE, AT_FIVE + 2 * G_TIME_SPAN_DAY, zone);
      hours = workspace_time_span (3 * G_TIME_SPAN_HOUR);
      number = workspace_trend_dup_number (1.5);
      g_assert_cmpstr (day, ==, cases[i].day);
      g_assert_cmpstr (month, ==, cases[i].month);
      g_assert_cmpstr (moment, ==, cases[i].moment);
      g_assert_cmpstr (hours, ==, cases[i].hours);
      g_assert_cmpstr (number, ==, "1.5"); /* as the values beside it */
    }
}

/* A date that is shown can be typed as it is shown, and in English everywhere. */
static void
test_dates_are_read_as_shown (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      if (!speak (cases[i].language, cases[i].locale))
        {
          g_test_skip_printf ("this system has no locale %s", cases[i].locale);
          return;
        }
      for (int month = 1; month <= 12; month++)
        {
          g_autofree char *date = g_strdup_printf ("1961-%02d-12", month);
          g_autofree char *shown = fhir_date_format (date, NULL);
          g_autofree char *query = workspace_person_search_dup_query (shown);
          g_autofree char *wanted = g_strconcat ("birthdate=", date, NULL);

          g_assert_cmpstr (query, ==, wanted);
        }
      g_autofree char *typed = workspace_person_search_dup_query (cases[i].typed);
      g_autofree char *english = workspace_person_search_dup_query ("12-Oct-1961");
      g_autofree char *nonsense = workspace_person_search_dup_query ("12-Foo-1961");
      g_assert_cmpstr (typed, ==, "birthdate=1961-03-12");
      g_assert_cmpstr (english, ==, "birthdate=1961-10-12");
      g_assert_false (nonsense != NULL && g_str_has_prefix (nonsense, "birthdate="));
    }
}

/* Each room's words, by the one domain; NOT SENT is the sentence nobody may miss. */
static void
test_rooms (void)
{
  static const char *const words[] = {
    "Name not recorded",          "adults",        "No active problems recorded",
    "NOT SENT: TELL THE PATIENT", "Not connected", "The server does not have this record.",
    "Not connected yet.",         "None Known",    "Main Menu",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      if (!speak (cases[i].language, cases[i].locale))
        {
          g_test_skip_printf ("this system has no locale %s", cases[i].locale);
          return;
        }
      for (gsize j = 0; j < G_N_ELEMENTS (words); j++)
        g_assert_cmpstr (gettext (words[j]), !=, words[j]);
      g_assert_cmpstr (C_ ("result", "_Reviewed"), !=, "_Reviewed");
      g_assert_cmpstr (ngettext ("%d day", "%d days", 2), !=, "%d days");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/locale/languages", test_languages);
  g_test_add_func ("/base/locale/dates-are-read-as-shown", test_dates_are_read_as_shown);
  g_test_add_func ("/base/locale/rooms", test_rooms);
  return g_test_run ();
}
