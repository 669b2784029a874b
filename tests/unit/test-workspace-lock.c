/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-lock.h"

#include "care-fixture.h"
#include "care-note.h"
#include "last-reference.h"

#define SIGNED_IN ((gint64) 1795651200 * G_USEC_PER_SEC) /* 26-Nov-2026 00:00 UTC */

static void
test_state (void)
{
  static const struct
  {
    gint64 signed_in, after;
    CareLease lease;
  } cases[] = {
    { 0, 0, CARE_LEASE_NONE },
    { SIGNED_IN, 0, CARE_LEASE_GOOD },
    { SIGNED_IN, CARE_LEASE_US, CARE_LEASE_GOOD },
    { SIGNED_IN, CARE_LEASE_US + G_USEC_PER_SEC, CARE_LEASE_OVER },
    { SIGNED_IN, 365 * G_TIME_SPAN_DAY, CARE_LEASE_OVER },
    /* a zone set wrong is no reason to lock a doctor out; a clock set back by days is */
    { SIGNED_IN, -14 * G_TIME_SPAN_HOUR, CARE_LEASE_GOOD },
    { SIGNED_IN, -3 * G_TIME_SPAN_DAY, CARE_LEASE_CLOCK },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%u", (guint) i);
      g_assert_cmpint (care_lease_get (cases[i].signed_in, SIGNED_IN + cases[i].after), ==,
                       cases[i].lease);
    }
  g_assert_cmpint (care_lease_get_until (0, CARE_LEASE_US), ==, 0);
}

/* Whoever is not let in reads why, since when, and what to do. */
static void
test_sentence (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *good =
      workspace_lock_dup_start_sentence (SIGNED_IN, SIGNED_IN + G_TIME_SPAN_HOUR, CARE_LEASE_US,
                                         zone);
  g_autofree char *over =
      workspace_lock_dup_start_sentence (SIGNED_IN, SIGNED_IN + CARE_LEASE_US + G_TIME_SPAN_HOUR,
                                         CARE_LEASE_US, zone);
  g_autofree char *clock =
      workspace_lock_dup_start_sentence (SIGNED_IN, SIGNED_IN - 3 * G_TIME_SPAN_DAY, CARE_LEASE_US,
                                         zone);
  g_autofree char *none = workspace_lock_dup_start_sentence (0, SIGNED_IN, CARE_LEASE_US, zone);

  g_assert_null (good);
  g_assert_nonnull (strstr (over, "26-Nov-2026 00:00"));
  g_assert_nonnull (strstr (over, "72 hours"));
  g_assert_nonnull (strstr (over, "What you wrote is kept here."));
  g_assert_nonnull (strstr (clock, "says 23-Nov-2026 00:00"));
  g_assert_nonnull (strstr (none, "never signed in"));
}

/* ---- a session that runs on while the sign-in runs out ---- */

typedef struct
{
  CareFixture care;
  WorkspaceLock *lock;
  guint told;
} Fixture;

static void
told_cb (Fixture *fixture)
{
  fixture->told++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  care_fixture_set_up (&fixture->care, data);
  fixture->lock = workspace_lock_new (fixture->care.doctor, zone);
  g_signal_connect_swapped (fixture->lock, "notify::text", G_CALLBACK (told_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  last_reference_drop (g_steal_pointer (&fixture->lock));
  care_fixture_tear_down (&fixture->care, data);
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  g_assert_null (workspace_lock_check (fixture->lock));
  g_assert_cmpint (workspace_lock_get_until (fixture->lock), ==, 0);
}

/* While the program runs: good for 72 hours, then shut, then open again without a restart. */
static void
test_running (Fixture *fixture, gconstpointer data)
{
  workspace_lock_renew (fixture->lock, base_clock_now (fixture->care.clock));
  base_clock_advance (fixture->care.clock, CARE_LEASE_US - G_TIME_SPAN_HOUR);
  g_assert_null (workspace_lock_check (fixture->lock));
  base_clock_advance (fixture->care.clock, 2 * G_TIME_SPAN_HOUR);
  const char *text = workspace_lock_check (fixture->lock);
  g_assert_nonnull (text);
  g_assert_cmpstr (
      text, ==,
      "Your sign-in ended at 09:00. Connect to the network to open other charts and to "
      "sign.");
  g_assert_cmpuint (fixture->told, ==, 1);

  workspace_lock_renew (fixture->lock, base_clock_now (fixture->care.clock));
  g_assert_null (workspace_lock_check (fixture->lock));
  g_assert_cmpuint (fixture->told, ==, 2);
}

/* Whoever sets the clock back gains no time; whoever mends it loses none. */
static void
test_clock_back (Fixture *fixture, gconstpointer data)
{
  workspace_lock_renew (fixture->lock, base_clock_now (fixture->care.clock));
  base_clock_advance (fixture->care.clock, 70 * G_TIME_SPAN_HOUR);
  base_clock_advance (fixture->care.clock, -60 * G_TIME_SPAN_HOUR);
  g_assert_null (workspace_lock_check (fixture->lock));
  base_clock_advance (fixture->care.clock, 3 * G_TIME_SPAN_HOUR);
  g_assert_nonnull (workspace_lock_check (fixture->lock));
}

static gboolean
sign_note (StoreConnection *connection, gpointer data, GError **error)
{
  CareContext *doctor = ((Fixture *) data)->care.doctor;
  g_autofree char *draft = care_note_dup_draft_id ("e1", care_context_get_user_reference (doctor));

  return care_note_save (connection, doctor, "jane", "e1", "Cough for 3 days.", error) &&
         care_note_sign (connection, doctor, draft, "Cough for 3 days.", NULL, error);
}

/* The rule stands in the transaction, whatever a screen allowed. */
static void
test_signing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  workspace_lock_renew (fixture->lock, base_clock_now (fixture->care.clock));
  base_clock_advance (fixture->care.clock, CARE_LEASE_US + G_TIME_SPAN_HOUR);
  store_database_write (fixture->care.database, BASE_LANE_PERSON, sign_note, fixture, &error);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_LEASE);
  g_clear_error (&error);
  workspace_lock_renew (fixture->lock, base_clock_now (fixture->care.clock));
  store_database_write (fixture->care.database, BASE_LANE_PERSON, sign_note, fixture, &error);
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workspace/lock/state", test_state);
  g_test_add_func ("/workspace/lock/sentence", test_sentence);
  g_test_add ("/workspace/lock/unknown", Fixture, NULL, set_up, test_unknown, tear_down);
  g_test_add ("/workspace/lock/running", Fixture, NULL, set_up, test_running, tear_down);
  g_test_add ("/workspace/lock/clock-back", Fixture, NULL, set_up, test_clock_back, tear_down);
  g_test_add ("/workspace/lock/signing", Fixture, NULL, set_up, test_signing, tear_down);
  return g_test_run ();
}
