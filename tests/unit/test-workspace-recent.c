/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-person-search.h"
#include "workspace-recent.h"

#include "care-fixture.h"
#include "last-reference.h"

static void
loaded_cb (gpointer object, gpointer loaded)
{
  *(gboolean *) loaded = TRUE;
}

static WorkspaceRecent *
open_recent (CareFixture *fixture)
{
  WorkspaceRecent *recent = workspace_recent_new (fixture->doctor);
  gboolean loaded = FALSE;

  g_signal_connect (recent, "changed", G_CALLBACK (loaded_cb), &loaded);
  while (!loaded)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handlers_disconnect_by_func (recent, loaded_cb, &loaded);
  return recent;
}

/* Each note that is written holds the store until then; four hold it always. */
static void
settle (CareFixture *fixture)
{
  while (G_OBJECT (fixture->database)->ref_count > 4)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_ids (WorkspaceRecent *recent, const char *expected)
{
  g_auto (GStrv) ids = workspace_recent_dup_ids (recent);
  g_autofree char *joined = g_strjoinv (" ", ids);

  g_assert_cmpstr (joined, ==, expected);
}

/* The last ten, the last one first, are there when Bedside starts again. */
static void
test_kept (CareFixture *fixture, gconstpointer data)
{
  WorkspaceRecent *recent = open_recent (fixture);

  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *id = g_strdup_printf ("p%u", i);

      workspace_recent_note (recent, id);
    }
  workspace_recent_note (recent, "p4");
  assert_ids (recent, "p4 p11 p10 p9 p8 p7 p6 p5 p3 p2");
  last_reference_drop (recent);
  settle (fixture);

  recent = open_recent (fixture);
  assert_ids (recent, "p4 p11 p10 p9 p8 p7 p6 p5 p3 p2");
  last_reference_drop (recent);
}

static gboolean
put_people (StoreConnection *connection, gpointer data, GError **error)
{
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{'resourceType':'Patient','id':'p%02u','name':[{'family':'Smith%c','given':['Jane']}],"
          "'identifier':[{'value':'A-%04u'}],'telecom':[{'system':'phone','value':"
          "'+44 7700 9001%02u'}]}",
          i, 'a' + (char) (i % 26), 7000 + i, i);

      care_fixture_put (connection, json);
    }
  return TRUE;
}

static gboolean
delete_one (StoreConnection *connection, gpointer data, GError **error)
{
  return store_resource_delete (connection, "Patient", "p07", NULL, NULL, error);
}

static gboolean
check_gone (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *kept = store_setting_get (connection, "patients.recent");

  g_assert_cmpstr (kept, ==, "p20");
  return TRUE;
}

/* Whoever is deleted leaves it, on the disk too. */
static void
test_deleted (CareFixture *fixture, gconstpointer data)
{
  WorkspaceRecent *recent = open_recent (fixture);

  care_fixture_write (fixture, put_people);
  workspace_recent_note (recent, "p20");
  workspace_recent_note (recent, "p07");
  care_fixture_write (fixture, delete_one);
  settle (fixture);
  assert_ids (recent, "p20");
  settle (fixture);
  care_fixture_read (fixture, check_gone);
  last_reference_drop (recent);
}

/* The ids of the first @n whom a search for @text finds. */
static char *
dup_found (WorkspacePersonSearch *search, const char *text, guint n)
{
  g_autoptr (GString) ids = g_string_new (NULL);
  GListModel *model = workspace_person_search_get_model (search);
  gboolean finished = FALSE;
  gulong handler = g_signal_connect (search, "finished", G_CALLBACK (loaded_cb), &finished);

  workspace_person_search_set_text (search, text);
  workspace_person_search_refresh (search);
  while (!finished)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (search, handler);
  for (guint i = 0; i < n && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (WorkspacePerson) person = g_list_model_get_item (model, i);

      g_string_append_printf (ids, "%s%s", i ? " " : "", workspace_person_get_id (person));
      if (workspace_person_is_recent (person))
        g_string_append_c (ids, '*');
    }
  return g_string_free_and_steal (g_steal_pointer (&ids));
}

/* Those opened lately stand first, also where they would not be among so many, and only where they
 * fit what was typed; digits are an identifier or a telephone number. */
static void
test_search (CareFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *typed, *ids;
  } cases[] = {
    { "", "p25* p20* p00 p26" },
    { "smith", "p25* p20* p00 p26" },
    { "jane smithz", "p25*" },
    { "smithb", "p01 p27" },
    { "7003", "" },
    { "A-7003", "p03" },
    { "07700 900125", "p25*" },
    { "+44 7700 9001", "p00 p01 p02 p03" },
    { "0003", "" },
  };
  g_autoptr (WorkspaceSession) session = workspace_session_new (fixture->doctor);
  WorkspaceRecent *recent = workspace_session_get_recent (session);
  WorkspacePersonSearch *search;

  care_fixture_write (fixture, put_people);
  workspace_recent_note (recent, "nobody-here");
  workspace_recent_note (recent, "p20");
  workspace_recent_note (recent, "p25");
  search = workspace_person_search_new (session, 6);
  workspace_person_search_put_recent_first (search);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *ids = dup_found (search, cases[i].typed, 4);

      g_test_message ("%s", cases[i].typed);
      g_assert_cmpstr (ids, ==, cases[i].ids);
    }
  g_object_unref (search);
  g_clear_object (&session);
  settle (fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/workspace/recent/kept", CareFixture, NULL, care_fixture_set_up, test_kept,
              care_fixture_tear_down);
  g_test_add ("/workspace/recent/deleted", CareFixture, NULL, care_fixture_set_up, test_deleted,
              care_fixture_tear_down);
  g_test_add ("/workspace/recent/search", CareFixture, NULL, care_fixture_set_up, test_search,
              care_fixture_tear_down);
  return g_test_run ();
}
