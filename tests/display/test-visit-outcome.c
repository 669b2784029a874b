/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-outcome-dialog.h"

#include "care-note.h"
#include "display-find.h"
#include "workspace-open.h"

/* The end of a visit signs its note: what is asked at the note is asked here, and the course of a
 * visit that was more than two who spoke goes below it. */

typedef struct
{
  DisplayFixture display;
  WorkspacePatient *patient, *janet;
  VisitController *controller;
  GtkWidget *window;
  AdwDialog *dialog;
} Fixture;

#define VISIT(rest)                                                                                \
  "{'resourceType':'Encounter','id':'e1','status':'in-progress','class':{'code':'VR'},'subject':{" \
  "'reference':'Patient/jane'},'statusHistory':[{'status':'arrived','period':{'start':"            \
  "'2026-11-22T08:50:00Z','end':'2026-11-22T08:55:00Z'}}]" rest "}"
#define EXTENSION(name)                                                                            \
  ",'extension':[{'url':'https://bedside.health/fhir/StructureDefinition/" name                    \
  "','valueInstant':'2026-11-22T08:57:00Z'}]"
#define PERIOD "'period':{'start':'2026-11-22T08:56:00Z','end':'2026-11-22T08:58:00Z'}"
#define GUEST                                                                                      \
  ",'participant':[{'individual':{'reference':'RelatedPerson/r','display':'Bert'}," PERIOD "}]"
#define INTERPRETER                                                                                \
  ",'participant':[{'type':[{'coding':[{'system':"                                                 \
  "'http://terminology.hl7.org/CodeSystem/participant-type','code':'translator'}]}],'individual':" \
  "{'display':'Interpreter 4711'}," PERIOD "}]"

static const char *visit = VISIT ("");

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'janet','name':[{'family':'Smyth','"
                                "given':['Janet']}],'birthDate':'1975-04-03'}");
  care_fixture_put (connection, visit);
  return care_note_save (connection, ((CareFixture *) data)->doctor, "jane", "e1", "Sore throat.",
                         error);
}

static gboolean
is_read (gpointer data)
{
  Fixture *self = data;

  return workspace_patient_get_summary (self->patient) != NULL &&
         workspace_patient_get_summary (self->janet) != NULL &&
         visit_controller_get_stage (self->controller) == VISIT_STAGE_NO_CALL;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  display_fixture_set_up (&self->display, NULL);
  visit = data != NULL ? data : VISIT ("");
  care_fixture_write (&self->display.care, put_visit);
  self->patient = workspace_patient_new (self->display.session, "jane");
  self->janet = workspace_patient_new (self->display.session, "janet");
  self->controller = visit_controller_new (self->patient);
  self->window = g_object_new (ADW_TYPE_WINDOW, NULL);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 700, 900);
  gtk_window_present (GTK_WINDOW (self->window));
  g_assert_true (display_spin (is_read, self));
  self->dialog = ADW_DIALOG (visit_outcome_dialog_new (self->controller));
  g_object_add_weak_pointer (G_OBJECT (self->dialog), (gpointer *) &self->dialog);
  adw_dialog_present (self->dialog, self->window);
  display_assert_label (self->window, "Your note is signed with this");
}

static gboolean
is_gone (gpointer pointer)
{
  return *(gpointer *) pointer == NULL;
}

/* Whoever still waits for an answer of the store holds it for a moment, and asks again. */
static void
let_go (gpointer object)
{
  gpointer kept = object;

  g_object_add_weak_pointer (object, &kept);
  g_object_unref (object);
  g_assert_true (display_spin (is_gone, &kept));
}

/* A visit that is ended closes the dialog by itself. */
static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (display_spin (is_gone, &self->dialog));
  gtk_window_destroy (GTK_WINDOW (self->window));
  let_go (self->controller);
  let_go (self->patient);
  let_go (self->janet);
  display_fixture_tear_down (&self->display, NULL);
}

static gboolean
is_outcome (GtkWidget *widget, const char *text)
{
  return GTK_IS_TOGGLE_BUTTON (widget) && display_find_label (widget, text) != NULL;
}

static void
end_visit (Fixture *self)
{
  GtkWidget *settled = display_wait_for (self->window, is_outcome, "Settled");

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (settled), TRUE);
  display_press (self->window, "_End Visit");
}

static gboolean
is_asking (gpointer data)
{
  return ADW_IS_ALERT_DIALOG (
      adw_window_get_visible_dialog (ADW_WINDOW (((Fixture *) data)->window)));
}

static AdwAlertDialog *
get_question (Fixture *self)
{
  g_assert_true (display_spin (is_asking, self));
  return ADW_ALERT_DIALOG (adw_window_get_visible_dialog (ADW_WINDOW (self->window)));
}

static gboolean
asks_no_more (gpointer data)
{
  return !is_asking (data);
}

static void
respond (Fixture *self, AdwAlertDialog *question, const char *response)
{
  g_signal_emit_by_name (question, "response", response);
  adw_dialog_force_close (ADW_DIALOG (question));
  g_assert_true (display_spin (asks_no_more, self));
}

static gboolean
read_signed (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) encounter = care_fixture_get (connection, "Encounter", "e1");
  gboolean ended = g_strcmp0 (fhir_resource_path_text (encounter, "status"), "finished") == 0;

  *(guint *) data = care_fixture_count (connection, "DocumentReference", "");
  return ended;
}

static gboolean
is_signed (gpointer data)
{
  Fixture *self = data;
  guint count = 0;

  return store_database_read (self->display.care.database, read_signed, &count, NULL) && count == 1;
}

static void
signed_cb (WorkspacePatient *patient, const char *signature, char **told)
{
  g_set_str (told, signature);
}

/* The end of a visit signs as the note's own button does: the note's pane offers the same Undo. */
static void
test_undo_is_offered (Fixture *self, gconstpointer data)
{
  g_autofree char *told = NULL;

  g_signal_connect (self->patient, "request::note-signed", G_CALLBACK (signed_cb), &told);
  end_visit (self);
  g_assert_true (display_spin (is_signed, self));
  g_assert_true (display_spin (is_gone, &self->dialog));
  g_assert_true (told != NULL && g_str_has_suffix (told, " e1"));
  g_signal_handlers_disconnect_by_func (self->patient, signed_cb, &told);
}

/* The year of this patient and no other; who goes back has signed nothing, and may press again. */
static void
test_like_name (Fixture *self, gconstpointer data)
{
  WorkspaceOpen *open = workspace_session_get_open (self->display.session);
  AdwAlertDialog *question;
  GtkWidget *year;

  workspace_open_add (open, self->janet);
  end_visit (self);
  display_assert_label (self->window, "LIKE NAME: SMYTH, Janet (03-Apr-1975) is open too.");
  question = get_question (self);
  g_assert_false (adw_alert_dialog_get_response_enabled (question, "sign"));
  respond (self, question, "cancel");
  g_assert_false (is_signed (self));
  display_press (self->window, "_End Visit");
  question = get_question (self);
  year = display_find_child (GTK_WIDGET (question), ADW_TYPE_ENTRY_ROW);
  gtk_editable_set_text (GTK_EDITABLE (year), "1961");
  g_assert_true (adw_alert_dialog_get_response_enabled (question, "sign"));
  respond (self, question, "sign");
  g_assert_true (display_spin (is_signed, self));
  workspace_open_remove (open, self->janet);
}

/* H8: another patient is on the line, and Enter alone does not sign. */
static void
test_other_call (Fixture *self, gconstpointer data)
{
  AdwAlertDialog *question;

  workspace_session_set_call (self->display.session, "bob", "JONES, Bob");
  end_visit (self);
  question = get_question (self);
  display_assert_label (self->window, "On call with JONES, Bob – this is SMITH, Jane");
  g_assert_cmpstr (adw_alert_dialog_get_default_response (question), ==, "cancel");
  g_assert_false (is_signed (self));
  respond (self, question, "sign");
  g_assert_true (display_spin (is_signed, self));
  workspace_session_set_call (self->display.session, NULL, NULL);
}

static gboolean
is_course (GtkWidget *widget, const char *text)
{
  return ADW_IS_SWITCH_ROW (widget) && display_find_label (widget, text) != NULL;
}

static gboolean
writes_course (Fixture *self)
{
  GtkWidget *row = display_wait_for (self->window, is_course, "the course of the visit");

  return adw_switch_row_get_active (ADW_SWITCH_ROW (row));
}

static void
test_plain (Fixture *self, gconstpointer data)
{
  g_assert_false (writes_course (self));
  end_visit (self);
  g_assert_true (display_spin (is_signed, self));
}

static gboolean
check_course (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) documents =
      store_resource_list (connection, "jane", "DocumentReference", error);
  g_autofree char *text = NULL;
  g_autofree guchar *bytes = NULL;
  gsize length = 0;

  g_assert_cmpuint (documents->len, ==, 1);
  bytes =
      g_base64_decode (fhir_resource_path_text (documents->pdata[0], "content.0.attachment.data"),
                       &length);
  text = g_strndup ((char *) bytes, length);
  g_assert_nonnull (strstr (text, "Sore throat."));
  g_assert_nonnull (strstr (text, "The patient came to the waiting room."));
  return TRUE;
}

/* Whoever else took part, a picture that was kept and a call that was lost stand in the note. */
static void
test_eventful (Fixture *self, gconstpointer data)
{
  g_assert_true (writes_course (self));
  end_visit (self);
  g_assert_true (display_spin (is_signed, self));
  care_fixture_read (&self->display.care, check_course);
}

#define ADD(path, visit, test) g_test_add (path, Fixture, visit, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  ADD ("/visit/outcome/undo-is-offered", NULL, test_undo_is_offered);
  ADD ("/visit/outcome/like-name", NULL, test_like_name);
  ADD ("/visit/outcome/other-call", NULL, test_other_call);
  ADD ("/visit/outcome/plain", NULL, test_plain);
  ADD ("/visit/outcome/guest", VISIT (GUEST), test_eventful);
  ADD ("/visit/outcome/interpreter", VISIT (INTERPRETER), test_eventful);
  ADD ("/visit/outcome/picture", VISIT (EXTENSION ("visit-picture-kept")), test_eventful);
  ADD ("/visit/outcome/lost", VISIT (EXTENSION ("visit-interrupted-at")), test_eventful);
  return g_test_run ();
}
