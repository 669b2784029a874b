/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-fixture.h"
#include "sync-setting.h"
#include "workspace-readiness.h"

typedef struct
{
  CareFixture care;
  WorkspaceReadiness *readiness;
  gint64 now;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  care_fixture_set_up (&fixture->care, data);
  fixture->now = base_clock_now (fixture->care.clock);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->readiness);
  care_fixture_tear_down (&fixture->care, data);
}

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *fixture = data;

  g_clear_object (&fixture->readiness);
  fixture->readiness = workspace_readiness_load_counted (connection, "jane", error);
  return fixture->readiness != NULL;
}

static void
load (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  store_database_read (fixture->care.database, load_work, fixture, &error);
  g_assert_no_error (error);
}

static void
store (Fixture *fixture, StoreWork work)
{
  g_autoptr (GError) error = NULL;

  store_database_write (fixture->care.database, BASE_LANE_PERSON, work, fixture, &error);
  g_assert_no_error (error);
}

static void
assert_mark (Fixture *fixture, WorkspaceReadinessLevel level, const char *mark)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *text = workspace_readiness_dup_mark (fixture->readiness, 0, fixture->now, zone);

  g_assert_cmpint (workspace_readiness_get_level (fixture->readiness, 0, fixture->now), ==, level);
  g_assert_cmpstr (text, ==, mark);
}

static char *
dup_missing (Fixture *fixture)
{
  g_auto (GStrv) missing = workspace_readiness_dup_missing (fixture->readiness, 0);

  return g_strjoinv ("|", missing);
}

static gint64
count_of (Fixture *fixture, const char *title)
{
  GArray *counts = workspace_readiness_get_counts (fixture->readiness);

  for (guint i = 0; i < counts->len; i++)
    if (g_str_equal (g_array_index (counts, WorkspaceReadinessCount, i).title, title))
      return g_array_index (counts, WorkspaceReadinessCount, i).count;
  g_error ("nothing is called %s", title);
}

static gboolean
put_jane (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane'}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'bob'}");
  return TRUE;
}

/* A chart that was never read says so for every kind: nothing looks like "there is none". */
static void
test_never (Fixture *fixture, gconstpointer data)
{
  store (fixture, put_jane);
  load (fixture);
  assert_mark (fixture, WORKSPACE_READINESS_NEVER, "not read yet");
  g_autofree char *missing = dup_missing (fixture);
  g_assert_cmpstr (missing, ==,
                   "Not read yet: Problems, Allergies, Alerts, Medicines, Results and readings, "
                   "Immunizations, Visits, Documents, Tasks, Messages.");
}

static gboolean
put_part (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const whole[] = { "Condition",         "AllergyIntolerance",  "Flag",
                                       "MedicationRequest", "MedicationStatement", "Immunization" };

  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    if (!sync_setting_set_cursor (connection, whole[i], "- 2026-11-22T08:00:00Z", error))
      return FALSE;
  return sync_setting_set_cursor (connection, "Observation",
                                  "- 2026-11-22T08:00:00Z https://hub.example/fhir?page=2", error);
}

/* In the middle of the first reading: what is on its way and what has not begun are told apart. */
static void
test_partial (Fixture *fixture, gconstpointer data)
{
  store (fixture, put_jane);
  store (fixture, put_part);
  load (fixture);
  assert_mark (fixture, WORKSPACE_READINESS_PARTIAL, "only part is here");
  g_autofree char *missing = dup_missing (fixture);
  g_assert_cmpstr (missing, ==,
                   "Not read yet: Visits, Documents, Tasks, Messages.|"
                   "More pages are to come: Results and readings.");
}

static gboolean
stamp_all (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *fixture = data;

  return sync_setting_set_as_of (connection, NULL, fixture->now - 16 * G_TIME_SPAN_MINUTE, error);
}

static gboolean
stamp_jane (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *fixture = data;

  return sync_setting_set_as_of (connection, "jane", fixture->now - G_TIME_SPAN_MINUTE, error);
}

/* Complete is not fresh; reading this chart alone makes it fresh, and a page of the long reading is
 * no gap in it any more. */
static void
test_complete (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = NULL;

  store (fixture, put_jane);
  store (fixture, put_part);
  store (fixture, stamp_all);
  load (fixture);
  assert_mark (fixture, WORKSPACE_READINESS_OLD, "as of 08:44 (16 min ago)");
  missing = dup_missing (fixture);
  g_assert_cmpstr (missing, ==, "More pages are to come: Results and readings.");

  store (fixture, stamp_jane);
  load (fixture);
  assert_mark (fixture, WORKSPACE_READINESS_FRESH, "up to date");
  g_clear_pointer (&missing, g_free);
  missing = dup_missing (fixture);
  g_assert_cmpstr (missing, ==, "");
}

static gboolean
put_records (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'MedicationRequest','id':'m1','status':'active',"
                                "'subject':{'reference':'Patient/jane'}}");
  care_fixture_put (connection, "{'resourceType':'MedicationStatement','id':'m2','status':'active',"
                                "'subject':{'reference':'Patient/jane'}}");
  care_fixture_put (connection, "{'resourceType':'Condition','id':'c1',"
                                "'subject':{'reference':'Patient/bob'}}");
  care_fixture_put (connection, "{'resourceType':'Binary','id':'here','contentType':'image/png'}");
  care_fixture_put (
      connection, "{'resourceType':'DocumentReference','id':'d1','status':'current','subject':{"
                  "'reference':'Patient/jane'},'content':[{'attachment':{'url':'Binary/here'}}]}");
  care_fixture_put (connection,
                    "{'resourceType':'DocumentReference','id':'d2','status':'current','subject':{"
                    "'reference':'Patient/jane'},'content':[{'attachment':{'url':'Binary/far'}}]}");
  care_fixture_put (connection,
                    "{'resourceType':'DocumentReference','id':'d3','status':'current','subject':{"
                    "'reference':'Patient/jane'},'content':[{'attachment':{'data':'aGk='}}]}");
  return TRUE;
}

/* Counts are this patient's alone, and a document whose pages lie elsewhere is named. */
static void
test_counts (Fixture *fixture, gconstpointer data)
{
  store (fixture, put_jane);
  store (fixture, put_records);
  store (fixture, stamp_jane);
  load (fixture);
  g_assert_cmpint (count_of (fixture, "Medicines"), ==, 2);
  g_assert_cmpint (count_of (fixture, "Problems"), ==, 0);
  g_assert_cmpint (count_of (fixture, "Documents"), ==, 3);
  g_autofree char *missing = dup_missing (fixture);
  g_assert_cmpstr (missing, ==,
                   "1 document is not on this computer and opens only while connected.");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/workspace/readiness/never", test_never);
  ADD ("/workspace/readiness/partial", test_partial);
  ADD ("/workspace/readiness/complete", test_complete);
  ADD ("/workspace/readiness/counts", test_counts);
#undef ADD
  return g_test_run ();
}
