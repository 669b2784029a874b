/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-outbox-count.h"

#include "care-fixture.h"
#include "store-journal.h"

static void
append (StoreConnection *connection,
        const char *group,
        const char *type,
        const char *id,
        const char *state,
        const char *reason)
{
  g_autoptr (GError) error = NULL;
  gint64 sequence = 0;

  store_journal_append (connection, group, STORE_JOURNAL_CREATE, type, id, "jane", NULL, 0,
                        &sequence, &error);
  g_assert_no_error (error);
  store_journal_set_state (connection, sequence, state, reason, &error);
  g_assert_no_error (error);
}

static gboolean
put_work (StoreConnection *connection, gpointer data, GError **error)
{
  /* a prescription is three records; one of them was refused */
  append (connection, "refused", "MedicationRequest", "m1", "refused", "Dose is missing");
  append (connection, "refused", "Provenance", "p1", "waiting", NULL);
  append (connection, "refused", "DetectedIssue", "d1", "waiting", NULL);
  append (connection, "held", "MedicationRequest", "m2", "held", "review: New allergy");
  append (connection, "held", "Provenance", "p2", "held", "review: New allergy");
  /* this one rests for its Undo, and leaves by itself */
  append (connection, "rests", "MedicationRequest", "m3", "held", "undo:1");
  append (connection, "rests", "Provenance", "p3", "held", "undo:1");
  append (connection, "lost", "Task", "t1", "unknown", NULL);
  append (connection, "gone", "Task", "t2", "done", NULL);
  return TRUE;
}

static gboolean
read_work (StoreConnection *connection, gpointer data, GError **error)
{
  WorkspaceOutboxCount count = { 0 };

  g_assert_true (workspace_outbox_count_read (connection, &count, error));
  g_assert_cmpuint (count.needs_person, ==, 2);
  g_assert_cmpuint (count.waiting, ==, 2);
  return TRUE;
}

/* What is counted is what the outbox lists: orders, not the records that they are written in. */
static void
test_orders (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_work);
  care_fixture_read (fixture, read_work);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/workspace/outbox-count/orders", CareFixture, NULL, care_fixture_set_up, test_orders,
              care_fixture_tear_down);
  return g_test_run ();
}
