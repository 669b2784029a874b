/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-founding.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app-local-hub.h"
#include "hub-program.h"

/* A small clinic, from the form to a hub that serves it. */

#define PASSWORD "a password of tests"

typedef struct
{
  char *folder;
  GAsyncResult *result;
  char *url;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bedside-founding-XXXXXX", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->result);
  hub_program_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->url);
}

static void
keep_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  ((Fixture *) data)->result = g_object_ref (result);
}

/* (transfer full) (nullable): the administrator's password */
static char *
found (Fixture *fixture, GError **error)
{
  AppFounder *founder =
      app_founder_new (" Harbour Practice ", "Dr “Ann” Stone", "ann", "prescriber", PASSWORD);

  g_clear_object (&fixture->result);
  app_founding_async (fixture->folder, founder, NULL, keep_cb, fixture);
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return app_founding_finish (fixture->result, error);
}

static void
test_form (void)
{
  static const struct
  {
    const char *clinic, *name, *login, *password, *again, *part;
  } forms[] = {
    { "Practice", "Dr Stone", "ann", PASSWORD, PASSWORD, NULL },
    { "  ", "Dr Stone", "ann", PASSWORD, PASSWORD, "clinic needs a name" },
    { "Practice", "", "ann", PASSWORD, PASSWORD, "name is missing" },
    { "Practice", "Dr Stone", "", PASSWORD, PASSWORD, "small letters" },
    { "Practice", "Dr Stone", "Ann Stone", PASSWORD, PASSWORD, "small letters" },
    { "Practice", "Dr Stone", "--help", PASSWORD, PASSWORD, "small letters" },
    { "Practice", "Dr Stone", "admin", PASSWORD, PASSWORD, "administrator" },
    { "Practice", "Dr Stone", "ann", "seven77", "seven77", "8 characters" },
    { "Practice", "Dr Stone", "ann", "two\nlines of it", "two\nlines of it", "one line" },
    { "Practice", "Dr Stone", "ann", PASSWORD, "another one", "not the same" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (AppFounder) founder =
          app_founder_new (forms[i].clinic, forms[i].name, forms[i].login, "prescriber",
                           forms[i].password);
      const char *missing = app_founder_check (founder, forms[i].again);

      g_test_message ("%u: %s", (guint) i, missing);
      g_assert_true ((missing != NULL) == (forms[i].part != NULL));
      g_assert_true (missing == NULL || strstr (missing, forms[i].part) != NULL);
    }
}

static void
ready_cb (AppLocalHub *hub, const char *url, gpointer data)
{
  g_set_str (&((Fixture *) data)->url, url);
}

static void
wait_ready (Fixture *fixture)
{
  for (gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC; fixture->url == NULL;)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
}

/* Who founded it has an account and a record, and is let in with the password alone. */
static void
test_founds (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "data", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *administrator = found (fixture, &error);
  g_auto (HubResult) users =
      hub_program_run (NULL, "user", "list", "--data", folder, "--json", NULL);
  g_auto (HubResult) token =
      hub_program_run (NULL, "token", "--data", folder, "--user", "ann", "--json", NULL);
  g_autoptr (AppLocalHub) hub = app_local_hub_new (fixture->folder, FALSE);

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (administrator), >=, 8);
  g_assert_cmpint (users.status, ==, 0);
  g_assert_nonnull (strstr (users.out, "Dr “Ann” Stone"));
  g_assert_nonnull (strstr (users.out, "\"prescriber\""));
  g_assert_nonnull (strstr (users.out, "\"admin\""));
  g_assert_nonnull (strstr (token.out, "\"Practitioner/"));
  g_assert_null (strstr (users.out, PASSWORD));

  g_signal_connect (hub, "ready", G_CALLBACK (ready_cb), fixture);
  app_local_hub_start (hub);
  wait_ready (fixture);
  app_local_hub_stop (hub);
}

/* A founding that was cut short is done again; one that was finished is not. */
static void
test_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = found (fixture, &error);
  g_autofree char *second = found (fixture, &error);
  g_autofree char *third = NULL, *login = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (first, !=, second);
  g_assert_null (app_founding_dup_login (fixture->folder));
  g_assert_true (app_founding_keep (fixture->folder, "ann", &error));
  login = app_founding_dup_login (fixture->folder);
  g_assert_cmpstr (login, ==, "ann");
  third = found (fixture, &error);
  g_assert_null (third);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
}

/* (transfer full) (nullable): the colleague's password */
static char *
invite (Fixture *fixture, const char *login, GError **error)
{
  g_clear_object (&fixture->result);
  app_founding_add_colleague_async (fixture->folder,
                                    app_founder_new ("", "Nurse Bell", login, "nurse", ""), NULL,
                                    keep_cb, fixture);
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return app_founding_finish (fixture->result, error);
}

/* A colleague comes in while the clinic is served; whoever is there already is left alone. */
static void
test_colleague (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "data", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *administrator = found (fixture, &error);
  g_autoptr (AppLocalHub) hub = app_local_hub_new (fixture->folder, FALSE);
  g_autofree char *password = NULL, *again = NULL;
  g_auto (HubResult) token = { 0 };

  g_assert_no_error (error);
  g_signal_connect (hub, "ready", G_CALLBACK (ready_cb), fixture);
  app_local_hub_start (hub);
  wait_ready (fixture);
  password = invite (fixture, "bell", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (password), >=, 8);
  token = hub_program_run (NULL, "token", "--data", folder, "--user", "bell", "--json", NULL);
  g_assert_nonnull (strstr (token.out, "\"Practitioner/"));
  g_assert_nonnull (strstr (token.out, "\"nurse\""));
  again = invite (fixture, "ann", &error);
  g_assert_null (again);
  g_assert_nonnull (strstr (error->message, "already"));
  app_local_hub_stop (hub);
}

/* A password that nobody was told belongs to no account: the next try makes one. */
static void
test_cut_short (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "data", NULL);
  g_autofree char *obstacle = g_build_filename (fixture->folder, "founding.json", NULL);
  g_autoptr (GError) error = NULL, no_error = NULL;
  g_autofree char *administrator = found (fixture, &no_error);
  g_autofree char *lost = NULL, *password = NULL;
  g_auto (HubResult) users = { 0 };

  g_assert_no_error (no_error);
  g_assert_cmpint (g_mkdir (obstacle, 0700), ==, 0);
  lost = invite (fixture, "bell", &error);
  g_assert_null (lost);
  g_assert_nonnull (error);
  users = hub_program_run (NULL, "user", "list", "--data", folder, "--json", NULL);
  g_assert_nonnull (strstr (users.out, "\"ann\""));
  g_assert_null (strstr (users.out, "\"bell\""));

  g_assert_cmpint (g_rmdir (obstacle), ==, 0);
  password = invite (fixture, "bell", &no_error);
  g_assert_no_error (no_error);
  g_assert_cmpuint (strlen (password), >=, 8);
}

/* What the hub says against it is told. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *data_file = g_build_filename (fixture->folder, "data", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *password = NULL;

  g_assert_true (g_file_set_contents (data_file, "in the way", -1, NULL));
  password = found (fixture, &error);
  g_assert_null (password);
  g_assert_nonnull (strstr (error->message, "Its server says"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/founding/form", test_form);
  g_test_add ("/app/founding/founds", Fixture, NULL, set_up, test_founds, tear_down);
  g_test_add ("/app/founding/twice", Fixture, NULL, set_up, test_twice, tear_down);
  g_test_add ("/app/founding/colleague", Fixture, NULL, set_up, test_colleague, tear_down);
  g_test_add ("/app/founding/cut-short", Fixture, NULL, set_up, test_cut_short, tear_down);
  g_test_add ("/app/founding/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run ();
}
