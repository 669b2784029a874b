/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-page.h"

#include "care-document.h"
#include "display-fixture.h"
#include "documents-pages.h"
#include "documents-viewer.h"
#include "workspace-patient.h"

typedef struct
{
  DisplayFixture display;
  WorkspacePatient *patient;
  GtkWidget *window, *page;
  DocumentsViewer *viewer;
  const char *wanted; /* state of the viewer */
} Fixture;

static char *
make_pdf (guint pages)
{
  g_autoptr (GString) pdf = g_string_new ("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                                          "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
                                          "endobj\n");
  g_autoptr (GString) kids = g_string_new (NULL);

  for (guint i = 0; i < pages; i++)
    {
      g_autofree char *words = g_strdup_printf (
          "BT /F1 18 Tf 60 720 Td (St Elsewhere Hospital, leaf %u) Tj 0 -40 Td /F1 "
          "12 Tf (Dear colleague, thank you for referring Mrs Smith.) Tj ET",
          i + 1);

      g_string_append_printf (kids, "%u 0 R ", 10 + 2 * i);
      g_string_append_printf (pdf,
                              "%u 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %u "
                              "0 R/Resources<</Font<</F1 3 0 R>>>>>>endobj\n"
                              "%u 0 obj<</Length %u>>stream\n%s\nendstream endobj\n",
                              10 + 2 * i, 11 + 2 * i, 11 + 2 * i, (guint) strlen (words), words);
    }
  g_string_append_printf (pdf, "2 0 obj<</Type/Pages/Kids[%s]/Count %u>>endobj\n", kids->str,
                          pages);
  g_string_append (pdf, "trailer<</Root 1 0 R>>\n%%EOF\n");
  return g_base64_encode ((const guint8 *) pdf->str, pdf->len);
}

static void
put_document (StoreConnection *connection,
              const char *id,
              const char *title,
              const char *content_type,
              const char *data)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'DocumentReference','id':'%s','status':'current','docStatus':'final',"
      "'subject':{'reference':'Patient/jane'},'date':'2026-10-0%u','type':{'text':'Letter'},"
      "'author':[{'display':'Dr Far Away'}],'content':[{'attachment':{'title':'%s','contentType':"
      "'%s','data':'%s'}}]}",
      id, (guint) (id[0] % 9) + 1, title, content_type, data);

  care_fixture_put (connection, json);
}

#define CDA                                                                                        \
  "<ClinicalDocument><title>Discharge Summary</title><recordTarget><patientRole><patient><name>"   \
  "<given>Jane</given> <family>Smith</family></name><birthTime value='19610313'/></patient>"       \
  "</patientRole></recordTarget><component><structuredBody><component><section><title>Medicines"   \
  "</title><text><table><tr><th>Medicine</th><th>Dose</th></tr><tr><td>Ramipril</td><td>5 mg</td>" \
  "</tr></table></text></section></component></structuredBody></component></ClinicalDocument>"

static gboolean
put_all (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *pdf = make_pdf (3);
  g_autofree char *cda = g_base64_encode ((const guint8 *) CDA, strlen (CDA));

  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  put_document (connection, "pdf", "From the hospital", "application/pdf", pdf);
  put_document (connection, "text", "Telephone note", "text/plain", "UGF0aWVudCBjYWxsZWQu");
  put_document (connection, "cda", "Summary of care", "text/xml", cda);
  put_document (connection, "rtf", "Old letter", "application/rtf", "e1xydGYx");
  put_document (connection, "away", "Scan", "application/pdf", "");
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  display_fixture_set_up (&self->display, data);
  care_fixture_write (&self->display.care, put_all);
  self->patient = workspace_patient_new (self->display.session, "jane");
  self->window = g_object_new (ADW_TYPE_WINDOW, NULL);
  self->page = workspace_chart_page_new (DOCUMENTS_TYPE_PAGE, self->patient);
  self->viewer = DOCUMENTS_VIEWER (display_find_child (self->page, DOCUMENTS_TYPE_VIEWER));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 900, 700);
  adw_window_set_content (ADW_WINDOW (self->window), self->page);
  gtk_window_present (GTK_WINDOW (self->window));
  display_assert_label (self->window, "From the hospital");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->patient);
  display_fixture_tear_down (&self->display, data);
}

static gboolean
is_in_state (gpointer data)
{
  Fixture *self = data;

  return g_str_equal (documents_viewer_get_state (self->viewer), self->wanted);
}

static void
open_document (Fixture *self, const char *reference, const char *state)
{
  self->wanted = state;
  g_assert_true (workspace_page_show_target (WORKSPACE_PAGE (self->page), reference));
  if (!display_spin (is_in_state, self))
    g_error ("%s is %s", reference, documents_viewer_get_state (self->viewer));
}

static gboolean
has_picture (gpointer data)
{
  return gtk_picture_get_paintable (data) != NULL;
}

/* Three pages are turned by their buttons, each drawn, each with its words for who cannot see it.
 */
static void
test_pdf (Fixture *self, gconstpointer data)
{
  DocumentsPages *pages;
  GtkWidget *picture;

  open_document (self, "DocumentReference/pdf", "pages");
  pages = DOCUMENTS_PAGES (display_find_child (self->page, DOCUMENTS_TYPE_PAGES));
  picture = display_find_child (GTK_WIDGET (pages), GTK_TYPE_PICTURE);
  g_assert_true (display_spin (has_picture, picture));
  display_assert_label (self->window, "Page 1 of 3");
  gtk_test_accessible_assert_property (picture, GTK_ACCESSIBLE_PROPERTY_LABEL, "Page 1 of 3");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (pages), "pages.next", NULL));
  display_assert_label (self->window, "Page 2 of 3");
  g_assert_cmpuint (documents_pages_get_page (pages), ==, 1);
  gtk_test_accessible_assert_property (picture, GTK_ACCESSIBLE_PROPERTY_LABEL, "Page 2 of 3");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (pages), "pages.zoom-in", NULL));
  display_assert_label (self->window, "125 %");
}

static gboolean
says_leaf_2 (gpointer data)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (data);
  g_autofree char *text = NULL;

  g_object_get (buffer, "text", &text, NULL);
  return strstr (text, "leaf 2") != NULL;
}

static void
test_words_of_a_page (Fixture *self, gconstpointer data)
{
  GtkWidget *pages;

  open_document (self, "DocumentReference/pdf", "pages");
  pages = display_find_child (self->page, DOCUMENTS_TYPE_PAGES);
  g_assert_true (gtk_widget_activate_action (pages, "pages.next", NULL));
  g_assert_true (display_spin (says_leaf_2, display_find_child (pages, GTK_TYPE_TEXT_VIEW)));
}

/* The file stops the program that draws it: the window says so, offers a copy, and goes on. */
static void
test_crash (Fixture *self, gconstpointer data)
{
  g_setenv ("BEDSIDE_RENDER_FAULT", data, TRUE);
  g_setenv ("BEDSIDE_RENDER_SECONDS", "1", TRUE);
  open_document (self, "DocumentReference/pdf", "failed");
  g_unsetenv ("BEDSIDE_RENDER_FAULT");
  g_unsetenv ("BEDSIDE_RENDER_SECONDS");
  display_assert_label (self->window, "This Document Cannot Be Shown");
  display_assert_label (self->window, "Save a Copy…");
  open_document (self, "DocumentReference/text", "text");
  open_document (self, "DocumentReference/pdf", "pages");
}

static GtkWidget *
find_button (GtkWidget *window, const char *text)
{
  return gtk_widget_get_ancestor (display_find_label (window, text), GTK_TYPE_BUTTON);
}

/* What takes long can be stopped, at once: the program that draws is ended and waits for nothing.
 */
static void
test_cancel (Fixture *self, gconstpointer data)
{
  gint64 start = g_get_monotonic_time ();

  g_setenv ("BEDSIDE_RENDER_FAULT", "hang", TRUE);
  g_setenv ("BEDSIDE_RENDER_SECONDS", "600", TRUE);
  open_document (self, "DocumentReference/pdf", "loading");
  display_assert_label (self->window, "Loading the document");
  g_signal_emit_by_name (find_button (self->window, "Cancel"), "clicked");
  self->wanted = "failed";
  g_assert_true (display_spin (is_in_state, self));
  display_assert_label (self->window, "Loading Was Stopped");
  g_unsetenv ("BEDSIDE_RENDER_FAULT");
  g_unsetenv ("BEDSIDE_RENDER_SECONDS");
  g_signal_emit_by_name (find_button (self->window, "Try Again"), "clicked");
  self->wanted = "pages";
  g_assert_true (display_spin (is_in_state, self));
  g_test_message ("%.1f s", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
}

/* What is no PDF inside, of an unknown kind, or not there is said, each in its own words. */
static void
test_cannot_be_shown (Fixture *self, gconstpointer data)
{
  open_document (self, "DocumentReference/rtf", "failed");
  display_assert_label (self->window, "does not show files of the kind “application/rtf”");
  open_document (self, "DocumentReference/away", "failed");
}

static gboolean
says_ramipril (gpointer data)
{
  GtkWidget *view = display_find_child (data, GTK_TYPE_TEXT_VIEW);
  GtkTextBuffer *buffer;
  g_autofree char *text = NULL;

  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_object_get (buffer, "text", &text, NULL);
  return strstr (text, "Ramipril · Dose: 5 mg") != NULL;
}

static GtkWidget *
find_mapped_text (GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (GTK_IS_TEXT_VIEW (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_mapped_text (child);

      if (found)
        return found;
    }
  return NULL;
}

static gboolean
shows_words (gpointer data)
{
  GtkWidget *view = find_mapped_text (data);

  return view && says_ramipril (view);
}

/* A document that names somebody born on another day says that it may be about somebody else. */
static void
test_cda (Fixture *self, gconstpointer data)
{
  open_document (self, "DocumentReference/cda", "text");
  g_assert_true (display_spin (shows_words, self->page));
  display_assert_label (self->window, "The document itself names Jane Smith, born 13-Mar-1961.");
  display_assert_label (self->window, "may be about somebody else");
}

static gboolean
has_row_of_attached (gpointer data)
{
  return display_find_label (((Fixture *) data)->window, "“letter.txt” is attached") != NULL;
}

static gboolean
drop (GtkWidget *page, GFile *file)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (page);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      GFile *files[] = { file };
      g_auto (GValue) value = G_VALUE_INIT;
      gboolean taken = FALSE;

      if (!GTK_IS_DROP_TARGET (controller))
        continue;
      g_value_init (&value, GDK_TYPE_FILE_LIST);
      g_value_take_boxed (&value, gdk_file_list_new_from_array (files, 1));
      g_signal_emit_by_name (controller, "drop", &value, 0.0, 0.0, &taken);
      return taken;
    }
  return FALSE;
}

static gboolean
is_undone (gpointer data)
{
  Fixture *self = data;

  return g_str_equal (documents_viewer_get_state (self->viewer), "empty") &&
         display_find_label (self->page, "letter.txt") == NULL;
}

/* Says it in the question that stands open. */
static void
answer (Fixture *self, const char *response)
{
  AdwDialog *dialog = adw_window_get_visible_dialog (ADW_WINDOW (self->window));

  g_assert_true (ADW_IS_ALERT_DIALOG (dialog));
  display_assert_label (GTK_WIDGET (dialog), "SMITH, Jane, born 12-Mar-1961");
  g_signal_emit_by_name (dialog, "response", response);
  adw_dialog_force_close (dialog);
}

/* A dropped file is a document once somebody said that nothing in it is sensitive, is shown, and
 * is gone again by Undo. */
static void
test_attach (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->display.care.folder, "letter.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *undo;

  g_assert_true (g_file_set_contents (path, "Dear colleague", -1, NULL));
  g_assert_true (drop (self->page, file));
  answer (self, "ordinary");
  g_assert_true (display_spin (has_row_of_attached, self));
  self->wanted = "text";
  g_assert_true (display_spin (is_in_state, self));
  undo = gtk_widget_get_ancestor (display_find_label (self->window, "Undo"), GTK_TYPE_BUTTON);
  g_signal_emit_by_name (undo, "clicked");
  g_assert_true (display_spin (is_undone, self));
}

/* What is sensitive stays in the clinic, and what nobody agreed to is attached nowhere. */
static void
test_attach_sensitive (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->display.care.folder, "letter.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_true (g_file_set_contents (path, "Dear colleague", -1, NULL));
  g_assert_true (drop (self->page, file));
  answer (self, "cancel");
  g_assert_true (drop (self->page, file));
  answer (self, "sensitive");
  g_assert_true (display_spin (has_row_of_attached, self));
  self->wanted = "text";
  g_assert_true (display_spin (is_in_state, self));
  display_assert_label (self->window, "Kept in the clinic");
}

/* A folder is refused in words, and nothing is written. */
static void
test_attach_folder (Fixture *self, gconstpointer data)
{
  g_autoptr (GFile) folder = g_file_new_for_path (self->display.care.folder);

  g_assert_true (drop (self->page, folder));
  answer (self, "ordinary");
  display_assert_label (self->window, "is not a file.");
}

static gboolean
has_row_of_large (gpointer data)
{
  return display_find_label (((Fixture *) data)->window, "“large.txt” is attached") != NULL;
}

/* A file of 40 MB is taken and its first part is read; one that is larger is refused in words. */
static void
test_attach_large (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->display.care.folder, "large.txt", NULL);
  g_autofree char *text = g_strnfill (CARE_ATTACHMENT_MAX + 1, 'n');
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_true (g_file_set_contents (path, text, CARE_ATTACHMENT_MAX, NULL));
  g_assert_true (drop (self->page, file));
  answer (self, "ordinary");
  g_assert_true (display_spin (has_row_of_large, self));
  self->wanted = "text";
  g_assert_true (display_spin (is_in_state, self));
  display_assert_label (self->window, "Only the first part is shown.");
  g_assert_true (g_file_set_contents (path, text, CARE_ATTACHMENT_MAX + 1, NULL));
  g_assert_true (drop (self->page, file));
  answer (self, "ordinary");
  display_assert_label (self->window, "“large.txt” is larger than 40 MB");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/documents/page/pdf", Fixture, NULL, set_up, test_pdf, tear_down);
  g_test_add ("/documents/page/words-of-a-page", Fixture, NULL, set_up, test_words_of_a_page,
              tear_down);
  g_test_add ("/documents/page/crash", Fixture, "crash", set_up, test_crash, tear_down);
  g_test_add ("/documents/page/crash-of-a-page", Fixture, "crash-page", set_up, test_crash,
              tear_down);
  g_test_add ("/documents/page/hang", Fixture, "hang", set_up, test_crash, tear_down);
  g_test_add ("/documents/page/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/documents/page/cannot-be-shown", Fixture, NULL, set_up, test_cannot_be_shown,
              tear_down);
  g_test_add ("/documents/page/cda", Fixture, NULL, set_up, test_cda, tear_down);
  g_test_add ("/documents/page/attach", Fixture, NULL, set_up, test_attach, tear_down);
  g_test_add ("/documents/page/attach-sensitive", Fixture, NULL, set_up, test_attach_sensitive,
              tear_down);
  g_test_add ("/documents/page/attach-large", Fixture, NULL, set_up, test_attach_large, tear_down);
  g_test_add ("/documents/page/attach-folder", Fixture, NULL, set_up, test_attach_folder,
              tear_down);
  return g_test_run ();
}
