/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"

#include "workspace-search-dialog.h"

/* The search over a record, and over all records: what it shows, whose, and what it opens. */

static gboolean
put_records (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const records[] = {
    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['Jane']}]}",
    "{'resourceType':'Patient','id':'bob','name':[{'family':'Jones','given':['Bob']}]}",
    "{'resourceType':'Condition','id':'hers','subject':{'reference':'Patient/jane'},'code':{'text':"
    "'Chronic cough'},'onsetDateTime':'2019-03-02'}",
    "{'resourceType':'Communication','id':'m','status':'completed','subject':{'reference':"
    "'Patient/jane'},'sent':'2026-11-20T08:00:00Z','payload':[{'contentString':'The cough & fever "
    "are back'}]}",
    "{'resourceType':'Condition','id':'his','subject':{'reference':'Patient/bob'},'code':{'text':"
    "'Cough'},'onsetDateTime':'2021-03'}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    care_fixture_put (connection, records[i]);
  return TRUE;
}

static GtkWidget *
find_type (GtkWidget *widget, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);
      if (found)
        return found;
    }
  return NULL;
}

static WorkspacePatientWindow *
open_window (DisplayFixture *fixture, int width)
{
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "jane");

  gtk_window_set_default_size (GTK_WINDOW (window), width, 800);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "SMITH, Jane");
  return window;
}

static GtkWidget *
open_dialog (WorkspacePatientWindow *window, const char *typed)
{
  GtkWidget *dialog, *entry;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.find", NULL);
  dialog = find_type (GTK_WIDGET (window), WORKSPACE_TYPE_SEARCH_DIALOG);
  g_assert_nonnull (dialog);
  entry = find_type (dialog, GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), typed);
  return dialog;
}

typedef struct
{
  char *patient, *verb, *target;
} Opened;

static void
opened_cb (WorkspaceSession *session,
           const char *patient,
           const char *verb,
           const char *target,
           gpointer data)
{
  Opened *opened = data;

  opened->patient = g_strdup (patient);
  opened->verb = g_strdup (verb);
  opened->target = g_strdup (target);
}

static void
test_record (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_records);
  WorkspacePatientWindow *window = open_window (fixture, 360);
  GtkWidget *dialog = open_dialog (window, "COUGH");
  GtkWidget *entry = find_type (dialog, GTK_TYPE_SEARCH_ENTRY);
  Opened opened = { NULL, NULL, NULL };

  display_assert_label (dialog, "2 records");
  display_assert_label (dialog, "The cough & fever are back");
  display_assert_label (dialog, "Messages · 20-Nov-2026 08:00");
  g_assert_null (display_find_label (dialog, "JONES"));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Search for words");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (find_type (dialog, GTK_TYPE_LIST_VIEW)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "What was found");
  /* Enter opens the first one where it belongs. */
  g_signal_connect (fixture->session, "open-patient", G_CALLBACK (opened_cb), &opened);
  gtk_editable_set_text (GTK_EDITABLE (entry), "chronic");
  g_signal_emit_by_name (entry, "activate");
  g_assert_null (opened.patient); /* what is listed is for other words */
  gtk_editable_set_text (GTK_EDITABLE (entry), "fever");
  display_assert_label (dialog, "1 record");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (opened.patient, ==, "jane");
  g_assert_cmpstr (opened.verb, ==, "show");
  g_assert_cmpstr (opened.target, ==, "Communication/m");
  g_free (opened.patient);
  g_free (opened.verb);
  g_free (opened.target);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_nothing (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_records);
  WorkspacePatientWindow *window = open_window (fixture, 1200);
  GtkWidget *dialog = open_dialog (window, "cough ramipril");

  display_assert_label (dialog, "Nothing Found");
  gtk_editable_set_text (GTK_EDITABLE (find_type (dialog, GTK_TYPE_SEARCH_ENTRY)), "");
  display_assert_label (dialog, "Search This Patient’s Record");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
verify_audit (StoreConnection *connection, gpointer rows, GError **error)
{
  return store_audit_verify (connection, rows, error);
}

static gint64
count_audit (DisplayFixture *fixture)
{
  gint64 rows = 0;

  store_database_read (fixture->care.database, verify_audit, &rows, NULL);
  return rows;
}

static gboolean
has_two (gpointer data)
{
  return count_audit (data) == 2;
}

/* Of everybody: whose they are is said, and each patient shown is noted. */
static void
test_all (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_records);
  WorkspacePatientWindow *window = open_window (fixture, 1200);
  AdwDialog *dialog = workspace_search_dialog_new (fixture->session, NULL);

  adw_dialog_present (dialog, GTK_WIDGET (window));
  gtk_editable_set_text (GTK_EDITABLE (find_type (GTK_WIDGET (dialog), GTK_TYPE_SEARCH_ENTRY)),
                         "cough");
  display_assert_label (dialog, "3 records");
  display_assert_label (dialog, "JONES, Bob");
  g_assert_true (display_spin (has_two, fixture));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_markup (void)
{
  g_autofree char *markup = workspace_search_dup_markup ("Fever & <chill>s", "chi FEV");

  g_assert_cmpstr (markup, ==, "<b><u>Fev</u></b>er &amp; &lt;<b><u>chi</u></b>ll&gt;s");
}

#define ADD(name, test)                                                                            \
  g_test_add ("/workspace/search-dialog/" name, DisplayFixture, NULL, display_fixture_set_up,      \
              test, display_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  ADD ("record", test_record);
  ADD ("nothing", test_nothing);
  ADD ("all", test_all);
  g_test_add_func ("/workspace/search-dialog/markup", test_markup);
  return g_test_run ();
}
