/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>

#include "app-code.h"
#include "app-removal.h"
#include "care-fixture.h"
#include "store-draft.h"

/* The records of Dr Hill on this computer, closed: a prescription and a vaccination that no server
 * has, a draft, and a code. XDG_DATA_HOME is a folder of the test's own. */

#define REMOVAL_HILL "0000000000000002"
#define REMOVAL_CODE "three-owls"

typedef struct
{
  char *folder, *people, *keys, *key, *records, *file;
  BaseClock *clock;
  AppPerson *hill;
  gboolean answered, good;
  GError *error;
} RemovalFixture;

static inline void
removal_wait (RemovalFixture *fixture)
{
  while (!fixture->answered)
    g_main_context_iteration (NULL, TRUE);
}

static inline void
removal_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RemovalFixture *fixture = user_data;

  g_assert_true (app_account_open_finish (APP_ACCOUNT (source), result, NULL));
  fixture->answered = TRUE;
}

static inline AppAccount *
removal_open_account (RemovalFixture *fixture)
{
  AppAccount *account =
      app_account_new (fixture->records, "http://127.0.0.1:1", "hill", fixture->keys);

  fixture->answered = FALSE;
  app_account_open_async (account, fixture->clock, NULL, removal_opened_cb, fixture);
  removal_wait (fixture);
  return account;
}

static inline gboolean
removal_write_draft (StoreConnection *connection, gpointer id, GError **error)
{
  return store_draft_save (connection, id, "note", "jane", "Practitioner/hill", NULL,
                           "Sore throat for three days", error);
}

static inline gboolean
removal_write_unsent (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'MedicationRequest','id':'m1','status':'active',"
                    "'intent':'order','subject':{'reference':'Patient/jane'},"
                    "'medicationCodeableConcept':{'text':'amoxicillin 500 mg capsule'}}");
  return store_journal_append (connection, "g1", STORE_JOURNAL_CREATE, "Provenance", "p1", "jane",
                               NULL, 9, NULL, error) &&
         store_journal_append (connection, "g1", STORE_JOURNAL_CREATE, "MedicationRequest", "m1",
                               "jane", NULL, 9, NULL, error) &&
         store_journal_append (connection, "g2", STORE_JOURNAL_CREATE, "Immunization", "i1", "jane",
                               NULL, 5, NULL, error);
}

static inline void
removal_code_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (app_code_set_finish (result, NULL));
  ((RemovalFixture *) user_data)->answered = TRUE;
}

static inline void
removal_close (AppAccount *account)
{
  store_database_close (app_account_get_database (account));
  g_object_unref (account);
}

/* @data: "empty": nothing in them is only here */
static inline void
removal_set_up (RemovalFixture *fixture, gconstpointer data)
{
  AppAccount *account;
  StoreDatabase *store;

  fixture->folder = g_dir_make_tmp ("bedside-removal-XXXXXX", NULL);
  fixture->people = g_build_filename (fixture->folder, "clinicians", NULL);
  fixture->keys = g_build_filename (fixture->folder, "keys", NULL);
  fixture->key = g_build_filename (fixture->keys, REMOVAL_HILL, NULL);
  fixture->records = app_people_dup_folder (REMOVAL_HILL);
  fixture->file = g_build_filename (fixture->records, "records.db", NULL);
  fixture->clock = base_clock_new ();
  g_assert_cmpint (g_mkdir (fixture->keys, 0700), ==, 0);
  account = removal_open_account (fixture);
  store = app_account_get_database (account);
  app_account_keep_user (account, "Practitioner/hill", "Dr Ben Hill", "prescriber");
  if (g_strcmp0 (data, "empty") != 0)
    {
      g_assert_true (
          store_database_write (store, BASE_LANE_PERSON, removal_write_unsent, NULL, NULL));
      g_assert_true (
          store_database_write (store, BASE_LANE_PERSON, removal_write_draft, "d1", NULL));
    }
  fixture->answered = FALSE;
  app_code_set_async (store, REMOVAL_CODE, removal_code_cb, fixture);
  removal_wait (fixture);
  removal_close (account);
  const AppPerson hill = { (char *) REMOVAL_HILL, (char *) "http://127.0.0.1:1",
                           (char *) "Practitioner/hill", (char *) "Dr Ben Hill", (char *) "hill" };
  fixture->hill = app_person_copy (&hill);
  g_assert_true (app_people_keep (fixture->people, &hill, NULL));
}

static inline void
removal_empty_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);

  for (const char *name = folder ? g_dir_read_name (folder) : NULL; name;
       name = g_dir_read_name (folder))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_unlink (file);
    }
  g_rmdir (path);
}

static inline void
removal_tear_down (RemovalFixture *fixture, gconstpointer data)
{
  removal_empty_folder (fixture->records);
  removal_empty_folder (fixture->keys);
  removal_empty_folder (fixture->folder);
  g_clear_error (&fixture->error);
  g_object_unref (fixture->clock);
  app_person_free (fixture->hill);
  g_free (fixture->folder);
  g_free (fixture->people);
  g_free (fixture->keys);
  g_free (fixture->key);
  g_free (fixture->records);
  g_free (fixture->file);
}

static inline guint
removal_count_people (RemovalFixture *fixture)
{
  g_autoptr (GPtrArray) people = app_people_read (fixture->people);

  return people->len;
}

/* Records, key and name are all here, or all gone. */
static inline void
removal_assert_here (RemovalFixture *fixture, gboolean here)
{
  g_assert_cmpint (g_file_test (fixture->file, G_FILE_TEST_EXISTS), ==, here);
  g_assert_cmpint (g_file_test (fixture->key, G_FILE_TEST_EXISTS), ==, here);
  g_assert_cmpuint (removal_count_people (fixture), ==, here ? 1 : 0);
}
