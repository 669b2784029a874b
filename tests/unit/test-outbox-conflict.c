/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conflict-fixture.h"
#include "outbox-conflict-load.h"

typedef struct
{
  CareFixture care;
  GTimeZone *zone;
  GPtrArray *found;
  gboolean answered;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  care_fixture_set_up (&fixture->care, data);
  fixture->zone = g_time_zone_new_utc ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->found, g_ptr_array_unref);
  g_time_zone_unref (fixture->zone);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  care_fixture_tear_down (&fixture->care, data);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&fixture->found, g_ptr_array_unref);
  fixture->found = outbox_conflict_load_finish (result, &error);
  g_assert_no_error (error);
  fixture->answered = TRUE;
}

static OutboxConflict *
load (Fixture *fixture, const char *group, const char *patient)
{
  fixture->answered = FALSE;
  outbox_conflict_load_async (fixture->care.database, group, patient, fixture->zone, NULL,
                              loaded_cb, fixture);
  while (!fixture->answered)
    g_main_context_iteration (NULL, TRUE);
  return fixture->found->len > 0 ? fixture->found->pdata[0] : NULL;
}

static OutboxConflictElement *
find (OutboxConflict *conflict, const char *label)
{
  GListModel *elements = outbox_conflict_get_elements (conflict);

  for (guint i = 0; i < g_list_model_get_n_items (elements); i++)
    {
      g_autoptr (OutboxConflictElement) element = g_list_model_get_item (elements, i);
      if (g_str_equal (outbox_conflict_element_get_label (element), label))
        return element;
    }
  g_error ("nothing that differs is called %s", label);
}

/* Everything a person reads is words: what, who, when, before, mine, theirs. */
static void
test_words (Fixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, conflict_fixture_put_order);
  OutboxConflict *conflict = load (fixture, NULL, "jane");
  gint64 now = base_clock_now (fixture->care.clock);
  g_autofree char *mine = outbox_conflict_dup_mine_heading (conflict, now, fixture->zone);
  g_autofree char *theirs = outbox_conflict_dup_theirs_heading (conflict, now, fixture->zone);
  OutboxConflictElement *dose = find (conflict, "Dose and frequency");
  OutboxConflictElement *status = find (conflict, "Status");
  g_auto (GStrv) same = outbox_conflict_dup_same (conflict);

  g_assert_cmpstr (outbox_conflict_get_title (conflict), ==,
                   "Prescription: amoxicillin 500 mg capsule");
  g_assert_cmpstr (outbox_conflict_get_patient_name (conflict), ==, "SMITH, Jane");
  g_assert_cmpstr (mine, ==, "Mine · 09:00");
  g_assert_cmpstr (theirs, ==, "Theirs · LIND, Noor · 08:52");
  /* H3: a dose is one row, whatever of it changed */
  g_assert_cmpuint (g_list_model_get_n_items (outbox_conflict_get_elements (conflict)), ==, 2);
  g_assert_nonnull (strstr (outbox_conflict_element_get_base (dose), "3 times"));
  g_assert_nonnull (strstr (outbox_conflict_element_get_mine (dose), "twice a day"));
  g_assert_nonnull (strstr (outbox_conflict_element_get_theirs (dose), "3 times"));
  g_assert_cmpstr (outbox_conflict_element_get_mine (status), ==, "active");
  g_assert_cmpstr (outbox_conflict_element_get_theirs (status), ==, "stopped");
  g_assert_true (g_strv_contains ((const char *const *) same, "Written on: 20-Nov-2026"));
  g_assert_true (
      g_strv_contains ((const char *const *) same, "Medicine: amoxicillin 500 mg capsule"));
  for (guint i = 0; same[i]; i++)
    g_assert_null (strpbrk (same[i], "{}\""));
}

/* Nothing is chosen in advance, and a mixture of two prescriptions says that it has to be signed.
 */
static void
test_choose (Fixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, conflict_fixture_put_order);
  OutboxConflict *conflict = load (fixture, "g1", NULL);
  OutboxConflictElement *dose = find (conflict, "Dose and frequency");
  OutboxConflictElement *status = find (conflict, "Status");
  g_autofree char *none = outbox_conflict_dup_consequence (conflict);
  g_autofree char *result = NULL;

  g_assert_false (outbox_conflict_is_complete (conflict));
  g_assert_cmpstr (none, ==, "2 are not chosen yet.");
  outbox_conflict_element_set_choice (dose, OUTBOX_CHOICE_MINE);
  g_assert_false (outbox_conflict_is_complete (conflict));
  g_assert_false (outbox_conflict_is_mixed (conflict));
  outbox_conflict_element_set_choice (status, OUTBOX_CHOICE_THEIRS);
  g_assert_true (outbox_conflict_is_complete (conflict));
  g_assert_true (outbox_conflict_is_mixed (conflict));
  g_assert_cmpint (outbox_conflict_get_all (conflict), ==, OUTBOX_CHOICE_NONE);
  result = outbox_conflict_element_dup_result (status);
  g_assert_cmpstr (result, ==, "stopped");

  g_autofree char *mixed = outbox_conflict_dup_consequence (conflict);
  g_autoptr (GHashTable) choices = outbox_conflict_dup_choices (conflict);
  g_assert_nonnull (strstr (mixed, "waits for your signature"));
  g_assert_cmpuint (g_hash_table_size (choices), ==, 2);
  g_assert_cmpint (GPOINTER_TO_INT (
                       g_hash_table_lookup (choices, outbox_conflict_element_get_key (dose))),
                   ==, SYNC_SIDE_MINE);

  outbox_conflict_choose_all (conflict, OUTBOX_CHOICE_THEIRS);
  g_autofree char *given_up = outbox_conflict_dup_consequence (conflict);
  g_assert_cmpint (outbox_conflict_get_all (conflict), ==, OUTBOX_CHOICE_THEIRS);
  g_assert_nonnull (strstr (given_up, "given up"));
}

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
#define JANE(version, rest)                                                                        \
  "{'resourceType':'Patient','id':'jane','meta':{'versionId':'" version                            \
  "','lastUpdated':'2026-11-22T08:52:00Z'}," rest "}"
#define PHONE(value) "'telecom':[{'system':'phone','use':'home','value':'" value "'}]"
  return conflict_fixture_put (connection,
                               JANE ("1", "'name':[{'family':'Smith'}]," PHONE ("01632 960714")),
                               JANE ("1", "'gender':'female','name':[{'family':'Smith'}]," PHONE (
                                              "01632 960001")),
                               JANE ("2", "'name':[{'family':'Smith'}]," PHONE ("01632 960002")),
                               error);
}

/* An item of a list is named by what it is; what a side does not have reads "not recorded". */
static void
test_list_and_absence (Fixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patient);
  OutboxConflict *conflict = load (fixture, NULL, NULL);
  OutboxConflictElement *phone = find (conflict, "Telephone or e-mail (phone home)");
  OutboxConflictElement *sex = find (conflict, "Sex");

  g_assert_cmpstr (outbox_conflict_element_get_base (phone), ==, "01632 960714");
  g_assert_cmpstr (outbox_conflict_element_get_mine (phone), ==, "01632 960001");
  g_assert_cmpstr (outbox_conflict_element_get_theirs (phone), ==, "01632 960002");
  g_assert_null (outbox_conflict_element_get_base (sex));
  g_assert_cmpstr (outbox_conflict_element_get_mine (sex), ==, "Female");
  g_assert_cmpstr (outbox_conflict_element_get_theirs (sex), ==, "not recorded");
}

static gboolean
put_unlike (StoreConnection *connection, gpointer data, GError **error)
{
#define ALLERGY(code)                                                                              \
  "{'resourceType':'AllergyIntolerance','id':'a1','meta':{'versionId':'1'},'patient':{'"           \
  "reference':'Patient/"                                                                           \
  "jane'},'code':{'text':'penicillin','coding':[{'system':'urn:x','code':'" code "'}]}}"
  return conflict_fixture_put (connection, ALLERGY ("1"), ALLERGY ("2"), ALLERGY ("3"), error);
}

/* Two sides that differ never read alike. */
static void
test_never_alike (Fixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_unlike);
  OutboxConflict *conflict = load (fixture, NULL, NULL);
  OutboxConflictElement *code = find (conflict, "Substance");

  g_assert_cmpstr (outbox_conflict_element_get_mine (code), !=,
                   outbox_conflict_element_get_theirs (code));
}

/* Another patient's conflict is not shown in this patient's window. */
static void
test_whose (Fixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, conflict_fixture_put_order);
  g_assert_null (load (fixture, NULL, "bob"));
  g_assert_null (load (fixture, "g2", NULL));
  g_assert_nonnull (load (fixture, "g1", "jane"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/outbox/conflict/words", test_words);
  ADD ("/outbox/conflict/choose", test_choose);
  ADD ("/outbox/conflict/list-and-absence", test_list_and_absence);
  ADD ("/outbox/conflict/never-alike", test_never_alike);
  ADD ("/outbox/conflict/whose", test_whose);
#undef ADD
  return g_test_run ();
}
