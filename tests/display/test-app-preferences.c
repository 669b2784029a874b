/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-preferences.h"

#include <gst/gst.h>

#include "app-report-dialog.h"
#include "display-find.h"

/* What windows keep by themselves, and nobody has to choose. */
static gboolean
is_kept_by_windows (const char *key)
{
  return g_str_has_suffix (key, "-width") || g_str_has_suffix (key, "-height") ||
         g_str_has_suffix (key, "-maximized");
}

/* Where to work is a question of the first start, and of “Choose Another Clinic”. */
static gboolean
is_of_the_start (const char *key)
{
  const char *const keys[] = { "place", "server", "user", "authority-file", NULL };

  return g_strv_contains (keys, key);
}

static GSettings *
open_settings (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("BEDSIDE_BUILD"), "data", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSettingsSchemaSource) source =
      g_settings_schema_source_new_from_directory (folder, NULL, FALSE, &error);
  g_assert_no_error (error);
  g_autoptr (GSettingsSchema) schema =
      g_settings_schema_source_lookup (source, "health.bedside.Workstation", FALSE);

  return g_settings_new_full (schema, NULL, NULL);
}

/* (transfer full): of a computer that nobody set up, or with @conf. */
static AppFleet *
make_fleet (const char *conf)
{
  g_autofree char *folder = g_dir_make_tmp ("bedside-preferences-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "fleet.conf", NULL);
  g_autofree char *kept = g_build_filename (folder, "kept", NULL);
  AppFleet *fleet;

  if (conf)
    g_assert_true (g_file_set_contents (path, conf, -1, NULL));
  fleet = app_fleet_new (path, kept);
  g_unlink (path);
  g_unlink (kept);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  return fleet;
}

static GtkWidget *
open_window (AppPreferences *preferences)
{
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "default-width", 700, "default-height", 800,
                                    "content", gtk_label_new ("below"), NULL);

  gtk_window_present (GTK_WINDOW (window));
  adw_dialog_present (ADW_DIALOG (preferences), window);
  return window;
}

typedef struct
{
  GtkWidget *window, *row;
} Wanted;

static gboolean
has_focus (gpointer data)
{
  Wanted *wanted = data;
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (wanted->window));

  return focus && (focus == wanted->row || gtk_widget_is_ancestor (focus, wanted->row));
}

/* The palette's lines lead to a part of the page. */
static void
test_show (void)
{
  static const struct
  {
    const char *key, *row;
  } cases[] = {
    { "visit-mirror", "mirror_row" },
    { "content-file", "file_row" },
    { "visit-echo-cancellation", "echo_row" },
  };
  g_autoptr (GSettings) settings = open_settings ();
  g_autoptr (MediaSources) sources = media_sources_new ();
  g_autoptr (AppFleet) fleet = make_fleet (NULL);
  AppPreferences *preferences = app_preferences_new (settings, sources, fleet);
  GtkWidget *window = open_window (preferences);

  display_assert_label (window, "Camera and Sound");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Wanted wanted = { window, GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (preferences),
                                                                           APP_TYPE_PREFERENCES,
                                                                           cases[i].row)) };

      g_test_message ("%s", cases[i].key);
      app_preferences_show (preferences, cases[i].key);
      g_assert_true (display_spin (has_focus, &wanted));
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Every setting of the schema is shown, or is one that windows keep by themselves or that says
 * where to work. */
static void
test_complete (void)
{
  g_autoptr (GSettings) settings = open_settings ();
  g_autoptr (MediaSources) sources = media_sources_new ();
  g_autoptr (AppFleet) fleet = make_fleet (NULL);
  AppPreferences *preferences = app_preferences_new (settings, sources, fleet);
  GtkWidget *window = open_window (preferences);
  g_auto (GStrv) shown = app_preferences_dup_keys (preferences);
  g_autoptr (GSettingsSchema) schema = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  g_auto (GStrv) keys = g_settings_schema_list_keys (schema);
  for (char **key = keys; *key; key++)
    if (!is_kept_by_windows (*key) && !is_of_the_start (*key) &&
        !g_strv_contains ((const char *const *) shown, *key))
      g_error ("nobody can change %s: it belongs into the table of app-preferences.c", *key);
  for (char **key = shown; *key; key++)
    g_assert_true (g_strv_contains ((const char *const *) keys, *key));
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkWidget *
get_row (gpointer window, const char *title)
{
  return display_wait_for (window, display_is_row, title);
}

/* What is chosen is kept at once, and what is kept elsewhere is seen here. */
static void
test_kept (void)
{
  g_autoptr (GSettings) settings = open_settings ();
  g_autoptr (MediaSources) sources = media_sources_new ();
  g_settings_set_string (settings, "visit-camera", "A <Camera> that is gone");
  g_autoptr (AppFleet) fleet = make_fleet (NULL);
  GtkWidget *window = open_window (app_preferences_new (settings, sources, fleet));

  display_assert_label (window, "“A <Camera> that is gone” is not connected");
  adw_combo_row_set_selected (ADW_COMBO_ROW (get_row (window, "Camera")), 0);
  g_autofree char *camera = g_settings_get_string (settings, "visit-camera");
  g_assert_cmpstr (camera, ==, "");
  adw_switch_row_set_active (ADW_SWITCH_ROW (get_row (window, "Show _me")), FALSE);
  g_assert_false (g_settings_get_boolean (settings, "visit-mirror"));
  adw_combo_row_set_selected (ADW_COMBO_ROW (get_row (window, "Corner of")), 2);
  g_assert_cmpint (g_settings_get_int (settings, "visit-corner"), ==, 2);
  g_settings_set_uint (settings, "content-days", 90);
  g_assert_cmpfloat (adw_spin_row_get_value (ADW_SPIN_ROW (get_row (window, "Days after"))), ==,
                     90);
  g_settings_set_string (settings, "content-file", "/srv/tables & more.sqlite");
  display_assert_label (window, "/srv/tables & more.sqlite");
  g_settings_reset (settings, "content-file");
  display_assert_label (window, "What comes with Bedside");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What the administrator set stands beside what one chooses, with who set it; where nobody set
 * anything there is no such page. */
static void
test_administrator (void)
{
  g_autoptr (GSettings) settings = open_settings ();
  g_autoptr (MediaSources) sources = media_sources_new ();
  g_autoptr (AppFleet) none = make_fleet (NULL);
  g_autoptr (AppFleet) fleet =
      make_fleet ("[administrator]\nname=IT of Riverside\n[policy]\nlock-minutes=5\n[end]\n");
  GtkWidget *window = open_window (app_preferences_new (settings, sources, none));

  display_assert_label (window, "Camera and Sound");
  g_assert_null (display_find (window, display_is_row, "Locks by itself"));
  gtk_window_destroy (GTK_WINDOW (window));

  AppPreferences *preferences = app_preferences_new (settings, sources, fleet);
  window = open_window (preferences);
  display_assert_label (window, "Camera and Sound"); /* what one may change comes first */
  adw_preferences_dialog_set_visible_page_name (ADW_PREFERENCES_DIALOG (preferences), "policies");
  display_assert_label (window, "Set by IT of Riverside");
  display_assert_label (window, "After 5 minutes without a key or the pointer");
  gtk_test_accessible_assert_state (get_row (window, "Locks by itself"),
                                    GTK_ACCESSIBLE_STATE_DISABLED, TRUE);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* ---- the report ---- */

static gboolean
is_written (gpointer path)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && strstr (text, "GTK: 4.18.6") != NULL;
}

/* What is written is what is read, and the server is named only when somebody says so. */
static void
test_report (void)
{
  g_autoptr (AppReport) report = app_report_new ();
  g_autofree char *folder = g_dir_make_tmp ("bedside-report-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "report.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  AppReportDialog *dialog = app_report_dialog_new ();
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "default-width", 700, "default-height", 700,
                                    "content", gtk_label_new ("below"), NULL);
  struct stat status;

  app_report_set_version (report, APP_REPORT_LIBRARY_GTK, "4.18.6");
  app_report_set_host (report, "hub.example.org");
  gtk_window_present (GTK_WINDOW (window));
  adw_dialog_present (ADW_DIALOG (dialog), window);
  app_report_dialog_set_report (dialog, report);
  g_autofree char *silent = app_report_dialog_dup_shown (dialog);
  g_assert_null (strstr (silent, "hub.example.org"));
  adw_switch_row_set_active (ADW_SWITCH_ROW (get_row (window, "Name the _server")), TRUE);
  g_autofree char *shown = app_report_dialog_dup_shown (dialog);
  g_assert_nonnull (strstr (shown, "name: hub.example.org"));

  app_report_dialog_write (dialog, file);
  g_assert_true (display_spin (is_written, path));
  display_assert_label (window, "The report was written to report.txt.");
  g_autofree char *written = NULL;
  g_assert_true (g_file_get_contents (path, &written, NULL, NULL));
  g_assert_cmpstr (written, ==, shown);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 077, ==, 0);

  g_autoptr (GFile) nowhere = g_file_get_child (file, "below-a-file.txt");
  app_report_dialog_write (dialog, nowhere);
  display_assert_label (window, "The report was not written: ");
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  adw_init ();
  g_test_add_func ("/app/preferences/show", test_show);
  g_test_add_func ("/app/preferences/complete", test_complete);
  g_test_add_func ("/app/preferences/kept", test_kept);
  g_test_add_func ("/app/preferences/administrator", test_administrator);
  g_test_add_func ("/app/report-dialog/written", test_report);
  return g_test_run ();
}
