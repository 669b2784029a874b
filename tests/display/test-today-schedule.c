/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libsoup/soup.h>

#include "display-fixture.h"
#include "net-session.h"
#include "today-booking-dialog.h"
#include "today-cancel-dialog.h"
#include "today-page.h"

static gboolean
put_day (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Practitioner','id':'doctor','name':[{'family':"
                                "'Stone','given':['Ada'],'prefix':['Dr']}]}");
  care_fixture_put (connection, "{'resourceType':'Practitioner','id':'other','name':[{'family':"
                                "'Hill','given':['Ben'],'prefix':['Dr']}]}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'bob','name':[{'family':'Jones','"
                                "given':['Bob']}],'birthDate':'1970-01-05'}");
  care_fixture_put (
      connection,
      "{'resourceType':'Appointment','id':'b1','status':'booked','start':'2026-11-22T09:20:00Z',"
      "'end':'2026-11-22T09:35:00Z','participant':[{'actor':{'reference':'Patient/jane'},"
      "'status':'accepted'},{'actor':{'reference':'Practitioner/doctor'},'status':'accepted'}]}");
  return TRUE;
}

static gboolean
put_colleague (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'Appointment','id':'b2','status':'arrived','start':'2026-11-22T09:40:00Z',"
      "'participant':[{'actor':{'reference':'Patient/bob'},'status':'accepted'},"
      "{'actor':{'reference':'Practitioner/other'},'status':'accepted'}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'e2','status':'arrived','class':{'code':'VR'"
                    "},'subject':{'reference':'Patient/bob'},'appointment':[{'reference':"
                    "'Appointment/b2'}]}");
  return TRUE;
}

static GtkWidget *
open_page (DisplayFixture *fixture, GtkWidget **window)
{
  GtkWidget *page = today_page_new (fixture->session);
  GtkWidget *toasts = adw_toast_overlay_new ();

  *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), page);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (*window), toasts);
  gtk_window_set_default_size (GTK_WINDOW (*window), 900, 800);
  gtk_window_present (GTK_WINDOW (*window));
  return page;
}

static gboolean
is_gone (gpointer data)
{
  DisplayLabel *label = data;

  return display_find_label (label->widget, label->text) == NULL;
}

static void
assert_gone (gpointer widget, const char *text)
{
  g_assert_true (display_spin (is_gone, &(DisplayLabel) { widget, text }));
}

static gpointer
child_of (GtkWidget *widget, const char *name)
{
  GObject *child = gtk_widget_get_template_child (widget, G_OBJECT_TYPE (widget), name);

  g_assert_nonnull (child);
  return child;
}

static gboolean
has_dialog (gpointer window)
{
  return adw_application_window_get_visible_dialog (window) != NULL;
}

static gboolean
has_none (gpointer window)
{
  return !has_dialog (window);
}

static GtkWidget *
wait_dialog (GtkWidget *window)
{
  g_assert_true (display_spin (has_dialog, window));
  return GTK_WIDGET (adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)));
}

static gboolean
is_sensitive (gpointer widget)
{
  return gtk_widget_get_sensitive (widget);
}

static void
type (GtkWidget *dialog, const char *child, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (child_of (dialog, child)), text);
}

static void
choose_patient (GtkWidget *dialog, const char *text, const char *name)
{
  GtkListBox *list = child_of (dialog, "patient_list");

  type (dialog, "patient_entry", text);
  display_assert_label (list, name);
  g_signal_emit_by_name (list, "row-activated", gtk_list_box_get_row_at_index (list, 0));
}

static void
press_undo (GtkWidget *window)
{
  GtkWidget *label = display_find_label (window, "Undo");

  g_assert_nonnull (label);
  g_signal_emit_by_name (gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON), "clicked");
}

static gboolean
read_whose (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *kept = store_setting_get (connection, "today.whose/Practitioner/doctor");

  *(gboolean *) data = g_strcmp0 (kept, "mine") == 0;
  return TRUE;
}

static gboolean
is_kept (gpointer database)
{
  gboolean kept = FALSE;

  g_assert_true (store_database_read (database, read_whose, &kept, NULL));
  return kept;
}

/* Mine leaves a colleague's visits out, but never who waits for one out of sight. */
static void
test_whose (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  care_fixture_write (&fixture->care, put_colleague);
  GtkWidget *page = open_page (fixture, &window);
  display_assert_label (window, "JONES, Bob");
  display_assert_label (window, "1 waiting · 1 booked");
  adw_toggle_group_set_active_name (child_of (page, "whose"), "mine");
  assert_gone (window, "JONES, Bob");
  display_assert_label (window, "SMITH, Jane");
  display_assert_label (window, "1 patient waits for a colleague.");
  g_assert_cmpuint (workspace_page_get_count (WORKSPACE_PAGE (page)), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));

  /* and is kept for the next morning */
  g_assert_true (display_spin (is_kept, fixture->care.database));
  open_page (fixture, &window);
  display_assert_label (window, "1 patient waits for a colleague.");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Who is busy then is said before anything is written, and what was booked can be undone. */
static void
test_book (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  open_page (fixture, &window);
  display_assert_label (window, "SMITH, Jane");
  gtk_widget_activate_action (window, "win.book-visit", NULL);
  GtkWidget *dialog = wait_dialog (window);
  GtkWidget *book = child_of (dialog, "book_button");
  display_assert_label (dialog, "STONE, Ada (Dr)");
  display_assert_label (dialog, "Choose the patient.");
  choose_patient (dialog, "jones", "JONES, Bob");
  display_assert_label (dialog, "Write the time");
  type (dialog, "time_row", "8:20");
  display_assert_label (dialog, "This time has passed.");
  type (dialog, "time_row", "9:25");
  display_assert_label (dialog, "STONE, Ada (Dr) sees SMITH, Jane from 09:20 to 09:35.");
  g_assert_false (is_sensitive (book));
  gtk_check_button_set_active (child_of (dialog, "over_button"), TRUE);
  g_assert_true (is_sensitive (book));
  type (dialog, "time_row", "10:00"); /* another time takes the leave back, and needs none */
  g_assert_true (display_spin (is_sensitive, book));
  g_assert_false (gtk_check_button_get_active (child_of (dialog, "over_button")));
  g_signal_emit_by_name (book, "clicked");
  display_assert_label (window, "The visit is booked.");
  display_assert_label (window, "JONES, Bob");
  press_undo (window);
  assert_gone (window, "JONES, Bob");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A server that knows of a booking which has not come here yet. */
static void
server_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer asked)
{
  static const char bundle[] =
      "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":{"
      "\"resourceType\":\"Appointment\",\"id\":\"there\",\"status\":\"booked\",\"start\":"
      "\"2026-11-22T10:00:00Z\",\"end\":\"2026-11-22T10:20:00Z\",\"participant\":[{\"actor\":{"
      "\"reference\":\"Patient/jane\"}},{\"actor\":{\"reference\":\"Practitioner/doctor\"}}]}}]}";

  (*(guint *) asked)++;
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/fhir+json", SOUP_MEMORY_STATIC, bundle,
                                    sizeof bundle - 1);
}

/* As the hub answers, to whom may ask. */
static void
hub_cb (SoupServer *server,
        SoupServerMessage *message,
        const char *path,
        GHashTable *query,
        gpointer asked)
{
  static const char link[] =
      "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"url\",\"valueUrl\":"
      "\"https://clinic.example/join/abc\"},{\"name\":\"expires\",\"valueInstant\":"
      "\"2026-11-23T09:20:00Z\"},{\"name\":\"others-ended\",\"valueBoolean\":true}]}";
  gboolean right = g_str_equal (path, "/fhir/Appointment/b1/$join-link") &&
                   g_str_equal (soup_server_message_get_method (message), "POST");

  soup_server_message_set_status (message, 404, NULL);
  if (g_str_equal (path, "/lobby"))
    return; /* the page listens there by itself */
  g_string_append (asked, path);
  soup_server_message_set_status (message, right ? 200 : 404, NULL);
  soup_server_message_set_response (message, "application/fhir+json", SOUP_MEMORY_STATIC, link,
                                    sizeof link - 1);
}

static SoupServer *
serve (SoupServerCallback callback, gpointer data, char **url)
{
  SoupServer *server = soup_server_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  soup_server_add_handler (server, NULL, callback, data, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error));
  uris = soup_server_get_uris (server);
  *url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return server;
}

/* A patient who lost the link gets another, which the hub makes; without the hub there is none. */
static void
test_link (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (SoupServer) server = NULL;
  g_autoptr (NetSession) net = NULL;
  g_autoptr (GString) asked = g_string_new (NULL);
  g_autofree char *url = NULL, *base = NULL;
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  GtkWidget *page = open_page (fixture, &window);
  display_assert_label (window, "09:20");
  gtk_widget_activate_action (page, "today.link", "s", "b1");
  GtkWidget *dialog = wait_dialog (window);
  display_assert_label (dialog, "No Link Was Made");
  adw_dialog_force_close (ADW_DIALOG (dialog));
  g_assert_true (display_spin (has_none, window));

  server = serve (hub_cb, asked, &url);
  base = g_strconcat (url, "/fhir", NULL);
  net = net_session_new (base, "token");
  workspace_session_set_server (fixture->session, url, net, NULL);
  gtk_widget_activate_action (page, "today.link", "s", "b1");
  dialog = wait_dialog (window);
  display_assert_label (dialog, "https://clinic.example/join/abc");
  display_assert_label (dialog, "SMITH, Jane, 09:20. The link is good until 23-Nov-2026");
  display_assert_label (dialog, "Links that were made before have ended");
  g_assert_cmpstr (asked->str, ==, "/fhir/Appointment/b1/$join-link");
  workspace_session_set_server (fixture->session, NULL, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkWidget *
open_booking (DisplayFixture *fixture, GtkWidget **window)
{
  open_page (fixture, window);
  display_assert_label (*window, "09:20");
  gtk_widget_activate_action (*window, "win.book-visit", NULL);
  GtkWidget *dialog = wait_dialog (*window);
  display_assert_label (dialog, "STONE, Ada (Dr)");
  return dialog;
}

/* The server is asked too; where it cannot be, that is said, and booking goes on. */
static void
test_server (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (SoupServer) server = NULL;
  g_autoptr (NetSession) net = NULL;
  g_autofree char *url = NULL, *hub = NULL;
  GtkWidget *window = NULL;
  guint asked = 0;

  care_fixture_write (&fixture->care, put_day);
  GtkWidget *dialog = open_booking (fixture, &window);
  choose_patient (dialog, "jones", "JONES, Bob");
  type (dialog, "time_row", "10:00");
  display_assert_label (dialog, "The server could not be asked");
  g_assert_true (display_spin (is_sensitive, child_of (dialog, "book_button")));

  server = serve (server_cb, &asked, &hub);
  url = g_strconcat (hub, "/fhir", NULL);
  net = net_session_new (url, "token");
  workspace_session_set_server (fixture->session, url, net, NULL);
  type (dialog, "time_row", "10:10");
  display_assert_label (dialog, "STONE, Ada (Dr) sees SMITH, Jane from 10:00 to 10:20.");
  display_assert_label (dialog, "So the server says.");
  g_assert_false (is_sensitive (child_of (dialog, "book_button")));
  type (dialog, "time_row", "10:20");
  display_assert_label (dialog, "it knows of nothing else then");
  g_assert_true (display_spin (is_sensitive, child_of (dialog, "book_button")));
  g_assert_cmpuint (asked, >=, 4);
  workspace_session_set_server (fixture->session, NULL, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
read_draft (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (StoreDraft) draft =
      store_draft_load (connection, "form:booking::Practitioner/doctor", NULL);

  *(gboolean *) data = draft && strstr (draft->body, "10:40") && strstr (draft->body, "=bob");
  return TRUE;
}

static gboolean
is_drafted (gpointer database)
{
  gboolean kept = FALSE;

  g_assert_true (store_database_read (database, read_draft, &kept, NULL));
  return kept;
}

static gboolean
is_forgotten (gpointer database)
{
  return !is_drafted (database);
}

/* What is being booked is on the disk with each pause, and comes back until it is booked. */
static void
test_draft (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  GtkWidget *dialog = open_booking (fixture, &window);
  choose_patient (dialog, "jones", "JONES, Bob");
  type (dialog, "time_row", "10:40");
  type (dialog, "reason_row", "Cough");
  g_assert_true (display_spin (is_drafted, fixture->care.database));
  gtk_window_destroy (GTK_WINDOW (window));

  dialog = open_booking (fixture, &window);
  display_assert_label (dialog, "What you typed before is here again.");
  display_assert_label (dialog, "JONES, Bob");
  g_assert_cmpstr (gtk_editable_get_text (child_of (dialog, "time_row")), ==, "10:40");
  g_assert_cmpstr (gtk_editable_get_text (child_of (dialog, "reason_row")), ==, "Cough");
  g_assert_true (display_spin (is_sensitive, child_of (dialog, "book_button")));
  g_signal_emit_by_name (child_of (dialog, "book_button"), "clicked");
  display_assert_label (window, "The visit is booked.");
  g_assert_true (display_spin (is_forgotten, fixture->care.database));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
select_first (GtkWidget *page)
{
  GtkListView *list = child_of (page, "list");

  gtk_selection_model_select_item (gtk_list_view_get_model (list), 0, TRUE);
}

static void
test_move (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  GtkWidget *page = open_page (fixture, &window);
  display_assert_label (window, "09:20");
  select_first (page);
  gtk_widget_activate_action (window, "win.move-visit", NULL);
  GtkWidget *dialog = wait_dialog (window);
  display_assert_label (dialog, "Move the Visit");
  display_assert_label (dialog, "STONE, Ada (Dr)");
  type (dialog, "time_row", "11:05");
  g_assert_true (display_spin (is_sensitive, child_of (dialog, "book_button")));
  g_signal_emit_by_name (child_of (dialog, "book_button"), "clicked");
  display_assert_label (window, "The visit is moved.");
  display_assert_label (window, "11:05");
  press_undo (window);
  display_assert_label (window, "09:20");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_cancel (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  GtkWidget *page = open_page (fixture, &window);
  display_assert_label (window, "SMITH, Jane");
  select_first (page);
  gtk_widget_activate_action (window, "win.cancel-visit", NULL);
  GtkWidget *dialog = wait_dialog (window);
  display_assert_label (dialog, "SMITH, Jane, 09:20");
  g_assert_false (
      adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (dialog), "cancel-visit"));
  type (dialog, "reason_row", "Feels well again");
  g_assert_true (adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (dialog), "cancel-visit"));
  g_signal_emit_by_name (dialog, "response", "cancel-visit");
  adw_dialog_force_close (ADW_DIALOG (dialog));
  display_assert_label (window, "The visit is cancelled.");
  display_assert_label (window, "No Visits Today");
  press_undo (window);
  display_assert_label (window, "SMITH, Jane");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_next_week (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'Appointment','id':'b3','status':'booked','start':'2026-11-25T14:00:00Z',"
      "'participant':[{'actor':{'reference':'Patient/bob'},'status':'accepted'},"
      "{'actor':{'reference':'Practitioner/other'},'status':'accepted'}]}");
  return TRUE;
}

/* The week after shows what is booked there, and it can be moved from there. */
static void
test_week (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  care_fixture_write (&fixture->care, put_next_week);
  GtkWidget *page = open_page (fixture, &window);
  display_assert_label (window, "SMITH, Jane");
  adw_toggle_group_set_active_name (child_of (page, "span"), "week");
  display_assert_label (window, "16-Nov-2026 to 22-Nov-2026"); /* a Sunday ends its week */
  display_assert_label (window, "Sun 22-Nov");
  display_assert_label (window, "No visits");
  g_assert_null (display_find_label (window, "JONES, Bob"));
  GtkWidget *week = child_of (page, "week");
  g_signal_emit_by_name (gtk_widget_get_next_sibling (child_of (week, "this_button")), "clicked");
  display_assert_label (window, "23-Nov-2026 to 29-Nov-2026");
  display_assert_label (window, "JONES, Bob");
  display_assert_label (window, "14:00");

  gtk_widget_activate_action (page, "today.move", "s", "b3");
  GtkWidget *dialog = wait_dialog (window);
  display_assert_label (dialog, "25-Nov-2026");
  display_assert_label (dialog, "HILL, Ben (Dr)");
  adw_dialog_force_close (ADW_DIALOG (dialog));

  adw_toggle_group_set_active_name (child_of (page, "whose"), "mine");
  assert_gone (window, "JONES, Bob");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Nobody is late before the time has come. */
static void
test_missed (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_day);
  GtkWidget *page = open_page (fixture, &window);
  display_assert_label (window, "SMITH, Jane");
  select_first (page);
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "missed-visit"));
  gtk_window_destroy (GTK_WINDOW (window));

  base_clock_advance (fixture->care.clock, 30 * G_TIME_SPAN_MINUTE);
  page = open_page (fixture, &window);
  display_assert_label (window, "SMITH, Jane");
  select_first (page);
  g_assert_true (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "missed-visit"));
  /* another page is shown: no key changes a visit that nobody sees */
  gtk_widget_set_child_visible (page, FALSE);
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "missed-visit"));
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "cancel-visit"));
  gtk_widget_set_child_visible (page, TRUE);
  gtk_widget_activate_action (window, "win.missed-visit", NULL);
  display_assert_label (window, "Did not come: SMITH, Jane");
  display_assert_label (window, "missed");
  press_undo (window);
  display_assert_label (window, "booked");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/today/schedule/whose", test_whose);
  display_add ("/today/schedule/book", test_book);
  display_add ("/today/schedule/server", test_server);
  display_add ("/today/schedule/draft", test_draft);
  display_add ("/today/schedule/link", test_link);
  display_add ("/today/schedule/move", test_move);
  display_add ("/today/schedule/cancel", test_cancel);
  display_add ("/today/schedule/missed", test_missed);
  display_add ("/today/schedule/week", test_week);
  return g_test_run ();
}
