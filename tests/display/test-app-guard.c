/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "app-code.h"
#include "app-guard.h"
#include "app-links.h"
#include "app-lock-window.h"
#include "app-policies-page.h"
#include "display-find.h"

#define STONE "0000000000000001"
#define HILL  "0000000000000002"
#define CODE  "three-owls"

#define SERVER "http://127.0.0.1:1"

static const char managed[] = "[administrator]\nname=IT of Riverside\ncontact=0123 456\n"
                              "[sign-in]\nunlock=sign-in\n"
                              "[policy]\nlock-minutes=5\nlease-days=7\ntheme=dark\n[end]\n";

/* Dr Stone's records, open, on a computer where Dr Hill works too. */
typedef struct
{
  char *folder, *people, *keys, *conf, *kept;
  const char *server; /* (nullable): of Dr Stone */
  BaseClock *clock;
  AppFleet *fleet;
  AppGuard *guard;
  AppAccount *account;
  WorkspaceSession *session;
  GtkWidget *work;
  gboolean opened, admitted;
  char *switched;
} Fixture;

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  app_account_open_finish (APP_ACCOUNT (source), result, &error);
  g_assert_no_error (error);
  ((Fixture *) user_data)->opened = TRUE;
}

static gboolean
is_set (gpointer flag)
{
  return *(gboolean *) flag;
}

static void
open_account (Fixture *fixture)
{
  g_autofree char *folder = app_people_dup_folder (STONE);

  fixture->opened = FALSE;
  fixture->account = app_account_new (folder, fixture->server, "stone", fixture->keys);
  app_account_open_async (fixture->account, fixture->clock, NULL, opened_cb, fixture);
  g_assert_true (display_spin (is_set, &fixture->opened));
}

/* The next start of the program, with @server. */
static void
open_again (Fixture *fixture, const char *server)
{
  if (fixture->guard)
    last_reference_drop (g_steal_pointer (&fixture->guard));
  g_clear_object (&fixture->session);
  store_database_close (app_account_get_database (fixture->account));
  g_clear_object (&fixture->account);
  fixture->admitted = FALSE;
  fixture->server = server;
  open_account (fixture);
}

static void
code_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (app_code_set_finish (result, NULL));
  ((Fixture *) user_data)->opened = TRUE;
}

/* Dr Stone chose it another day. */
static void
keep_code (Fixture *fixture)
{
  fixture->opened = FALSE;
  app_code_set_async (app_account_get_database (fixture->account), CODE, code_set_cb, fixture);
  g_assert_true (display_spin (is_set, &fixture->opened));
  open_again (fixture, fixture->server);
}

static void
admitted_cb (gpointer user_data)
{
  ((Fixture *) user_data)->admitted = TRUE;
}

static void
switched_cb (Fixture *fixture, const char *account)
{
  g_set_str (&fixture->switched, account);
}

static void
begin_guard (Fixture *fixture)
{
  fixture->guard = app_guard_new (NULL, fixture->fleet, fixture->clock, fixture->people);
  g_signal_connect_swapped (fixture->guard, "switch", G_CALLBACK (switched_cb), fixture);
}

static void
know_hill (Fixture *fixture)
{
  const AppPerson hill = { (char *) HILL, (char *) SERVER, (char *) "Practitioner/hill",
                           (char *) "Dr Ben Hill" };

  g_assert_true (app_people_keep (fixture->people, &hill, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer conf)
{
  g_autoptr (GDateTime) start = g_date_time_new_utc (2026, 11, 22, 9, 0, 0);

  fixture->folder = g_dir_make_tmp ("bedside-guard-XXXXXX", NULL);
  fixture->people = g_build_filename (fixture->folder, "clinicians", NULL);
  fixture->keys = g_build_filename (fixture->folder, "keys", NULL);
  fixture->conf = g_build_filename (fixture->folder, "fleet.conf", NULL);
  fixture->kept = g_build_filename (fixture->folder, "kept", NULL);
  g_assert_cmpint (g_mkdir (fixture->keys, 0700), ==, 0);
  if (conf)
    g_assert_true (g_file_set_contents (fixture->conf, conf, -1, NULL));
  fixture->clock = base_clock_new_at (start);
  fixture->fleet = app_fleet_new (fixture->conf, fixture->kept);
  fixture->server = SERVER;
  open_account (fixture);
  app_account_keep_user (fixture->account, "Practitioner/stone", "Dr Ada Stone", "prescriber");
  fixture->work = adw_window_new ();
  adw_window_set_content (ADW_WINDOW (fixture->work), gtk_label_new ("SMITH, Jane"));
  gtk_window_present (GTK_WINDOW (fixture->work));
  display_assert_label (fixture->work, "SMITH, Jane");
}

static void
empty_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);

  for (const char *name = folder ? g_dir_read_name (folder) : NULL; name;
       name = g_dir_read_name (folder))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_unlink (file);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *records = app_people_dup_folder (STONE);

  display_settle ();
  gtk_window_destroy (GTK_WINDOW (fixture->work));
  last_reference_drop (g_steal_pointer (&fixture->guard));
  g_clear_object (&fixture->session);
  store_database_close (app_account_get_database (fixture->account));
  g_clear_object (&fixture->account);
  g_clear_object (&fixture->fleet);
  g_clear_object (&fixture->clock);
  empty_folder (records);
  empty_folder (fixture->keys);
  empty_folder (fixture->folder);
  g_free (fixture->switched);
  g_free (fixture->folder);
  g_free (fixture->people);
  g_free (fixture->keys);
  g_free (fixture->conf);
  g_free (fixture->kept);
}

static void
begin_session (Fixture *fixture)
{
  g_autoptr (CareContext) context =
      care_context_new (app_account_get_database (fixture->account), fixture->clock,
                        "Practitioner/stone", "Dr Ada Stone", "prescriber");

  app_guard_admit (fixture->guard, fixture->account, admitted_cb, fixture, NULL);
  fixture->session = workspace_session_new (context);
  app_guard_set_session (fixture->guard, fixture->session);
}

static GtkWidget *
get_cover (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      if (APP_IS_LOCK_WINDOW (window))
        return window;
    }
  g_assert_not_reached ();
}

static void
choose_code (const char *code, const char *again)
{
  display_type (get_cover (), "New code", code);
  display_type (get_cover (), "The same code again", again);
  display_press (get_cover (), "_Use This Code");
}

static gboolean
is_open (gpointer work)
{
  return gtk_widget_get_visible (work);
}

static void
unlock (Fixture *fixture, const char *code)
{
  display_type (get_cover (), "Code", code);
  display_press (get_cover (), "_Unlock");
}

/* A person locks the screen; where nobody can sign in a code is chosen the first time. Only that
 * code opens it again, and all is as it was. */
static void
test_code (Fixture *fixture, gconstpointer data)
{
  open_again (fixture, NULL);
  begin_guard (fixture);
  begin_session (fixture);
  g_assert_true (fixture->admitted);
  g_assert_true (is_open (fixture->work)); /* one clinician, no administrator: nothing locks */

  app_guard_lock (fixture->guard);
  g_assert_false (is_open (fixture->work));
  display_assert_label (get_cover (), "Choose a Code");
  choose_code (CODE, "other");
  display_assert_label (get_cover (), "The two codes are not the same.");
  choose_code (CODE, CODE);
  display_assert_label (get_cover (), "Locked by Dr Ada Stone");

  unlock (fixture, "two-owls");
  display_assert_label (get_cover (), "This is not the code.");
  g_assert_false (is_open (fixture->work));
  unlock (fixture, CODE);
  g_assert_true (display_spin (is_open, fixture->work));
  display_assert_label (fixture->work, "SMITH, Jane");
  g_assert_false (app_guard_is_locked (fixture->guard));
}

/* H9: whoever passes by a screen that was locked without a code chooses none for its owner. */
static void
test_passer_by (Fixture *fixture, gconstpointer data)
{
  begin_guard (fixture);
  begin_session (fixture);
  app_guard_lock (fixture->guard);
  display_assert_label (get_cover (), "Sign in at the clinic’s server to go on.");
  g_assert_false (is_open (fixture->work));
  g_assert_null (display_find (get_cover (), display_is_entry, "New code"));
  gtk_window_close (GTK_WINDOW (get_cover ()));
  g_assert_false (is_open (fixture->work)); /* closing opens nothing */
  g_assert_true (app_guard_is_locked (fixture->guard));
}

/* In an outage nobody could sign in again: whoever locks chooses a code at once. */
static void
test_outage (Fixture *fixture, gconstpointer data)
{
  begin_guard (fixture);
  begin_session (fixture);
  workspace_session_set_sync (fixture->session, TRUE, 0);
  workspace_session_set_sync (fixture->session, FALSE, 0);
  app_guard_lock (fixture->guard);
  display_assert_label (get_cover (), "Choose a Code");
  g_assert_false (is_open (fixture->work));
}

static gboolean
asks_for_sign_in (gpointer cover)
{
  return display_find_label (cover, "Sign in at the clinic’s server to go on.") != NULL;
}

/* Who was to choose a code and went away leaves that to nobody else. */
static void
test_choice_ends (Fixture *fixture, gconstpointer data)
{
  know_hill (fixture);
  begin_guard (fixture);
  begin_session (fixture);
  display_assert_label (get_cover (), "Choose a Code");
  base_clock_advance (fixture->clock, 11 * G_TIME_SPAN_MINUTE);
  g_assert_true (display_spin (asks_for_sign_in, get_cover ()));
  g_assert_null (display_find (get_cover (), display_is_entry, "New code"));
  g_assert_false (is_open (fixture->work));
}

/* What has to be locked and could not be opened again stays shut, and says why. */
static void
test_no_server (Fixture *fixture, gconstpointer data)
{
  keep_code (fixture);
  open_again (fixture, NULL);
  begin_guard (fixture);
  app_guard_admit (fixture->guard, fixture->account, admitted_cb, fixture, NULL);
  display_assert_label (get_cover (), "No server is named, so nobody can sign in.");
  g_assert_false (fixture->admitted);
  g_assert_true (app_guard_is_locked (fixture->guard));
  g_assert_null (display_find (get_cover (), display_is_entry, "Code"));
}

/* Another clinic's Practitioner/stone is somebody else: these records do not open with that server,
 * and its lock screen names nobody of here. */
static void
test_elsewhere (Fixture *fixture, gconstpointer data)
{
  know_hill (fixture);
  keep_code (fixture);
  begin_guard (fixture);
  begin_session (fixture); /* Dr Stone is known with this server from now on */
  open_again (fixture, "http://other.example");
  begin_guard (fixture);
  app_guard_admit (fixture->guard, fixture->account, admitted_cb, fixture, NULL);
  display_assert_label (get_cover (), "These records belong to another server.");
  g_assert_false (fixture->admitted);
  g_assert_null (display_find (get_cover (), display_is_entry, "Code"));
  g_assert_null (display_find_label (get_cover (), "Dr Ben Hill"));
  g_assert_null (display_find_label (get_cover (), "Unlock"));

  open_again (fixture, SERVER "/"); /* the same, as somebody else would write it */
  begin_guard (fixture);
  app_guard_admit (fixture->guard, fixture->account, admitted_cb, fixture, NULL);
  unlock (fixture, CODE);
  g_assert_true (display_spin (is_set, &fixture->admitted));
}

/* The next start shows nothing before the code. */
static void
test_start (Fixture *fixture, gconstpointer data)
{
  keep_code (fixture);
  begin_guard (fixture);
  app_guard_admit (fixture->guard, fixture->account, admitted_cb, fixture, NULL);
  display_assert_label (get_cover (), "Locked by Dr Ada Stone");
  g_assert_false (fixture->admitted);
  unlock (fixture, CODE);
  g_assert_true (display_spin (is_set, &fixture->admitted));
}

/* Two clinicians: nobody gets in without having chosen a code, and the lock screen says who works
 * here, and of no patient anything. */
static void
test_switch (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = NULL;

  know_hill (fixture);
  begin_guard (fixture);
  app_guard_admit (fixture->guard, fixture->account, admitted_cb, fixture, NULL);
  g_assert_false (fixture->admitted); /* there is no code yet, so the server has to say who it is */
  display_assert_label (get_cover (), "Dr Ben Hill");
  g_assert_null (display_find_label (get_cover (), "SMITH"));
  g_assert_null (display_find_label (get_cover (), "Unlock"));
  row = display_wait_for (get_cover (), display_is_row, "Dr Ben Hill");
  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
  g_assert_cmpstr (fixture->switched, ==, HILL);
  row = display_wait_for (get_cover (), display_is_row, "Someone Else");
  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
  g_assert_cmpstr (fixture->switched, ==, "");
}

/* At a start that names nobody, whoever sits there says so. */
static void
test_who (Fixture *fixture, gconstpointer data)
{
  begin_guard (fixture);
  begin_session (fixture); /* Dr Stone is known from now on */
  last_reference_drop (g_steal_pointer (&fixture->guard));
  g_clear_object (&fixture->session);
  begin_guard (fixture);
  g_autofree char *only = app_guard_dup_only_account (fixture->guard, SERVER);
  g_assert_cmpstr (only, ==, STONE);
  g_assert_false (app_guard_ask_who (fixture->guard, NULL));
  last_reference_drop (g_steal_pointer (&fixture->guard));

  know_hill (fixture);
  begin_guard (fixture);
  g_assert_null (app_guard_dup_only_account (fixture->guard, NULL));
  g_assert_false (app_guard_ask_who (fixture->guard, "http://other.example"));
  g_assert_true (app_guard_ask_who (fixture->guard, SERVER));
  display_assert_label (get_cover (), "Who Works Here?");
  display_assert_label (get_cover (), "Dr Ada Stone");
  display_assert_label (get_cover (), "Dr Ben Hill");
  g_assert_false (is_open (fixture->work));
}

static gboolean
put_unsent (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationRequest','id':'m1','status':'active','intent':'order',"
      "'subject':{'reference':'Patient/jane'},'authoredOn':'2026-11-22T08:00:00Z',"
      "'identifier':[{'system':'https://bedside.health/fhir/prescription-id','value':'x'}],"
      "'medicationCodeableConcept':{'text':'amoxicillin 500 mg capsule'}}");
  return store_journal_append (connection, "g1", STORE_JOURNAL_CREATE, "MedicationRequest", "m1",
                               "jane", NULL, 9, NULL, error);
}

/* H1: whoever takes over the computer reads that something of the colleague's is not sent, and not
 * what. */
static void
test_unsent (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = NULL;

  know_hill (fixture);
  begin_guard (fixture);
  begin_session (fixture);
  display_assert_label (get_cover (), "Choose a Code"); /* required, and nobody gets round it */
  g_assert_false (is_open (fixture->work));
  choose_code (CODE, CODE);
  g_assert_true (display_spin (is_open, fixture->work));
  g_assert_true (store_database_write (app_account_get_database (fixture->account),
                                       BASE_LANE_PERSON, put_unsent, NULL, NULL));
  base_clock_advance (fixture->clock, 61 * G_USEC_PER_SEC);
  app_guard_lock (fixture->guard);
  row = display_wait_for (get_cover (), display_is_row, "Dr Ben Hill");
  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
  display_assert_label (get_cover (), "1 prescription that Dr Ada Stone signed");
  g_assert_null (display_find_label (get_cover (), "amoxicillin"));
  g_assert_null (fixture->switched);
  display_press (get_cover (), "_Switch All the Same");
  display_assert_gone (get_cover (), "1 prescription that Dr Ada Stone signed");
  g_assert_cmpstr (fixture->switched, ==, HILL);
}

/* A visit goes on while the screen is locked, which says so, and nobody takes over the computer
 * meanwhile. */
static void
test_visit (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = NULL;

  keep_code (fixture);
  begin_guard (fixture);
  begin_session (fixture);
  unlock (fixture, CODE);
  g_assert_true (display_spin (is_set, &fixture->admitted));
  workspace_session_set_call (fixture->session, "jane", "SMITH, Jane");
  app_guard_lock (fixture->guard);
  display_assert_label (get_cover (), "A visit is running.");
  g_assert_null (display_find_label (get_cover (), "SMITH"));
  g_assert_cmpstr (workspace_session_get_call_patient (fixture->session), ==, "jane");
  row = display_wait_for (get_cover (), display_is_row, "Someone Else");
  g_assert_false (gtk_widget_is_sensitive (row));
  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
  g_assert_null (fixture->switched);
  workspace_session_set_call (fixture->session, NULL, NULL);
  g_assert_true (gtk_widget_is_sensitive (row));
}

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith',"
                                "'given':['Jane']}]}");
  return TRUE;
}

/* The window of a patient, if there is one, shown or hidden. */
static GtkWindow *
find_patient_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);
      if (WORKSPACE_IS_PATIENT_WINDOW (window))
        return window;
    }
  return NULL;
}

static gboolean
has_patient_window (gpointer data)
{
  return find_patient_window () != NULL;
}

static gboolean
read_nothing (StoreConnection *connection, gpointer data, GError **error)
{
  return TRUE;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer read)
{
  *(gboolean *) read = store_database_read_finish (STORE_DATABASE (source), result, NULL);
}

/* Until what a link looks up would have been found. */
static void
settle_reading (StoreDatabase *store)
{
  gboolean read = FALSE;

  store_database_read_async (store, read_nothing, NULL, NULL, NULL, read_cb, &read);
  g_assert_true (display_spin (is_set, &read));
  display_settle ();
}

/* H9: a link that comes while the screen is locked opens no chart behind the lock; of several the
 * last is followed by whoever unlocks. */
static void
test_link (Fixture *fixture, gconstpointer data)
{
  keep_code (fixture);
  StoreDatabase *store = app_account_get_database (fixture->account);
  begin_guard (fixture);
  begin_session (fixture);
  unlock (fixture, CODE);
  g_assert_true (display_spin (is_set, &fixture->admitted));
  g_assert_true (store_database_write (store, BASE_LANE_PERSON, put_patient, NULL, NULL));
  AppClinicWindow *window = app_clinic_window_new (NULL);
  AppPatients *patients = app_patients_new (NULL, NULL, fixture->session);
  AppLinks *links = app_links_new (fixture->guard);
  app_clinic_window_set_session (window, fixture->session);
  gtk_window_present (GTK_WINDOW (window));

  app_links_follow (links, "bedside:patient/jane"); /* before it is known who works */
  app_guard_lock (fixture->guard);
  app_links_begin (links, window, patients, fixture->session);
  settle_reading (store);
  g_assert_false (has_patient_window (NULL));
  app_links_follow (links, "bedside:nonsense");
  app_links_follow (links, "bedside:patient/jane");
  g_assert_true (app_links_must_wait (links));
  settle_reading (store);
  g_assert_false (has_patient_window (NULL));
  unlock (fixture, CODE);
  g_assert_true (display_spin (has_patient_window, NULL));
  g_assert_false (app_links_must_wait (links));
  g_assert_null (display_find_label (GTK_WIDGET (window), "does not know what this link"));

  gtk_window_destroy (find_patient_window ());
  app_guard_lock (fixture->guard);
  unlock (fixture, CODE); /* it was followed once */
  g_assert_true (display_spin (is_open, window));
  settle_reading (store);
  g_assert_false (has_patient_window (NULL));
  last_reference_drop (links);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (patients);
}

/* The administrator's rules: no code is taken, and the minutes are those. */
static void
test_managed (Fixture *fixture, gconstpointer data)
{
  begin_guard (fixture);
  g_assert_cmpuint (app_guard_get_minutes (fixture->guard), ==, 5);
  app_guard_admit (fixture->guard, fixture->account, admitted_cb, fixture, NULL);
  g_assert_false (fixture->admitted);
  display_assert_label (get_cover (), "Sign in at the clinic’s server to go on.");
  g_assert_null (display_find (get_cover (), display_is_entry, "Code"));
}

static gboolean
is_lock (GtkWidget *widget, const char *text)
{
  return GTK_IS_IMAGE (widget) &&
         g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (widget)), "changes-prevent-symbolic") == 0;
}

/* What is set is shown, with who set it, for eye and ear, and there is nothing to change in it. */
static void
test_policies (Fixture *fixture, gconstpointer data)
{
  GtkWidget *page = GTK_WIDGET (app_policies_page_new (fixture->fleet));
  GtkWidget *row = NULL;

  begin_guard (fixture);
  adw_window_set_content (ADW_WINDOW (fixture->work), page);
  display_assert_label (fixture->work, "Set by IT of Riverside (0123 456)");
  display_assert_label (fixture->work, "After 5 minutes without a key or the pointer");
  display_assert_label (fixture->work, "For 7 days");
  display_assert_label (fixture->work, "By signing in at the server");
  row = display_wait_for (fixture->work, display_is_row, "Locks by itself");
  g_assert_true (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (row),
                                                   GTK_ACCESSIBLE_RELATION_DESCRIBED_BY));
  gtk_test_accessible_assert_property (
      display_wait_for (row, is_lock, NULL), GTK_ACCESSIBLE_PROPERTY_LABEL,
      "After 5 minutes without a key or the pointer. Set by IT of Riverside (0123 456)");
  gtk_test_accessible_assert_state (row, GTK_ACCESSIBLE_STATE_DISABLED, TRUE);
  g_assert_true (gtk_widget_get_focusable (row));
  g_assert_null (display_find (fixture->work, display_is_row, "Language"));
}

static void
add (const char *path, const char *conf, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, conf, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_autofree char *home = g_dir_make_tmp ("bedside-home-XXXXXX", NULL);
  g_autofree char *stores = g_build_filename (home, "bedside", NULL);

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  add ("/app/guard/code", NULL, test_code);
  add ("/app/guard/passer-by", NULL, test_passer_by);
  add ("/app/guard/outage", NULL, test_outage);
  add ("/app/guard/choice-ends", NULL, test_choice_ends);
  add ("/app/guard/no-server", managed, test_no_server);
  add ("/app/guard/elsewhere", NULL, test_elsewhere);
  add ("/app/guard/start", NULL, test_start);
  add ("/app/guard/switch", NULL, test_switch);
  add ("/app/guard/who", NULL, test_who);
  add ("/app/guard/unsent", NULL, test_unsent);
  add ("/app/guard/link", NULL, test_link);
  add ("/app/guard/visit", NULL, test_visit);
  add ("/app/guard/managed", managed, test_managed);
  add ("/app/guard/policies", managed, test_policies);
  int status = g_test_run ();
  g_rmdir (stores);
  g_rmdir (home);
  return status;
}
