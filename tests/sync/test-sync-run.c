/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <string.h>

#include "fhir-builder.h"
#include "store-resource.h"
#include "sync-group.h"
#include "sync-merge.h"

/* Two workstations read and write about the same patient at random, now and then without the
 * server, while the server and the network fail at random. In the end everything that anybody wrote
 * is there, once, and all three say the same. With -m slow for a minute. */

#define ROUNDS        120
#define LONG_US       (60 * G_USEC_PER_SEC)
#define LONG_PAUSE_MS 200 /* as people write, not as a machine could */
#define OFFLINE_IN    20  /* so many rounds, once */

#define PATIENT "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"birthDate\":\"1961-03-12\"}"
#define VISIT                                                                                      \
  "{\"resourceType\":\"Encounter\",\"id\":\"e1\",\"status\":\"planned\",\"class\":{\"code\":"      \
  "\"VR\"},\"subject\":{\"reference\":\"Patient/p1\"}}"
#define TASK                                                                                       \
  "{\"resourceType\":\"Task\",\"id\":\"t1\",\"status\":\"requested\",\"intent\":\"order\"}"
#define ALLERGY                                                                                    \
  "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"code\":{\"text\":\"Penicillin\"},"     \
  "\"patient\":{\"reference\":\"Patient/p1\"}}"

typedef struct
{
  SyncFixture fixture;
  guint number;
  guint offline; /* rounds that it is still without the server */
  guint reads, absences;
  GPtrArray *observations; /* ids */
  GPtrArray *orders;       /* identifiers */
  GPtrArray *marks;        /* urls of extensions of the visit */
} Station;

typedef struct
{
  Station *station;
  guint round;
} Action;

static void
append (StoreConnection *connection,
        const Action *action,
        StoreJournalVerb verb,
        FhirResource *resource,
        const char *base)
{
  g_autofree char *group = g_strdup_printf ("%u-%u", action->station->number, action->round);

  g_assert_true (store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, NULL, NULL) &&
                 store_journal_append (connection, group, verb, fhir_resource_get_type (resource),
                                       fhir_resource_get_id (resource), "p1", base, 0, NULL, NULL));
}

static void
create (StoreConnection *connection, const Action *action, const char *json)
{
  g_autoptr (FhirResource) resource = fhir_resource_parse (json, -1, NULL);

  g_assert_nonnull (resource);
  append (connection, action, STORE_JOURNAL_CREATE, resource, NULL);
}

static void
change (StoreConnection *connection,
        const Action *action,
        const char *type,
        const char *id,
        const char *path,
        const char *text)
{
  g_autoptr (FhirResource) before = store_resource_get (connection, type, id, NULL);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (before);
  g_autoptr (FhirResource) after = NULL;

  fhir_builder_set (builder, path, text);
  after = fhir_builder_end (builder);
  append (connection, action, STORE_JOURNAL_UPDATE, after, fhir_resource_get_version (before));
}

static void
mark_visit (StoreConnection *connection, const Action *action, const char *url)
{
  g_autoptr (FhirResource) before = store_resource_get (connection, "Encounter", "e1", NULL);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (before);
  gsize at = fhir_builder_get_length (builder, "extension");
  g_autofree char *url_path = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".url", at);
  g_autofree char *value_path = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".valueString", at);
  g_autoptr (FhirResource) after = NULL;

  fhir_builder_set (builder, url_path, url);
  fhir_builder_set (builder, value_path, "was here");
  after = fhir_builder_end (builder);
  append (connection, action, STORE_JOURNAL_UPDATE, after, fhir_resource_get_version (before));
}

static gboolean
act (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const words[] = { "routine", "urgent", "asap", "stat" };
  Action *action = data;
  Station *self = action->station;
  g_autofree char *name = g_strdup_printf ("x%u-%u", self->number, action->round);
  g_autofree char *json = NULL;

  switch (g_test_rand_int_range (0, 6))
    {
    case 0:
      json = g_strdup_printf ("{\"resourceType\":\"Observation\",\"id\":\"%s\",\"status\":"
                              "\"final\",\"subject\":{\"reference\":\"Patient/p1\"}}",
                              name);
      create (connection, action, json);
      g_ptr_array_add (self->observations, g_strdup (name));
      break;
    case 1:
      json = g_strdup_printf (
          "{\"resourceType\":\"MedicationRequest\",\"id\":\"%s\",\"status\":\"active\",\"intent\":"
          "\"order\",\"identifier\":[{\"system\":\"https://bedside.health/fhir/prescription-id\","
          "\"value\":\"%s\"}],\"subject\":{\"reference\":\"Patient/p1\"}}",
          name, name);
      create (connection, action, json);
      g_ptr_array_add (self->orders, g_strdup (name));
      break;
    case 2:
    case 3:
      mark_visit (connection, action, name);
      g_ptr_array_add (self->marks, g_strdup (name));
      break;
    case 4:
      change (connection, action, "Task", "t1", self->number == 0 ? "description" : "priority",
              self->number == 0 ? name : words[g_test_rand_int_range (0, 4)]);
      break;
    default:
      change (connection, action, "AllergyIntolerance", "a1", "code.text", name);
      break;
    }
  return TRUE;
}

static void
fail_at_random (MockFhir *mock)
{
  static const guint statuses[] = { 500, 503, 429, 502 };

  mock->retry_after = NULL;
  mock->fault_count = 1;
  switch (g_test_rand_int_range (0, 8))
    {
    case 0:
      mock->fault = MOCK_FAULT_CUT_BEFORE;
      break;
    case 1:
      mock->fault = MOCK_FAULT_CUT_AFTER;
      break;
    case 2:
      mock->fault = MOCK_FAULT_HALF;
      break;
    case 3:
      mock->fault = MOCK_FAULT_STATUS;
      mock->status = statuses[g_test_rand_int_range (0, G_N_ELEMENTS (statuses))];
      break;
    default:
      mock->fault_count = 0;
      break;
    }
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  sync_engine_pull_patient_finish (SYNC_ENGINE (source), result, NULL);
}

/* Its engine does not run for some rounds, and its person goes on; or somebody opens the chart. */
static void
come_and_go (Station *self)
{
  SyncEngine *engine = self->fixture.engine;

  if (self->offline > 0 && --self->offline == 0)
    sync_engine_start (engine);
  else if (self->offline == 0 && g_test_rand_int_range (0, OFFLINE_IN) == 0)
    {
      sync_engine_stop (engine);
      self->offline = (guint) g_test_rand_int_range (1, OFFLINE_IN);
      self->absences++;
    }
  else if (self->offline == 0 && g_test_rand_int_range (0, 4) == 0)
    {
      sync_engine_pull_patient_async (engine, "p1", NULL, on_read, NULL);
      self->reads++;
    }
}

static void
come_back (Station *self)
{
  self->offline = 0;
  sync_engine_start (self->fixture.engine);
}

static void
let_time_pass (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  sync_fixture_wait (g_get_monotonic_time () >= end);
}

static void
on_decided (GObject *source, GAsyncResult *result, gpointer data)
{
  sync_engine_decide_finish (SYNC_ENGINE (source), result, NULL);
  *(gboolean *) data = TRUE;
}

static gboolean
list_open (StoreConnection *connection, gpointer data, GError **error)
{
  *(GPtrArray **) data = sync_group_list (connection, error);
  return TRUE;
}

static void
decide (Station *self, SyncGroup *group)
{
  gboolean done = FALSE;
  SyncDecision decision = group->state == SYNC_GROUP_REVIEW   ? SYNC_DECISION_RENEW
                          : g_test_rand_int_range (0, 2) == 0 ? SYNC_DECISION_KEEP_MINE
                                                              : SYNC_DECISION_KEEP_THEIRS;

  sync_engine_decide_async (self->fixture.engine, group->name, decision, on_decided, &done);
  sync_fixture_wait (done);
}

/* A person goes through the outbox. TRUE: it is empty. */
static gboolean
tidy (Station *self)
{
  g_autoptr (GPtrArray) groups = NULL;

  g_assert_true (store_database_read (self->fixture.store, list_open, &groups, NULL));
  for (guint i = 0; i < groups->len; i++)
    {
      SyncGroup *group = groups->pdata[i];

      g_assert_cmpint (group->state, !=, SYNC_GROUP_REFUSED);
      if (group->state == SYNC_GROUP_REVIEW || group->state == SYNC_GROUP_CONFLICT)
        decide (self, group);
    }
  return groups->len == 0;
}

static gboolean
is_same (Station *self, const char *type, const char *id)
{
  g_autoptr (FhirResource) here = sync_fixture_get (&self->fixture, type, id);
  FhirResource *there = mock_fhir_get (self->fixture.mock, type, id);

  return here != NULL && there != NULL && sync_merge_is_same (here, there);
}

static gboolean
all_same (Station *self)
{
  return is_same (self, "Encounter", "e1") && is_same (self, "Task", "t1") &&
         is_same (self, "AllergyIntolerance", "a1");
}

static void
check_station (Station *self)
{
  MockFhir *mock = self->fixture.mock;
  FhirResource *visit = mock_fhir_get (mock, "Encounter", "e1");

  for (guint i = 0; i < self->observations->len; i++)
    g_assert_nonnull (mock_fhir_get (mock, "Observation", self->observations->pdata[i]));
  for (guint i = 0; i < self->marks->len; i++)
    {
      guint found = 0;

      fhir_element_foreach (extension, fhir_resource_path (visit, "extension"))
        found += g_strcmp0 (fhir_element_path_text (extension, "url"), self->marks->pdata[i]) == 0;
      g_assert_cmpuint (found, ==, 1);
    }
}

static guint
count_orders (MockFhir *mock, const char *identifier)
{
  g_autoptr (GPtrArray) orders = mock_fhir_list (mock, "MedicationRequest");
  guint count = 0;

  for (guint i = 0; i < orders->len; i++)
    count += g_strcmp0 (fhir_resource_path_text (orders->pdata[i], "identifier.0.value"),
                        identifier) == 0;
  return count;
}

static void
set_up (Station *self, guint number, MockFhir *shared)
{
  self->number = number;
  self->fixture.shared = shared;
  self->observations = g_ptr_array_new_with_free_func (g_free);
  self->orders = g_ptr_array_new_with_free_func (g_free);
  self->marks = g_ptr_array_new_with_free_func (g_free);
  sync_fixture_set_up (&self->fixture);
}

static void
begin (Station *self)
{
  sync_engine_start (self->fixture.engine);
  sync_fixture_wait_pull (&self->fixture);
  sync_fixture_wait_resource (&self->fixture, "AllergyIntolerance", "a1");
}

static void
tear_down (Station *self)
{
  sync_fixture_tear_down (&self->fixture);
  g_ptr_array_unref (self->observations);
  g_ptr_array_unref (self->orders);
  g_ptr_array_unref (self->marks);
}

static void
check_two_stations (gboolean no_transactions)
{
  Station stations[2] = { 0 };
  MockFhir *mock;
  gint64 end, until = g_test_slow () ? g_get_monotonic_time () + LONG_US : 0;

  set_up (&stations[0], 0, NULL);
  mock = stations[0].fixture.mock;
  mock->no_transactions = no_transactions;
  set_up (&stations[1], 1, mock);
  mock_fhir_put (mock, PATIENT);
  mock_fhir_put (mock, VISIT);
  mock_fhir_put (mock, TASK);
  mock_fhir_put (mock, ALLERGY);
  begin (&stations[0]);
  begin (&stations[1]);
  for (guint i = 0; i < ROUNDS || g_get_monotonic_time () < until; i++)
    {
      Action action = { &stations[g_test_rand_int_range (0, 2)], i };

      fail_at_random (mock);
      come_and_go (&stations[0]);
      come_and_go (&stations[1]);
      g_assert_true (store_database_write (action.station->fixture.store, BASE_LANE_PERSON, act,
                                           &action, NULL));
      let_time_pass ((guint) g_test_rand_int_range (0, until > 0 ? LONG_PAUSE_MS : 40));
    }
  mock->fault_count = 0;
  come_back (&stations[0]);
  come_back (&stations[1]);
  end = g_get_monotonic_time () + (until > 0 ? 400 : 120) * (gint64) G_USEC_PER_SEC;
  while (!tidy (&stations[0]) || !tidy (&stations[1]) || !all_same (&stations[0]) ||
         !all_same (&stations[1]))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      sync_engine_wake (stations[0].fixture.engine);
      sync_engine_wake (stations[1].fixture.engine);
      let_time_pass (300);
    }
  for (guint i = 0; i < 2; i++)
    {
      check_station (&stations[i]);
      for (guint j = 0; j < stations[i].orders->len; j++)
        g_assert_cmpuint (count_orders (mock, stations[i].orders->pdata[j]), ==, 1);
    }
  g_test_message ("%u charts opened, %u times without the server",
                  stations[0].reads + stations[1].reads,
                  stations[0].absences + stations[1].absences);
  g_test_message ("%u observations, %u orders, %u marks; the server saw %u bundles, %u writes",
                  stations[0].observations->len + stations[1].observations->len,
                  stations[0].orders->len + stations[1].orders->len,
                  stations[0].marks->len + stations[1].marks->len, mock->transactions,
                  mock->writes);
  g_assert_cmpuint (mock_fhir_count (mock, "Observation"), ==,
                    stations[0].observations->len + stations[1].observations->len);
  g_assert_cmpuint (mock_fhir_count (mock, "MedicationRequest"), ==,
                    stations[0].orders->len + stations[1].orders->len);
  tear_down (&stations[1]);
  tear_down (&stations[0]);
}

static void
test_two_stations (void)
{
  check_two_stations (FALSE);
}

static void
test_two_stations_singly (void)
{
  check_two_stations (TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/run/two-stations", test_two_stations);
  g_test_add_func ("/sync/run/two-stations-singly", test_two_stations_singly);
  return g_test_run ();
}
