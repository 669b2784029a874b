/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-people.h"
#include "app-start.h"
#include "app-welcome.h"
#include "display-find.h"

/* Where to work: said, kept or asked; and what runs on this computer for it. */

typedef struct
{
  char *folder;
  GSettings *settings;
  AppClinicWindow *window;
  AppStart *start;
  guint gone;
} Fixture;

static void
go_cb (AppStart *start, gpointer data)
{
  ((Fixture *) data)->gone++;
}

static void
make_start (Fixture *fixture, AppStartOptions options)
{
  fixture->start = app_start_new (fixture->settings, fixture->window, &options);
  app_start_set_home (fixture->start, fixture->folder);
  g_signal_connect (fixture->start, "go", G_CALLBACK (go_cb), fixture);
}

static void
end_start (Fixture *fixture)
{
  app_start_stop (fixture->start);
  last_reference_drop (g_steal_pointer (&fixture->start));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *schemas = g_build_filename (g_getenv ("BEDSIDE_BUILD"), "data", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSettingsSchemaSource) source =
      g_settings_schema_source_new_from_directory (schemas, NULL, TRUE, &error);
  g_autoptr (GSettingsSchema) schema = NULL;

  g_assert_no_error (error);
  schema = g_settings_schema_source_lookup (source, "health.bedside.Workstation", FALSE);
  fixture->folder = g_dir_make_tmp ("bedside-start-XXXXXX", NULL);
  fixture->settings = g_settings_new_full (schema, NULL, NULL);
  g_settings_reset (fixture->settings, "place");
  g_settings_reset (fixture->settings, "server");
  g_settings_reset (fixture->settings, "user");
  fixture->window = app_clinic_window_new (NULL);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) rm = NULL;

  if (fixture->start)
    end_start (fixture);
  rm = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, "rm", "-rf", fixture->folder, NULL);
  g_subprocess_wait (rm, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  display_settle ();
  g_object_unref (fixture->settings);
  g_free (fixture->folder);
}

static gboolean
has_gone (gpointer fixture)
{
  return ((Fixture *) fixture)->gone > 0;
}

/* What the command line says is neither kept nor asked about. */
static void
test_told (Fixture *fixture, gconstpointer data)
{
  g_autofree char *place = NULL;

  make_start (fixture, (AppStartOptions) { .server = "https://hub.example", .user = "ann" });
  app_start_begin (fixture->start);
  g_assert_cmpuint (fixture->gone, ==, 1);
  g_assert_cmpstr (app_start_get_server (fixture->start), ==, "https://hub.example");
  g_assert_cmpstr (app_start_get_user (fixture->start), ==, "ann");
  g_assert_false (app_start_is_chosen_here (fixture->start));
  place = g_settings_get_string (fixture->settings, "place");
  g_assert_cmpstr (place, ==, "");
  end_start (fixture);
  make_start (fixture, (AppStartOptions) { .offline = TRUE });
  app_start_begin (fixture->start);
  g_assert_cmpuint (fixture->gone, ==, 2);
  g_assert_null (app_start_get_server (fixture->start));
}

/* Whoever takes over the computer works with the server that was chosen here, also the first time;
 * whose records lie here with the one of these. */
static void
test_switched (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "clinicians", NULL);
  const AppPerson known = { .account = (char *) "0000000000000001",
                            .server = (char *) "https://old.example",
                            .reference = (char *) "Practitioner/1",
                            .name = (char *) "Dr Ada Stone" };
  g_autofree char *theirs = NULL, *kept = NULL;

  g_assert_true (app_people_keep (path, &known, NULL));
  g_settings_set_string (fixture->settings, "place", "server");
  g_settings_set_string (fixture->settings, "server", "https://hub.example");
  make_start (fixture, (AppStartOptions) { .offline = TRUE });
  app_start_begin (fixture->start);
  theirs = app_start_dup_server_of (fixture->start, "0000000000000001");
  kept = app_start_dup_server_of (fixture->start, "0000000000000002");
  g_assert_cmpstr (theirs, ==, "https://old.example");
  g_assert_cmpstr (kept, ==, "https://hub.example");
  g_settings_set_string (fixture->settings, "place", "demo");
  g_assert_null (app_start_dup_server_of (fixture->start, "0000000000000002"));
}

static gpointer
welcome_of (Fixture *fixture)
{
  return display_find_child (GTK_WIDGET (fixture->window), APP_TYPE_WELCOME);
}

/* A server is asked for once, and from then on taken. */
static void
test_server (Fixture *fixture, gconstpointer data)
{
  make_start (fixture, (AppStartOptions) { 0 });
  app_start_begin (fixture->start);
  display_assert_label (fixture->window, "Welcome to Bedside");
  g_assert_cmpuint (fixture->gone, ==, 0);
  g_signal_emit_by_name (welcome_of (fixture), "server", "https://hub.example");
  g_assert_cmpuint (fixture->gone, ==, 1);
  g_assert_cmpstr (app_start_get_server (fixture->start), ==, "https://hub.example");
  end_start (fixture);

  make_start (fixture, (AppStartOptions) { 0 });
  app_start_begin (fixture->start);
  g_assert_cmpuint (fixture->gone, ==, 2);
  g_assert_cmpstr (app_start_get_server (fixture->start), ==, "https://hub.example");
  g_assert_true (app_start_is_chosen_here (fixture->start));
  /* and can be chosen anew */
  app_start_choose_again (fixture->start);
  display_assert_label (fixture->window, "Welcome to Bedside");
  g_assert_null (app_start_get_server (fixture->start));
  end_start (fixture);

  make_start (fixture, (AppStartOptions) { 0 });
  app_start_begin (fixture->start);
  g_assert_cmpuint (fixture->gone, ==, 2);
}

/* The demo clinic: a hub on this computer, that ends with the start. */
static void
test_demo (Fixture *fixture, gconstpointer data)
{
  g_autofree char *url = NULL;

  make_start (fixture, (AppStartOptions) { 0 });
  app_start_begin (fixture->start);
  g_signal_emit_by_name (welcome_of (fixture), "demo");
  display_assert_label (fixture->window, "Starting the Demo Clinic");
  g_assert_true (display_spin (has_gone, fixture));
  g_assert_true (g_str_has_prefix (app_start_get_server (fixture->start), "http://127.0.0.1:"));
  g_assert_cmpstr (app_start_get_user (fixture->start), ==, "doctor");
  g_assert_true (g_str_has_prefix (app_start_get_folder (fixture->start), fixture->folder));
  g_assert_true (g_str_has_prefix (app_start_get_key_file (fixture->start), fixture->folder));
  url = g_strdup (app_start_get_server (fixture->start));
  end_start (fixture);

  fixture->gone = 0;
  make_start (fixture, (AppStartOptions) { 0 });
  app_start_begin (fixture->start);
  g_assert_true (display_spin (has_gone, fixture));
  g_assert_cmpstr (app_start_get_server (fixture->start), ==, url);
}

static void
press_again (gpointer data)
{
  Fixture *fixture = data;

  app_start_choose_again (fixture->start);
  /* the first press still waits for the hub, and goes on by itself */
  g_assert_nonnull (app_start_get_server (fixture->start));
  fixture->gone = 0;
}

/* Pressed twice, the place is left once. */
static void
test_pressed_twice (Fixture *fixture, gconstpointer data)
{
  make_start (fixture, (AppStartOptions) { 0 });
  app_start_begin (fixture->start);
  g_signal_emit_by_name (welcome_of (fixture), "demo");
  g_assert_true (display_spin (has_gone, fixture));
  g_idle_add_once (press_again, fixture);
  app_start_choose_again (fixture->start);
  g_assert_cmpuint (fixture->gone, ==, 0);
  g_assert_null (app_start_get_server (fixture->start));
  display_assert_label (fixture->window, "Welcome to Bedside");
  app_start_choose_again (fixture->start);
  display_assert_label (fixture->window, "Welcome to Bedside");
}

/* Without the hub's program there is a sentence, and a way back. */
static void
test_no_hub (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kept = g_strdup (g_getenv ("BEDSIDE_HUB"));

  g_setenv ("BEDSIDE_HUB", "/nowhere/bedside-hub", TRUE);
  make_start (fixture, (AppStartOptions) { 0 });
  app_start_begin (fixture->start);
  g_signal_emit_by_name (welcome_of (fixture), "demo");
  display_assert_label (fixture->window, "The Clinic Does Not Start");
  display_assert_label (fixture->window, "Choose Another Clinic…");
  g_assert_cmpuint (fixture->gone, ==, 0);
  g_setenv ("BEDSIDE_HUB", kept, TRUE);
  app_start_begin (fixture->start);
  g_assert_true (display_spin (has_gone, fixture));
}

/* An authority's file that cannot be read is told before anything is asked of a server. */
static void
test_authority (Fixture *fixture, gconstpointer data)
{
  make_start (fixture, (AppStartOptions) { .server = "https://hub.example",
                                           .authority = "/nowhere/authority.pem" });
  app_start_begin (fixture->start);
  display_assert_label (fixture->window, "The Authority’s File Cannot Be Read");
  display_assert_label (fixture->window, "/nowhere/authority.pem");
  g_assert_cmpuint (fixture->gone, ==, 0);
}

/* A link comes before and while the question is asked; it never answers it. */
static void
test_link (Fixture *fixture, gconstpointer data)
{
  make_start (fixture, (AppStartOptions) { 0 });
  app_start_open_link (fixture->start, "bedside:connect?server=https%3A%2F%2Fhub.example");
  app_start_begin (fixture->start);
  display_wait_for (fixture->window, display_is_button, "Look at This Server");
  g_assert_cmpuint (fixture->gone, ==, 0);
  g_assert_null (app_start_get_server (fixture->start));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)
  ADD ("/app/start/told", test_told);
  ADD ("/app/start/switched", test_switched);
  ADD ("/app/start/server", test_server);
  ADD ("/app/start/demo", test_demo);
  ADD ("/app/start/pressed-twice", test_pressed_twice);
  ADD ("/app/start/no-hub", test_no_hub);
  ADD ("/app/start/authority", test_authority);
  ADD ("/app/start/link", test_link);
#undef ADD
  return g_test_run ();
}
