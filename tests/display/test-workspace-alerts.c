/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-alerts.h"

#include "display-fixture.h"
#include "workspace-banner.h"

/* The banner's alerts, and the patient's picture. */

#define FLAG(id, members)                                                                          \
  "{'resourceType':'Flag','id':'" id                                                               \
  "','status':'active','subject':{'reference':'Patient/jane'}," members "}"
#define SAFETY                                                                                     \
  "'category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/flag-category',"        \
  "'code':'safety'}]}]"

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane'],'prefix':['Mrs']}]}");
  return TRUE;
}

static gboolean
put_interpreter (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, FLAG ("interpreter", "'code':{'text':'Needs an interpreter'},"
                                                     "'period':{'start':'2026-10-01'},'author':{"
                                                     "'display':'Dr Ada Stone'}"));
  return TRUE;
}

static gboolean
put_others (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, FLAG ("fall", SAFETY ",'code':{'text':'Fall risk'}"));
  care_fixture_put (connection, FLAG ("secret", "'code':{'text':'Secret'},'modifierExtension':[{"
                                                "'url':'urn:not','valueBoolean':true}]"));
  return TRUE;
}

static gboolean
end_all (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Flag','id':'interpreter','status':'inactive',"
                                "'subject':{'reference':'Patient/jane'},'code':{'text':'x'}}");
  return TRUE;
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
button_of (gpointer window, const char *text)
{
  GtkWidget *banner = display_find_child (GTK_WIDGET (window), WORKSPACE_TYPE_BANNER);

  display_assert_label (banner, text);
  return gtk_widget_get_ancestor (display_find_label (banner, text), GTK_TYPE_BUTTON);
}

static void
assert_heard (GtkWidget *widget, const char *expected)
{
  g_autofree char *mismatch =
      gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                          expected);

  g_assert_cmpstr (mismatch, ==, NULL);
}

static gboolean
has_no_alerts (gpointer window)
{
  return !gtk_widget_get_mapped (display_find_child (window, WORKSPACE_TYPE_ALERTS));
}

/* Not there without one; a chip says what, and to a screen reader also since when and by whom. */
static void
test_one (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patient);
  WorkspacePatientWindow *window = open_window (fixture, 1280);
  GtkWidget *chip;

  g_assert_true (has_no_alerts (window));
  care_fixture_write (&fixture->care, put_interpreter);
  chip = button_of (window, "Needs an interpreter");
  assert_heard (chip, "Alert: Needs an interpreter. Since 01-Oct-2026 · Dr Ada Stone · source: the "
                      "clinic’s record");
  g_signal_emit_by_name (chip, "clicked");
  display_assert_label (window, "Alerts · 1"); /* the page that has it */
  care_fixture_write (&fixture->care, end_all);
  g_assert_true (display_spin (has_no_alerts, window));
  display_assert_label (window, "Past Alerts · 1");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_no_dialog (gpointer window)
{
  return adw_application_window_get_visible_dialog (window) == NULL;
}

static gboolean
shows_withheld (gpointer banner)
{
  return display_find_label (banner, "Alert that cannot be shown") != NULL;
}

/* Safety first, two at most, and the others behind one more; what is withheld is counted. */
static void
test_many (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patient);
  care_fixture_write (&fixture->care, put_interpreter);
  care_fixture_write (&fixture->care, put_others);
  WorkspacePatientWindow *window = open_window (fixture, 360);
  GtkWidget *banner = display_find_child (GTK_WIDGET (window), WORKSPACE_TYPE_BANNER), *more,
            *dialog, *line;

  assert_heard (button_of (window, "Fall risk"),
                "Safety alert: Fall risk. Since when is not recorded · Author not recorded · "
                "source: the clinic’s record");
  g_assert_true (display_spin (shows_withheld, banner));
  g_assert_null (display_find_label (banner, "Needs an interpreter"));
  more = button_of (window, "1 more");
  assert_heard (more, "1 more alert: show all");
  g_signal_emit_by_name (more, "clicked");
  dialog = GTK_WIDGET (adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)));
  display_assert_label (dialog, "Since 01-Oct-2026 · Dr Ada Stone");
  display_assert_label (dialog, "Safety");
  g_assert_null (display_find_label (GTK_WIDGET (window), "Secret"));
  line = gtk_widget_get_ancestor (display_find_label (dialog, "Needs an interpreter"),
                                  ADW_TYPE_ACTION_ROW);
  adw_action_row_activate (ADW_ACTION_ROW (line));
  g_assert_true (display_spin (has_no_dialog, window));
  display_assert_label (window, "Alerts · 2");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* ---- the picture ---- */

/* A red point, 1 by 1. */
#define PNG                                                                                        \
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg" \
  "=="

static const char *photo;

static gboolean
put_photo (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['"
                       "Jane'],'prefix':['Mrs']}],'photo':[{'contentType':'image/png','data':'%s'}]"
                       "}",
                       photo);

  care_fixture_put (connection, text);
  return TRUE;
}

static gboolean
has_avatar (gpointer window)
{
  return display_find_child (GTK_WIDGET (window), ADW_TYPE_AVATAR) != NULL;
}

static AdwAvatar *
avatar_of (gpointer window)
{
  g_assert_true (display_spin (has_avatar, window));
  return ADW_AVATAR (display_find_child (GTK_WIDGET (window), ADW_TYPE_AVATAR));
}

static gboolean
has_picture (gpointer window)
{
  return adw_avatar_get_custom_image (avatar_of (window)) != NULL;
}

static gboolean
has_none (gpointer window)
{
  return !has_picture (window);
}

/* It comes after the window, and one that was taken out goes. */
static void
test_photo (DisplayFixture *fixture, gconstpointer data)
{
  photo = PNG;
  care_fixture_write (&fixture->care, put_photo);
  WorkspacePatientWindow *window = open_window (fixture, 1280);
  g_assert_cmpstr (adw_avatar_get_text (avatar_of (window)), ==, "Jane SMITH");
  g_assert_true (display_spin (has_picture, window));
  care_fixture_write (&fixture->care, put_patient);
  g_assert_true (display_spin (has_none, window));
  gtk_window_destroy (GTK_WINDOW (window));
}

typedef struct
{
  gint64 until;
} Pause;

static gboolean
is_over (gpointer data)
{
  return g_get_monotonic_time () > ((Pause *) data)->until;
}

/* Bytes that are no picture, and those that end the program that draws, leave the initials: no word
 * is said of it, and a good one is shown when it comes. */
static void
test_no_photo (DisplayFixture *fixture, gconstpointer data)
{
  static const char *const faults[] = { "", "crash", "crash-page" };

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      photo = i == 0 ? "bm8gcGljdHVyZQ==" : PNG;
      g_setenv ("BEDSIDE_RENDER_FAULT", faults[i], TRUE);
      care_fixture_write (&fixture->care, put_photo);
      WorkspacePatientWindow *window = open_window (fixture, 1280);
      display_spin (is_over, &(Pause) { g_get_monotonic_time () + G_TIME_SPAN_SECOND });
      g_assert_true (has_none (window));
      g_assert_true (adw_avatar_get_show_initials (avatar_of (window)));
      g_unsetenv ("BEDSIDE_RENDER_FAULT");
      photo = PNG;
      care_fixture_write (&fixture->care, put_patient);
      care_fixture_write (&fixture->care, put_photo);
      g_assert_true (display_spin (has_picture, window));
      gtk_window_destroy (GTK_WINDOW (window));
      display_settle ();
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/workspace/alerts/one", test_one);
  display_add ("/workspace/alerts/many", test_many);
  display_add ("/workspace/alerts/photo", test_photo);
  display_add ("/workspace/alerts/no-photo", test_no_photo);
  return g_test_run ();
}
