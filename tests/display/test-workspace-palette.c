/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"

#include "workspace-list-choice.h"
#include "workspace-palette.h"

/* The palette over a window: what stands first. */

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith',"
                                "'given':['Jane']}]}");
  return TRUE;
}

typedef struct
{
  GtkWidget *palette;
  const char *first, *second;
} Order;

static float
top_of (GtkWidget *window, const char *text)
{
  GtkWidget *label = display_find_label (window, text);
  graphene_rect_t bounds;

  return label && gtk_widget_compute_bounds (label, window, &bounds) ? graphene_rect_get_y (&bounds)
                                                                     : 0;
}

static gboolean
is_in_order (gpointer data)
{
  Order *order = data;
  float first = top_of (order->palette, order->first),
        second = top_of (order->palette, order->second);

  return first > 0 && second > first;
}

static GtkWidget *
find_palette (GtkWidget *widget)
{
  if (WORKSPACE_IS_PALETTE (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_palette (child);
      if (found)
        return found;
    }
  return NULL;
}

static gboolean
is_gone (gpointer window)
{
  return find_palette (window) == NULL;
}

static void
assert_order (WorkspacePatientWindow *window, const char *first, const char *second)
{
  Order order = { NULL, first, second };

  gtk_widget_activate_action (GTK_WIDGET (window), "win.palette", NULL);
  order.palette = find_palette (GTK_WIDGET (window));
  g_assert_nonnull (order.palette);
  g_assert_true (display_spin (is_in_order, &order));
  adw_dialog_force_close (ADW_DIALOG (order.palette));
  g_assert_true (display_spin (is_gone, window));
}

static void
test_order (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patient);
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "jane");

  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 900);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "SMITH, Jane");
  assert_order (window, "Show Summary", "Show Visits");
  workspace_usage_note (workspace_session_get_usage (fixture->session), "win.show::visits");
  assert_order (window, "Show Visits", "Show Summary");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
open_cb (GSimpleAction *action, GVariant *parameter, gpointer opened)
{
  g_string_assign (opened, g_variant_get_string (parameter, NULL));
}

static gboolean
has_opened (gpointer opened)
{
  return ((GString *) opened)->len > 0;
}

/* Enter at once after a name opens whom it finds, and not what stood there before. */
static void
test_enter_waits (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) open = g_simple_action_new ("open", G_VARIANT_TYPE_STRING);
  g_autoptr (GString) opened = g_string_new (NULL);

  care_fixture_write (&fixture->care, put_patient);
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "jane");
  g_signal_connect (open, "activate", G_CALLBACK (open_cb), opened);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (open));
  gtk_widget_insert_action_group (GTK_WIDGET (window), "app", G_ACTION_GROUP (actions));
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "SMITH, Jane");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.palette", NULL);
  GtkWidget *entry = display_find_child (find_palette (GTK_WIDGET (window)), GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "smith");
  g_signal_emit_by_name (entry, "activate");
  g_assert_true (display_spin (has_opened, opened));
  g_assert_cmpstr (opened->str, ==, "jane");
  g_assert_true (display_spin (is_gone, window));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* From a patient the pages of the clinic window are found too; they open there. */
static void
test_clinic_pages (DisplayFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *typed, *page;
  } cases[] = { { "unfin clinic", "unfinished" }, { "today", "today" }, { "lists", "patients" } };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) show = g_simple_action_new ("clinic-page", G_VARIANT_TYPE_STRING);
  g_autoptr (GString) opened = g_string_new (NULL);

  care_fixture_write (&fixture->care, put_patient);
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "jane");
  g_signal_connect (show, "activate", G_CALLBACK (open_cb), opened);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (show));
  gtk_widget_insert_action_group (GTK_WIDGET (window), "app", G_ACTION_GROUP (actions));
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "SMITH, Jane");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_string_truncate (opened, 0);
      gtk_widget_activate_action (GTK_WIDGET (window), "win.palette", NULL);
      GtkWidget *entry =
          display_find_child (find_palette (GTK_WIDGET (window)), GTK_TYPE_SEARCH_ENTRY);
      gtk_editable_set_text (GTK_EDITABLE (entry), cases[i].typed);
      g_signal_emit_by_name (entry, "activate");
      if (!display_spin (has_opened, opened))
        g_error ("“%s” opened nothing", cases[i].typed);
      g_assert_cmpstr (opened->str, ==, cases[i].page);
      g_assert_true (display_spin (is_gone, window));
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_letter (StoreConnection *connection, gpointer data, GError **error)
{
  put_patient (connection, NULL, error);
  care_fixture_put (connection,
                    "{'resourceType':'DocumentReference','id':'letter','status':'current',"
                    "'subject':{'reference':'Patient/jane'},'date':'2026-11-20T10:00:00Z',"
                    "'description':'Letter of the cardiologist','content':[{'attachment':{"
                    "'contentType':'text/plain','title':'Letter of the cardiologist','data':'SGk='"
                    "}}]}");
  care_fixture_put (connection,
                    "{'resourceType':'DocumentReference','id':'wrong','status':'entered-in-error',"
                    "'subject':{'reference':'Patient/jane'},'date':'2026-11-21T10:00:00Z',"
                    "'description':'Letter of the cardiologist to another','content':[{'attachment'"
                    ":{'contentType':'text/plain','data':'SGk='}}]}");
  care_fixture_put (connection,
                    "{'resourceType':'DocumentReference','id':'old','status':'superseded',"
                    "'subject':{'reference':'Patient/jane'},'date':'2026-11-19T10:00:00Z',"
                    "'description':'Letter of the cardiologist, draft','content':[{'attachment':{"
                    "'contentType':'text/plain','data':'SGk='}}]}");
  return TRUE;
}

static gboolean
shows_letter (gpointer window)
{
  GtkStack *pages = GTK_STACK (
      gtk_widget_get_template_child (window, WORKSPACE_TYPE_PATIENT_WINDOW, "page_stack"));

  return g_strcmp0 (gtk_stack_get_visible_child_name (pages), "documents") == 0;
}

/* A document of the open chart is found by its title and shown; another window has none. */
static void
test_document (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_letter);
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "jane");

  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 900);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "SMITH, Jane");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.palette", NULL);
  GtkWidget *palette = find_palette (GTK_WIDGET (window));
  GtkWidget *entry = display_find_child (palette, GTK_TYPE_SEARCH_ENTRY);
  /* by its date as well; what is wrong or superseded is no document to read in passing */
  gtk_editable_set_text (GTK_EDITABLE (entry), "cardiol 20-nov");
  display_assert_label (palette, "Document: Letter of the cardiologist");
  gtk_editable_set_text (GTK_EDITABLE (entry), "cardiol");
  display_assert_label (palette, "Document: Letter of the cardiologist");
  display_settle ();
  g_assert_null (display_find_label (palette, "to another"));
  g_assert_null (display_find_label (palette, "draft"));
  g_signal_emit_by_name (entry, "activate");
  g_assert_true (display_spin (shows_letter, window));
  g_assert_true (display_spin (is_gone, window));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What is chosen by a key stays chosen; what nobody pointed at is not. */
static void
test_choice (DisplayFixture *fixture, gconstpointer data)
{
  static const char *const lines[] = { "one", "two", "three", NULL };
  GtkSingleSelection *selection =
      gtk_single_selection_new (G_LIST_MODEL (gtk_string_list_new (lines)));
  g_autoptr (GtkWidget) list =
      g_object_ref_sink (gtk_list_view_new (GTK_SELECTION_MODEL (g_object_ref (selection)), NULL));
  g_autoptr (WorkspaceListChoice) choice =
      workspace_list_choice_new (GTK_LIST_VIEW (list), selection);

  g_assert_false (workspace_list_choice_move (choice, -1));
  g_assert_true (workspace_list_choice_move (choice, 1));
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 1);
  g_assert_true (workspace_list_choice_move (choice, 1));
  g_assert_false (workspace_list_choice_move (choice, 1));
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 2);
  workspace_list_choice_set (choice, 0);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 0);
  g_object_unref (selection);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/workspace/palette/order", DisplayFixture, NULL, display_fixture_set_up, test_order,
              display_fixture_tear_down);
  g_test_add ("/workspace/palette/enter-waits", DisplayFixture, NULL, display_fixture_set_up,
              test_enter_waits, display_fixture_tear_down);
  g_test_add ("/workspace/palette/clinic-pages", DisplayFixture, NULL, display_fixture_set_up,
              test_clinic_pages, display_fixture_tear_down);
  g_test_add ("/workspace/palette/document", DisplayFixture, NULL, display_fixture_set_up,
              test_document, display_fixture_tear_down);
  g_test_add ("/workspace/palette/choice", DisplayFixture, NULL, display_fixture_set_up,
              test_choice, display_fixture_tear_down);
  return g_test_run ();
}
