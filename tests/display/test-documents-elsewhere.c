/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-elsewhere.h"

#include <glib/gstdio.h>

#include "base-id.h"
#include "care-document.h"
#include "display-fixture.h"
#include "documents-keep.h"
#include "workspace-network.h"

/* A file from elsewhere, from the file to a chart and back. */

#define CDA                                                                                        \
  "<ClinicalDocument><title>Discharge Summary</title><effectiveTime value='20260105'/>"            \
  "<recordTarget><patientRole><id root='2.16.840.1.113883.2.1.4.1' extension='9434765919'/>"       \
  "<patient><name><given>Jane</given><family>Smith</family></name><administrativeGenderCode "      \
  "code='F'/><birthTime value='19610312'/></patient></patientRole></recordTarget>"                 \
  "<author><assignedAuthor><representedOrganization><name>St Elsewhere</name>"                     \
  "</representedOrganization></assignedAuthor></author><component><structuredBody><component>"     \
  "<section><title>Medicines</title><text>Ramipril</text></section></component></structuredBody>"  \
  "</component></ClinicalDocument>"

typedef struct
{
  DisplayFixture display;
  char *folder, *path;
  GtkWidget *window;
  DocumentsElsewhere *dialog;
} Fixture;

static gboolean
put_people (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['"
                    "Jane']}],'birthDate':'1961-03-12','gender':'female','identifier':[{'system':"
                    "'https://fhir.nhs.uk/Id/nhs-number','value':'9434765919'}]}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'john','name':[{'family':'Stone','"
                                "given':['John']}],'birthDate':'1980-01-02','gender':'male'}");
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  display_fixture_set_up (&self->display, data);
  care_fixture_write (&self->display.care, put_people);
  self->folder = g_dir_make_tmp ("bedside-elsewhere-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "summary.cda", NULL);
  self->window = g_object_new (ADW_TYPE_WINDOW, "default-width", 900, "default-height", 800, NULL);
  adw_window_set_content (ADW_WINDOW (self->window), gtk_label_new ("the clinic"));
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);

  gtk_window_destroy (GTK_WINDOW (self->window));
  for (const char *name = g_dir_read_name (folder); name; name = g_dir_read_name (folder))
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->path);
  g_free (self->folder);
  display_fixture_tear_down (&self->display, data);
}

static void
open_text (Fixture *self, const char *text)
{
  g_autofree char *uri = g_filename_to_uri (self->path, NULL, NULL);

  g_assert_true (g_file_set_contents (self->path, text, -1, NULL));
  self->dialog = DOCUMENTS_ELSEWHERE (documents_elsewhere_new (self->display.session));
  documents_elsewhere_open (self->dialog, uri);
  adw_dialog_present (ADW_DIALOG (self->dialog), self->window);
}

static gboolean
is_button_of (GtkWidget *widget, const char *label)
{
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  GtkWidget *found = is_button_of (widget, label) && gtk_widget_get_mapped (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);
  return found;
}

static gboolean
has_button (gpointer data)
{
  DisplayLabel *wanted = data;

  return find_button (wanted->widget, wanted->text) != NULL;
}

static void
press (Fixture *self, const char *label)
{
  if (!display_spin (has_button, &(DisplayLabel) { self->window, label }))
    g_error ("no button says “%s”", label);
  g_signal_emit_by_name (find_button (self->window, label), "clicked");
}

static GtkWidget *
find_keep (Fixture *self)
{
  return display_find_child (self->window, DOCUMENTS_TYPE_KEEP);
}

/* The row of somebody in the dialog that asks in whose chart. */
static GtkWidget *
find_row (GtkWidget *widget, const char *title)
{
  GtkWidget *found =
      ADW_IS_ACTION_ROW (widget) && gtk_widget_get_mapped (widget) &&
              g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title)
          ? widget
          : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_row (child, title);
  return found;
}

static gboolean
has_row (gpointer data)
{
  DisplayLabel *wanted = data;

  return find_row (wanted->widget, wanted->text) != NULL;
}

static void
choose (Fixture *self, const char *name)
{
  if (!display_spin (has_row, &(DisplayLabel) { self->window, name }))
    g_error ("nobody is called “%s”", name);
  gtk_widget_activate (find_row (self->window, name));
}

static void
search (Fixture *self, const char *text)
{
  GtkWidget *entry = display_find_child (find_keep (self), GTK_TYPE_SEARCH_ENTRY);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static AdwDialog *
get_top (Fixture *self)
{
  return adw_window_get_visible_dialog (ADW_WINDOW (self->window));
}

static gboolean
is_asked (gpointer data)
{
  DisplayLabel *wanted = data;
  AdwDialog *top = adw_window_get_visible_dialog (wanted->widget);

  return ADW_IS_ALERT_DIALOG (top) &&
         strstr (adw_alert_dialog_get_body (ADW_ALERT_DIALOG (top)), wanted->text);
}

static gboolean
is_not_asked (gpointer self)
{
  return !ADW_IS_ALERT_DIALOG (get_top (self));
}

/* The question that stands on top, and has @text in it. */
static void
answer (Fixture *self, const char *text, const char *response)
{
  if (!display_spin (is_asked, &(DisplayLabel) { self->window, text }))
    g_error ("nothing asks “%s”", text);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (get_top (self)), response);
  adw_dialog_close (get_top (self));
}

static guint n_documents, n_others;

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  n_documents = care_fixture_count (connection, "DocumentReference", "subject=Patient/jane");
  n_others = care_fixture_count (connection, "DocumentReference", "subject=Patient/john") +
             care_fixture_count (connection, "MedicationStatement", "_count=5") +
             care_fixture_count (connection, "AllergyIntolerance", "_count=5");
  return TRUE;
}

static void
assert_documents (Fixture *self, guint of_jane, guint others)
{
  care_fixture_read (&self->display.care, count_work);
  g_assert_cmpuint (n_documents, ==, of_jane);
  g_assert_cmpuint (n_others, ==, others);
}

/* What it says of itself, that nothing is in a chart, the patient who is proposed; then Undo. */
static void
test_sure (Fixture *self, gconstpointer data)
{
  open_text (self, CDA);
  display_assert_label (self->dialog, "Discharge Summary · Clinical document (C-CDA)");
  display_assert_label (self->dialog, "SMITH, Jane · 12-Mar-1961 (65 y) · Female");
  display_assert_label (self->dialog, "St Elsewhere");
  display_assert_label (self->dialog, "05-Jan-2026");
  display_assert_label (self->dialog, "Nothing of it is in a chart");
  assert_documents (self, 0, 0);

  press (self, "_Keep in a Chart…");
  display_assert_label (self->window, "Name, birth date and an identifier are the same");
  choose (self, "SMITH, Jane");
  g_assert_true (display_spin (is_asked, &(DisplayLabel) { self->window, "intimate" }));
  assert_documents (self, 0, 0);
  answer (self, "SMITH, Jane, born 12-Mar-1961 (65 y)", "ordinary");
  display_assert_label (self->dialog, "Kept in the chart of SMITH, Jane");
  assert_documents (self, 1, 0);

  press (self, "_Undo");
  display_assert_label (self->dialog, "It is in no chart any more");
  display_assert_label (self->dialog, "Nothing of it is in a chart");
  assert_documents (self, 0, 0);
}

/* Somebody else is named in a sentence, and no answer but one keeps it there. */
static void
test_mismatch (Fixture *self, gconstpointer data)
{
  open_text (self, CDA);
  press (self, "_Keep in a Chart…");
  display_assert_label (self->window, "Name, birth date and an identifier are the same");
  search (self, "stone");
  choose (self, "STONE, John");
  answer (
      self,
      "It names SMITH, Jane, and the chart is of STONE, John.\nIt says born 12-Mar-1961, and the "
      "chart says 02-Jan-1980.\nIt says female, and the chart says male.",
      "cancel");
  g_assert_true (display_spin (is_not_asked, self));
  assert_documents (self, 0, 0);

  choose (self, "STONE, John");
  answer (self, "It names SMITH, Jane", "same");
  answer (self, "intimate", "sensitive");
  display_assert_label (self->dialog, "Kept in the chart of STONE, John");
  assert_documents (self, 0, 1);
}

/* Who is not known here is not proposed. */
static void
test_nobody (Fixture *self, gconstpointer data)
{
  open_text (self, "<ClinicalDocument><title>Letter</title><component/></ClinicalDocument>");
  display_assert_label (self->dialog, "It does not say whose it is.");
  press (self, "_Keep in a Chart…");
  display_assert_label (self->window, "Find the patient whose it is");
  search (self, "nobody of this name");
  display_assert_label (self->window, "Nobody is found");
  search (self, "smith");
  choose (self, "SMITH, Jane");
  answer (self, "It does not say whose it is.", "cancel");
  assert_documents (self, 0, 0);
}

/* A file of several, and one that cannot be read, can be kept in no chart. */
static void
test_refused (Fixture *self, gconstpointer data)
{
  open_text (self, "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":"
                   "\"Patient\",\"id\":\"1\"}},{\"resource\":{\"resourceType\":\"Patient\",\"id\":"
                   "\"2\"}}]}");
  display_assert_label (self->dialog, "It is about several patients");
  g_assert_false (gtk_widget_get_sensitive (find_button (self->window, "_Keep in a Chart…")));
  adw_dialog_force_close (ADW_DIALOG (self->dialog));
  open_text (self, "%PDF-1.4");
  display_assert_label (self->dialog, "It is a picture or a PDF");
  adw_dialog_force_close (ADW_DIALOG (self->dialog));
  self->dialog = DOCUMENTS_ELSEWHERE (documents_elsewhere_new (self->display.session));
  documents_elsewhere_open (self->dialog, "https://example.org/a.cda");
  adw_dialog_present (ADW_DIALOG (self->dialog), self->window);
  display_assert_label (self->dialog, "files of this computer only");
}

#define LINK_KEY "rxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q"

static void
open_link (Fixture *self, const char *members)
{
  g_autofree char *json =
      g_strdup_printf ("{\"url\":\"https://share.example.org/m\",\"key\":\"" LINK_KEY "\"%s}",
                       members);
  g_autofree char *encoded = base_base64url ((const guint8 *) json, strlen (json));
  g_autofree char *text = g_strconcat ("shlink:/", encoded, "\n", NULL);

  open_text (self, text);
}

static gboolean
can_fetch (Fixture *self)
{
  return gtk_widget_get_sensitive (find_button (self->window, "_Fetch It"));
}

/* Where it leads and until when is shown; nothing is fetched by itself, nor where it may not be. */
static void
test_link (Fixture *self, gconstpointer data)
{
  open_link (self, ",\"label\":\"My summary\",\"exp\":1795000000,\"flag\":\"P\"");
  display_assert_label (self->dialog, "My summary");
  display_assert_label (self->dialog, "share.example.org learns that Dr Ada Stone asked");
  display_assert_label (self->dialog, "18-Nov-2026");
  display_assert_label (self->dialog, "The link has expired");
  g_assert_false (can_fetch (self));
  adw_dialog_force_close (ADW_DIALOG (self->dialog));

  open_link (self, ",\"flag\":\"P\"");
  display_assert_label (self->dialog, "Nothing has been fetched yet");
  g_assert_false (can_fetch (self));
  gtk_editable_set_text (GTK_EDITABLE (display_find_child (GTK_WIDGET (self->dialog),
                                                           ADW_TYPE_PASSWORD_ENTRY_ROW)),
                         "1234");
  g_assert_true (can_fetch (self));
  adw_dialog_force_close (ADW_DIALOG (self->dialog));

  workspace_network_set_allowed (self->display.session, FALSE);
  open_link (self, "");
  display_assert_label (self->dialog, "In this network your administrator does not allow");
  g_assert_false (can_fetch (self));
  adw_dialog_force_close (ADW_DIALOG (self->dialog));

  open_text (self, "shlink:/nothing");
  display_assert_label (self->dialog, "The link is damaged");
}

/* The charts of a newer Bedside are only read. */
static void
test_read_only (Fixture *self, gconstpointer data)
{
  CareFixture *care = &self->display.care;
  g_autofree char *copy = g_build_filename (self->folder, "copy.db", NULL);
  g_autoptr (StoreDatabase) store = store_database_open (copy, care->key, care->clock, NULL);
  g_autoptr (StoreDatabase) reading = NULL;
  g_autoptr (CareContext) context = NULL;
  g_autoptr (WorkspaceSession) session = NULL;
  g_autofree char *uri = g_filename_to_uri (self->path, NULL, NULL);

  store_database_close (store);
  reading = store_database_open_to_read (copy, care->key, care->clock, NULL);
  context = care_context_new (reading, care->clock, "Practitioner/doctor", "Dr", "prescriber");
  session = workspace_session_new (context);
  g_assert_true (g_file_set_contents (self->path, CDA, -1, NULL));
  self->dialog = DOCUMENTS_ELSEWHERE (documents_elsewhere_new (session));
  documents_elsewhere_open (self->dialog, uri);
  adw_dialog_present (ADW_DIALOG (self->dialog), self->window);
  display_assert_label (self->dialog, "can only be read with this version");
  g_assert_false (gtk_widget_get_sensitive (find_button (self->window, "_Keep in a Chart…")));
  adw_dialog_force_close (ADW_DIALOG (self->dialog));
  display_settle ();
  g_clear_object (&session);
  store_database_close (reading);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  add ("/documents/elsewhere/sure", test_sure);
  add ("/documents/elsewhere/mismatch", test_mismatch);
  add ("/documents/elsewhere/nobody", test_nobody);
  add ("/documents/elsewhere/refused", test_refused);
  add ("/documents/elsewhere/link", test_link);
  add ("/documents/elsewhere/read-only", test_read_only);
  return g_test_run ();
}
