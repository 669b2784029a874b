/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

typedef struct
{
  const char *id, *patient, *author, *body;
} Save;

static gboolean
save_draft (StoreConnection *connection, gpointer data, GError **error)
{
  const Save *save = data;

  return store_draft_save (connection, save->id, "note", save->patient, save->author, NULL,
                           save->body, error);
}

static void
save (StoreFixture *fixture,
      const char *id,
      const char *patient,
      const char *author,
      const char *body)
{
  Save work = { id, patient, author, body };
  g_autoptr (GError) error = NULL;

  store_database_write (fixture->database, BASE_LANE_PERSON, save_draft, &work, &error);
  g_assert_no_error (error);
}

static gboolean
check_drafts (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (StoreDraft) draft = store_draft_load (connection, "d1", error);
  g_autoptr (GPtrArray) mine = store_draft_list (connection, "doctor", NULL, error);
  g_autoptr (GPtrArray) of_p = store_draft_list (connection, "doctor", "p", error);
  g_autoptr (GPtrArray) of_nobody = store_draft_list (connection, "nobody", NULL, error);

  g_assert_cmpstr (draft->body, ==, data);
  g_assert_cmpstr (draft->kind, ==, "note");
  g_assert_cmpstr (draft->patient, ==, "p");
  g_assert_null (draft->encounter);
  g_assert_cmpint (draft->updated_us, >, 0);
  g_assert_cmpuint (mine->len, ==, 2);
  g_assert_cmpstr (((StoreDraft *) mine->pdata[0])->id, ==, "d1"); /* the newest */
  g_assert_cmpuint (of_p->len, ==, 1);
  g_assert_cmpuint (of_nobody->len, ==, 0);
  return TRUE;
}

static gboolean
remove_draft (StoreConnection *connection, gpointer data, GError **error)
{
  return store_draft_remove (connection, "d1", error);
}

static gboolean
check_removed (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_null (store_draft_load (connection, "d1", error));
  g_assert_error (*error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_clear_error (error);
  return TRUE;
}

static void
test_every_keystroke (StoreFixture *fixture, gconstpointer data)
{
  static const char text[] = "Wheeze at night, worse after the cat — für 3 日.";
  g_autoptr (GError) error = NULL;

  save (fixture, "d2", "q", "doctor", "other");
  save (fixture, "d3", "p", "nurse", "other");
  for (gsize i = 1; i < sizeof text; i++)
    {
      g_autofree char *typed = g_utf8_make_valid (text, (gssize) i);

      base_clock_advance (fixture->clock, 1000);
      save (fixture, "d1", "p", "doctor", typed);
    }
  fixture_close (fixture);
  fixture_open (fixture);
  store_database_read (fixture->database, check_drafts, (gpointer) text, &error);
  g_assert_no_error (error);
  store_database_write (fixture->database, BASE_LANE_PERSON, remove_draft, NULL, &error);
  store_database_read (fixture->database, check_removed, NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/draft/keystrokes", NULL, test_every_keystroke);
  return g_test_run ();
}
