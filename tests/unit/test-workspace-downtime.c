/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-fixture.h"
#include "last-reference.h"
#include "workspace-downtime.h"

#define AT(hour, minute)                                                                           \
  ((gint64) (1795651200 + (hour) * 3600 + (minute) * 60) * G_USEC_PER_SEC) /* 26-Nov-2026 */

static void
test_words (void)
{
  static const struct
  {
    gint64 since;
    guint waiting, refused;
    const char *words;
  } cases[] = {
    { AT (14, 2), 0, 0,
      "Offline since 14:02. Keep working: what you write is sent by itself later." },
    { AT (14, 2), 1, 0,
      "Offline since 14:02. Keep working: 1 change waits here and goes by itself." },
    { AT (-8, 0), 3, 1,
      "Offline since 25-Nov-2026 16:00. Keep working: 3 changes wait here and go by themselves. "
      "1 needs you." },
    { 0, 0, 0, "Not connected. Keep working: what you write is sent by itself later." },
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words =
          workspace_downtime_dup_words (cases[i].since, AT (15, 0), cases[i].waiting,
                                        cases[i].refused, zone);
      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_sign_in (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *unknown = workspace_downtime_dup_sign_in (0, AT (15, 0), zone);
  g_autofree char *good = workspace_downtime_dup_sign_in (AT (25, 0), AT (15, 0), zone);
  g_autofree char *over = workspace_downtime_dup_sign_in (AT (14, 0), AT (15, 0), zone);

  g_assert_null (unknown);
  g_assert_cmpstr (good, ==, "Bedside opens without the network until 27-Nov-2026 01:00.");
  g_assert_true (g_str_has_prefix (over, "Your sign-in ended at 14:00."));
}

/* ---- a session that loses and finds its server ---- */

typedef struct
{
  CareFixture care;
  WorkspaceSession *session;
  WorkspaceDowntime *downtime;
  GString *said;
} Fixture;

static void
back_cb (WorkspaceDowntime *downtime, const char *sentence, GString *said)
{
  g_string_append_printf (said, "%s|", sentence);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  care_fixture_set_up (&fixture->care, data);
  fixture->session = workspace_session_new (fixture->care.doctor);
  workspace_session_set_sync (fixture->session, TRUE, base_clock_now (fixture->care.clock));
  fixture->downtime = workspace_downtime_new (fixture->session, 50);
  fixture->said = g_string_new (NULL);
  g_signal_connect (fixture->downtime, "back", G_CALLBACK (back_cb), fixture->said);
}

static gboolean
wake (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
spin (Fixture *fixture, gboolean (*condition) (Fixture *fixture), guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;
  guint source = g_timeout_add (10, wake, NULL);

  while (!condition (fixture) && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  return condition (fixture);
}

static gboolean
never (Fixture *fixture)
{
  return FALSE;
}

static gboolean
is_let_go (Fixture *fixture)
{
  return G_OBJECT (fixture->care.database)->ref_count <= 4;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  spin (fixture, never, 200); /* a count that is under way */
  last_reference_drop (g_steal_pointer (&fixture->downtime));
  g_clear_object (&fixture->session);
  g_assert_true (spin (fixture, is_let_go, 20000));
  g_string_free (fixture->said, TRUE);
  care_fixture_tear_down (&fixture->care, data);
}

static gboolean
is_shown (Fixture *fixture)
{
  return workspace_downtime_get_text (fixture->downtime) != NULL;
}

static void
set_connected (Fixture *fixture, gboolean connected)
{
  workspace_session_set_sync (fixture->session, connected, base_clock_now (fixture->care.clock));
}

/* A connection that is lost for a blink is nothing to talk about, before or after. */
static void
test_blink (Fixture *fixture, gconstpointer data)
{
  set_connected (fixture, FALSE);
  set_connected (fixture, TRUE);
  g_assert_false (spin (fixture, is_shown, 200));
  g_assert_cmpstr (fixture->said->str, ==, "");
}

static gboolean
append_change (StoreConnection *connection, gpointer data, GError **error)
{
  return store_journal_append (connection, "g1", STORE_JOURNAL_UPDATE, "Task", "1", NULL, NULL, 0,
                               NULL, error);
}

static gboolean
settle_change (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) rows = store_journal_list (connection, "waiting", 1, error);

  return rows &&
         store_journal_set_state (connection, ((StoreJournalEntry *) rows->pdata[0])->sequence,
                                  "done", NULL, error);
}

static gboolean
waits_one (Fixture *fixture)
{
  return workspace_session_get_waiting (fixture->session) == 1;
}

static gboolean
says_all (Fixture *fixture)
{
  return strstr (fixture->said->str, "Everything was sent.") != NULL;
}

/* "All sent" is said when it is true, not when the network is back. */
static void
test_back (Fixture *fixture, gconstpointer data)
{
  set_connected (fixture, FALSE);
  g_assert_true (spin (fixture, is_shown, 20000));
  g_assert_true (
      g_str_has_prefix (workspace_downtime_get_text (fixture->downtime), "Offline since "));
  care_fixture_write (&fixture->care, append_change);
  set_connected (fixture, FALSE); /* the engine's status moved */
  g_assert_true (spin (fixture, waits_one, 20000));
  g_assert_nonnull (strstr (workspace_downtime_get_text (fixture->downtime), "1 change waits"));

  set_connected (fixture, TRUE);
  g_assert_false (is_shown (fixture));
  g_assert_cmpstr (fixture->said->str, ==, "Connected again. 1 change is being sent.|");
  g_assert_false (spin (fixture, says_all, 300));
  care_fixture_write (&fixture->care, settle_change);
  set_connected (fixture, TRUE);
  g_assert_true (spin (fixture, says_all, 20000));
}

/* What somebody can mend is said at once, before all else, for as long as it stands. */
static void
test_reason (Fixture *fixture, gconstpointer data)
{
  workspace_session_set_sync (fixture->session, FALSE, 0);
  workspace_session_set_offline_reason (fixture->session, "The certificate ran out.");
  g_assert_true (g_str_has_prefix (workspace_downtime_get_text (fixture->downtime),
                                   "The certificate ran out. Offline since "));
  workspace_session_set_offline_reason (fixture->session, NULL);
  g_assert_true (
      g_str_has_prefix (workspace_downtime_get_text (fixture->downtime), "Offline since "));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workspace/downtime/words", test_words);
  g_test_add_func ("/workspace/downtime/sign-in", test_sign_in);
  g_test_add ("/workspace/downtime/blink", Fixture, NULL, set_up, test_blink, tear_down);
  g_test_add ("/workspace/downtime/reason", Fixture, NULL, set_up, test_reason, tear_down);
  g_test_add ("/workspace/downtime/back", Fixture, NULL, set_up, test_back, tear_down);
  return g_test_run ();
}
