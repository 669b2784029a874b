/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-autostart.h"

#include <glib/gstdio.h>

#include "fake-portal.h"

/* What starts at login: as a portal answers, and as a file of the desktop says. */

typedef struct
{
  FakePortal portal;
  char *folder, *autostart;
  AppAutostart *subject;
  GError *error;
  gboolean done;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer sandboxed)
{
  fake_portal_set_up (&fixture->portal);
  fixture->folder = g_dir_make_tmp ("bedside-autostart-XXXXXX", NULL);
  fixture->autostart = g_build_filename (fixture->folder, "autostart", NULL);
  fixture->subject = app_autostart_new_at (fixture->folder, fixture->autostart,
                                           fixture->portal.ours, sandboxed != NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) rm = NULL;

  g_chmod (fixture->folder, 0700);
  rm = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, "rm", "-rf", fixture->folder, NULL);
  g_subprocess_wait (rm, NULL, NULL);
  g_clear_error (&fixture->error);
  g_assert_finalize_object (fixture->subject);
  g_free (fixture->folder);
  g_free (fixture->autostart);
  fake_portal_tear_down (&fixture->portal);
}

static void
set_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  app_autostart_set_finish (APP_AUTOSTART (source), result, &fixture->error);
  fixture->done = TRUE;
}

static void
set (Fixture *fixture, gboolean active)
{
  g_clear_error (&fixture->error);
  fixture->done = FALSE;
  app_autostart_set_async (fixture->subject, active, NULL, set_cb, fixture);
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
}

/* @autostart: as the portal says it; -1: not at all */
static void
let_say (Fixture *fixture, int autostart)
{
  g_auto (GVariantDict) results = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&results, "background", "b", TRUE);
  if (autostart >= 0)
    g_variant_dict_insert (&results, "autostart", "b", autostart);
  g_clear_pointer (&fixture->portal.results, g_variant_unref);
  fixture->portal.results = g_variant_ref_sink (g_variant_dict_end (&results));
}

/* Off until it is chosen; on when the portal says so; off again. */
static void
test_portal (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) command = NULL;
  const char *reason = NULL;
  gboolean asked_for = FALSE, activatable = TRUE;

  g_assert_false (app_autostart_get_active (fixture->subject));
  g_assert_cmpuint (fixture->portal.asked, ==, 0);
  let_say (fixture, TRUE);
  set (fixture, TRUE);
  g_assert_no_error (fixture->error);
  g_assert_true (app_autostart_get_active (fixture->subject));
  g_assert_cmpstr (fixture->portal.method, ==, "RequestBackground");
  g_assert_true (g_variant_lookup (fixture->portal.options, "commandline", "^as", &command));
  g_assert_cmpstrv (command, ((const char *[]) { "bedside", "--serve-clinic", NULL }));
  g_assert_true (g_variant_lookup (fixture->portal.options, "reason", "&s", &reason));
  g_assert_nonnull (strstr (reason, "so that patients can reach it"));
  g_assert_true (g_variant_lookup (fixture->portal.options, "autostart", "b", &asked_for));
  g_assert_true (asked_for);
  g_assert_true (g_variant_lookup (fixture->portal.options, "dbus-activatable", "b", &activatable));
  g_assert_false (activatable);
  /* a later life of the program knows it */
  g_assert_finalize_object (fixture->subject);
  fixture->subject =
      app_autostart_new_at (fixture->folder, fixture->autostart, fixture->portal.ours, TRUE);
  g_assert_true (app_autostart_get_active (fixture->subject));
  let_say (fixture, FALSE);
  set (fixture, FALSE);
  g_assert_no_error (fixture->error);
  g_assert_false (app_autostart_get_active (fixture->subject));
  g_variant_lookup (fixture->portal.options, "autostart", "b", &asked_for);
  g_assert_false (asked_for);
  g_assert_false (g_file_test (fixture->autostart, G_FILE_TEST_EXISTS));
}

/* What is not granted is not shown as if it were, and each says what to do. */
static void
test_portal_says_no (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    FakePortalMood mood;
    int autostart, code;
    const char *words;
  } cases[] = {
    { FAKE_PORTAL_GRANT, FALSE, G_IO_ERROR_PERMISSION_DENIED, "Allow it in the system’s settings" },
    { FAKE_PORTAL_REFUSE, TRUE, G_IO_ERROR_PERMISSION_DENIED, "Allow it in the system’s settings" },
    { FAKE_PORTAL_GRANT, -1, G_IO_ERROR_FAILED, "Try again" },
    { FAKE_PORTAL_END, TRUE, G_IO_ERROR_FAILED, "Try again" },
    { FAKE_PORTAL_GARBAGE, TRUE, G_IO_ERROR_FAILED, "Try again" },
    { FAKE_PORTAL_ERROR, TRUE, G_IO_ERROR_FAILED, "Try again" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fixture->portal.mood = cases[i].mood;
      let_say (fixture, cases[i].autostart);
      set (fixture, TRUE);
      g_assert_error (fixture->error, G_IO_ERROR, cases[i].code);
      g_assert_nonnull (strstr (fixture->error->message, cases[i].words));
      g_assert_false (app_autostart_get_active (fixture->subject));
    }
}

/* No answer changes nothing; one that forbids it is also an end of it. */
static void
test_portal_off (Fixture *fixture, gconstpointer data)
{
  let_say (fixture, TRUE);
  set (fixture, TRUE);
  fixture->portal.mood = FAKE_PORTAL_END;
  set (fixture, FALSE);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_true (app_autostart_get_active (fixture->subject));
  fixture->portal.mood = FAKE_PORTAL_REFUSE;
  set (fixture, FALSE);
  g_assert_no_error (fixture->error);
  g_assert_false (app_autostart_get_active (fixture->subject));
}

static void
test_portal_missing (Fixture *fixture, gconstpointer data)
{
  fake_portal_leave (&fixture->portal);
  set (fixture, TRUE);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (fixture->error->message, "Open Bedside after you logged in"));
  g_assert_false (app_autostart_get_active (fixture->subject));
}

static void
test_portal_late (Fixture *fixture, gconstpointer data)
{
  fixture->portal.mood = FAKE_PORTAL_WAIT;
  let_say (fixture, TRUE);
  app_autostart_set_async (fixture->subject, TRUE, NULL, set_cb, fixture);
  fake_portal_settle (&fixture->portal);
  g_assert_false (fixture->done);
  g_assert_false (app_autostart_get_active (fixture->subject));
  fake_portal_answer (&fixture->portal, 0);
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (fixture->error);
  g_assert_true (app_autostart_get_active (fixture->subject));
}

/* ---- without a sandbox ---- */

static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path =
      g_build_filename (fixture->autostart, "health.bedside.Workstation.Clinic.desktop", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *command = NULL, *program = g_file_read_link ("/proc/self/exe", NULL);
  g_auto (GStrv) words = NULL;

  g_assert_false (app_autostart_get_active (fixture->subject));
  set (fixture, TRUE);
  g_assert_no_error (fixture->error);
  g_assert_true (app_autostart_get_active (fixture->subject));
  g_assert_cmpuint (fixture->portal.asked, ==, 0);
  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL));
  command = g_key_file_get_string (file, "Desktop Entry", "Exec", NULL);
  g_assert_true (g_shell_parse_argv (command, NULL, &words, NULL));
  g_assert_cmpstrv (words, ((const char *[]) { program, "--serve-clinic", NULL }));
  /* another program may switch it off */
  g_key_file_set_boolean (file, "Desktop Entry", "X-GNOME-Autostart-enabled", FALSE);
  g_assert_true (g_key_file_save_to_file (file, path, NULL));
  g_assert_false (app_autostart_get_active (fixture->subject));
  set (fixture, TRUE);
  g_assert_true (app_autostart_get_active (fixture->subject));
  set (fixture, FALSE);
  g_assert_no_error (fixture->error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  set (fixture, FALSE);
  g_assert_no_error (fixture->error);
}

static void
test_file_cannot (Fixture *fixture, gconstpointer data)
{
  g_assert_true (
      g_file_set_contents (fixture->autostart, "a file where a folder should be", -1, NULL));
  set (fixture, TRUE);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_nonnull (strstr (fixture->error->message, "does not start at login"));
  g_assert_false (app_autostart_get_active (fixture->subject));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, sandboxed, test)                                                                 \
  g_test_add ("/app/autostart/" name, Fixture, sandboxed, set_up, test, tear_down)
  ADD ("portal", "sandboxed", test_portal);
  ADD ("portal-says-no", "sandboxed", test_portal_says_no);
  ADD ("portal-off", "sandboxed", test_portal_off);
  ADD ("portal-missing", "sandboxed", test_portal_missing);
  ADD ("portal-late", "sandboxed", test_portal_late);
  ADD ("file", NULL, test_file);
  ADD ("file-cannot", NULL, test_file_cannot);
#undef ADD
  return g_test_run ();
}
