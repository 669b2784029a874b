/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libsoup/soup.h>

#include "display-fixture.h"
#include "net-session.h"
#include "today-page.h"
#include "today-send-dialog.h"

/* The link on its way to the patient, and who cannot get in with it. */

#define CONSENT(type)                                                                              \
  "{'resourceType':'Consent','id':'c1','status':'active','patient':{'reference':'Patient/jane'},"  \
  "'dateTime':'2026-11-20T09:00:00Z','category':[{'coding':[{'system':'https://bedside.health/"    \
  "fhir/consent-category','code':'visit-messages'}]}],'extension':[{'url':'https://"               \
  "bedside.health/fhir/StructureDefinition/consent-contact-point','valueContactPoint':{'value':'"  \
  "+44 7700 900123'}}],'provision':{'type':'" type "','code':[{'coding':[{'system':'http://"       \
  "terminology.hl7.org/CodeSystem/v3-ParticipationMode','code':'SMSWRIT'}]}]}}"
#define MESSAGE(id, status, more)                                                                  \
  "{'resourceType':'Communication','id':'" id "','status':'" status "','category':[{'coding':[{"   \
  "'system':'https://bedside.health/fhir/communication-category','code':'visit-link'}]}],"         \
  "'medium':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode',"   \
  "'code':'SMSWRIT'}]}],'subject':{'reference':'Patient/jane'},'about':[{'reference':"             \
  "'Appointment/b1'}],'extension':[{'url':'https://bedside.health/fhir/StructureDefinition/"       \
  "message-contact-point','valueContactPoint':{'value':'+447700900123'}}]" more "}"
#define CALL(id, number)                                                                           \
  "{'resourceType':'Task','id':'" id "','status':'requested','intent':'order','priority':"         \
  "'urgent','code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'call-me'}]},"   \
  "'for':{'reference':'Patient/jane'},'focus':{'reference':'Appointment/b1'},'authoredOn':"        \
  "'2026-11-22T08:57:00Z','input':[{'type':{'coding':[{'system':'https://bedside.health/fhir/"     \
  "call-me-input','code':'number'}]},'valueString':'" number "'},{'type':{'coding':[{'system':"    \
  "'https://bedside.health/fhir/call-me-input','code':'step'}]},'valueString':'devices'}]}"

static gboolean
put_day (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12','telecom':[{'system':"
                                "'phone','use':'mobile','value':'+44 7700 900123'}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'Appointment','id':'b1','status':'booked','start':'2026-11-22T09:20:00Z',"
      "'end':'2026-11-22T09:35:00Z','participant':[{'actor':{'reference':'Patient/jane'},"
      "'status':'accepted'}]}");
  return TRUE;
}

static gboolean
put_given (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, CONSENT ("permit"));
  return TRUE;
}

static gboolean
put_refused (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, CONSENT ("deny"));
  return TRUE;
}

static gboolean
put_messages (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, MESSAGE ("m1", "completed", ",'sent':'2026-11-22T08:02:00Z'"));
  care_fixture_put (connection, MESSAGE ("m2", "not-done",
                                         ",'statusReason':{'text':'The number may be wrong.'}"));
  care_fixture_put (connection, MESSAGE ("m3", "preparation", ""));
  return TRUE;
}

static gboolean
put_call (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, CALL ("t1", "+44 7700 900555"));
  return TRUE;
}

static GtkWidget *
open_page (DisplayFixture *fixture, GtkWidget **window)
{
  GtkWidget *page = today_page_new (fixture->session);

  *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (*window), page);
  gtk_window_set_default_size (GTK_WINDOW (*window), 900, 1000);
  gtk_window_present (GTK_WINDOW (*window));
  display_assert_label (*window, "09:20");
  return page;
}

static gboolean
has_dialog (gpointer window)
{
  return adw_application_window_get_visible_dialog (window) != NULL;
}

static GtkWidget *
open_dialog (GtkWidget *page, GtkWidget *window)
{
  gtk_widget_activate_action (page, "today.send", "s", "b1");
  g_assert_true (display_spin (has_dialog, window));
  return GTK_WIDGET (adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)));
}

static gpointer
child_of (GtkWidget *widget, const char *name)
{
  GObject *child = gtk_widget_get_template_child (widget, G_OBJECT_TYPE (widget), name);

  g_assert_nonnull (child);
  return child;
}

static gboolean
is_sensitive (gpointer widget)
{
  return gtk_widget_get_sensitive (widget);
}

/* ---- a hub ---- */

typedef struct
{
  GString *asked;
  guint status;
} FakeHub;

static void
hub_cb (SoupServer *server,
        SoupServerMessage *message,
        const char *path,
        GHashTable *query,
        gpointer data)
{
  static const char good[] = "{\"resourceType\":\"Communication\",\"status\":\"preparation\"}";
  static const char bad[] = "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":"
                            "\"error\",\"code\":\"invalid\",\"diagnostics\":\"This hub has no way "
                            "to send text messages\"}]}";
  FakeHub *hub = data;
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  gboolean fine = hub->status == 200;

  g_string_append_printf (hub->asked, "%s %s ", soup_server_message_get_method (message), path);
  g_string_append_len (hub->asked, g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body));
  soup_server_message_set_status (message, hub->status, NULL);
  soup_server_message_set_response (message, "application/fhir+json", SOUP_MEMORY_STATIC,
                                    fine ? good : bad, (fine ? sizeof good : sizeof bad) - 1);
}

static SoupServer *
serve (DisplayFixture *fixture, FakeHub *hub)
{
  SoupServer *server = soup_server_new (NULL, NULL);
  g_autofree char *url = NULL, *base = NULL;
  g_autoptr (NetSession) net = NULL;
  GSList *uris;

  soup_server_add_handler (server, NULL, hub_cb, hub, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (server);
  url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  base = g_strconcat (url, "/fhir", NULL);
  net = net_session_new (base, "token");
  workspace_session_set_server (fixture->session, url, net, NULL);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return server;
}

/* ---- sending ---- */

static void
test_nothing_without_consent (DisplayFixture *fixture, gconstpointer data)
{
  FakeHub hub = { g_string_new (NULL), 200 };
  g_autoptr (SoupServer) server = serve (fixture, &hub);
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  GtkWidget *page = open_page (fixture, &window);
  GtkWidget *dialog = open_dialog (page, window);
  GtkWidget *button = child_of (dialog, "sms_button");
  display_assert_label (dialog, "No message was sent for this visit");
  display_assert_label (dialog, "Ask the patient first: nothing is sent without their word.");
  display_assert_label (dialog, "No e-mail address is recorded.");
  g_assert_false (is_sensitive (button));
  g_assert_false (is_sensitive (child_of (dialog, "email_button")));

  /* The word of the patient goes along, and the hub writes it down. */
  adw_switch_row_set_active (child_of (dialog, "sms_agrees_row"), TRUE);
  g_assert_true (is_sensitive (button));
  g_signal_emit_by_name (button, "activated");
  display_assert_label (dialog, "The message is on its way.");
  g_assert_nonnull (strstr (hub.asked->str, "POST /fhir/Appointment/b1/$send-link "));
  g_assert_nonnull (strstr (hub.asked->str, "\"valueString\":\"+44 7700 900123\""));
  g_assert_nonnull (strstr (hub.asked->str, "\"valueBoolean\":true"));

  /* Another number is another question. */
  gtk_editable_set_text (child_of (dialog, "sms_row"), "+44 7700 900124");
  g_assert_false (adw_switch_row_get_active (child_of (dialog, "sms_agrees_row")));
  g_assert_false (is_sensitive (button));
  gtk_editable_set_text (child_of (dialog, "sms_row"), "12");
  g_assert_false (is_sensitive (child_of (dialog, "sms_agrees_row")));

  hub.status = 422;
  gtk_editable_set_text (child_of (dialog, "sms_row"), "+44 7700 900124");
  adw_switch_row_set_active (child_of (dialog, "sms_agrees_row"), TRUE);
  g_signal_emit_by_name (button, "activated");
  display_assert_label (dialog, "This hub has no way to send text messages");
  workspace_session_set_server (fixture->session, NULL, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  g_string_free (hub.asked, TRUE);
}

static void
test_resend_shows_what_became_of_it (DisplayFixture *fixture, gconstpointer data)
{
  FakeHub hub = { g_string_new (NULL), 200 };
  g_autoptr (SoupServer) server = serve (fixture, &hub);
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  care_fixture_write (&fixture->care, put_given);
  GtkWidget *page = open_page (fixture, &window);
  GtkWidget *dialog = open_dialog (page, window);
  GtkWidget *button = child_of (dialog, "sms_button");
  display_assert_label (dialog, "The patient agreed on 20-Nov-2026");
  g_assert_true (display_spin (is_sensitive, button));
  g_signal_emit_by_name (button, "activated");
  display_assert_label (dialog, "The message is on its way.");
  g_assert_nonnull (strstr (hub.asked->str, "\"valueCode\":\"sms\""));
  g_assert_null (strstr (hub.asked->str, "consent"));

  /* It comes by sync, while the dialog is open; the newest stands first. */
  care_fixture_write (&fixture->care, put_messages);
  display_assert_label (dialog, "by text message, delivered");
  display_assert_label (dialog, "Not delivered: The number may be wrong.");
  display_assert_label (dialog, "Waits to be sent");
  display_assert_label (dialog, "+447700900123");

  /* Taken back while somebody looks: nothing is sent from here any more. */
  care_fixture_write (&fixture->care, put_refused);
  display_assert_label (dialog, "The patient refused on 20-Nov-2026");
  g_assert_false (is_sensitive (button));
  workspace_session_set_server (fixture->session, NULL, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  g_string_free (hub.asked, TRUE);
}

static gboolean
put_corrected (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *patient = g_strdup_printf (
      "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['Jane']}],"
      "'birthDate':'1961-03-12','telecom':[{'system':'phone','use':'mobile','value':'%s'}]}",
      (const char *) data);

  care_fixture_put (connection, patient);
  return TRUE;
}

static void
correct (DisplayFixture *fixture, const char *number)
{
  g_assert_true (store_database_write (fixture->care.database, BASE_LANE_PERSON, put_corrected,
                                       (gpointer) number, NULL));
}

static gboolean
says_200 (gpointer row)
{
  return g_str_equal (gtk_editable_get_text (row), "+44 7700 900200");
}

static gboolean
is_off (gpointer row)
{
  return !adw_switch_row_get_active (row);
}

/* A colleague corrects the number while the dialog is open: the old one is not put back, and the
 * patient's word was not about the new one. */
static void
test_a_correction_comes_in (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  GtkWidget *page = open_page (fixture, &window);
  GtkWidget *dialog = open_dialog (page, window);
  GtkWidget *row = child_of (dialog, "sms_row");
  GtkWidget *agrees = child_of (dialog, "sms_agrees_row");
  display_assert_label (dialog, "Ask the patient first: nothing is sent without their word.");
  adw_switch_row_set_active (ADW_SWITCH_ROW (agrees), TRUE);
  correct (fixture, "+44 7700 900200");
  g_assert_true (display_spin (says_200, row));
  g_assert_false (adw_switch_row_get_active (ADW_SWITCH_ROW (agrees)));
  g_assert_false (is_sensitive (child_of (dialog, "sms_button")));

  /* What somebody is writing stays, and is another question. */
  gtk_editable_set_text (GTK_EDITABLE (row), "+44 7700 900300");
  adw_switch_row_set_active (ADW_SWITCH_ROW (agrees), TRUE);
  correct (fixture, "+44 7700 900400");
  g_assert_true (display_spin (is_off, agrees));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "+44 7700 900300");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_without_the_hub (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  care_fixture_write (&fixture->care, put_given);
  GtkWidget *page = open_page (fixture, &window);
  GtkWidget *dialog = open_dialog (page, window);
  g_assert_true (display_spin (is_sensitive, child_of (dialog, "sms_button")));
  g_signal_emit_by_name (child_of (dialog, "sms_button"), "activated");
  display_assert_label (dialog, "The clinic’s server sends the messages, and is not there");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* ---- who asks to be called ---- */

static gboolean
read_task (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", "t1");

  *(char **) data =
      g_strdup_printf ("%s %s %s", fhir_resource_path_text (task, "status"),
                       fhir_resource_path_text (task, "owner.reference") ? "owned" : "free",
                       fhir_resource_path_text (task, "businessStatus.coding.0.code"));
  return TRUE;
}

typedef struct
{
  StoreDatabase *database;
  const char *wanted;
} Wanted;

static gboolean
task_is (gpointer data)
{
  Wanted *wanted = data;
  g_autofree char *is = NULL;

  g_assert_true (store_database_read (wanted->database, read_task, &is, NULL));
  return g_str_equal (is, wanted->wanted);
}

static gboolean
is_hidden (gpointer widget)
{
  return !gtk_widget_get_visible (widget);
}

static void
test_call_me (DisplayFixture *fixture, gconstpointer data)
{
  Wanted taken = { fixture->care.database, "in-progress owned (null)" };
  Wanted ended = { fixture->care.database, "completed owned no-answer" };
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  GtkWidget *page = open_page (fixture, &window);
  GtkWidget *calls = child_of (page, "calls");
  g_assert_true (is_hidden (calls));
  care_fixture_write (&fixture->care, put_call);
  display_assert_label (calls, "SMITH, Jane asks to be called");
  display_assert_label (calls, "+44 7700 900555 · for 3 min · stands at the device test · date of "
                               "birth not typed: ask who it is");
  display_assert_label (calls, "Call +44 7700 900555");

  GtkWidget *line = display_find_child (calls, g_type_from_name ("WorkspaceCallMe"));
  g_signal_emit_by_name (child_of (line, "copy_button"), "clicked");
  g_assert_true (display_spin (task_is, &taken));
  display_assert_label (calls, "calls");
  line = display_find_child (calls, g_type_from_name ("WorkspaceCallMe"));
  gtk_widget_activate_action (line, "call.done", "s", "no-answer");
  g_assert_true (display_spin (task_is, &ended));
  g_assert_true (display_spin (is_hidden, calls));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_two (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, CALL ("t1", "+44 7700 900555"));
  care_fixture_put (connection, CALL ("t2", "+44 7700 900666"));
  return TRUE;
}

static gboolean
put_third (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, CALL ("t0", "+44 7700 900444"));
  return TRUE;
}

static gboolean
has_no_label (gpointer data)
{
  DisplayLabel *label = data;

  return display_find_label (label->widget, label->text) == NULL;
}

/* Whatever comes and goes around it, the focus stays on the same patient's button, and falls on
 * nobody else's. */
static void
test_call_me_keeps_focus (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL, *button, *line;

  care_fixture_write (&fixture->care, put_day);
  GtkWidget *calls = child_of (open_page (fixture, &window), "calls");
  care_fixture_write (&fixture->care, put_two);
  display_assert_label (calls, "Call +44 7700 900666");
  button =
      gtk_widget_get_ancestor (display_find_label (calls, "Call +44 7700 900666"), GTK_TYPE_BUTTON);
  line = gtk_widget_get_ancestor (button, g_type_from_name ("WorkspaceCallMe"));
  g_assert_true (gtk_widget_grab_focus (button));
  care_fixture_write (&fixture->care, put_third);
  display_assert_label (calls, "Call +44 7700 900444");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == button);

  gtk_widget_activate_action (line, "call.done", "s", "reached");
  g_assert_true (display_spin (has_no_label, &(DisplayLabel) { calls, "900666" }));
  display_settle ();
  button = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_false (button && gtk_widget_is_ancestor (button, calls));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_other (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'omar','name':[{'family':'Haddad','"
                                "given':['Omar']}],'birthDate':'1970-01-02'}");
  return TRUE;
}

/* In the chart that is open too, and in nobody else's. */
static void
test_call_me_in_the_chart (DisplayFixture *fixture, gconstpointer data)
{
  WorkspacePatientWindow *own, *other;

  care_fixture_write (&fixture->care, put_day);
  care_fixture_write (&fixture->care, put_other);
  other = workspace_patient_window_new (NULL, fixture->session, "omar");
  own = workspace_patient_window_new (NULL, fixture->session, "jane");
  gtk_window_present (GTK_WINDOW (other));
  gtk_window_present (GTK_WINDOW (own));
  care_fixture_write (&fixture->care, put_call);
  display_assert_label (own, "SMITH, Jane asks to be called");
  display_assert_label (own, "Call +44 7700 900555");
  display_settle ();
  g_assert_null (display_find_label (GTK_WIDGET (other), "asks to be called"));
  gtk_window_destroy (GTK_WINDOW (own));
  gtk_window_destroy (GTK_WINDOW (other));
}

static gboolean
put_waiting (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'e1','status':'arrived','class':{'code':"
                    "'VR'},'subject':{'reference':'Patient/jane'},'appointment':[{'reference':"
                    "'Appointment/b1'}]}");
  return TRUE;
}

static gboolean
put_withheld (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'Appointment','id':'b1','status':'booked','start':'2026-11-22T09:20:00Z',"
      "'end':'2026-11-22T09:35:00Z','modifierExtension':[{'url':'urn:not','valueBoolean':true}],"
      "'participant':[{'actor':{'reference':'Patient/jane'},'status':'accepted'}]}");
  return TRUE;
}

static gboolean
has_asked (gpointer hub)
{
  return strstr (((FakeHub *) hub)->asked->str, "POST /fhir/Appointment/b1/$join-link") != NULL;
}

static void
answer_question (GtkWidget *window, const char *response)
{
  AdwDialog *question;

  g_assert_true (display_spin (has_dialog, window));
  question = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window));
  g_assert_cmpstr (adw_alert_dialog_get_default_response (ADW_ALERT_DIALOG (question)), ==,
                   "cancel");
  g_signal_emit_by_name (question, "response", response);
  adw_dialog_force_close (question);
}

/* A new link cuts off who waits by the old one: that is asked, by name. */
static void
test_new_link_asks (DisplayFixture *fixture, gconstpointer data)
{
  FakeHub hub = { g_string_new (NULL), 200 };
  g_autoptr (SoupServer) server = serve (fixture, &hub);
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  care_fixture_write (&fixture->care, put_waiting);
  GtkWidget *page = open_page (fixture, &window);
  display_assert_label (window, "waiting");
  gtk_widget_activate_action (page, "today.link", "s", "b1");
  display_assert_label (window, "Make a New Link?");
  display_assert_label (window, "cut off");
  answer_question (window, "cancel");
  display_settle ();
  g_assert_false (has_asked (&hub));
  gtk_widget_activate_action (page, "today.link", "s", "b1");
  answer_question (window, "make");
  g_assert_true (display_spin (has_asked, &hub));
  display_assert_label (window, "No Link Was Made");
  gtk_window_destroy (GTK_WINDOW (window));
  workspace_session_set_server (fixture->session, NULL, NULL, NULL);
  g_string_free (hub.asked, TRUE);
}

/* Nobody is invited by a booking that may mean "not". */
static void
test_withheld (DisplayFixture *fixture, gconstpointer data)
{
  FakeHub hub = { g_string_new (NULL), 200 };
  g_autoptr (SoupServer) server = serve (fixture, &hub);
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  care_fixture_write (&fixture->care, put_withheld);
  GtkWidget *page = open_page (fixture, &window);
  gtk_widget_activate_action (page, "today.link", "s", "b1");
  gtk_widget_activate_action (page, "today.send", "s", "b1");
  display_settle ();
  g_assert_false (has_dialog (window));
  g_assert_null (strstr (hub.asked->str, "-link"));
  gtk_window_destroy (GTK_WINDOW (window));
  workspace_session_set_server (fixture->session, NULL, NULL, NULL);
  g_string_free (hub.asked, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/today/link/nothing-without-consent", test_nothing_without_consent);
  display_add ("/today/link/resend", test_resend_shows_what_became_of_it);
  display_add ("/today/link/a-correction-comes-in", test_a_correction_comes_in);
  display_add ("/today/link/without-the-hub", test_without_the_hub);
  display_add ("/today/link/new-link-asks", test_new_link_asks);
  display_add ("/today/link/withheld", test_withheld);
  display_add ("/today/link/call-me", test_call_me);
  display_add ("/today/link/call-me-keeps-focus", test_call_me_keeps_focus);
  display_add ("/today/link/call-me-in-the-chart", test_call_me_in_the_chart);
  return g_test_run ();
}
