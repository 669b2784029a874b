/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-list-model.h"

#include "care-fixture.h"
#include "patients-list-words.h"
#include "sync-setting.h"

#define WAIT_SECONDS 20
#define CROWD        20000

typedef struct
{
  CareFixture care;
  WorkspaceSession *session;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  care_fixture_set_up (&fixture->care, data);
  fixture->session = workspace_session_new (fixture->care.doctor);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;

  g_clear_object (&fixture->session);
  while (G_OBJECT (fixture->care.database)->ref_count > 4 && g_get_monotonic_time () < end)
    settle ();
  care_fixture_tear_down (&fixture->care, data);
}

static gboolean
wake (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for_names (PatientsListModel *model, const char *wanted)
{
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  guint source = g_timeout_add (10, wake, NULL);
  g_autoptr (GString) ids = g_string_new (NULL);

  do
    {
      g_main_context_iteration (NULL, TRUE);
      g_string_truncate (ids, 0);
      for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (model)); i++)
        {
          g_autoptr (PatientsListItem) item = g_list_model_get_item (G_LIST_MODEL (model), i);
          g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", patients_list_item_get_id (item));
        }
    }
  while ((!g_str_equal (ids->str, wanted) ||
          patients_list_model_get_state (model) == PATIENTS_LIST_READING) &&
         g_get_monotonic_time () < end);
  g_source_remove (source);
  g_assert_cmpstr (ids->str, ==, wanted);
}

static void
wait_for_person (PatientsListItem *item, const char *name)
{
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  guint source = g_timeout_add (10, wake, NULL);
  WorkspacePerson *person;

  do
    {
      g_main_context_iteration (NULL, TRUE);
      person = patients_list_item_get_person (item);
    }
  while ((!person || !g_str_equal (workspace_person_get_name (person), name)) &&
         g_get_monotonic_time () < end);
  g_source_remove (source);
  g_assert_nonnull (person);
  g_assert_cmpstr (workspace_person_get_name (person), ==, name);
}

#define PATIENT(id, family)                                                                        \
  "{'resourceType':'Patient','id':'" id "','birthDate':'1960-01-01','name':[{'family':'" family    \
  "','given':['G']}]}"
#define ASTHMA(id, of, status)                                                                     \
  "{'resourceType':'Condition','id':'" id "','subject':{'reference':'Patient/" of "'},'code':{"    \
  "'text':'Asthma'},'clinicalStatus':{'coding':[{'code':'" status "'}]}}"

static gboolean
put_people (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, PATIENT ("a", "Adams"));
  care_fixture_put (connection, PATIENT ("b", "Brown"));
  care_fixture_put (connection, PATIENT ("c", "Clark"));
  care_fixture_put (connection, ASTHMA ("pa", "a", "active"));
  care_fixture_put (connection, ASTHMA ("pc", "c", "active"));
  return sync_setting_set_cursor (connection, "Condition", "from high", error);
}

static gboolean
change_people (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, ASTHMA ("pa", "a", "resolved"));
  care_fixture_put (connection, ASTHMA ("pb", "b", "active"));
  care_fixture_put (connection, PATIENT ("c", "Zuse"));
  return TRUE;
}

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, guint *n_touched)
{
  *n_touched += MAX (removed, added);
}

static CareCohort *
asthma (void)
{
  CareCohort *cohort = care_cohort_new ("x", "Asthma");

  care_cohort_add_rule (cohort, CARE_COHORT_CONDITION, NULL, "asthma", 0, 0, 0);
  return cohort;
}

/* Who left, who came, who is called otherwise: judged one by one, and the rest stays. */
static void
test_live (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CareCohort) cohort = asthma ();
  g_autofree char *pill = NULL;
  guint n_touched = 0;

  care_fixture_write (&fixture->care, put_people);
  g_autoptr (PatientsListModel) model = patients_list_model_new (fixture->session, cohort);
  wait_for_names (model, "a c");
  g_autoptr (PatientsListItem) first = g_list_model_get_item (G_LIST_MODEL (model), 0);
  wait_for_person (first, "ADAMS, G");
  pill = patients_list_words_pill (model);
  g_assert_cmpstr (pill, ==, "Asthma · 2 of 3");
  g_assert_null (patients_list_words_unjudged (model));

  g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), &n_touched);
  care_fixture_write (&fixture->care, change_people);
  wait_for_names (model, "b c");
  g_assert_cmpuint (patients_list_model_get_n_full (model), ==, 1);
  g_assert_cmpuint (n_touched, ==, 4); /* a left, b came, c moved */
  g_autoptr (PatientsListItem) last = g_list_model_get_item (G_LIST_MODEL (model), 1);
  wait_for_person (last, "ZUSE, G");
  settle ();
}

static gboolean
unread_work (StoreConnection *connection, gpointer data, GError **error)
{
  return sync_setting_set_cursor (connection, "Condition", "from high next", error);
}

static void
test_words (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CareCohort) cohort = asthma ();
  g_autofree char *pill = NULL, *covers = NULL, *unjudged = NULL;

  care_fixture_write (&fixture->care, put_people);
  care_fixture_write (&fixture->care, unread_work); /* pages are to come */
  g_autoptr (PatientsListModel) model = patients_list_model_new (fixture->session, cohort);
  wait_for_names (model, "a c");
  pill = patients_list_words_pill (model);
  g_assert_cmpstr (pill, ==, "Asthma · 2 + ? of 3");
  unjudged = patients_list_words_unjudged (model);
  g_assert_cmpstr (unjudged, ==,
                   "1 more cannot be judged: not all of this is on this computer: problems.");
  covers = patients_list_words_covers (model, base_clock_now (fixture->care.clock), NULL);
  g_assert_nonnull (strstr (covers, "never read whole from the server"));
  settle ();
}

static gboolean
put_crowd (StoreConnection *connection, gpointer data, GError **error)
{
  for (int i = 0; i < CROWD; i++)
    {
      g_autofree char *patient =
          g_strdup_printf ("{'resourceType':'Patient','id':'p%d','name':[{'family':'N%05d'}]}", i,
                           i);
      g_autofree char *problem = g_strdup_printf (
          "{'resourceType':'Condition','id':'c%d','subject':{'reference':'Patient/p%d'},'code':{"
          "'text':'Asthma'},'clinicalStatus':{'coding':[{'code':'active'}]}}",
          i, i);

      care_fixture_put (connection, patient);
      if (i % 2 == 0)
        care_fixture_put (connection, problem);
    }
  return sync_setting_set_cursor (connection, "Condition", "from high", error);
}

typedef struct
{
  gint64 last, longest;
  guint n;
} Beat;

static gboolean
beat_cb (gpointer data)
{
  Beat *beat = data;
  gint64 now = g_get_monotonic_time ();

  beat->longest = MAX (beat->longest, now - beat->last);
  beat->last = now;
  beat->n++;
  return G_SOURCE_CONTINUE;
}

/* A crowd is found beside the main thread, which goes on beating, and nobody's record is read until
 * somebody looks. */
static void
test_crowd (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CareCohort) cohort = asthma ();
  gint64 begin, end;

  care_fixture_write (&fixture->care, put_crowd);
  settle ();
  g_autoptr (PatientsListModel) model = patients_list_model_new (fixture->session, cohort);
  Beat beat = { g_get_monotonic_time (), 0, 0 };
  guint source = g_timeout_add (2, beat_cb, &beat);
  begin = g_get_monotonic_time ();
  end = begin + WAIT_SECONDS * 3 * G_USEC_PER_SEC;
  while (patients_list_model_get_state (model) == PATIENTS_LIST_READING &&
         g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  g_assert_cmpuint (beat.n, >, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, CROWD / 2);
  g_test_message ("found in %" G_GINT64_FORMAT " ms, longest silence %" G_GINT64_FORMAT " ms",
                  (g_get_monotonic_time () - begin) / 1000, beat.longest / 1000);
  g_autoptr (PatientsListItem) item = g_list_model_get_item (G_LIST_MODEL (model), 5000);
  g_assert_null (patients_list_item_get_person (item));
  wait_for_person (item, "N10000");
  settle ();
}

#define add(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/patients/list-model/live", test_live);
  add ("/patients/list-model/words", test_words);
  add ("/patients/list-model/crowd", test_crowd);
  return g_test_run ();
}
