/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-phrase.h"

#include "care-fixture.h"

static gboolean
save (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *self = data;

  return care_phrase_save (connection, self->doctor, "lungs", "Lungs clear", error) &&
         care_phrase_save (connection, self->doctor, "heart", "Heart: {vitals}", error) &&
         care_phrase_save (connection, self->other, "lungs", "Not mine", error) &&
         care_phrase_save (connection, self->doctor, "heart", "", error);
}

/* One's own, and what was removed is gone. */
static gboolean
list (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GHashTable) phrases =
      care_phrase_list (connection, ((CareFixture *) data)->doctor, error);

  g_assert_cmpuint (g_hash_table_size (phrases), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (phrases, "lungs"), ==, "Lungs clear");
  return TRUE;
}

static gboolean
save_badly (StoreConnection *connection, gpointer data, GError **error)
{
  return care_phrase_save (connection, ((CareFixture *) data)->doctor, "two words", "x", error);
}

static void
test_own (CareFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (self, save);
  care_fixture_read (self, list);
  error = care_fixture_try (self, save_badly);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
  g_assert_true (care_phrase_name_is_valid ("größe-2"));
  g_assert_false (care_phrase_name_is_valid (""));
  g_assert_false (care_phrase_name_is_valid ("a/b"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/care/phrase/own", CareFixture, NULL, care_fixture_set_up, test_own,
              care_fixture_tear_down);
  return g_test_run ();
}
