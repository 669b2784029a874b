/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <string.h>

#include "sync-group.h"

/* What goes before what (HAZARDS.md, H24). */

#define PATIENT "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"birthDate\":\"1961-03-12\"}"
#define RX                                                                                         \
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"status\":\"active\",\"intent\":"        \
  "\"order\",\"subject\":{\"reference\":\"Patient/p1\"}}"
#define ENCOUNTER(id, patient)                                                                     \
  "{\"resourceType\":\"Encounter\",\"id\":\"" id "\",\"status\":\"planned\",\"class\":{\"code\":"  \
  "\"VR\"},\"subject\":{\"reference\":\"Patient/" patient "\"}}"

static char *
make_file (const char *id, gsize size)
{
  g_autofree char *data = g_strnfill (size, 'A');

  return g_strdup_printf (
      "{\"resourceType\":\"DocumentReference\",\"id\":\"%s\",\"status\":\"current\",\"subject\":{"
      "\"reference\":\"Patient/p1\"},\"content\":[{\"attachment\":{\"data\":\"%s\"}}]}",
      id, data);
}

static void
start (SyncFixture *self)
{
  sync_fixture_set_up (self);
  mock_fhir_put (self->mock, PATIENT);
  sync_engine_start (self->engine);
  sync_fixture_wait_pull (self);
}

static void
attach (SyncFixture *self, gsize size)
{
  g_autofree char *json = make_file ("d1", size);

  sync_fixture_write (self,
                      &(SyncChange) { "file", STORE_JOURNAL_CREATE, json, "p1", 0, NULL, NULL });
}

static void
prescribe (SyncFixture *self)
{
  sync_fixture_write (self, &(SyncChange) { "rx", STORE_JOURNAL_CREATE, RX, "p1", 10, NULL, NULL });
}

/* A 40 MB file of the same patient is on its way and the server hardly reads: the prescription is
 * answered while the file is still in flight. */
static void
test_file_does_not_hold_prescription (void)
{
  SyncFixture self = { 0 };
  g_autofree char *state = NULL;

  start (&self);
  self.mock->slow_uploads = TRUE;
  attach (&self, 40 * 1024 * 1024);
  sync_fixture_wait (self.mock->uploads == 1);
  prescribe (&self);
  sync_fixture_wait_state (&self, "rx", "done");
  state = sync_fixture_dup_state (&self, "file");
  g_assert_cmpstr (state, ==, "sending");
  g_assert_cmpuint (mock_fhir_count (self.mock, "DocumentReference"), ==, 0);
  mock_fhir_read_on (self.mock);
  sync_fixture_wait_state (&self, "file", "done");
  g_assert_cmpuint (self.mock->uploads, ==, 1);
  g_assert_cmpstr (self.mock->log->pdata[0], ==, "PUT MedicationRequest/m1");
  g_assert_cmpstr (self.mock->log->pdata[1], ==, "PUT DocumentReference/d1");
  sync_fixture_tear_down (&self);
}

/* While a prescription is being sent the file stands still, so that the line is free for it. */
static void
test_file_gives_way (void)
{
  SyncFixture self = { 0 };
  const gsize size = 4 * 1024 * 1024;
  gint64 end;

  start (&self);
  self.mock->slow_uploads = TRUE;
  attach (&self, size);
  sync_fixture_wait (self.mock->uploads == 1);
  self.mock->slow_orders = TRUE;
  prescribe (&self);
  sync_fixture_wait (self.mock->transactions == 1);
  mock_fhir_read_on (self.mock);
  end = g_get_monotonic_time () + G_USEC_PER_SEC;
  sync_fixture_wait (g_get_monotonic_time () > end || self.mock->uploaded >= size);
  g_assert_cmpuint (self.mock->uploaded, <, size);
  mock_fhir_answer_on (self.mock);
  sync_fixture_wait_state (&self, "rx", "done");
  sync_fixture_wait_state (&self, "file", "done");
  sync_fixture_tear_down (&self);
}

/* The engine ends while a file is under way: asked for at the next start, and there once. */
static void
test_file_is_cut (void)
{
  SyncFixture self = { 0 };

  start (&self);
  self.mock->slow_uploads = TRUE;
  attach (&self, 8 * 1024 * 1024);
  sync_fixture_wait (self.mock->uploads == 1);
  sync_engine_stop (self.engine);
  mock_fhir_read_on (self.mock);
  sync_engine_start (self.engine);
  sync_fixture_wait_state (&self, "file", "done");
  g_assert_cmpuint (mock_fhir_count (self.mock, "DocumentReference"), ==, 1);
  sync_fixture_tear_down (&self);
}

typedef struct
{
  char *order;
  SyncLane lane;
} Choice;

static gboolean
choose (StoreConnection *connection, gpointer data, GError **error)
{
  Choice *choice = data;
  g_autoptr (GHashTable) resting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  g_autoptr (GString) order = g_string_new (NULL);
  gint64 wake = G_MAXINT64;
  SyncGroup *group;

  g_assert_nonnull (groups);
  while ((group = sync_group_choose (groups, choice->lane, resting, 0, 0, &wake)) != NULL)
    {
      g_string_append_printf (order, "%s ", group->name);
      g_ptr_array_remove (groups, group);
    }
  choice->order = g_string_free_and_steal (g_steal_pointer (&order));
  return TRUE;
}

static char *
dup_order (SyncFixture *self, SyncLane lane)
{
  Choice choice = { .lane = lane };

  g_assert_true (store_database_read (self->store, choose, &choice, NULL));
  return choice.order;
}

static void
write_one (SyncFixture *self, const char *group, const char *patient, const char *json)
{
  sync_fixture_write (self,
                      &(SyncChange) { group, STORE_JOURNAL_CREATE, json, patient, 0, NULL, NULL });
}

/* Across patients: orders, cancellations and what is red first, whatever priority the entry has;
 * within a patient in order; what refers to something after it; files by themselves. */
static void
test_order (void)
{
  SyncFixture self = { 0 };
  g_autofree char *file = make_file ("d1", 300 * 1024);
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;

  sync_fixture_set_up (&self);
  write_one (&self, "a", "p2", ENCOUNTER ("e1", "p2"));
  write_one (&self, "file", "p1", file);
  write_one (&self, "b", "p3",
             "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"final\",\"encounter\":{"
             "\"reference\":\"Encounter/e1\"}}");
  write_one (&self, "red", "p4",
             "{\"resourceType\":\"Task\",\"id\":\"t1\",\"status\":\"requested\",\"intent\":"
             "\"order\",\"priority\":\"stat\"}");
  write_one (&self, "rx", "p1", RX);
  write_one (&self, "cancel", "p5",
             "{\"resourceType\":\"MedicationRequest\",\"id\":\"m2\",\"status\":\"cancelled\"}");
  write_one (&self, "about", "p1",
             "{\"resourceType\":\"Task\",\"id\":\"t2\",\"status\":\"requested\",\"intent\":"
             "\"order\",\"focus\":{\"reference\":\"DocumentReference/d1\"}}");
  first = dup_order (&self, SYNC_LANE_ORDINARY);
  last = dup_order (&self, SYNC_LANE_BULKY);
  g_assert_cmpstr (first, ==, "red rx cancel a b ");
  g_assert_cmpstr (last, ==, "file ");
  sync_fixture_tear_down (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/group/file-does-not-hold-prescription",
                   test_file_does_not_hold_prescription);
  g_test_add_func ("/sync/group/file-gives-way", test_file_gives_way);
  g_test_add_func ("/sync/group/file-is-cut", test_file_is_cut);
  g_test_add_func ("/sync/group/order", test_order);
  return g_test_run ();
}
