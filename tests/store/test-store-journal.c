/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

static gboolean
check_journal (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) all = NULL, waiting = NULL, one = NULL;
  const StoreJournalEntry *first, *second;
  gint64 a, b;

  g_assert_true (store_journal_append (connection, "g1", STORE_JOURNAL_CREATE, "Patient", "p", "p",
                                       NULL, 0, &a, error));
  g_assert_true (store_journal_append (connection, "g1", STORE_JOURNAL_DELETE, "Basic", "x", NULL,
                                       "W7", 9, &b, error));
  g_assert_cmpint (a, <, b);
  g_assert_true (store_journal_set_state (connection, a, "sending", NULL, error));
  g_assert_true (store_journal_set_state (connection, a, "unknown", "no answer", error));
  g_assert_true (store_journal_set_state (connection, a, "sending", NULL, error));
  g_assert_true (
      store_journal_set_state (connection, a, "refused", "The server refused it", error));
  all = store_journal_list (connection, NULL, 10, error);
  waiting = store_journal_list (connection, "waiting", 10, error);
  one = store_journal_list (connection, NULL, 1, error);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpuint (waiting->len, ==, 1);
  g_assert_cmpuint (one->len, ==, 1);
  first = all->pdata[0];
  second = waiting->pdata[0];
  g_assert_cmpint (first->sequence, ==, a);
  g_assert_cmpint (first->attempts, ==, 2);
  g_assert_cmpint (first->verb, ==, STORE_JOURNAL_CREATE);
  g_assert_cmpstr (first->state, ==, "refused");
  g_assert_cmpstr (first->reason, ==, "The server refused it");
  g_assert_cmpstr (first->lane, ==, "p");
  g_assert_cmpint (second->verb, ==, STORE_JOURNAL_DELETE);
  g_assert_cmpstr (second->lane, ==, "Basic/x");
  g_assert_cmpstr (second->base_version, ==, "W7");
  g_assert_cmpint (second->priority, ==, 9);
  g_assert_null (second->patient);
  g_assert_false (store_journal_set_state (connection, 99, "done", NULL, error));
  g_assert_error (*error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_clear_error (error);
  g_assert_false (store_journal_set_state (connection, a, "lost", NULL, error));
  g_assert_error (*error, STORE_ERROR, STORE_ERROR_SQL);
  g_clear_error (error);
  return TRUE;
}

static void
test_journal (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_database_write (fixture->database, BASE_LANE_PERSON, check_journal, NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/journal/states", NULL, test_journal);
  return g_test_run ();
}
