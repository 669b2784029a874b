/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-day.h"
#include "care-fixture.h"

/* What a line of the day says of a patient's device test, of their language, and afterwards. */

#define DAY "2026-11-22"
#define TEST                                                                                       \
  "'extension':[{'url':'https://bedside.health/fhir/StructureDefinition/visit-device-test',"       \
  "'extension':[%s]},{'url':'https://bedside.health/fhir/StructureDefinition/visit-language',"     \
  "'valueCode':'ja'}]"
#define REFUSED_CAMERA                                                                             \
  "{'url':'camera','valueCode':'failed'},{'url':'camera-why','valueCode':'denied'},"               \
  "{'url':'microphone','valueCode':'ok'},{'url':'speaker','valueCode':'ok'},"                      \
  "{'url':'network','valueCode':'ok'},{'url':'measure','valueString':'9 Mbit/s, 20 ms'},"          \
  "{'url':'browser','valueString':'Safari, iPhone'}"
#define ALL_WELL                                                                                   \
  "{'url':'camera','valueCode':'ok'},{'url':'microphone','valueCode':'ok'},"                       \
  "{'url':'speaker','valueCode':'ok'},{'url':'network','valueCode':'ok'},"                         \
  "{'url':'measure','valueString':'9 Mbit/s, 20 ms'},{'url':'browser','valueString':'Chrome, "     \
  "Linux'}"
#define NO_VIDEO                                                                                   \
  "{'url':'camera','valueCode':'unknown'},{'url':'microphone','valueCode':'unknown'},"             \
  "{'url':'speaker','valueCode':'unknown'},{'url':'network','valueCode':'unknown'},"               \
  "{'url':'video','valueCode':'refused'}"

static void
put_booking (StoreConnection *connection, const char *parts)
{
  g_autofree char *test = g_strdup_printf (TEST, parts);
  g_autofree char *json =
      g_strdup_printf ("{'resourceType':'Appointment','id':'a','status':'booked','start':'" DAY
                       "T09:20:00Z',"
                       "'end':'" DAY
                       "T09:40:00Z','participant':[{'actor':{'reference':'Patient/p'},'status':"
                       "'accepted'}],%s}",
                       test);

  care_fixture_put (connection, json);
}

static void
assert_line (StoreConnection *connection, BaseClock *clock, const char *words, const char *level)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) rows = care_day_load (connection, DAY, clock, &error);
  g_autoptr (CareDayRow) row = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 1);
  row = g_list_model_get_item (G_LIST_MODEL (rows), 0);
  g_assert_cmpstr (care_day_row_get_device_test (row), ==, words);
  g_assert_cmpstr (care_day_row_get_device_test_level (row), ==, level);
  g_assert_cmpstr (care_day_row_get_language (row), ==, "ja");
}

static gboolean
check_before (StoreConnection *connection, gpointer data, GError **error)
{
  BaseClock *clock = ((CareFixture *) data)->clock;

  put_booking (connection, REFUSED_CAMERA);
  assert_line (connection, clock,
               "camera not allowed in the browser · 9 Mbit/s, 20 ms · Safari, iPhone", "failed");
  put_booking (connection, ALL_WELL);
  assert_line (connection, clock, "camera, sound and connection work · 9 Mbit/s, 20 ms", "ok");
  put_booking (connection, NO_VIDEO);
  assert_line (connection, clock, "wants to be rung: no video", "amber");
  return TRUE;
}

static void
test_before_the_visit (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, check_before);
}

static gboolean
check_after (StoreConnection *connection, gpointer data, GError **error)
{
  BaseClock *clock = ((CareFixture *) data)->clock;

  put_booking (connection, ALL_WELL);
  care_fixture_put (
      connection,
      "{'resourceType':'Encounter','id':'e','status':'finished','class':{'code':'VR'},'subject':{"
      "'reference':'Patient/p'},'appointment':[{'reference':'Appointment/a'}],'period':{'start':"
      "'" DAY "T09:20:00Z'}}");
  assert_line (connection, clock, "camera, sound and connection work · 9 Mbit/s, 20 ms", "ok");
  /* the answers to other questions are none to these */
  care_fixture_put (connection,
                    "{'resourceType':'QuestionnaireResponse','id':'other','status':'completed',"
                    "'questionnaire':'https://example.org/q|1','encounter':{'reference':'Encounter/"
                    "e'},'item':[{'linkId':'answered','answer':[{'valueCoding':{'code':'no'}}]}]}");
  assert_line (connection, clock, "camera, sound and connection work · 9 Mbit/s, 20 ms", "ok");
  care_fixture_put (
      connection,
      "{'resourceType':'QuestionnaireResponse','id':'q','status':'completed','questionnaire':"
      "'https://bedside.health/fhir/Questionnaire/visit-survey|1','encounter':{'reference':"
      "'Encounter/e'},'item':[{'linkId':'technical','answer':[{'valueCoding':{'code':'well'}}]},"
      "{'linkId':'answered','answer':[{'valueCoding':{'code':'no'}}]}]}");
  assert_line (connection, clock, "patient: picture and sound well · patient: not dealt with",
               "amber");
  return TRUE;
}

static void
test_after_the_visit (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, check_after);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/care/day-words/before-the-visit", CareFixture, NULL, care_fixture_set_up,
              test_before_the_visit, care_fixture_tear_down);
  g_test_add ("/care/day-words/after-the-visit", CareFixture, NULL, care_fixture_set_up,
              test_after_the_visit, care_fixture_tear_down);
  return g_test_run ();
}
