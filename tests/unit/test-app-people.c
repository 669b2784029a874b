/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-people.h"

#include <glib/gstdio.h>

#include "app-restart.h"

static void
keep (const char *path, const char *account, const char *reference, const char *name)
{
  const AppPerson person = { (char *) account, (char *) "https://hub.example", (char *) reference,
                             (char *) name, (char *) "stone" };
  g_autoptr (GError) error = NULL;

  app_people_keep (path, &person, &error);
  g_assert_no_error (error);
}

static void
test_people (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bedside-people-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "clinicians", NULL);
  g_autoptr (GPtrArray) nobody = app_people_read (path);
  GStatBuf status;

  g_assert_cmpuint (nobody->len, ==, 0);
  keep (path, "0123456789abcdef", "Practitioner/1", "Dr Stone");
  keep (path, "fedcba9876543210", "Practitioner/2", "Dr Hill");
  keep (path, "0123456789abcdef", "Practitioner/1", "Dr Stone-Hill");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  g_autoptr (GPtrArray) people = app_people_read (path);
  g_assert_cmpuint (people->len, ==, 2);
  g_assert_cmpstr (((AppPerson *) people->pdata[0])->name, ==, "Dr Hill");
  g_assert_cmpstr (((AppPerson *) people->pdata[1])->name, ==, "Dr Stone-Hill");
  g_assert_cmpstr (app_people_find (people, "https://hub.example", "Practitioner/2")->account, ==,
                   "fedcba9876543210");
  g_assert_null (app_people_find (people, "https://other.example", "Practitioner/2"));
  g_assert_null (app_people_find (people, "https://hub.example", "Practitioner/3"));
  g_autofree char *login = app_people_dup_login (people, "fedcba9876543210");
  g_autofree char *nobody_s = app_people_dup_login (people, "0000000000000000");
  g_assert_cmpstr (login, ==, "stone");
  g_assert_null (nobody_s);
  g_unlink (path);
  g_rmdir (folder);
}

/* What the file says is no path: it cannot lead out of the folder of the stores. */
static void
test_hostile (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bedside-people-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "clinicians", NULL);
  static const char text[] = "[../../../etc]\nreference=Practitioner/1\nname=Eve\n"
                             "[0123456789ABCDEF]\nreference=Practitioner/1\nname=Eve\n"
                             "[0123456789abcde]\nreference=Practitioner/1\nname=Eve\n"
                             "[0123456789abcdef]\nname=Nobody\n"
                             "[00000000000000aa]\nreference=Practitioner/1\nname=Dr Stone\n";

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_autoptr (GPtrArray) people = app_people_read (path);
  g_assert_cmpuint (people->len, ==, 1);
  g_assert_cmpstr (((AppPerson *) people->pdata[0])->name, ==, "Dr Stone");
  g_assert_false (app_people_is_account (NULL));
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_new_account (void)
{
  g_autofree char *one = app_people_new_account ();
  g_autofree char *two = app_people_new_account ();

  g_assert_true (app_people_is_account (one));
  g_assert_cmpstr (one, !=, two);
}

/* Of what said whose records were open nothing is left over. */
static void
test_arguments (void)
{
  static const char *const started[] = { "bedside",
                                         "--server",
                                         "https://hub.example",
                                         "--user",
                                         "stone",
                                         "--data",
                                         "/x",
                                         "--account=1",
                                         "--account",
                                         "2",
                                         "--today=2026-11-09",
                                         NULL };
  g_auto (GStrv) again = app_restart_make_arguments ((char **) started, "0123456789abcdef", FALSE);
  g_auto (GStrv) same = app_restart_make_arguments ((char **) started, NULL, FALSE);
  g_autofree char *joined = g_strjoinv (" ", again);

  g_assert_cmpstr (joined, ==,
                   "bedside --server https://hub.example --today=2026-11-09 --account "
                   "0123456789abcdef");
  g_assert_cmpuint (g_strv_length (same), ==, g_strv_length ((char **) started));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/people/kept", test_people);
  g_test_add_func ("/app/people/hostile", test_hostile);
  g_test_add_func ("/app/people/new-account", test_new_account);
  g_test_add_func ("/app/people/arguments", test_arguments);
  return g_test_run ();
}
