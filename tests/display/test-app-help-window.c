/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-help-window.h"

#include "app-clinic-window.h"
#include "app-help-topic.h"
#include "app-report-dialog.h"
#include "app-server-dialog.h"
#include "display-find.h"
#include "workspace-keys.h"

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith',"
                                "'given':['Jane']}]}");
  return TRUE;
}

static AppHelpBook *
make_book (void)
{
  return app_help_book_new ((const char *[]) { "en", NULL });
}

typedef struct
{
  AppHelpBook *book;
  gpointer window;
  const char *page; /* "": any but the first */
  const char *found;
} Topic;

static gboolean
is_topic (gpointer data)
{
  Topic *self = data;

  self->found = app_help_topic_find (self->book, self->window);
  return *self->page ? g_str_equal (self->found, self->page)
                     : !g_str_equal (self->found, APP_HELP_FIRST);
}

static void
assert_topic (AppHelpBook *book, gpointer window, const char *page)
{
  Topic topic = { book, window, page, NULL };

  if (!display_spin (is_topic, &topic))
    g_error ("F1 opens “%s” and not “%s”", topic.found, page);
}

/* The page for all of a feature, which holds where nothing in it says more. */
static const char *
page_of (AppHelpBook *book, WorkspaceFeature *feature)
{
  g_autofree char *name = g_strdup (workspace_feature_get_id (feature));
  const char *page;

  *name = g_ascii_toupper (*name);
  page = app_help_book_find_screen (book, name);
  if (!page)
    g_error ("no page of the help is for %s", name);
  return page;
}

/* Every page of the clinic window and every page and pane of a patient's has one that explains it,
 * and F1 finds it. */
static void
test_offers (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (AppHelpBook) book = make_book ();
  GListModel *features = workspace_session_get_features (fixture->session);
  AppClinicWindow *clinic = app_clinic_window_new (NULL);
  guint n_clinic = 0, n_patient = 0;

  care_fixture_write (&fixture->care, put_patient);
  app_clinic_window_set_session (clinic, fixture->session);
  gtk_window_present (GTK_WINDOW (clinic));
  WorkspacePatientWindow *patient = workspace_patient_window_new (NULL, fixture->session, "jane");
  gtk_window_present (GTK_WINDOW (patient));
  display_assert_label (patient, "SMITH, Jane");
  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      gsize n_offers = 0;
      const WorkspaceOffer *offers = workspace_feature_get_offers (feature, &n_offers);

      for (gsize n = 0; n < n_offers; n++)
        if (offers[n].place == WORKSPACE_PLACE_CLINIC)
          {
            g_test_message ("clinic: %s", offers[n].id);
            app_clinic_window_show_page (clinic, offers[n].id);
            gtk_window_set_focus (GTK_WINDOW (clinic), NULL);
            assert_topic (book, clinic, page_of (book, feature));
            n_clinic++;
          }
        else
          {
            g_test_message ("patient: %s", offers[n].id);
            workspace_patient_window_show (patient, offers[n].id);
            gtk_window_set_focus (GTK_WINDOW (patient), NULL);
            assert_topic (book, patient,
                          offers[n].place == WORKSPACE_PLACE_PATIENT_PAGE ? page_of (book, feature)
                                                                          : "");
            n_patient++;
          }
    }
  g_assert_cmpuint (n_clinic, >=, 4);
  g_assert_cmpuint (n_patient, >=, 10);
  gtk_window_destroy (GTK_WINDOW (patient));
  gtk_window_destroy (GTK_WINDOW (clinic));
}

/* What stands over a window is explained, not the window below it. */
static void
test_dialogs (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (AppHelpBook) book = make_book ();
  AppClinicWindow *clinic = app_clinic_window_new (NULL);
  AdwDialog *const dialogs[] = { app_server_dialog_new (NULL, NULL),
                                 workspace_keys_new (fixture->session, WORKSPACE_SCOPE_CLINIC),
                                 ADW_DIALOG (app_report_dialog_new ()) };
  const char *const pages[] = { "offline", "keyboard", "check" };

  g_assert_cmpstr (app_help_topic_find (book, NULL), ==, APP_HELP_FIRST);
  app_clinic_window_set_session (clinic, fixture->session);
  gtk_window_present (GTK_WINDOW (clinic));
  assert_topic (book, clinic, "today");
  for (gsize i = 0; i < G_N_ELEMENTS (dialogs); i++)
    {
      adw_dialog_present (dialogs[i], GTK_WIDGET (clinic));
      assert_topic (book, clinic, pages[i]);
      adw_dialog_force_close (dialogs[i]);
      assert_topic (book, clinic, "today");
    }
  gtk_window_destroy (GTK_WINDOW (clinic));
}

/* ---- the window ---- */

static AppHelpWindow *
open_help (AppHelpBook *book, const char *page)
{
  AppHelpWindow *help = app_help_window_new (NULL, book);

  app_help_window_show (help, page);
  gtk_window_present (GTK_WINDOW (help));
  return help;
}

/* Contents, links, back: where one was is where one comes back to. */
static void
test_pages (void)
{
  g_autoptr (AppHelpBook) book = make_book ();
  AppHelpWindow *help = open_help (book, "visit");
  gboolean followed = FALSE;

  display_assert_label (help, "Hanging up ends a call");
  GtkWidget *link = display_find_label (GTK_WIDGET (help), "When picture or sound fail");
  g_signal_emit_by_name (link, "activate-link", "call", &followed);
  g_assert_true (followed);
  g_assert_cmpstr (app_help_window_get_page (help), ==, "call");
  display_assert_label (help, "What the five sentences mean");
  gtk_widget_activate_action (GTK_WIDGET (help), "help.back", NULL);
  g_assert_cmpstr (app_help_window_get_page (help), ==, "visit");
  gtk_widget_activate_action (GTK_WIDGET (help), "help.back", NULL); /* nothing before it */
  g_assert_cmpstr (app_help_window_get_page (help), ==, "visit");
  app_help_window_show (help, "no such page");
  g_assert_cmpstr (app_help_window_get_page (help), ==, APP_HELP_FIRST);
  gtk_window_destroy (GTK_WINDOW (help));
}

static GtkWidget *
find_entry (AppHelpWindow *help)
{
  return display_find_child (GTK_WIDGET (help), GTK_TYPE_SEARCH_ENTRY);
}

/* Enter goes to what stands first for what is typed by then, and what is not there is said. */
static void
test_search (void)
{
  g_autoptr (AppHelpBook) book = make_book ();
  AppHelpWindow *help = open_help (book, "start");

  display_assert_label (help, "Your first visit");
  gtk_widget_activate_action (GTK_WIDGET (help), "help.search", NULL);
  g_assert_true (
      gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (help)), find_entry (help)));
  gtk_editable_set_text (GTK_EDITABLE (find_entry (help)), "chain of entries");
  g_signal_emit_by_name (find_entry (help), "activate");
  g_assert_cmpstr (app_help_window_get_page (help), ==, "privacy");
  display_assert_label (help, "in the keyring of your desktop");
  gtk_editable_set_text (GTK_EDITABLE (find_entry (help)), "xylophone");
  display_assert_label (help, "Nothing Found");
  gtk_test_accessible_assert_state (find_entry (help), GTK_ACCESSIBLE_STATE_INVALID,
                                    GTK_ACCESSIBLE_INVALID_TRUE);
  g_signal_emit_by_name (find_entry (help), "activate");
  g_assert_cmpstr (app_help_window_get_page (help), ==, "privacy");
  gtk_editable_set_text (GTK_EDITABLE (find_entry (help)), "");
  display_assert_label (help, "First steps");
  gtk_window_destroy (GTK_WINDOW (help));
}

static int
get_height (AppHelpWindow *help)
{
  GtkWidget *label = display_find_label (GTK_WIDGET (help), "Bedside has two kinds of window");
  int height = 0;

  gtk_widget_measure (label, GTK_ORIENTATION_VERTICAL, 300, NULL, &height, NULL, NULL);
  return height;
}

/* The text gets larger, to an end; headings are headings to a screen reader. */
static void
test_text (void)
{
  g_autoptr (AppHelpBook) book = make_book ();
  AppHelpWindow *help = open_help (book, "start");

  display_assert_label (help, "Bedside has two kinds of window");
  int before = get_height (help);
  for (int i = 0; i < 30; i++)
    gtk_widget_activate_action (GTK_WIDGET (help), "help.scale", "s", "larger");
  display_assert_label (help, "Bedside has two kinds of window");
  g_assert_cmpint (get_height (help), >, before);
  gtk_widget_activate_action (GTK_WIDGET (help), "help.scale", "s", "normal");
  display_assert_label (help, "Bedside has two kinds of window");
  g_assert_cmpint (get_height (help), ==, before);
  GtkWidget *heading = display_find_label (GTK_WIDGET (help), "Your first visit");
  g_assert_cmpint (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (heading)), ==,
                   GTK_ACCESSIBLE_ROLE_HEADING);
  gtk_window_destroy (GTK_WINDOW (help));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/app/help-topic/offers", test_offers);
  display_add ("/app/help-topic/dialogs", test_dialogs);
  g_test_add_func ("/app/help-window/pages", test_pages);
  g_test_add_func ("/app/help-window/search", test_search);
  g_test_add_func ("/app/help-window/text", test_text);
  return g_test_run ();
}
