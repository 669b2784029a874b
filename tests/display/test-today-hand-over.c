/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libsoup/soup.h>

#include "care-visit-hand-over.h"
#include "display-fixture.h"
#include "today-lobby.h"
#include "today-page.h"
#include "visit-actions.h"
#include "visit-view.h"

/* The waiting room as the clinic sees it: who wrote, who asks whom to take over, who is late, and
 * what the nurse did. A hub on this machine says who waits and who is there. */

typedef struct
{
  DisplayFixture display;
  SoupServer *server;
  char *url;
  SoupWebsocketConnection *far;
  const char *greeting; /* what who connects is told; NULL: nobody has written */
  GtkWidget *window, *page;
} Fixture;

#define LOBBY(unread)                                                                              \
  "{\"visits\":[{\"visit\":\"e1\",\"here\":true,\"unread\":" unread "}],"                          \
  "\"people\":[\"Practitioner/doctor\",\"Practitioner/other\"]}"

static void
accepted_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             SoupWebsocketConnection *far,
             gpointer data)
{
  Fixture *self = data;

  g_set_object (&self->far, far);
  soup_websocket_connection_send_text (far, self->greeting ? self->greeting : LOBBY ("0"));
}

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (connection, "{'resourceType':'Practitioner','id':'other','name':[{'family':"
                                "'Hill','given':['Ben']}]}");
  care_fixture_put (connection, "{'resourceType':'Practitioner','id':'away','name':[{'family':"
                                "'Vale','given':['Ida']}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Appointment','id':'b1','status':'arrived','start':"
                    "'2026-11-22T09:20:00Z','participant':[{'actor':{'reference':'Patient/jane'}},"
                    "{'actor':{'reference':'Practitioner/doctor'}}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'Encounter','id':'e1','status':'arrived','class':{'code':'VR'},'subject':{"
      "'reference':'Patient/jane'},'appointment':[{'reference':'Appointment/b1'}],'period':{"
      "'start':'2026-11-22T08:56:00Z'}}");
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NetSession) net = NULL;
  GSList *uris;

  display_fixture_set_up (&self->display, data);
  care_fixture_write (&self->display.care, put_visit);
  self->server = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_websocket_handler (self->server, "/lobby", NULL, NULL, accepted_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  net = net_session_new (self->url, "secret");
  workspace_session_set_server (self->display.session, self->url, net, NULL);
  self->page = today_page_new (self->display.session);
  self->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 900, 700);
  {
    GtkWidget *overlay = adw_toast_overlay_new ();

    adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), self->page);
    adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window), overlay);
  }
  gtk_window_present (GTK_WINDOW (self->window));
  display_assert_label (self->window, "SMITH, Jane");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  display_settle ();
  g_clear_object (&self->far);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->url, g_free);
  workspace_session_set_server (self->display.session, NULL, NULL, NULL);
  display_fixture_tear_down (&self->display, data);
}

static gboolean
has_no_label (gpointer data)
{
  DisplayLabel *label = data;

  return display_find_label (label->widget, label->text) == NULL;
}

static void
assert_no_label (GtkWidget *widget, const char *text)
{
  if (!display_spin (has_no_label, &(DisplayLabel) { widget, text }))
    g_error ("a label still says “%s”", text);
}

static gboolean
is_connected (gpointer data)
{
  return ((Fixture *) data)->far != NULL;
}

/* Somebody who waits wrote twice; nonsense from the hub changes nothing; reading it ends it. */
static void
test_unread (Fixture *self, gconstpointer data)
{
  g_assert_true (display_spin (is_connected, self));
  soup_websocket_connection_send_text (self->far, LOBBY ("2"));
  display_assert_label (self->window, "2 new messages");
  soup_websocket_connection_send_text (self->far, "{\"visits\":7}");
  soup_websocket_connection_send_text (self->far, LOBBY ("1"));
  display_assert_label (self->window, "1 new message");
  soup_websocket_connection_send_text (self->far, LOBBY ("0"));
  assert_no_label (self->window, "new message");
}

static void
count_cb (guint *count)
{
  ++*count;
}

static gboolean
is_lobby_connected (gpointer lobby)
{
  return today_lobby_is_connected (lobby);
}

static gboolean
is_lobby_lost (gpointer lobby)
{
  return !today_lobby_is_connected (lobby);
}

/* What was said before the connection was lost is not said again; what came meanwhile is. */
static void
test_written_once (Fixture *self, gconstpointer data)
{
  g_autoptr (SoupWebsocketConnection) pages = NULL;
  g_autoptr (TodayLobby) lobby = NULL;
  guint written = 0;

  g_assert_true (display_spin (is_connected, self));
  self->greeting = LOBBY ("2");
  pages = g_steal_pointer (&self->far); /* stays open: those that come are this lobby's */
  lobby = today_lobby_new (self->display.session);
  g_signal_connect_swapped (lobby, "written", G_CALLBACK (count_cb), &written);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (display_spin (is_lobby_connected, lobby));
      g_assert_cmpuint (written, ==, i < 2 ? 1 : 2);
      if (i == 1)
        self->greeting = LOBBY ("3");
      soup_websocket_connection_close (self->far, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
      g_assert_true (display_spin (is_lobby_lost, lobby));
    }
}

static gboolean
ask_doctor (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_ask_hand_over (connection, ((CareFixture *) data)->other, "e1",
                                   "Practitioner/doctor", error);
}

static gboolean
check_taken (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) visit = care_fixture_get (connection, "Encounter", "e1");

  g_assert_cmpstr (fhir_resource_path_text (visit, "participant.0.individual.reference"), ==,
                   "Practitioner/doctor");
  return TRUE;
}

static void
click (Fixture *self, const char *label)
{
  GtkWidget *button =
      gtk_widget_get_ancestor (display_find_label (self->window, label), GTK_TYPE_BUTTON);

  g_signal_emit_by_name (button, "clicked");
}

/* A colleague asks; accepting is one click, and the line goes. */
static void
test_accept (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, ask_doctor);
  display_assert_label (self->window, "Dr Ben Hill asks you to take over SMITH, Jane.");
  click (self, "Accept");
  display_assert_label (self->window, "SMITH, Jane is your patient now.");
  assert_no_label (self->window, "asks you");
  care_fixture_read (&self->display.care, check_taken);
}

static gboolean
put_left (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'Encounter','id':'e1','status':'planned','class':{'code':'VR'},'subject':{"
      "'reference':'Patient/jane'},'appointment':[{'reference':'Appointment/b1'}]}");
  return TRUE;
}

static gboolean
put_back (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'Encounter','id':'e1','status':'arrived','class':{'code':'VR'},'subject':{"
      "'reference':'Patient/jane'},'appointment':[{'reference':'Appointment/b1'}],'period':{"
      "'start':'2026-11-22T08:56:00Z'}}");
  return TRUE;
}

/* An answer that could not be given can be given again. */
static void
test_accept_again (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, ask_doctor);
  display_assert_label (self->window, "asks you to take over SMITH, Jane.");
  care_fixture_write (&self->display.care, put_left);
  click (self, "Accept");
  display_assert_label (self->window, "The patient has left, or the visit is over.");
  care_fixture_write (&self->display.care, put_back);
  g_assert_true (gtk_widget_is_sensitive (display_find_label (self->window, "Accept")));
  click (self, "Accept");
  display_assert_label (self->window, "SMITH, Jane is your patient now.");
}

/* Asking: only who is there can be chosen. */
static void
test_ask (Fixture *self, gconstpointer data)
{
  g_assert_true (display_spin (is_connected, self));
  soup_websocket_connection_send_text (self->far, LOBBY ("1"));
  display_assert_label (self->window, "1 new message"); /* who is there is known by now */
  display_assert_label (self->window, "Hand Over…");
  g_action_group_activate_action (G_ACTION_GROUP (self->window), "hand-over-visit", NULL);
  display_assert_label (self->window, "Who sees SMITH, Jane?");
  display_assert_label (self->window, "HILL, Ben");
  g_assert_null (display_find_label (self->window, "VALE, Ida"));
  click (self, "Ask");
  display_assert_label (self->window, "HILL, Ben is asked.");
}

/* One click says it, and the line reckons with it as the patient's page does. */
static void
test_late (Fixture *self, gconstpointer data)
{
  display_assert_label (self->window, "expects about 20 min");
  gtk_widget_activate_action (self->page, "today.late", "i", 45);
  display_assert_label (self->window, "expects about 45 min, running late");
  gtk_widget_activate_action (self->page, "today.late", "i", 0);
  display_assert_label (self->window, "expects about 20 min");
}

static gboolean
admit_as_nurse (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_admit (connection, ((CareFixture *) data)->nurse, "e1", error);
}

static gboolean
ready (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_ready (connection, ((CareFixture *) data)->nurse, "e1", "Weight 70 kg", error);
}

/* The doctor reads who did the intake on the line, and what was done below. */
static void
test_intake (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, admit_as_nurse);
  display_assert_label (self->window, "in visit");
  care_fixture_write (&self->display.care, ready);
  display_assert_label (self->window, "intake done by Noor Lind");
  display_assert_label (self->window, "Intake by Noor Lind: Weight 70 kg");
}

/* A nurse makes a patient ready; a doctor is not offered it. */
static void
test_ready (Fixture *self, gconstpointer data)
{
  g_autoptr (WorkspaceSession) session = workspace_session_new (self->display.care.nurse);
  g_autoptr (WorkspacePatient) patient = workspace_patient_new (session, "jane");
  g_autoptr (VisitController) controller = NULL;
  GtkWidget *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);

  care_fixture_write (&self->display.care, admit_as_nurse);
  controller = visit_controller_new (patient);
  visit_actions_add (controller, G_ACTION_MAP (window));
  gtk_window_set_default_size (GTK_WINDOW (window), 420, 500);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), visit_view_new (controller));
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "Ready for the Doctor…");
  g_action_group_activate_action (G_ACTION_GROUP (window), "visit-ready", NULL);
  display_assert_label (window, "the doctor reads it");
  visit_controller_ready (controller, "Weight 70 kg");
  display_assert_label (self->window, "Intake by Noor Lind: Weight 70 kg");
  gtk_window_destroy (GTK_WINDOW (window));
  display_settle ();
}

int
main (int argc, char *argv[])
{
  const struct
  {
    const char *name;
    void (*test) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/today/hand-over/unread", test_unread },
    { "/today/hand-over/accept", test_accept },
    { "/today/hand-over/written-once", test_written_once },
    { "/today/hand-over/accept-again", test_accept_again },
    { "/today/hand-over/ask", test_ask },
    { "/today/hand-over/late", test_late },
    { "/today/hand-over/intake", test_intake },
    { "/today/hand-over/ready", test_ready },
  };

  g_test_init (&argc, &argv, NULL);
  adw_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
