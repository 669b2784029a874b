/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"
#include "today-page.h"

static gboolean
put_booking (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (
      connection,
      "{'resourceType':'Appointment','id':'b1','status':'booked','start':'2026-11-22T09:20:00Z',"
      "'reasonCode':[{'text':'Sore "
      "throat'}],'participant':[{'actor':{'reference':'Patient/jane'},'status':'accepted'},"
      "{'actor':{'reference':'Practitioner/doctor'},'status':'accepted'}]}");
  return TRUE;
}

static gboolean
put_arrival (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection, "{'resourceType':'Encounter','id':'e1','status':'arrived','class':{'code':'VR'},"
                  "'subject':{'reference':'Patient/jane'},'appointment':[{'reference':'Appointment/"
                  "b1'}],'extension':["
                  "{'url':'https://bedside.health/fhir/StructureDefinition/"
                  "visit-waiting-since','valueInstant':'2026-11-22T08:56:00Z'},"
                  "{'url':'https://bedside.health/fhir/StructureDefinition/"
                  "visit-stated-location','valueString':'27 Anchor Close'},"
                  "{'url':'https://bedside.health/fhir/StructureDefinition/"
                  "visit-callback-number','valueString':'+44 1632 960714'}]}");
  return TRUE;
}

static GtkWidget *
open_page (DisplayFixture *fixture, GtkWidget **window)
{
  GtkWidget *page = today_page_new (fixture->session);

  *window = g_object_new (GTK_TYPE_APPLICATION_WINDOW, NULL);
  gtk_window_set_default_size (GTK_WINDOW (*window), 900, 700);
  gtk_window_set_child (GTK_WINDOW (*window), page);
  gtk_window_present (GTK_WINDOW (*window));
  return page;
}

static void
test_empty (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  open_page (fixture, &window);
  display_assert_label (window, "No Visits Today");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The store announces an arrival, and the line, the count and the context follow by themselves. */
static void
test_arrival (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_booking);
  GtkWidget *page = open_page (fixture, &window);
  display_assert_label (window, "SMITH, Jane");
  display_assert_label (window, "Sore throat");
  display_assert_label (window, "booked");
  g_assert_cmpuint (workspace_page_get_count (WORKSPACE_PAGE (page)), ==, 0);

  care_fixture_write (&fixture->care, put_arrival);
  display_assert_label (window, "waiting 4 min");
  display_assert_label (window, "27 Anchor Close");
  display_assert_label (window, "Admit");
  g_assert_cmpuint (workspace_page_get_count (WORKSPACE_PAGE (page)), ==, 1);
  gtk_window_destroy (GTK_WINDOW (window));
}

#define BOOKING(id, patient, start, end)                                                           \
  "{'resourceType':'Appointment','id':'" id "','status':'booked','start':'2026-11-22T" start       \
  ":00Z','end':'2026-11-22T" end ":00Z','participant':[{'actor':{'reference':'Patient/" patient    \
  "'}},{'actor':{'reference':'Practitioner/doctor'}}]}"
#define VISIT(id, of, patient, status)                                                             \
  "{'resourceType':'Encounter','id':'" id "','status':'" status "','class':{'code':'VR'},"         \
  "'subject':{'reference':'Patient/" patient "'},'appointment':[{'reference':'Appointment/" of     \
  "'}],'period':{'start':'2026-11-22T08:30:00Z'}}"

/* Now it is nine: the visit of 08:30 should be over since 08:45, and one more waits before. */
static gboolean
put_late_morning (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, BOOKING ("b0", "omar", "08:30", "08:45"));
  care_fixture_put (connection, VISIT ("e0", "b0", "omar", "in-progress"));
  care_fixture_put (connection, BOOKING ("b00", "ana", "08:45", "09:15"));
  care_fixture_put (connection, VISIT ("e00", "b00", "ana", "arrived"));
  return TRUE;
}

static gboolean
end_first (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, VISIT ("e0", "b0", "omar", "finished"));
  return TRUE;
}

/* A visit that runs over moves what the others expect by itself, and so does its end. */
static void
test_late (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_booking);
  care_fixture_write (&fixture->care, put_arrival);
  open_page (fixture, &window);
  display_assert_label (window, "expects about 20 min");
  care_fixture_write (&fixture->care, put_late_morning);
  display_assert_label (window, "expects 35 min or more, running late");
  care_fixture_write (&fixture->care, end_first);
  display_assert_label (window, "expects about 30 min, running late");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
opened_cb (WorkspaceSession *session,
           const char *id,
           const char *verb,
           const char *target,
           GString *opened)
{
  g_string_append_printf (opened, "%s %s %s", id, verb, target);
}

/* Admit asks for that patient's window, with the visit as target. */
static void
test_admit (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) opened = g_string_new (NULL);
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_booking);
  care_fixture_write (&fixture->care, put_arrival);
  g_signal_connect (fixture->session, "open-patient", G_CALLBACK (opened_cb), opened);
  open_page (fixture, &window);
  display_assert_label (window, "waiting");
  g_assert_true (gtk_widget_activate_action (window, "win.admit-next", NULL));
  g_assert_cmpstr (opened->str, ==, "jane admit Encounter/e1");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_problem (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Condition','id':'c','subject':{'reference':"
                                "'Patient/jane'},'code':{'text':'Asthma'}}");
  return TRUE;
}

typedef struct
{
  GtkWidget *window;
  gboolean has_problem;
} Shown;

static gboolean
is_shown (gpointer data)
{
  Shown *asked = data;

  return (display_find_label (asked->window, "Asthma") != NULL) == asked->has_problem;
}

/* When the sign-in has run out no chart opens, and nothing of one stands beside the list; the
 * number to call stays. With a sign-in it is there again. */
static void
test_locked (DisplayFixture *fixture, gconstpointer data)
{
  WorkspaceLock *lock = workspace_session_get_lock (fixture->session);
  BaseClock *clock = fixture->care.clock;
  GtkWidget *window = NULL;

  workspace_lock_renew (lock, base_clock_now (clock));
  care_fixture_write (&fixture->care, put_booking);
  care_fixture_write (&fixture->care, put_arrival);
  care_fixture_write (&fixture->care, put_problem);
  open_page (fixture, &window);
  display_assert_label (window, "Asthma");
  workspace_lock_renew (lock, base_clock_now (clock) - CARE_LEASE_US - G_TIME_SPAN_HOUR);
  display_assert_label (window, "Nothing of the chart is shown: your sign-in has ended.");
  g_assert_true (display_spin (is_shown, &(Shown) { window, FALSE }));
  g_assert_null (display_find_label (window, "Allergies not recorded"));
  display_assert_label (window, "+44 1632 960714");
  workspace_lock_renew (lock, base_clock_now (clock));
  g_assert_true (display_spin (is_shown, &(Shown) { window, TRUE }));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* From the end of a visit the clinic window is one key away (Ctrl+Home) and the next chart one more
 * (Ctrl+N): who waits longest is admitted, and where nobody waits the next who is booked is shown.
 */
static void
test_next (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) opened = g_string_new (NULL);
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_booking);
  g_signal_connect (fixture->session, "open-patient", G_CALLBACK (opened_cb), opened);
  open_page (fixture, &window);
  display_assert_label (window, "booked");
  g_assert_true (gtk_widget_activate_action (window, "win.admit-next", NULL));
  g_assert_cmpstr (opened->str, ==, "jane show (null)");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_absent (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, BOOKING ("b9", "omar", "08:00", "08:15"));
  return TRUE;
}

/* Who did not come and is still booked does not stand before who comes next; alone, it is shown. */
static void
test_next_absent (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) opened = g_string_new (NULL);
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_absent);
  g_signal_connect (fixture->session, "open-patient", G_CALLBACK (opened_cb), opened);
  open_page (fixture, &window);
  display_assert_label (window, "booked");
  g_assert_true (gtk_widget_activate_action (window, "win.admit-next", NULL));
  g_assert_cmpstr (opened->str, ==, "omar show (null)");
  care_fixture_write (&fixture->care, put_booking);
  display_assert_label (window, "SMITH, Jane");
  g_string_truncate (opened, 0);
  g_assert_true (gtk_widget_activate_action (window, "win.admit-next", NULL));
  g_assert_cmpstr (opened->str, ==, "jane show (null)");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/today/page/empty", test_empty);
  display_add ("/today/page/arrival", test_arrival);
  display_add ("/today/page/late", test_late);
  display_add ("/today/page/admit", test_admit);
  display_add ("/today/page/locked", test_locked);
  display_add ("/today/page/next", test_next);
  display_add ("/today/page/next-absent", test_next_absent);
  return g_test_run ();
}
