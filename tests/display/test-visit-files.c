/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-files.h"

#include <libsoup/soup.h>

#include "care-release.h"
#include "display-fixture.h"
#include "visit-actions.h"
#include "visit-controller-private.h"
#include "visit-files-box.h"
#include "visit-outcome-dialog.h"
#include "visit-view.h"
#include "workspace-share-button.h"

/* Files, messages and what is shown, in the visit's pane: against a hub of this machine, and a data
 * channel on which the test says what a patient's page would. */

#define NUMBER "1633771873"                                                       /* "aaaa" */
#define HASH   "185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969" /* of "Hello" */

typedef struct
{
  DisplayFixture display;
  SoupServer *server;
  char *url;
  SoupWebsocketConnection *far;
  GString *heard; /* what the hub was sent */
  WorkspacePatient *patient;
  VisitController *controller;
  GtkWidget *window;
  guint shows;
} Fixture;

static void
far_message_cb (SoupWebsocketConnection *far, int type, GBytes *bytes, Fixture *self)
{
  g_string_append_len (self->heard, g_bytes_get_data (bytes, NULL),
                       (gssize) g_bytes_get_size (bytes));
  g_string_append_c (self->heard, '\n');
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
  g_signal_connect (far, "message", G_CALLBACK (far_message_cb), self);
}

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'bob'}");
  care_fixture_put (connection, "{'resourceType':'Encounter','id':'e1','status':'in-progress',"
                                "'class':{'code':'VR'},'subject':{'reference':'Patient/jane'}}");
  return TRUE;
}

static gboolean
has_line (gpointer data)
{
  Fixture *self = data;

  return self->controller->line != NULL && visit_line_is_connected (self->controller->line);
}

static gboolean
has_name (gpointer data)
{
  g_autofree char *name = workspace_patient_dup_name (((Fixture *) data)->patient);

  return g_strcmp0 (name, "SMITH, Jane") == 0;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NetSession) net = NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *files;
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
  g_assert_true (display_spin (has_name, self));
  self->controller = visit_controller_new (self->patient);
  self->window = g_object_new (GTK_TYPE_APPLICATION_WINDOW, NULL);
  visit_actions_add (self->controller, G_ACTION_MAP (self->window));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 420, 700);
  /* a popover of a display without a pointer never opens: what is in it stands below */
  files = g_object_new (VISIT_TYPE_FILES_BOX, NULL);
  visit_files_box_set_controller (VISIT_FILES_BOX (files), self->controller);
  gtk_box_append (GTK_BOX (box), visit_view_new (self->controller));
  gtk_box_append (GTK_BOX (box), files);
  gtk_window_set_child (GTK_WINDOW (self->window), box);
  gtk_window_present (GTK_WINDOW (self->window));
  g_assert_true (display_spin (has_line, self));
}

static gboolean
count_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer frames)
{
  ++*(guint *) frames;
  return G_SOURCE_CONTINUE;
}

static gboolean
has_drawn (gpointer frames)
{
  return *(guint *) frames >= 30;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  guint frames = 0;

  /* GTK keeps what is about to be drawn for the first time when its window goes before that */
  gtk_widget_add_tick_callback (self->window, count_frame, &frames, NULL);
  g_assert_true (display_spin (has_drawn, &frames));
  gtk_window_destroy (GTK_WINDOW (self->window));
  last_reference_drop (g_steal_pointer (&self->controller));
  last_reference_drop (g_steal_pointer (&self->patient));
  display_settle ();
  g_clear_object (&self->far);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->url, g_free);
  workspace_session_set_server (self->display.session, NULL, NULL, NULL);
  display_fixture_tear_down (&self->display, data);
  g_string_free (self->heard, TRUE);
}

/* ---- the data channel ---- */

static MediaChannel *
channel_of (Fixture *self)
{
  return visit_exchange_get_channel (visit_line_get_exchange (self->controller->line));
}

static void
set_open (Fixture *self, gboolean open)
{
  g_signal_emit_by_name (channel_of (self), "open", open);
}

static void
say (Fixture *self, const char *line)
{
  g_signal_emit_by_name (channel_of (self), "line", line);
}

static void
send_bytes (Fixture *self, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  g_signal_emit_by_name (channel_of (self), "bytes", bytes);
}

static void
send_hello (Fixture *self)
{
  say (self, "offer n=" NUMBER " size=5 kind=text hash=" HASH " text=..%2Fdiary.txt");
  send_bytes (self, "aaaaHello");
}

static void
press (Fixture *self, const char *label)
{
  GtkWidget *found = NULL;

  display_assert_label (self->window, label);
  found = display_find_label (self->window, label);
  gtk_widget_activate (gtk_widget_get_ancestor (found, GTK_TYPE_BUTTON));
}

static MediaTransfer *
get_first (Fixture *self)
{
  g_autoptr (MediaTransfer) transfer =
      g_list_model_get_item (media_transfers_get_list (
                                 visit_files_get_transfers (self->controller)),
                             0);

  return transfer; /* the list holds it */
}

static GListModel *
chat_of (Fixture *self)
{
  return visit_controller_get_chat (self->controller);
}

static gboolean
is_mapped (gpointer widget)
{
  return gtk_widget_get_mapped (widget);
}

/* ---- documents ---- */

typedef struct
{
  CareFixture *care;
  guint documents;
  char *source;
  char *course;
  gboolean kept; /* in the clinic */
} Found;

static gboolean
read_documents (StoreConnection *connection, gpointer data, GError **error)
{
  Found *found = data;
  g_autoptr (GPtrArray) documents =
      store_resource_list (connection, "jane", "DocumentReference", error);
  FhirResource *document = documents->len > 0 ? documents->pdata[0] : NULL;
  g_autoptr (GPtrArray) provenances =
      document != NULL
          ? store_search_referrers (connection, "DocumentReference",
                                    fhir_resource_get_id (document), "Provenance", error)
          : NULL;
  g_autoptr (FhirResource) visit = store_resource_get (connection, "Encounter", "e1", error);

  found->documents = documents->len;
  found->kept = document != NULL && care_release_is_kept (document);
  if (provenances != NULL && provenances->len > 0)
    g_set_str (&found->source,
               fhir_resource_path_text (provenances->pdata[0], "entity.0.what.display"));
  g_free (found->course);
  found->course = g_strdup (fhir_resource_get_text (visit, NULL));
  return TRUE;
}

static void
read_found (Fixture *self, Found *found)
{
  g_autoptr (GError) error = NULL;

  store_database_read (self->display.care.database, read_documents, found, &error);
  g_assert_no_error (error);
}

/* Nothing is stored before the clinician says so, under the patient's name; then it says where it
 * came from, and can be undone. */
static void
test_add_to_chart (Fixture *self, gconstpointer data)
{
  Found found = { 0 };

  set_open (self, TRUE);
  send_hello (self);
  display_assert_label (self->window, "Chat (1)");
  display_assert_label (self->window, "diary.txt");
  g_assert_null (display_find_label (self->window, ".."));
  display_assert_label (self->window, "It is in no chart yet.");
  read_found (self, &found);
  g_assert_cmpuint (found.documents, ==, 0);
  press (self, "Add to the Chart of SMITH, Jane");
  display_assert_label (self->window, "In the chart, as sent by the patient in a visit.");
  read_found (self, &found);
  g_assert_cmpuint (found.documents, ==, 1);
  g_assert_cmpstr (found.source, ==, "Sent by the patient in a visit");
  g_assert_false (found.kept);
  press (self, "Undo");
  display_assert_label (self->window, "It is in no chart yet.");
  read_found (self, &found);
  g_assert_cmpuint (found.documents, ==, 0);
  g_free (found.source);
  g_free (found.course);
}

/* Who ends the visit is shown what is not decided yet, and can decide there; with nothing left the
 * dialog does not speak of files. */
static void
test_asked_at_the_end (Fixture *self, gconstpointer data)
{
  g_autoptr (VisitOutcomeDialog) dialog =
      g_object_ref_sink (visit_outcome_dialog_new (self->controller));
  GtkWidget *heading;

  adw_dialog_present (ADW_DIALOG (dialog), self->window);
  heading = display_find_label (GTK_WIDGET (dialog), "Files Not Yet Decided");
  g_assert_true (heading == NULL || !gtk_widget_get_mapped (heading));
  set_open (self, TRUE);
  send_hello (self);
  display_assert_label (GTK_WIDGET (dialog), "diary.txt");
  heading = display_find_label (GTK_WIDGET (dialog), "Files Not Yet Decided");
  g_assert_true (display_spin (is_mapped, heading));
  adw_dialog_force_close (ADW_DIALOG (dialog));
}

static void
count_notice (VisitController *controller, const char *sentence, guint *count)
{
  *count += strstr (sentence, "diary.txt") != NULL;
}

/* One press too many does not make it look as if the file were in the chart; that it came is said
 * once, whatever becomes of it. */
static void
test_undo_twice (Fixture *self, gconstpointer data)
{
  MediaTransfer *transfer;
  guint notices = 0;
  Found found = { 0 };

  g_signal_connect (self->controller, "notice", G_CALLBACK (count_notice), &notices);
  set_open (self, TRUE);
  send_hello (self);
  press (self, "Add to the Chart of SMITH, Jane");
  display_assert_label (self->window, "In the chart, as sent by the patient in a visit.");
  transfer = get_first (self);
  visit_files_undo (self->controller, transfer);
  g_assert_cmpint (visit_files_get_fate (transfer), ==, VISIT_FILE_UNDOING);
  visit_files_undo (self->controller, transfer);
  display_assert_label (self->window, "It is in no chart yet.");
  display_settle ();
  g_assert_cmpint (visit_files_get_fate (transfer), ==, VISIT_FILE_NEW);
  press (self, "Do Not Keep");
  display_assert_label (self->window, "Not kept.");
  g_assert_cmpuint (notices, ==, 1);
  read_found (self, &found);
  g_assert_cmpuint (found.documents, ==, 0);
  g_assert_null (found.course != NULL ? strstr (found.course, "file-kept") : NULL);
  g_free (found.source);
  g_free (found.course);
}

static gboolean
is_kept_logged (gpointer data)
{
  Found found = { 0 };
  gboolean logged;

  read_found (data, &found);
  logged = strstr (found.course, "file-kept") != NULL;
  g_free (found.source);
  g_free (found.course);
  return logged;
}

/* What was asked of nobody is not on the patient's page; and the course of the visit says that a
 * file was kept when it can be taken back no more. */
static void
test_picture (Fixture *self, gconstpointer data)
{
  const char *png = "\x89PNG\r\n\x1a\n-";
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, png, 9);
  g_autofree char *offer =
      g_strdup_printf ("offer n=" NUMBER " size=9 kind=png hash=%s text=skin.png", hash);
  Found found = { 0 };

  set_open (self, TRUE);
  say (self, offer);
  send_bytes (self, "aaaa\x89PNG\r\n\x1a\n-");
  press (self, "Add to the Chart of SMITH, Jane");
  display_assert_label (self->window, "It stays in the clinic until it is released.");
  read_found (self, &found);
  g_assert_cmpuint (found.documents, ==, 1);
  g_assert_true (found.kept);
  g_assert_null (strstr (found.course, "file-kept"));
  media_transfers_forget (visit_files_get_transfers (self->controller), get_first (self));
  g_assert_true (display_spin (is_kept_logged, self));
  g_free (found.source);
  g_free (found.course);
}

/* A file that is not what it says, and one that the clinician does not want. */
static void
test_not_kept (Fixture *self, gconstpointer data)
{
  Found found = { 0 };

  set_open (self, TRUE);
  say (self, "offer n=" NUMBER " size=5 kind=pdf hash=" HASH " text=letter.pdf");
  send_bytes (self, "aaaaHello");
  display_assert_label (self->window, "Refused: the file is not what its name says.");
  g_assert_null (display_find_label (self->window, "Add to the Chart"));
  say (self, "offer n=1650614882 size=5 kind=text hash=" HASH " text=diary.txt");
  send_bytes (self, "bbbbHello");
  press (self, "Do Not Keep");
  display_assert_label (self->window, "Not kept.");
  g_assert_null (display_find_label (self->window, "Add to the Chart"));
  read_found (self, &found);
  g_assert_cmpuint (found.documents, ==, 0);
  g_free (found.source);
  g_free (found.course);
}

static gboolean
hub_heard (gpointer data)
{
  return strstr (((Fixture *) data)->heard->str, "Later words") != NULL;
}

static gboolean
has_both (gpointer data)
{
  GListModel *chat = chat_of (data);
  guint n = g_list_model_get_n_items (chat);

  return n > 0 && g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (chat), n - 1),
                               "Patient: By the hub");
}

/* By both ways, and once; what the channel did not confirm goes by the hub when it ends. */
static void
test_chat (Fixture *self, gconstpointer data)
{
  set_open (self, TRUE);
  say (self, "chat id=1 text=Good%20morning");
  soup_websocket_connection_send_text (
      self->far, "{\"type\":\"chat\",\"id\":\"1\",\"from\":\"patient\",\"text\":\"Good morning\"}");
  soup_websocket_connection_send_text (
      self->far, "{\"type\":\"chat\",\"id\":\"2\",\"from\":\"patient\",\"text\":\"By the hub\"}");
  g_assert_true (display_spin (has_both, self));
  g_assert_cmpuint (g_list_model_get_n_items (chat_of (self)), ==, 2);
  visit_controller_send_chat (self->controller, "Later words");
  g_assert_cmpuint (g_list_model_get_n_items (chat_of (self)), ==, 3);
  g_assert_false (hub_heard (self));
  set_open (self, FALSE);
  g_assert_true (display_spin (hub_heard, self));
  g_assert_cmpuint (g_list_model_get_n_items (chat_of (self)), ==, 3);
}

static gboolean
has_no_line (gpointer data)
{
  return !has_line (data);
}

static void
write_chat (GtkWidget *entry, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  g_signal_emit_by_name (entry, "activate");
}

static void
count_cb (VisitController *controller, const char *sentence, guint *failures)
{
  g_assert_nonnull (strstr (sentence, "Not sent"));
  ++*failures;
}

/* What was typed and could not be sent is still there, to be sent again. */
static void
test_chat_unsent (Fixture *self, gconstpointer data)
{
  GtkWidget *entry = display_find_child (self->window, GTK_TYPE_ENTRY);
  guint failures = 0;

  g_assert_cmpstr (gtk_entry_get_placeholder_text (GTK_ENTRY (entry)), ==, "Write to the patient");
  g_signal_connect (self->controller, "failed", G_CALLBACK (count_cb), &failures);
  write_chat (entry, "Take two a day");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");
  g_assert_cmpuint (g_list_model_get_n_items (chat_of (self)), ==, 1);
  soup_websocket_connection_close (self->far, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  g_assert_true (display_spin (has_no_line, self));
  write_chat (entry, "Not the red ones");
  g_assert_cmpuint (failures, ==, 1);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "Not the red ones");
  g_assert_cmpuint (g_list_model_get_n_items (chat_of (self)), ==, 1);
  g_assert_true (display_spin (has_line, self));
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");
  g_assert_cmpuint (g_list_model_get_n_items (chat_of (self)), ==, 2);
  g_signal_handlers_disconnect_by_data (self->controller, &failures);
}

/* What a page says in the clinician's name is the patient's; a flood of words is cut. */
static void
test_hostile_chat (Fixture *self, gconstpointer data)
{
  const char *line;

  set_open (self, TRUE);
  say (self, "chat id=1 text=I%20prescribe%20morphine own=0");
  line = gtk_string_list_get_string (GTK_STRING_LIST (chat_of (self)), 0);
  g_assert_cmpstr (line, ==, "Patient: I prescribe morphine");
  for (guint i = 2; i < 500; i++)
    {
      g_autofree char *next = g_strdup_printf ("chat id=%u text=x", i);

      say (self, next);
    }
  g_assert_cmpuint (g_list_model_get_n_items (chat_of (self)), <, 60);
}

static gboolean
has_sorry (gpointer data)
{
  GListModel *chat = chat_of (data);

  return g_list_model_get_n_items (chat) > 0 &&
         g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (chat), 0), "Patient: Sorry");
}

/* At least as long as it takes until a few lines may be said again. */
static void
rest (void)
{
  g_usleep (G_USEC_PER_SEC / 10);
}

/* Lines of any kind are limited; a new connection is read again. */
static void
test_flood (Fixture *self, gconstpointer data)
{
  set_open (self, TRUE);
  for (guint i = 0; i < 5000; i++)
    say (self, "got id=none");
  say (self, "chat id=1 text=late");
  g_assert_cmpuint (g_list_model_get_n_items (chat_of (self)), ==, 0);
  rest ();
  say (self, "chat id=2 text=later");
  g_assert_cmpuint (g_list_model_get_n_items (chat_of (self)), ==, 0);
  set_open (self, FALSE);
  set_open (self, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (chat_of (self)), ==, 0);
  rest ();
  say (self, "chat id=3 text=Sorry");
  g_assert_true (display_spin (has_sorry, self));
  g_assert_cmpuint (g_list_model_get_n_items (chat_of (self)), ==, 1);
}

/* ---- what is shown ---- */

static void
count_show (Fixture *self)
{
  self->shows++;
}

static gboolean
is_logged (gpointer data)
{
  Found found = { 0 };
  gboolean logged;

  read_found (data, &found);
  logged =
      strstr (found.course, "\"shown\"") != NULL && strstr (found.course, "\"hidden\"") != NULL;
  g_free (found.source);
  g_free (found.course);
  return logged;
}

/* One thing of this patient's, until either side ends it; the visit's course says it. */
static void
test_share (Fixture *self, gconstpointer data)
{
  WorkspaceSharing *sharing = workspace_sharing_of (self->patient);
  g_autoptr (WorkspaceCard) card =
      workspace_card_new_text (self->patient, "Potassium", "12-Mar-2026", "4.1 mmol/l");
  MediaTransfer *shown;
  g_autofree char *done = NULL, *stop = NULL;

  g_assert_false (workspace_sharing_is_possible (sharing));
  g_assert_false (workspace_sharing_show (sharing, card));
  set_open (self, TRUE);
  g_assert_true (workspace_sharing_is_possible (sharing));
  g_assert_true (workspace_sharing_show (sharing, card));
  display_assert_label (self->window, "The patient sees: Potassium");
  g_assert_cmpstr (workspace_sharing_get_shown (sharing), ==, "Potassium");
  shown = media_transfers_get_card (visit_files_get_transfers (self->controller));
  done = g_strdup_printf ("done n=%u", media_transfer_get_number (shown));
  stop = g_strdup_printf ("stop n=%u", media_transfer_get_number (shown));
  say (self, done);
  say (self, stop);
  g_assert_null (workspace_sharing_get_shown (sharing));
  g_assert_null (display_find_label (self->window, "The patient sees:"));
  g_assert_true (display_spin (is_logged, self));
  g_assert_true (workspace_sharing_show (sharing, card));
  g_action_group_activate_action (G_ACTION_GROUP (self->window), "visit-stop-showing", NULL);
  g_assert_null (workspace_sharing_get_shown (sharing));
}

/* Another patient's is never shown, whichever way it comes (H23). */
static void
test_other_patient (Fixture *self, gconstpointer data)
{
  WorkspaceSharing *sharing = workspace_sharing_of (self->patient);
  g_autoptr (WorkspacePatient) bob = workspace_patient_new (self->display.session, "bob");
  g_autoptr (WorkspaceCard) card = workspace_card_new_text (bob, "HIV test", NULL, "negative");

  set_open (self, TRUE);
  g_signal_connect_swapped (sharing, "show", G_CALLBACK (count_show), self);
  g_assert_false (workspace_sharing_is_possible (workspace_sharing_of (bob)));
  g_assert_false (workspace_sharing_show (workspace_sharing_of (bob), card));
  g_assert_false (workspace_sharing_show (sharing, card));
  g_assert_cmpuint (self->shows, ==, 0);
  g_signal_emit_by_name (sharing, "show", card);
  g_assert_null (visit_files_get_shown (self->controller));
  g_assert_cmpuint (g_list_model_get_n_items (
                        media_transfers_get_list (visit_files_get_transfers (self->controller))),
                    ==, 0);
  g_signal_handlers_disconnect_by_data (sharing, self);
}

#define TEST(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  TEST ("/visit/files/add-to-chart", test_add_to_chart);
  TEST ("/visit/files/asked-at-the-end", test_asked_at_the_end);
  TEST ("/visit/files/undo-twice", test_undo_twice);
  TEST ("/visit/files/picture", test_picture);
  TEST ("/visit/files/not-kept", test_not_kept);
  TEST ("/visit/files/chat", test_chat);
  TEST ("/visit/files/chat-unsent", test_chat_unsent);
  TEST ("/visit/files/hostile-chat", test_hostile_chat);
  TEST ("/visit/files/flood", test_flood);
  TEST ("/visit/files/share", test_share);
  TEST ("/visit/files/another-patient-is-never-shown", test_other_patient);
  return g_test_run ();
}
