/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note-view.h"

#include "care-addendum.h"
#include "care-cosign.h"
#include "care-note.h"
#include "care-signed-note.h"
#include "display-fixture.h"
#include "documents-page.h"
#include "workspace-addendum.h"
#include "workspace-cosign.h"
#include "workspace-patient.h"
#include "workspace-signed-note.h"

/* A visit of Jane Smith with one note, signed by Dr Stone. */
typedef struct
{
  DisplayFixture display;
  WorkspacePatient *patient;
  GtkWidget *window;
  char *note, *addendum;
} Fixture;

static gboolean
put_note (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *id = NULL;

  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'e1','status':'in-progress','class':{'code':"
                    "'VR'},'subject':{'reference':'Patient/jane'}}");
  if (!care_note_save (connection, self->display.care.doctor, "jane", "e1", "x", error) ||
      !care_note_sign (connection, self->display.care.doctor, "note:e1:Practitioner/doctor",
                       "Cough for 3 days.", &id, error))
    return FALSE;
  self->note = g_strconcat ("DocumentReference/", id, NULL);
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  display_fixture_set_up (&self->display, data);
  care_fixture_write (&self->display.care, put_note);
  self->patient = workspace_patient_new (self->display.session, "jane");
  self->window = g_object_new (GTK_TYPE_WINDOW, "default-width", 400, "default-height", 600, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->patient);
  g_free (self->note);
  g_free (self->addendum);
  display_fixture_tear_down (&self->display, data);
}

static void
show (Fixture *self, GtkWidget *widget)
{
  gtk_window_set_child (GTK_WINDOW (self->window), widget);
  gtk_window_present (GTK_WINDOW (self->window));
}

/* The first mapped widget of @type below @widget. */
static GtkWidget *
find_child (GtkWidget *widget, GType type)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_child (child, type);

      if (found)
        return found;
    }
  return NULL;
}

static void
click (Fixture *self, const char *label)
{
  GtkWidget *found, *button;

  display_assert_label (self->window, label);
  found = display_find_label (self->window, label);
  button = gtk_widget_get_ancestor (found, GTK_TYPE_BUTTON);
  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

typedef struct
{
  Fixture *fixture;
  const char *text;
} Gone;

static gboolean
is_gone (gpointer data)
{
  Gone *gone = data;

  return display_find_label (gone->fixture->window, gone->text) == NULL;
}

static void
write_addendum (Fixture *self, const char *text)
{
  GtkWidget *view;

  click (self, "Add Addendum");
  view = find_child (self->window, GTK_TYPE_TEXT_VIEW);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (self->window)) == view);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
}

static gboolean
editor_says (gpointer data)
{
  Gone *expected = data;
  GtkWidget *view = find_child (expected->fixture->window, GTK_TYPE_TEXT_VIEW);
  g_autofree char *text = NULL;

  if (!view)
    return FALSE;
  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "text", &text, NULL);
  return g_str_equal (text, expected->text);
}

/* An addendum stands under its note with author and time; taken back, it is a draft again. */
static void
test_addendum (Fixture *self, gconstpointer data)
{
  show (self, workspace_signed_note_new (self->patient, self->note));
  display_assert_label (self->window, "Cough for 3 days.");
  write_addendum (self, "And a rash.");
  click (self, "Sign Addendum");
  display_assert_label (self->window, "Addendum by Dr Ada Stone, 22-Nov-2026 09:00");
  display_assert_label (self->window, "And a rash.");
  click (self, "Undo");
  g_assert_true (display_spin (is_gone, &(Gone) { self, "Addendum by Dr Ada Stone" }));
  g_assert_true (display_spin (editor_says, &(Gone) { self, "And a rash." }));
}

/* What is written is there when the note is opened again. */
static void
test_draft (Fixture *self, gconstpointer data)
{
  show (self, workspace_signed_note_new (self->patient, self->note));
  display_assert_label (self->window, "Cough for 3 days.");
  write_addendum (self, "Half a tho");
  gtk_window_set_child (GTK_WINDOW (self->window), NULL); /* saves what was gathered */
  display_settle ();
  show (self, workspace_signed_note_new (self->patient, self->note));
  g_assert_true (display_spin (editor_says, &(Gone) { self, "Half a tho" }));
}

/* The pane of the note shows what is signed of this visit, and it can be added to from there. */
static void
test_pane (Fixture *self, gconstpointer data)
{
  GtkWidget *expander;

  show (self, note_view_new (self->patient));
  display_assert_label (self->window, "1 signed note of this visit");
  expander = find_child (self->window, GTK_TYPE_EXPANDER);
  gtk_expander_set_expanded (GTK_EXPANDER (expander), TRUE);
  display_assert_label (self->window, "Signed by Dr Ada Stone, 22-Nov-2026 09:00");
  display_assert_label (self->window, "Cough for 3 days.");
  display_assert_label (self->window, "Add Addendum");
}

static gboolean
put_colleague (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Practitioner','id':'other','name':[{'family':"
                                "'Hill','given':['Ben']}]}");
  return TRUE;
}

static gboolean
ask_doctor (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *id = NULL;

  if (!care_note_save (connection, self->display.care.nurse, "jane", "e1", "x", error) ||
      !care_note_sign (connection, self->display.care.nurse, "note:e1:Practitioner/nurse",
                       "Wound dry.", &id, error))
    return FALSE;
  g_free (self->note);
  self->note = g_strconcat ("DocumentReference/", id, NULL);
  return care_cosign_ask (connection, self->display.care.nurse, self->note, "Practitioner/doctor",
                          "Dr Ada Stone", NULL, error);
}

/* The author asks a colleague under the note, and may take it back. */
static void
test_ask (Fixture *self, gconstpointer data)
{
  GtkWidget *cosign;

  care_fixture_write (&self->display.care, put_colleague);
  show (self, workspace_signed_note_new (self->patient, self->note));
  click (self, "Ask for a Co-signature");
  display_assert_label (self->window, "HILL, Ben");
  cosign = find_child (self->window, WORKSPACE_TYPE_COSIGN);
  g_assert_true (gtk_widget_activate_action (cosign, "cosign.ask", NULL));
  display_assert_label (self->window, "Awaiting co-signature by HILL, Ben, asked 22-Nov-2026");
  display_assert_label (self->window, "The note is sent for a co-signature.");
  click (self, "Undo");
  g_assert_true (display_spin (is_gone, &(Gone) { self, "Awaiting co-signature" }));
}

/* Who is asked reads the note and signs it too; before, nobody else is offered it. */
static void
test_cosign (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, ask_doctor);
  show (self, workspace_signed_note_new (self->patient, self->note));
  display_assert_label (self->window, "Wound dry.");
  click (self, "Co-sign");
  display_assert_label (self->window, "Co-signed by Dr Ada Stone, 22-Nov-2026 09:00");
  g_assert_true (display_spin (is_gone, &(Gone) { self, "Send Back…" }));
}

/* Or sends it back with words, which are asked for. */
static void
test_send_back (Fixture *self, gconstpointer data)
{
  GtkWidget *entry;

  care_fixture_write (&self->display.care, ask_doctor);
  show (self, workspace_signed_note_new (self->patient, self->note));
  click (self, "Send Back…");
  entry = find_child (self->window, GTK_TYPE_ENTRY);
  g_assert_nonnull (entry);
  g_signal_emit_by_name (entry, "activate");
  display_assert_label (self->window, "Write what is to be changed");
  gtk_editable_set_text (GTK_EDITABLE (entry), "Which wound?");
  g_signal_emit_by_name (entry, "activate");
  display_assert_label (self->window, "Sent back by Dr Ada Stone, 22-Nov-2026 09:00: Which wound?");
}

static gboolean
add_later (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *query = g_strdup_printf ("relatesto=%s", self->note);
  g_autoptr (GPtrArray) ids = NULL;

  if (!care_addendum_sign (connection, self->display.care.other, self->note, "And a rash.", NULL,
                           error))
    return FALSE;
  ids = store_search_ids (connection, "DocumentReference", query, error);
  g_assert_cmpuint (ids->len, ==, 1);
  self->addendum = g_strconcat ("DocumentReference/", ids->pdata[0], NULL);
  return TRUE;
}

/* Among the documents an addendum stands under its note, and is read with it. */
static void
test_documents (Fixture *self, gconstpointer data)
{
  GtkWidget *page;

  care_fixture_write (&self->display.care, add_later);
  page = workspace_chart_page_new (DOCUMENTS_TYPE_PAGE, self->patient);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1200, 700);
  show (self, page);
  display_assert_label (self->window, "Addendum to “Visit note”");
  g_assert_true (workspace_page_show_target (WORKSPACE_PAGE (page), self->addendum));
  display_assert_label (self->window, "Cough for 3 days.");
  display_assert_label (self->window, "Addendum by Dr Ben Hill, 22-Nov-2026 09:00");
}

/* ---- another note is shown meanwhile ---- */

static gboolean
put_second (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *id = NULL;

  if (!care_note_save (connection, self->display.care.doctor, "jane", "e1", "y", error) ||
      !care_note_sign (connection, self->display.care.doctor, "note:e1:Practitioner/doctor",
                       "Second note.", &id, error))
    return FALSE;
  self->addendum = g_strconcat ("DocumentReference/", id, NULL);
  return TRUE;
}

/* No word of a note stands under the head of another, not even until that is read or fails. */
static void
test_other_note (Fixture *self, gconstpointer data)
{
  GtkWidget *shown;

  care_fixture_write (&self->display.care, add_later);
  shown = workspace_signed_note_new (self->patient, self->note);
  show (self, shown);
  display_assert_label (self->window, "Cough for 3 days.");
  display_assert_label (self->window, "And a rash.");
  workspace_signed_note_show (WORKSPACE_SIGNED_NOTE (shown), self->patient,
                              "DocumentReference/nowhere");
  g_assert_null (display_find_label (self->window, "Cough for 3 days."));
  g_assert_null (display_find_label (self->window, "And a rash."));
  g_assert_null (display_find_label (self->window, "Add Addendum"));
  display_settle ();
  g_assert_null (display_find_label (self->window, "Cough for 3 days."));
}

static gboolean
has_addendum (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *query = g_strdup_printf ("relatesto=%s", self->note);

  return care_fixture_count (connection, "DocumentReference", query) == 1;
}

static gboolean
is_added (gpointer data)
{
  Fixture *self = data;

  return store_database_read (self->display.care.database, has_addendum, self, NULL);
}

static gboolean
has_draft (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *draft =
      care_addendum_load_draft (connection, self->display.care.doctor, self->note, error);

  return g_str_equal (draft, "For the first");
}

static gboolean
is_kept (gpointer data)
{
  Fixture *self = data;

  return store_database_read (self->display.care.database, has_draft, self, NULL);
}

static void
wait_a_little (void)
{
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;

  g_assert_true (display_spin (display_has_passed, &end));
}

/* Writes under the first note, signs, and is at the second before the answer comes. */
static void
sign_and_leave (Fixture *self)
{
  GtkWidget *addendum = g_object_new (WORKSPACE_TYPE_ADDENDUM, NULL);

  workspace_addendum_set_note (WORKSPACE_ADDENDUM (addendum), self->patient, self->note);
  show (self, addendum);
  wait_a_little ();
  write_addendum (self, "For the first");
  click (self, "Sign Addendum");
  workspace_addendum_set_note (WORKSPACE_ADDENDUM (addendum), self->patient, self->addendum);
  write_addendum (self, "For the second");
}

/* What is signed under one note says nothing under another, and takes no words from it. */
static void
test_sign_and_leave (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, put_second);
  sign_and_leave (self);
  g_assert_true (display_spin (is_added, self));
  wait_a_little ();
  g_assert_true (editor_says (&(Gone) { self, "For the second" }));
  g_assert_null (display_find_label (self->window, "Undo"));
  g_assert_true (gtk_widget_is_sensitive (display_find_label (self->window, "Sign Addendum")));
}

/* What could not be signed is a draft of its note, however fast it was left. */
static void
test_fail_and_leave (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, put_second);
  care_context_set_signed_in (self->display.care.doctor,
                              base_clock_now (self->display.care.clock) - 80 * G_TIME_SPAN_HOUR);
  sign_and_leave (self);
  g_assert_true (display_spin (is_kept, self));
  wait_a_little ();
  g_assert_true (editor_says (&(Gone) { self, "For the second" }));
}

typedef struct
{
  Fixture *fixture;
  const char *reference;
  CareSignedNote *note;
} Read;

static gboolean
read_one (StoreConnection *connection, gpointer data, GError **error)
{
  Read *read = data;

  read->note =
      care_signed_note_load (connection, read->reference, read->fixture->display.care.clock, error);
  return read->note != NULL;
}

static CareSignedNote *
read_note (Fixture *self, const char *reference)
{
  Read read = { self, reference, NULL };

  g_assert_true (store_database_read (self->display.care.database, read_one, &read, NULL));
  return read.note;
}

static gboolean
is_cosigned (gpointer data)
{
  Fixture *self = data;
  g_autoptr (CareSignedNote) note = read_note (self, self->note);
  const CareCosign *cosign = note->cosigns->pdata[0];

  return cosign->state == CARE_COSIGN_SIGNED;
}

/* Nor does a co-signature say that another note is co-signed. */
static void
test_cosign_and_leave (Fixture *self, gconstpointer data)
{
  GtkWidget *cosign = g_object_new (WORKSPACE_TYPE_COSIGN, NULL);
  g_autoptr (CareSignedNote) first = NULL, second = NULL;

  care_fixture_write (&self->display.care, ask_doctor);
  care_fixture_write (&self->display.care, put_second);
  first = read_note (self, self->note);
  second = read_note (self, self->addendum);
  workspace_cosign_set_note (WORKSPACE_COSIGN (cosign), self->patient, first);
  show (self, cosign);
  wait_a_little ();
  click (self, "Co-sign");
  workspace_cosign_set_note (WORKSPACE_COSIGN (cosign), self->patient, second);
  g_assert_true (display_spin (is_cosigned, self));
  wait_a_little ();
  g_assert_null (display_find_label (self->window, "The note is co-signed."));
  g_assert_true (gtk_widget_is_sensitive (cosign));
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  ADD ("/note/signed/addendum", test_addendum);
  ADD ("/note/signed/draft", test_draft);
  ADD ("/note/signed/pane", test_pane);
  ADD ("/note/signed/ask", test_ask);
  ADD ("/note/signed/cosign", test_cosign);
  ADD ("/note/signed/send-back", test_send_back);
  ADD ("/note/signed/documents", test_documents);
  ADD ("/note/signed/other-note", test_other_note);
  ADD ("/note/signed/sign-and-leave", test_sign_and_leave);
  ADD ("/note/signed/fail-and-leave", test_fail_and_leave);
  ADD ("/note/signed/cosign-and-leave", test_cosign_and_leave);
  return g_test_run ();
}
