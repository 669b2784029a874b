/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-view.h"

#include <libsoup/soup.h>

#include "display-fixture.h"
#include "visit-actions.h"

/* A hub on this machine that lets a clinician in, and gives the visit to another when told to. */
typedef struct
{
  DisplayFixture display;
  SoupServer *server;
  char *url;
  SoupWebsocketConnection *far;
  guint accepted;
  WorkspacePatient *patient;
  VisitController *controller;
  GtkWidget *window;
} Fixture;

static void
accepted_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             SoupWebsocketConnection *far,
             gpointer data)
{
  Fixture *self = data;

  self->accepted++;
  g_set_object (&self->far, far);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NetSession) net = NULL;
  GSList *uris;

  display_fixture_set_up (&self->display, data);
  self->server = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_websocket_handler (self->server, "/visit", NULL, NULL, accepted_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  net = net_session_new (self->url, "secret");
  workspace_session_set_server (self->display.session, self->url, net, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->controller);
  g_clear_object (&self->patient);
  display_settle ();
  g_clear_object (&self->far);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->url, g_free);
  workspace_session_set_server (self->display.session, NULL, NULL, NULL);
  display_fixture_tear_down (&self->display, data);
}

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (connection, "{'resourceType':'Encounter','id':'e1','status':'arrived','class':"
                                "{'code':'VR'},'subject':{'reference':'Patient/jane'}}");
  return TRUE;
}

static gboolean
admit_other (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_admit (connection, ((CareFixture *) data)->other, "e1", error);
}

static void
open_view (Fixture *self)
{
  self->patient = workspace_patient_new (self->display.session, "jane");
  self->controller = visit_controller_new (self->patient);
  self->window = g_object_new (GTK_TYPE_APPLICATION_WINDOW, NULL);
  visit_actions_add (self->controller, G_ACTION_MAP (self->window));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 420, 500);
  gtk_window_set_child (GTK_WINDOW (self->window), visit_view_new (self->controller));
  gtk_window_present (GTK_WINDOW (self->window));
}

static gboolean
is_enabled (Fixture *self, const char *name)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), name);
}

static gboolean
is_let_in (gpointer data)
{
  return ((Fixture *) data)->accepted > 0;
}

static gboolean
is_let_in_again (gpointer data)
{
  return ((Fixture *) data)->accepted > 1;
}

/* Whoever is displaced reads by whom, is not let back by a timer, and takes the visit back by hand.
 */
static void
test_displaced (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, put_visit);
  open_view (self);
  display_assert_label (self->window, "The patient joined");
  g_assert_true (display_spin (is_let_in, self));
  soup_websocket_connection_send_text (
      self->far, "{\"type\":\"error\",\"by\":\"Dr Ben Hill\",\"text\":\"The hub’s words\"}");
  soup_websocket_connection_close (self->far, 4001, "The hub’s words");
  display_assert_label (self->window, "Dr Ben Hill has taken over this visit.");
  g_assert_null (display_find_label (GTK_WIDGET (self->window), "The hub’s words"));
  display_assert_label (self->window, "Take the Visit Here");
  g_assert_cmpint (visit_controller_get_stage (self->controller), ==, VISIT_STAGE_TAKEN);
  g_assert_false (is_enabled (self, "visit-end"));
  g_assert_false (is_enabled (self, "visit-call"));
  g_assert_true (is_enabled (self, "visit-take"));
  g_assert_cmpuint (self->accepted, ==, 1);
  g_action_group_activate_action (G_ACTION_GROUP (self->window), "visit-take", NULL);
  g_assert_true (display_spin (is_let_in_again, self));
  display_assert_label (self->window, "The patient joined");
  g_assert_false (is_enabled (self, "visit-take"));
  g_assert_true (is_enabled (self, "visit-end"));
}

/* The hub shut the line for good: its own words are shown, and not a promise that it comes back. */
static void
test_shut (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, put_visit);
  open_view (self);
  g_assert_true (display_spin (is_let_in, self));
  soup_websocket_connection_send_text (
      self->far, "{\"type\":\"error\",\"text\":\"This account may not do this any more\"}");
  soup_websocket_connection_close (self->far, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "no");
  display_assert_label (self->window, "This account may not do this any more");
  g_assert_cmpuint (self->accepted, ==, 1);
}

/* Looking at the chart of somebody whom a colleague sees ends nobody's call. */
static void
test_looking_takes_nothing (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, put_visit);
  care_fixture_write (&self->display.care, admit_other);
  open_view (self);
  display_assert_label (self->window, "Dr Ben Hill is in this visit.");
  g_assert_cmpuint (self->accepted, ==, 0);
  g_assert_false (is_enabled (self, "visit-end"));
  g_assert_true (is_enabled (self, "visit-take"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/visit/view/displaced", Fixture, NULL, set_up, test_displaced, tear_down);
  g_test_add ("/visit/view/shut", Fixture, NULL, set_up, test_shut, tear_down);
  g_test_add ("/visit/view/looking-takes-nothing", Fixture, NULL, set_up,
              test_looking_takes_nothing, tear_down);
  return g_test_run ();
}
