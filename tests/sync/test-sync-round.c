/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <string.h>

/* A server that is busy, and clocks that jump: it takes longer, and nothing else. */

#define PATIENT "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"birthDate\":\"1961-03-12\"}"
#define RX                                                                                         \
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"status\":\"active\",\"intent\":"        \
  "\"order\",\"identifier\":[{\"system\":\"https://bedside.health/fhir/prescription-id\","         \
  "\"value\":\"m1\"}],\"subject\":{\"reference\":\"Patient/p1\"}}"
#define TASK                                                                                       \
  "{\"resourceType\":\"Task\",\"id\":\"t1\",\"status\":\"requested\",\"intent\":\"order\"}"

static void
prescribe (SyncFixture *self)
{
  sync_fixture_write (self, &(SyncChange) { "rx", STORE_JOURNAL_CREATE, RX, "p1", 10, NULL, NULL });
}

/* 429 for everything, with a time to wait: reading and sending come through in the end. */
static void
test_throttled (void)
{
  SyncFixture self = { 0 };
  guint requests;

  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, PATIENT);
  mock_fhir_put (self.mock, TASK);
  self.mock->throttle = 6;
  self.mock->retry_after = "1";
  prescribe (&self);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  sync_fixture_wait_state (&self, "rx", "done");
  sync_fixture_wait_resource (&self, "Task", "t1");
  requests = self.mock->requests;
  g_assert_cmpuint (requests, <, 80); /* not asked again and again meanwhile */
  g_assert_cmpuint (mock_fhir_count (self.mock, "MedicationRequest"), ==, 1);
  sync_fixture_tear_down (&self);
}

/* 503, with and without a time to wait, on what is sent: once there. */
static void
check_unavailable (const char *retry_after)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, PATIENT);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  self.mock->fault = MOCK_FAULT_STATUS;
  self.mock->status = 503;
  self.mock->retry_after = retry_after;
  self.mock->fault_count = 1;
  prescribe (&self);
  sync_fixture_wait_state (&self, "rx", "done");
  g_assert_cmpuint (mock_fhir_count (self.mock, "MedicationRequest"), ==, 1);
  g_assert_cmpuint (self.mock->transactions, ==, 2);
  sync_fixture_tear_down (&self);
}

static void
test_unavailable (void)
{
  check_unavailable (NULL);
}

static void
test_unavailable_until (void)
{
  check_unavailable ("1");
}

/* Signed @before hours ago, across the hour that comes twice or never: only the hours that passed
 * count towards the twelve. */
static void
check_night (const char *instant, double before, const char *expected)
{
  SyncFixture self = { 0 };
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 (instant, utc);
  g_autoptr (GDateTime) then = NULL;

  then = g_date_time_add (now, (GTimeSpan) (-before * G_TIME_SPAN_HOUR));
  self.today = g_date_time_to_local (then);
  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, PATIENT);
  prescribe (&self);
  base_clock_advance (self.clock, (gint64) (before * G_TIME_SPAN_HOUR));
  sync_engine_start (self.engine);
  sync_fixture_wait_state (&self, "rx", expected);
  sync_fixture_tear_down (&self);
}

/* Central Europe; the whole suite runs in that zone. */
static void
test_hour_that_comes_twice (void)
{
  check_night ("2026-10-25T06:00:00Z", 11.5, "done");
  check_night ("2026-10-25T06:00:00Z", 12.5, "held");
  check_night ("2026-10-25T01:30:00Z", 1.0, "done");
}

static void
test_hour_that_never_comes (void)
{
  check_night ("2026-03-29T06:00:00Z", 11.5, "done");
  check_night ("2026-03-29T06:00:00Z", 12.5, "held");
  check_night ("2026-03-29T01:30:00Z", 1.0, "done");
}

/* The day that is read first is the day here, also in those nights. */
static void
check_day (const char *instant, const char *day)
{
  SyncFixture self = { 0 };
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *query = g_strdup_printf ("GET /Encounter?date=%s", day);

  now = g_date_time_new_from_iso8601 (instant, utc);
  self.today = g_date_time_to_local (now);
  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, PATIENT);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  g_assert_cmpuint (mock_fhir_count_requests (self.mock, query), ==, 1);
  sync_fixture_tear_down (&self);
}

static void
test_day (void)
{
  check_day ("2026-10-24T22:30:00Z", "2026-10-25");
  check_day ("2026-10-25T23:30:00Z", "2026-10-26");
  check_day ("2026-03-28T23:30:00Z", "2026-03-29");
  check_day ("2026-03-29T21:30:00Z", "2026-03-29");
}

/* The engine's first reading of so many types of two pages each, counted in requests. */
static guint
count_first_reading (guint lost_percent)
{
  static const char *const types[] = {
    "Practitioner", "Organization", "Patient",  "Appointment", "Encounter", "Task",    "Condition",
    "Observation",  "Procedure",    "CarePlan", "CareTeam",    "Goal",      "Consent", "Medication",
    "Location",     "Provenance",   "Device",   "Coverage",    "Flag",      "Group",
  };
  SyncFixture self = { 0 };
  g_autoptr (GRand) losses = g_rand_new_with_seed (7);
  g_autoptr (GString) statement =
      g_string_new ("{\"resourceType\":\"CapabilityStatement\",\"rest\":[{\"resource\":[");
  gint64 end = g_get_monotonic_time () + 120 * G_USEC_PER_SEC;
  guint requests;

  sync_fixture_set_up (&self);
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_string_append_printf (statement, "%s{\"type\":\"%s\"}", i > 0 ? "," : "", types[i]);
      for (guint j = 0; j < 3; j++)
        {
          g_autofree char *json =
              g_strdup_printf ("{\"resourceType\":\"%s\",\"id\":\"r%u\"}", types[i], j);

          mock_fhir_put (self.mock, json);
        }
    }
  g_string_append (statement, "]}]}");
  self.mock->statement = statement->str;
  self.mock->page_size = 2;
  self.mock->counts = TRUE;
  self.mock->losses = losses;
  self.mock->lost_percent = lost_percent;
  sync_engine_start (self.engine);
  while (sync_status_get_last_pull (sync_engine_get_status (self.engine)) == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
  requests = self.mock->requests;
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    for (guint j = 0; j < 3; j++)
      {
        g_autofree char *id = g_strdup_printf ("r%u", j);
        g_autoptr (FhirResource) here = sync_fixture_get (&self, types[i], id);

        g_assert_nonnull (here);
      }
  sync_fixture_tear_down (&self);
  return requests;
}

/* Every tenth answer is lost: the reading goes on where it was, and asks little more than without.
 */
static void
test_lossy (void)
{
  guint without = count_first_reading (0), with = count_first_reading (10);

  g_test_message ("%u requests without losses, %u with", without, with);
  g_assert_cmpuint (with, >, without);
  g_assert_cmpuint (with * 2, <, without * 3);
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "Europe/Berlin", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/round/throttled", test_throttled);
  g_test_add_func ("/sync/round/unavailable", test_unavailable);
  g_test_add_func ("/sync/round/unavailable-until", test_unavailable_until);
  g_test_add_func ("/sync/round/hour-that-comes-twice", test_hour_that_comes_twice);
  g_test_add_func ("/sync/round/hour-that-never-comes", test_hour_that_never_comes);
  g_test_add_func ("/sync/round/day", test_day);
  g_test_add_func ("/sync/round/lossy", test_lossy);
  return g_test_run ();
}
