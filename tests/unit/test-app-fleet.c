/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-fleet.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define GOOD                                                                                       \
  "[administrator]\nname=IT of Riverside\ncontact=0123 456\n[policy]\ntheme=dark\n[end]\n"

typedef struct
{
  char *folder, *path, *kept;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bedside-fleet-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "fleet.conf", NULL);
  fixture->kept = g_build_filename (fixture->folder, "state", "fleet.conf", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *state = g_path_get_dirname (fixture->kept);

  g_unlink (fixture->path);
  g_unlink (fixture->kept);
  g_rmdir (state);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->kept);
}

static void
write_file (const char *path, const char *text)
{
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AppFleet) fleet = app_fleet_new (fixture->path, fixture->kept);

  g_assert_cmpint (app_fleet_get_state (fleet), ==, APP_FLEET_NONE);
  g_assert_null (app_fleet_get (fleet));
  g_assert_null (app_fleet_dup_set_by (fleet));
  g_assert_false (app_fleet_is_set (fleet, BASE_FLEET_THEME));
}

static void
test_good (Fixture *fixture, gconstpointer data)
{
  write_file (fixture->path, GOOD);
  g_autoptr (AppFleet) fleet = app_fleet_new (fixture->path, fixture->kept);
  g_autofree char *set_by = app_fleet_dup_set_by (fleet);

  g_assert_cmpint (app_fleet_get_state (fleet), ==, APP_FLEET_GOOD);
  g_assert_null (app_fleet_get_problem (fleet));
  g_assert_cmpstr (set_by, ==, "Set by IT of Riverside (0123 456)");
}

/* A slip in the file takes no rule away: what it said before stays in force, and the sentence names
 * the line and whom to tell. */
static void
test_kept (Fixture *fixture, gconstpointer data)
{
  write_file (fixture->path, GOOD);
  g_object_unref (app_fleet_new (fixture->path, fixture->kept));
  write_file (fixture->path, "[administrator]\nname=IT\n[policy]\ntheme=lig");
  g_autoptr (AppFleet) fleet = app_fleet_new (fixture->path, fixture->kept);

  g_assert_cmpint (app_fleet_get_state (fleet), ==, APP_FLEET_KEPT);
  g_assert_cmpstr (base_fleet_get_text (app_fleet_get (fleet), BASE_FLEET_THEME), ==, "dark");
  g_assert_nonnull (strstr (app_fleet_get_problem (fleet), "line 4"));
  g_assert_nonnull (strstr (app_fleet_get_problem (fleet), "Tell IT of Riverside."));
}

/* Never a good one: nothing opens, rather than everything without rules. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  write_file (fixture->path, "[poli");
  g_autoptr (AppFleet) fleet = app_fleet_new (fixture->path, fixture->kept);

  g_assert_cmpint (app_fleet_get_state (fleet), ==, APP_FLEET_REFUSED);
  g_assert_null (app_fleet_get (fleet));
  g_assert_nonnull (strstr (app_fleet_get_problem (fleet), "--check-config"));
  g_assert_false (g_file_test (fixture->kept, G_FILE_TEST_EXISTS));
}

static void
assert_refused (const char *path, const char *kept)
{
  g_autoptr (AppFleet) fleet = app_fleet_new (path, kept);

  g_assert_cmpint (app_fleet_get_state (fleet), ==, APP_FLEET_REFUSED);
  g_assert_null (app_fleet_get (fleet));
}

/* What cannot be reached is not what is not there: nobody gets rid of a rule by it. */
static void
test_out_of_reach (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->folder, "nowhere", NULL);
  g_autofree char *folder = g_build_filename (fixture->folder, "etc", NULL);
  g_autofree char *path = g_build_filename (folder, "fleet.conf", NULL);
  g_autoptr (AppFleet) none = app_fleet_new (path, fixture->kept);
  g_assert_cmpint (app_fleet_get_state (none), ==, APP_FLEET_NONE);

  g_assert_cmpint (symlink (nowhere, fixture->path), ==, 0);
  assert_refused (fixture->path, fixture->kept);
  g_assert_cmpint (symlink (nowhere, folder), ==, 0);
  assert_refused (path, fixture->kept);
  g_unlink (folder);

  write_file (folder, "in the way");
  assert_refused (path, fixture->kept);
  g_unlink (folder);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  write_file (path, GOOD);
  g_assert_cmpint (g_chmod (folder, 0), ==, 0);
  if (g_access (path, R_OK) != 0) /* root enters every folder */
    assert_refused (path, fixture->kept);
  g_assert_cmpint (g_chmod (folder, 0700), ==, 0);
  g_object_unref (app_fleet_new (path, fixture->kept));
  g_unlink (path);
  g_rmdir (folder);

  g_autoptr (AppFleet) kept = app_fleet_new (fixture->path, fixture->kept);
  g_assert_cmpint (app_fleet_get_state (kept), ==, APP_FLEET_KEPT);
}

static GString *printed;

static void
print (const char *text)
{
  g_string_append (printed, text);
}

static void
test_check (Fixture *fixture, gconstpointer data)
{
  g_autofree char *error_line = g_strconcat (fixture->path, ":4: error: lock-minutes: ", NULL);
  g_autofree char *warning_line = g_strconcat (fixture->path, ":5: warning: ", NULL);

  printed = g_string_new (NULL);
  write_file (fixture->path,
              "[administrator]\nname=IT\n[policy]\nlock-minutes=0\ncolour=red\n[end]\n");
  g_assert_cmpint (app_fleet_check_file (fixture->path, print), ==, 1);
  g_assert_nonnull (strstr (printed->str, error_line));
  g_assert_nonnull (strstr (printed->str, warning_line));
  g_assert_nonnull (strstr (printed->str, "cannot be used"));

  g_string_truncate (printed, 0);
  write_file (fixture->path, GOOD);
  g_assert_cmpint (app_fleet_check_file (fixture->path, print), ==, 0);
  g_assert_nonnull (strstr (printed->str, "can be used"));

  g_unlink (fixture->path);
  g_assert_cmpint (app_fleet_check_file (fixture->path, print), ==, 1);
  g_string_free (g_steal_pointer (&printed), TRUE);
}

/* A program of that name is on no computer where Bedside is a Flatpak. */
static void
test_command (void)
{
  g_autofree char *outside = app_fleet_dup_check_command ("/etc/bedside/fleet.conf", FALSE);
  g_autofree char *inside = app_fleet_dup_check_command ("/app/fleet/fleet.conf", TRUE);

  g_assert_cmpstr (outside, ==, "bedside --check-config /etc/bedside/fleet.conf");
  g_assert_cmpstr (inside, ==,
                   "flatpak run health.bedside.Workstation --check-config /app/fleet/fleet.conf");
}

#define WITH_AUTHORITY                                                                             \
  "[administrator]\nname=IT\n[server]\nurl=https://hub.example/\nauthority=own.pem\n[end]\n"

/* of nobody, and good for nothing else */
#define CERTIFICATE                                                                                \
  "-----BEGIN CERTIFICATE-----\n"                                                                  \
  "MIIBdTCCARugAwIBAgIUfYkYajq6U06kM8tMTMHgZIwR0hQwCgYIKoZIzj0EAwIw\n"                             \
  "DzENMAsGA1UEAwwEVGVzdDAgFw0yNjExMzAyMTQ5NDJaGA8yMTI2MTEwNjIxNDk0\n"                             \
  "MlowDzENMAsGA1UEAwwEVGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHYZ\n"                             \
  "RvHIYAGq63PlmE4iQCnXKQyKSq1/IhIhwWLmz1gxQw9OmXNgnfyBkVFJK7HA7xaB\n"                             \
  "ysf4ny6/3ionvTnmktejUzBRMB0GA1UdDgQWBBR9Q/lSx3PXXiU/KOU6rYhbiAFl\n"                             \
  "PTAfBgNVHSMEGDAWgBR9Q/lSx3PXXiU/KOU6rYhbiAFlPTAPBgNVHRMBAf8EBTAD\n"                             \
  "AQH/MAoGCCqGSM49BAMCA0gAMEUCIQDPN1Ir6UYPRxF8Q3WQedsKmUOydLKnhb5F\n"                             \
  "FlLXxH/7uwIgZZm0C466iWiwLcX2FA7O5HssxMkYF/BVNQmOuJ//1K4=\n"                                     \
  "-----END CERTIFICATE-----\n"

/* The clinic's own authority lies beside the file, and is looked for there when it is checked. */
static void
test_authority (Fixture *fixture, gconstpointer data)
{
  g_autofree char *own = g_build_filename (fixture->folder, "own.pem", NULL);
  g_autofree char *found = NULL;
  g_autofree char *of_kept = NULL;

  write_file (fixture->path, WITH_AUTHORITY);
  printed = g_string_new (NULL);
  g_assert_cmpint (app_fleet_check_file (fixture->path, print), ==, 1);
  g_assert_nonnull (strstr (printed->str, own));
  write_file (own, "BEGIN nothing");
  g_assert_cmpint (app_fleet_check_file (fixture->path, print), ==, 1);
  write_file (own, CERTIFICATE);
  g_string_truncate (printed, 0);
  g_assert_cmpint (app_fleet_check_file (fixture->path, print), ==, 0);
  g_assert_null (strstr (printed->str, "authority"));
  g_string_free (g_steal_pointer (&printed), TRUE);

  g_autoptr (AppFleet) fleet = app_fleet_new (fixture->path, fixture->kept);
  found = app_fleet_dup_authority (fleet);
  g_assert_cmpstr (found, ==, own);
  /* its last good copy lies elsewhere, and means the same file */
  write_file (fixture->path, "[poli");
  g_autoptr (AppFleet) kept = app_fleet_new (fixture->path, fixture->kept);
  g_assert_cmpint (app_fleet_get_state (kept), ==, APP_FLEET_KEPT);
  of_kept = app_fleet_dup_authority (kept);
  g_assert_cmpstr (of_kept, ==, own);
  g_unlink (own);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/app/fleet/none", Fixture, NULL, set_up, test_none, tear_down);
  g_test_add ("/app/fleet/good", Fixture, NULL, set_up, test_good, tear_down);
  g_test_add ("/app/fleet/kept", Fixture, NULL, set_up, test_kept, tear_down);
  g_test_add ("/app/fleet/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/app/fleet/out-of-reach", Fixture, NULL, set_up, test_out_of_reach, tear_down);
  g_test_add_func ("/app/fleet/command", test_command);
  g_test_add ("/app/fleet/authority", Fixture, NULL, set_up, test_authority, tear_down);
  g_test_add ("/app/fleet/check", Fixture, NULL, set_up, test_check, tear_down);
  return g_test_run ();
}
