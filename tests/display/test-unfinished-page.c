/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"

#include "care-entry.h"
#include "care-note.h"
#include "unfinished-page.h"

/* The list of what was begun: it opens this very draft, and gives back what was discarded. */

#define DOCTOR "Practitioner/doctor"

static gboolean
put_drafts (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *care = data;

  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Rossi',"
                                "'given':['Giulia']}]}");
  return care_note_save (connection, care->doctor, "p", "earlier", "Sore throat", error) &&
         store_draft_save (connection, "entry:p:Condition:" DOCTOR, "entry", "p", DOCTOR, NULL,
                           "[note]\ntext=Since spring\n", error) &&
         store_draft_save (connection, "task-new Patient/p " DOCTOR, "task", "p", DOCTOR, NULL,
                           "Weigh her", error) &&
         store_draft_save (connection, "note:lost:" DOCTOR, "note", "gone", DOCTOR, "lost",
                           "From a chart that is gone", error);
}

static GtkWidget *
open_page (DisplayFixture *fixture, GtkWidget **page)
{
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, NULL);

  *page = unfinished_page_new (fixture->session, NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), 800, 700);
  adw_window_set_content (ADW_WINDOW (window), *page);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static gboolean
has_no_label (gpointer data)
{
  return !display_has_label (data);
}

static gboolean
counts_four (gpointer page)
{
  return workspace_page_get_count (page) == 4;
}

static void
test_list (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *page, *window = open_page (fixture, &page);

  display_assert_label (window, "Nothing Unfinished");
  care_fixture_write (&fixture->care, put_drafts);
  gtk_widget_activate_action (page, "unfinished.reload", NULL);
  display_assert_label (window, "ROSSI, Giulia");
  display_assert_label (window, "Visit note");
  display_assert_label (window, "“Sore throat”");
  display_assert_label (window, "Not signed");
  display_assert_label (window, "The new entry is not saved");
  display_assert_label (window, "A patient who is not here");
  display_assert_label (window, "This chart is no longer on this computer.");
  display_assert_label (window, "“From a chart that is gone”");
  g_assert_true (display_spin (counts_four, page));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_discard (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_drafts);
  GtkWidget *page, *window = open_page (fixture, &page);
  DisplayLabel gone = { window, "“Sore throat”" };

  display_assert_label (window, "“Sore throat”");
  gtk_widget_activate_action (page, "unfinished.discard", "s", "note:earlier:" DOCTOR);
  display_assert_label (window, "Discarded");
  g_assert_true (display_spin (has_no_label, &gone));
  GtkWidget *undo = display_find_label (window, "Undo");
  g_signal_emit_by_name (gtk_widget_get_ancestor (undo, GTK_TYPE_BUTTON), "clicked");
  display_assert_label (window, "“Sore throat”");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Undo gives back what its own toast speaks of, and what was discarded after that stays in hand. */
static void
test_discard_two (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_drafts);
  GtkWidget *page, *window = open_page (fixture, &page);
  DisplayLabel note = { window, "“Sore throat”" }, task = { window, "“Weigh her”" };

  display_assert_label (window, note.text);
  gtk_widget_activate_action (page, "unfinished.discard", "s", "note:earlier:" DOCTOR);
  g_assert_true (display_spin (has_no_label, &note));
  gtk_widget_activate_action (page, "unfinished.discard", "s", "task-new Patient/p " DOCTOR);
  g_assert_true (display_spin (has_no_label, &task));
  GtkWidget *undo = display_find_label (window, "Undo"); /* of the first: the other waits */
  g_signal_emit_by_name (gtk_widget_get_ancestor (undo, GTK_TYPE_BUTTON), "clicked");
  display_assert_label (window, note.text);
  g_assert_null (display_find_label (window, task.text));
  gtk_widget_activate_action (page, "unfinished.undo", "s", "task-new Patient/p " DOCTOR);
  display_assert_label (window, task.text);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* ---- going on ---- */

typedef struct
{
  char *patient, *verb, *target;
} Asked;

static void
open_patient_cb (
    WorkspaceSession *session, const char *patient, const char *verb, const char *target, Asked *to)
{
  g_set_str (&to->patient, patient);
  g_set_str (&to->verb, verb);
  g_set_str (&to->target, target);
}

static GtkWidget *
find_text_view (GtkWidget *widget)
{
  if (GTK_IS_TEXT_VIEW (widget))
    return gtk_widget_get_mapped (widget) ? widget : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_text_view (child);
      if (found)
        return found;
    }
  return NULL;
}

static gboolean
holds_note (gpointer window)
{
  GtkWidget *view = find_text_view (window);
  GtkTextIter start, end;

  if (!view)
    return FALSE;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_autofree char *text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return g_str_equal (text, "Sore throat");
}

/* The note of an earlier visit is gone on with, though the chart is in no visit now. */
static void
test_note (DisplayFixture *fixture, gconstpointer data)
{
  Asked asked = { NULL, NULL, NULL };

  care_fixture_write (&fixture->care, put_drafts);
  GtkWidget *page, *window = open_page (fixture, &page);
  gulong handler =
      g_signal_connect (fixture->session, "open-patient", G_CALLBACK (open_patient_cb), &asked);
  display_assert_label (window, "“Sore throat”");
  gtk_widget_activate_action (page, "unfinished.open", "s", "note:earlier:" DOCTOR);
  g_assert_cmpstr (asked.patient, ==, "p");
  g_assert_cmpstr (asked.verb, ==, "resume");
  g_assert_cmpstr (asked.target, ==, "note note:earlier:" DOCTOR);
  /* what has no chart opens nothing */
  gtk_widget_activate_action (page, "unfinished.open", "s", "note:lost:" DOCTOR);
  g_assert_cmpstr (asked.patient, ==, "p");
  WorkspacePatientWindow *chart = workspace_patient_window_new (NULL, fixture->session, "p");
  gtk_window_set_default_size (GTK_WINDOW (chart), 1400, 900);
  gtk_window_present (GTK_WINDOW (chart));
  workspace_patient_window_resume (chart, asked.target);
  g_assert_true (display_spin (holds_note, chart));
  display_assert_label (chart, "This is the note of an EARLIER visit");
  g_signal_handler_disconnect (fixture->session, handler);
  gtk_window_destroy (GTK_WINDOW (chart));
  gtk_window_destroy (GTK_WINDOW (window));
  g_free (asked.patient);
  g_free (asked.verb);
  g_free (asked.target);
}

/* A form and a dialog open with what was typed in them. */
static void
test_forms (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_drafts);
  WorkspacePatientWindow *chart = workspace_patient_window_new (NULL, fixture->session, "p");

  gtk_window_set_default_size (GTK_WINDOW (chart), 1400, 900);
  gtk_window_present (GTK_WINDOW (chart));
  display_assert_label (chart, "ROSSI, Giulia");
  workspace_patient_window_resume (chart, "Condition/ entry:p:Condition:" DOCTOR);
  display_assert_label (chart, "Found again on disk");
  AdwDialog *dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (chart));
  g_assert_cmpstr (G_OBJECT_TYPE_NAME (dialog), ==, "ChartEntryDialog");
  adw_dialog_force_close (dialog);
  workspace_patient_window_resume (chart, "tasks task-new Patient/p " DOCTOR);
  dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (chart));
  g_assert_cmpstr (G_OBJECT_TYPE_NAME (dialog), ==, "TasksNewDialog");
  display_assert_label (dialog, "Found again on disk");
  adw_dialog_force_close (dialog);
  gtk_window_destroy (GTK_WINDOW (chart));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/unfinished/page/list", test_list);
  display_add ("/unfinished/page/discard", test_discard);
  display_add ("/unfinished/page/discard-two", test_discard_two);
  display_add ("/unfinished/page/note", test_note);
  display_add ("/unfinished/page/forms", test_forms);
  return g_test_run ();
}
