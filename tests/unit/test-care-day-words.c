/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-channel.h"
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

static void
put_message (StoreConnection *connection,
             const char *id,
             const char *appointment,
             const char *medium,
             const char *status)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'Communication','id':'%s','status':'%s','subject':{'reference':'Patient/p'},"
      "'category':[{'coding':[{'system':'" CARE_MESSAGE_CATEGORY "','code':'" CARE_MESSAGE_LINK
      "'}]}],'medium':[{'coding':[{'system':'" CARE_CHANNEL_MEDIUM
      "','code':'%s'}]}],'about':[{'reference':'Appointment/%s'}]}",
      id, status, medium, appointment);

  care_fixture_put (connection, json);
}

static void
assert_link (StoreConnection *connection, BaseClock *clock, const char *words, const char *level)
{
  g_autoptr (GListStore) rows = care_day_load (connection, DAY, clock, NULL);
  g_autoptr (CareDayRow) row = g_list_model_get_item (G_LIST_MODEL (rows), 0);

  g_assert_cmpstr (care_day_row_get_link (row), ==, words);
  g_assert_cmpstr (care_day_row_get_link_level (row), ==, level);
}

static gboolean
check_link (StoreConnection *connection, gpointer data, GError **error)
{
  BaseClock *clock = ((CareFixture *) data)->clock;

  put_booking (connection, ALL_WELL);
  assert_link (connection, clock, NULL, "unknown");
  put_message (connection, "m9", "another", "SMSWRIT", "completed");
  assert_link (connection, clock, NULL, "unknown");
  put_message (connection, "m1", "a", "SMSWRIT", "completed");
  assert_link (connection, clock, "Link delivered by text message", "ok");
  /* to the number that it was corrected to */
  put_message (connection, "m2", "a", "SMSWRIT", "not-done");
  assert_link (connection, clock, "The text message with the link did not arrive", "failed");
  put_message (connection, "m3", "a", "EMAILWRIT", "preparation");
  assert_link (connection, clock, "The e-mail with the link waits to be sent", "amber");
  put_message (connection, "m3", "a", "EMAILWRIT", "completed");
  assert_link (connection, clock, "Link sent by e-mail", "ok");
  /* who has come needs none */
  care_fixture_put (
      connection,
      "{'resourceType':'Encounter','id':'e','status':'arrived','class':{'code':'VR'},'subject':{"
      "'reference':'Patient/p'},'appointment':[{'reference':'Appointment/a'}],'period':{'start':"
      "'" DAY "T09:20:00Z'}}");
  assert_link (connection, clock, NULL, "unknown");
  return TRUE;
}

static void
test_link (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, check_link);
}

static gboolean
check_modified (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  care_fixture_put (connection,
                    "{'resourceType':'Appointment','id':'a','status':'cancelled','start':'" DAY
                    "T09:20:00Z','modifierExtension':[{'url':'urn:not','valueBoolean':true}],"
                    "'reasonCode':[{'text':'Cough'}],'participant':[{'actor':{'reference':"
                    "'Patient/p'},'status':'accepted'}]}");
  g_autoptr (GListStore) rows = care_day_load (connection, DAY, fixture->clock, error);
  g_autoptr (CareDayRow) row = g_list_model_get_item (G_LIST_MODEL (rows), 0);

  g_assert_nonnull (row); /* nor is it believed that it is cancelled */
  g_assert_true (care_day_row_is_withheld (row));
  g_assert_cmpstr (care_day_row_get_patient_id (row), ==, "p");
  g_assert_cmpstr (
      care_day_row_get_reason (row), ==,
      "It carries a modifier that may change its meaning. Read it where it was written.");
  return TRUE;
}

/* H35: what a booking says that may mean the opposite is not shown, and why is said. */
static void
test_modifier (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, check_modified);
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
  g_test_add ("/care/day-words/link", CareFixture, NULL, care_fixture_set_up, test_link,
              care_fixture_tear_down);
  g_test_add ("/care/day-words/modifier", CareFixture, NULL, care_fixture_set_up, test_modifier,
              care_fixture_tear_down);
  g_test_add ("/care/day-words/after-the-visit", CareFixture, NULL, care_fixture_set_up,
              test_after_the_visit, care_fixture_tear_down);
  return g_test_run ();
}
