/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-tiles.h"

#include <libsoup/soup.h>
#include <string.h>

#include "care-visit-guest.h"
#include "display-fixture.h"
#include "visit-actions.h"
#include "visit-controller.h"
#include "visit-person-consent.h"
#include "visit-view.h"

/* A hub on this machine that tells of guests and interpreters as it is told to, and hears what the
 * workstation says. */
typedef struct
{
  DisplayFixture display;
  SoupServer *server;
  char *url;
  SoupWebsocketConnection *far;
  GString *heard;
  WorkspacePatient *patient;
  VisitController *controller;
  GtkWidget *window;
  const char *wanted;
} Fixture;

static void
message_cb (SoupWebsocketConnection *socket, int type, GBytes *bytes, gpointer data)
{
  Fixture *self = data;

  g_string_append_len (self->heard, g_bytes_get_data (bytes, NULL),
                       (gssize) g_bytes_get_size (bytes));
}

static void
accepted_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             SoupWebsocketConnection *far,
             gpointer data)
{
  Fixture *self = data;

  g_set_object (&self->far, far);
  g_signal_connect (far, "message", G_CALLBACK (message_cb), self);
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
is_open (gpointer data)
{
  return ((Fixture *) data)->far != NULL;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NetSession) net = NULL;
  GSList *uris;

  display_fixture_set_up (&self->display, data);
  self->heard = g_string_new (NULL);
  self->server = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_websocket_handler (self->server, "/visit", NULL, NULL, accepted_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  net = net_session_new (self->url, "secret");
  workspace_session_set_server (self->display.session, self->url, net, NULL);
  care_fixture_write (&self->display.care, put_visit);
  self->patient = workspace_patient_new (self->display.session, "jane");
  self->controller = visit_controller_new (self->patient);
  self->window = g_object_new (GTK_TYPE_APPLICATION_WINDOW, NULL);
  visit_actions_add (self->controller, G_ACTION_MAP (self->window));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 360, 700);
  gtk_window_set_child (GTK_WINDOW (self->window), visit_view_new (self->controller));
  gtk_window_present (GTK_WINDOW (self->window));
  g_assert_true (display_spin (is_open, self));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->controller);
  g_clear_object (&self->patient);
  display_settle ();
  g_signal_handlers_disconnect_by_data (self->far, self);
  g_clear_object (&self->far);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->url, g_free);
  g_string_free (self->heard, TRUE);
  workspace_session_set_server (self->display.session, NULL, NULL, NULL);
  display_fixture_tear_down (&self->display, data);
}

static void
tell (Fixture *self, const char *text)
{
  soup_websocket_connection_send_text (self->far, text);
}

static gboolean
was_heard (gpointer data)
{
  Fixture *self = data;

  return strstr (self->heard->str, self->wanted) != NULL;
}

static gboolean
is_gone (gpointer data)
{
  return display_find_label (GTK_WIDGET (((Fixture *) data)->window), "Bert, guest") == NULL;
}

#define GUEST                                                                                      \
  "{\"type\":\"person\",\"role\":\"guest\",\"present\":true,\"state\":\"waiting\",\"name\":"       \
  "\"Bert\",\"relation\":\"CHILD\",\"by\":\"patient\"}"

static void
test_who_is_there (Fixture *self, gconstpointer data)
{
  int least;

  tell (self, GUEST);
  tell (self, "{\"type\":\"person\",\"role\":\"interpreter\",\"present\":true,\"state\":"
              "\"waiting\",\"number\":\"4711\",\"language\":\"Polish\"}");
  display_assert_label (self->window, "Bert, guest");
  display_assert_label (self->window, "Child · Waits to be let in; the patient invited them");
  display_assert_label (self->window, "Interpreter 4711");
  display_assert_label (self->window, "Number 4711, Polish · Waits to be let in");
  /* both fit where there is little room, one below the other */
  gtk_widget_measure (gtk_window_get_child (GTK_WINDOW (self->window)), GTK_ORIENTATION_HORIZONTAL,
                      -1, &least, NULL, NULL, NULL);
  g_assert_cmpint (least, <=, 360);
  tell (self, "{\"type\":\"person\",\"role\":\"guest\",\"present\":false,\"state\":\"waiting\"}");
  g_assert_true (display_spin (is_gone, self));
  display_assert_label (self->window, "Interpreter 4711");
}

static void
test_speaking_alone (Fixture *self, gconstpointer data)
{
  tell (self, GUEST);
  display_assert_label (self->window, "Bert, guest");
  g_action_group_change_action_state (G_ACTION_GROUP (self->window), "visit-alone",
                                      g_variant_new_boolean (TRUE));
  self->wanted = "{\"type\":\"alone\",\"on\":true}";
  g_assert_true (display_spin (was_heard, self));
  tell (self, "{\"type\":\"alone\",\"on\":true,\"from\":\"patient\"}");
  display_assert_label (self->window, "The patient asked to speak alone.");
}

/* What was agreed about one guest lets in no other who comes in their place. */
static void
test_another_guest (Fixture *self, gconstpointer data)
{
  g_autoptr (VisitPerson) person = NULL;

  tell (self, GUEST);
  display_assert_label (self->window, "Bert, guest");
  person = g_list_model_get_item (G_LIST_MODEL (visit_controller_get_people (self->controller)), 0);
  visit_person_set_consent (person, "patient", NULL);
  visit_person_set_muted (person, TRUE);
  tell (self, GUEST);
  tell (self, "{\"type\":\"alone\",\"on\":true,\"from\":\"patient\"}");
  display_assert_label (self->window, "The patient asked to speak alone.");
  g_assert_true (visit_controller_knows_who_agreed (person));
  tell (self, "{\"type\":\"person\",\"role\":\"guest\",\"present\":true,\"state\":\"waiting\","
              "\"name\":\"Carl\",\"relation\":\"CHILD\",\"by\":\"patient\"}");
  display_assert_label (self->window, "Carl, guest");
  g_assert_false (visit_controller_knows_who_agreed (person));
  g_assert_false (visit_person_is_muted (person));
}

static gboolean
is_closed (gpointer data)
{
  return soup_websocket_connection_get_state (data) == SOUP_WEBSOCKET_STATE_CLOSED;
}

static void
failed_cb (VisitController *controller, const char *sentence, gpointer data)
{
  ++*(guint *) data;
}

/* What parts people without a connection is said to fail, and is said to the hub when it is back;
 * who was to be let in is not let in then. */
static void
test_without_a_line (Fixture *self, gconstpointer data)
{
  VisitPeople *people = visit_controller_get_people (self->controller);
  g_autoptr (SoupWebsocketConnection) far = NULL;
  g_autoptr (VisitPerson) person = NULL;
  guint failed = 0;

  tell (self, GUEST);
  display_assert_label (self->window, "Bert, guest");
  person = g_list_model_get_item (G_LIST_MODEL (people), 0);
  g_signal_connect (self->controller, "failed", G_CALLBACK (failed_cb), &failed);
  far = g_object_ref (self->far);
  soup_websocket_connection_close (far, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  g_assert_true (display_spin (is_closed, far));
  visit_people_admit (people, person);
  g_assert_cmpuint (failed, ==, 1);
  visit_people_hold (people, person);
  visit_people_set_alone (people, TRUE);
  g_assert_cmpuint (failed, ==, 3);
  self->wanted = "{\"type\":\"hold\",\"to\":\"guest\"}";
  g_assert_true (display_spin (was_heard, self));
  g_assert_nonnull (strstr (self->heard->str, "{\"type\":\"alone\",\"on\":true}"));
  g_assert_null (strstr (self->heard->str, "admit"));
  g_signal_handlers_disconnect_by_data (self->controller, &failed);
  g_signal_handlers_disconnect_by_data (far, self);
}

/* Who could not prove to be who they are does not stay with the patient. */
static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (VisitPerson) person = NULL;

  tell (self, GUEST);
  display_assert_label (self->window, "Bert, guest");
  person = g_list_model_get_item (G_LIST_MODEL (visit_controller_get_people (self->controller)), 0);
  g_signal_emit_by_name (person, "refused", "another fingerprint");
  self->wanted = "{\"type\":\"hold\",\"to\":\"guest\"}";
  g_assert_true (display_spin (was_heard, self));
}

/* On hold the clinician is heard and seen by nobody. */
static void
test_hold (Fixture *self, gconstpointer data)
{
  tell (self, "{\"type\":\"person\",\"role\":\"guest\",\"present\":true,\"state\":\"in\","
              "\"name\":\"Bert\",\"relation\":\"CHILD\",\"by\":\"patient\"}");
  display_assert_label (self->window, "Bert, guest");
  visit_controller_hold (self->controller);
  self->wanted = "{\"type\":\"hold\",\"to\":\"guest\"}";
  g_assert_true (display_spin (was_heard, self));
}

static gboolean
join (StoreConnection *connection, gpointer data, GError **error)
{
  const CareVisitGuest guest = {
    .role = CARE_VISIT_ROLE_GUEST, .name = "Bert", .relation = "CHILD", .agreed = "patient"
  };

  return care_visit_guest_join (connection, ((CareFixture *) data)->doctor, "e1", &guest, error);
}

static gboolean
read_stay (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *care = data;
  g_autoptr (FhirResource) encounter = care_fixture_get (connection, "Encounter", "e1");

  g_assert_nonnull (fhir_resource_path (encounter, "participant.0.period.start"));
  *(gboolean *) g_object_get_data (G_OBJECT (care->database), "over") =
      fhir_resource_path (encounter, "participant.0.period.end") != NULL;
  return TRUE;
}

static gboolean
stay_is_over (gpointer data)
{
  CareFixture *care = &((Fixture *) data)->display.care;
  gboolean over = FALSE;

  g_object_set_data (G_OBJECT (care->database), "over", &over);
  care_fixture_read (care, read_stay);
  return over;
}

/* The chart was closed while the guest left: the record does not say that they are still there. */
static void
test_left_meanwhile (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, join);
  g_assert_false (stay_is_over (self));
  tell (self, "{\"type\":\"hello\",\"role\":\"clinician\",\"epoch\":0}");
  g_assert_true (display_spin (stay_is_over, self));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/visit/tiles/who-is-there", Fixture, NULL, set_up, test_who_is_there, tear_down);
  g_test_add ("/visit/tiles/speaking-alone", Fixture, NULL, set_up, test_speaking_alone, tear_down);
  g_test_add ("/visit/tiles/another-guest", Fixture, NULL, set_up, test_another_guest, tear_down);
  g_test_add ("/visit/tiles/without-a-line", Fixture, NULL, set_up, test_without_a_line, tear_down);
  g_test_add ("/visit/tiles/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/visit/tiles/hold", Fixture, NULL, set_up, test_hold, tear_down);
  g_test_add ("/visit/tiles/left-meanwhile", Fixture, NULL, set_up, test_left_meanwhile, tear_down);
  return g_test_run ();
}
