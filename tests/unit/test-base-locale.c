/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-locale.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "care-fixture.h"
#include "care-paper-words.h"
#include "care-refusal.h"
#include "care-results.h"
#include "care-review.h"
#include "care-summary.h"
#include "fhir-date.h"
#include "fhir-decimal.h"
#include "fhir-observation.h"
#include "fhir-quantity.h"
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

/* On a computer that has no language, too. */
static void
test_use_language (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *word = NULL;

      speak (cases[i].language, "C.UTF-8");
      g_unsetenv ("LANGUAGE");
      g_assert_cmpstr (_ ("Preferences"), ==, "Preferences");
      base_locale_use_language (cases[i].language);
      word = g_strdup (_ ("Preferences"));
      g_assert_cmpstr (word, !=, "Preferences");
      g_assert_cmpstr (setlocale (LC_TIME, NULL), ==, cases[i].locale);
    }
  speak ("en", "C.UTF-8");
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
      g_assert_cmpstr (number, ==, g_str_equal (cases[i].language, "ja") ? "1.5" : "1,5");
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

/* The reader's mark, whatever digits were sent; what is no plain number stays as it is written. */
static void
test_decimals (void)
{
  static const char *const decimals[][2] = {
    { "5.10", "5,10" },     { "1.500", "1,500" },
    { "1500", "1500" },     { "-0.5", "-0,5" },
    { "1.5e-7", "1,5e-7" }, { "12345678901234567890.10", "12345678901234567890,10" },
    { "1.2.3", "1.2.3" },   { "v1.5", "v1.5" },
    { "6,7", "6,7" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (decimals); i++)
    {
      g_autofree char *shown = fhir_decimal_format (decimals[i][0], ",");
      g_autofree char *record = fhir_decimal_format (decimals[i][0], FHIR_DECIMAL_RECORD);

      g_assert_cmpstr (shown, ==, decimals[i][1]);
      g_assert_cmpstr (record, ==, decimals[i][0]);
    }
  g_assert_null (fhir_decimal_format (NULL, NULL));
  g_assert_cmpstr (care_words_get_mark ("es"), ==, ",");
  g_assert_cmpstr (care_words_get_mark ("en"), ==, ".");
}

#define POTASSIUM                                                                                  \
  "{'resourceType':'Observation','id':'k','status':'final','subject':{'reference':'Patient/p'},"   \
  "'category':[{'coding':[{'code':'laboratory'}]}],"                                               \
  "'code':{'coding':[{'system':'http://loinc.org','code':'2823-3'}],'text':'Potassium'},"          \
  "'effectiveDateTime':'2026-11-22T08:00:00Z','valueQuantity':{'value':5.40,'unit':'mmol/L',"      \
  "'system':'http://unitsofmeasure.org','code':'mmol/L'},'referenceRange':[{"                      \
  "'low':{'value':3.5,'unit':'mmol/L'},'high':{'value':5.1,'unit':'mmol/L'}}]}"

static gboolean
put_potassium (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection, POTASSIUM);
  return TRUE;
}

static gboolean
read_values (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (FhirResource) stored = care_fixture_get (connection, "Observation", "k");
  g_autoptr (CareSummary) summary = care_summary_load (connection, "p", fixture->clock, error);
  g_autoptr (CareResults) results = care_results_load (connection, "p", fixture->clock, error);
  g_autoptr (CareRow) row =
      g_list_model_get_item (care_summary_get_list (summary, CARE_LIST_RESULTS), 0);
  CareResult *result = care_results_find (results, "Observation/k");
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *record = fhir_observation_dup_value (stored);
  g_autofree char *quantity = fhir_quantity_format (fhir_resource_path (stored, "valueQuantity"));
  g_autoptr (GArray) trend = care_summary_get_trend (summary, "2823-3");
  g_autofree char *spoken = workspace_trend_describe (trend, zone);

  /* what the chart shows and says */
  g_assert_cmpstr (care_row_get_text (row, CARE_ROW_VALUE), ==, "5,40 mmol/L");
  g_assert_nonnull (strstr (care_row_get_text (row, CARE_ROW_DETAIL), "3,5"));
  g_assert_nonnull (strstr (care_row_get_text (row, CARE_ROW_DETAIL), "5,1"));
  g_assert_cmpstr (result->value, ==, "5,40 mmol/L");
  g_assert_nonnull (strstr (result->range, "5,1 mmol/L"));
  g_assert_nonnull (strstr (spoken, "5,40 mmol/L"));
  /* what is judged, compared and converted */
  g_assert_cmpstr (result->literal, ==, "5.40");
  g_assert_cmpstr (result->flag, ==, "H");
  g_assert_cmpfloat (care_result_get_number (result), ==, 5.4);
  g_assert_cmpstr (record, ==, "5.40 mmol/L");
  g_assert_cmpstr (quantity, ==, "5.40 mmol/L");
  return TRUE;
}

static gboolean
ask_for_call (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareResults) results = care_results_load (connection, "p", fixture->clock, error);
  g_autofree char *stamp = care_result_dup_stamp (care_results_find (results, "Observation/k"));
  g_autofree char *group = NULL;
  CareReviewRequest request = { "p",      "Observation/k", stamp, CARE_REVIEW_CALL,
                                "K 5,4?", "2026-12-01" };

  return care_review_write (connection, fixture->doctor, &request, &group, error);
}

/* Others read the task where a comma parts thousands; what was typed stays as it was typed. */
static gboolean
read_task (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "Task", "code=" CARE_SYSTEM_TASK "|call-patient", error);
  g_autoptr (FhirResource) task = NULL;
  const char *words;

  g_assert_cmpuint (ids->len, ==, 1);
  task = care_fixture_get (connection, "Task", ids->pdata[0]);
  words = fhir_resource_path_text (task, "description");
  g_assert_nonnull (strstr (words, "Potassium 5.40 mmol/L"));
  g_assert_nonnull (strstr (words, "K 5,4?"));
  return TRUE;
}

static void
test_values (CareFixture *fixture, gconstpointer data)
{
  if (!speak ("de", "de_DE.UTF-8"))
    {
      g_test_skip ("this system has no locale de_DE.UTF-8");
      return;
    }
  care_fixture_write (fixture, put_potassium);
  care_fixture_read (fixture, read_values);
  care_fixture_write (fixture, ask_for_call);
  care_fixture_read (fixture, read_task);
}

/* What a role may not do, and what the store refuses. */
static void
test_refusals (CareFixture *fixture, gconstpointer data)
{
  static const char *const acts[] = { "sign a prescription", "lead a visit",
                                      "what nobody thought of" };
  static const char *const nobody[] = { NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      if (!speak (cases[i].language, cases[i].locale))
        {
          g_test_skip_printf ("this system has no locale %s", cases[i].locale);
          return;
        }
      for (gsize j = 0; j < G_N_ELEMENTS (acts); j++)
        {
          g_autoptr (GError) error = NULL;

          g_assert_false (care_require_role (fixture->nurse, acts[j], nobody, &error));
          g_assert_error (error, CARE_ERROR, CARE_ERROR_ROLE);
          g_assert_null (strstr (error->message, "may not"));
          g_assert_null (strstr (error->message, "nurse"));
        }
      g_assert_cmpstr (
          gettext (
              "The disk is full. Nothing that was saved is lost; make room and try again (%s)"),
          !=, "The disk is full. Nothing that was saved is lost; make room and try again (%s)");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/locale/use-language", test_use_language);
  g_test_add_func ("/base/locale/languages", test_languages);
  g_test_add_func ("/base/locale/dates-are-read-as-shown", test_dates_are_read_as_shown);
  g_test_add_func ("/base/locale/rooms", test_rooms);
  g_test_add_func ("/base/locale/decimals", test_decimals);
  g_test_add ("/base/locale/refusals", CareFixture, NULL, care_fixture_set_up, test_refusals,
              care_fixture_tear_down);
  g_test_add ("/base/locale/values", CareFixture, NULL, care_fixture_set_up, test_values,
              care_fixture_tear_down);
  return g_test_run ();
}
