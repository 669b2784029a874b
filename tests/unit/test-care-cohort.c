/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-cohort.h"

#include "care-fixture.h"
#include "store-people.h"

#define DIABETES "'code':{'coding':[{'system':'http://snomed.info/sct','code':'44054006'}]}"
#define HBA1C    "'code':{'coding':[{'system':'http://loinc.org','code':'4548-4'}]}"
#define PATIENT(id, family, more)                                                                  \
  "{'resourceType':'Patient','id':'" id "','name':[{'family':'" family "'}]" more "}"
#define OF(id) "'subject':{'reference':'Patient/" id "'}"
#define PROBLEM(id, of, status)                                                                    \
  "{'resourceType':'Condition','id':'" id                                                          \
  "'," OF (of) "," DIABETES ",'clinicalStatus':{'coding':[{'system':"                              \
               "'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'" status        \
               "'}]}}"
#define READING(id, of, date, more)                                                                \
  "{'resourceType':'Observation','id':'" id                                                        \
  "','status':'final'," OF (of) "," HBA1C ",'effectiveDateTime':'" date "'" more "}"
#define VALUE ",'valueQuantity':{'value':7}"

/* Today is 22-Nov-2026. */
static gboolean
put_people (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const records[] = {
    PATIENT ("late", "Late", ",'birthDate':'1950-01-01'"),
    PROBLEM ("c1", "late", "active"),
    READING ("o1", "late", "2025-11-21", VALUE),
    PATIENT ("never", "Never", ",'birthDate':'1990-01-01'"),
    PROBLEM ("c2", "never", "active"),
    PATIENT ("fine", "Fine", ",'birthDate':'2008-11-22'"),
    PROBLEM ("c3", "fine", "active"),
    READING ("o3", "fine", "2025-11-22", VALUE),
    PATIENT ("empty", "Empty", ""), /* measured, and nothing came of it */
    PROBLEM ("c4", "empty", "active"),
    READING ("o4", "empty", "2026-10-01", ",'dataAbsentReason':{'coding':[{'code':'error'}]}"),
    PATIENT ("cured", "Cured", ""),
    PROBLEM ("c5", "cured", "resolved"),
    PATIENT ("dead", "Dead", ",'deceasedDateTime':'2026-01-01'"),
    PROBLEM ("c6", "dead", "active"),
    PATIENT ("merged", "Merged", ",'active':false"),
    PROBLEM ("c7", "merged", "active"),
    PATIENT ("well", "Abel", ",'active':true,'deceasedBoolean':false"),
    "{'resourceType':'MedicationRequest','id':'m1','status':'active','intent':'order',"
    "'authoredOn':'2025-06-01'," OF (
        "well") ","
                "'medicationCodeableConcept':{'text':'Metformin 500 mg tablet'}}",
    "{'resourceType':'Encounter','id':'e1','status':'finished','class':{'code':'AMB'}," OF (
        "late") ",'period':{'start':'2026-03-01'}}",
    "{'resourceType':'Encounter','id':'e2','status':'cancelled','class':{'code':'AMB'}," OF (
        "fine") ",'period':{'start':'2026-03-01'}}",
    "{'resourceType':'Task','id':'t1','status':'requested','intent':'order','for':{'reference':"
    "'Patient/never'},'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':"
    "'review-result'}]}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    care_fixture_put (connection, records[i]);
  return TRUE;
}

typedef struct
{
  CareCohort *cohort;
  const char *whole; /* types, apart by spaces */
  const char *chart; /* a patient whose chart is here whole, or NULL */
  const char *const *only;
  GCancellable *cancellable;
  CareCohortFound *found;
  char *ids;
} Question;

static gboolean
ask_work (StoreConnection *connection, gpointer data, GError **error)
{
  Question *question = data;
  g_autoptr (GHashTable) whole = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) charts = g_array_new (FALSE, FALSE, sizeof (gint64));
  CareCohortReach reach = { whole, charts };
  g_auto (GStrv) types = g_strsplit (question->whole, " ", -1);
  g_autoptr (GString) ids = g_string_new (NULL);
  gint64 number;

  for (guint i = 0; types[i]; i++)
    g_hash_table_add (whole, types[i]);
  if (question->chart)
    {
      g_assert_true (store_people_lookup (connection, question->chart, &number, error));
      g_array_append_val (charts, number);
    }
  question->found = care_cohort_find (connection, question->cohort, &reach, "2026-11-22",
                                      question->only, question->cancellable, error);
  if (!question->found)
    return FALSE;
  for (guint i = 0; i < question->found->people->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "",
                            ((StorePerson *) question->found->people->pdata[i])->id);
  question->ids = g_string_free_and_steal (g_steal_pointer (&ids));
  return TRUE;
}

#define ALL "Condition Observation Encounter MedicationRequest MedicationStatement Task"

static void
assert_answer (CareFixture *fixture, Question question, const char *ids, guint n_unjudged)
{
  g_autoptr (GError) error = NULL;

  question.whole = question.whole ? question.whole : ALL;
  store_database_read (fixture->database, ask_work, &question, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (question.ids, ==, ids);
  g_assert_cmpuint (question.found->n_unjudged, ==, n_unjudged);
  care_cohort_found_free (question.found);
  g_free (question.ids);
}

/* Of how many the list tells a part: of everybody, whoever is asked about. */
static void
assert_frame (CareFixture *fixture, Question question, guint n_framed, guint n_unframed)
{
  g_autoptr (GError) error = NULL;

  question.whole = question.whole ? question.whole : ALL;
  store_database_read (fixture->database, ask_work, &question, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (question.found->n_framed, ==, n_framed);
  g_assert_cmpuint (question.found->n_unframed, ==, n_unframed);
  care_cohort_found_free (question.found);
  g_free (question.ids);
}

static GListModel *lists;

static gboolean
list_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  g_clear_object (&lists);
  lists = G_LIST_MODEL (care_cohort_list (connection, fixture->doctor, error));
  return lists != NULL;
}

/* (transfer none) */
static CareCohort *
list_named (CareFixture *fixture, const char *id)
{
  care_fixture_read (fixture, list_work);
  for (guint i = 0; i < g_list_model_get_n_items (lists); i++)
    {
      g_autoptr (CareCohort) cohort = g_list_model_get_item (lists, i);

      if (g_str_equal (care_cohort_get_id (cohort), id))
        return cohort;
    }
  return NULL;
}

static void
test_shipped (CareFixture *fixture, gconstpointer data)
{
  static const char *const one[] = { "late", NULL };

  care_fixture_write (fixture, put_people);
  CareCohort *diabetes = list_named (fixture, "diabetes-hba1c");
  g_assert_true (care_cohort_get_shipped (diabetes));
  g_assert_nonnull (strstr (care_cohort_get_source (diabetes), "HL7 Vulcan RWD"));
  /* by name; a year ago today is not more than a year ago */
  assert_answer (fixture, (Question) { .cohort = diabetes }, "empty late never", 0);
  g_autofree char *frame = care_cohort_dup_frame (diabetes);
  g_assert_nonnull (strstr (frame, "has the problem"));
  g_assert_null (strstr (frame, "no result"));
  assert_frame (fixture, (Question) { .cohort = diabetes }, 4, 0); /* fine has diabetes too */
  assert_frame (fixture, (Question) { .cohort = diabetes, .only = one }, 4, 0);
  assert_frame (fixture, (Question) { .cohort = diabetes, .whole = "Observation" }, 4, 2);
  assert_answer (fixture, (Question) { .cohort = list_named (fixture, "not-seen") },
                 "well cured empty fine never", 0);
  assert_answer (fixture, (Question) { .cohort = list_named (fixture, "old-orders") }, "well", 0);
  assert_answer (fixture, (Question) { .cohort = list_named (fixture, "unread") }, "never", 0);
  g_clear_object (&lists);
}

/* What is not here never looks like what there is not. */
static void
test_unjudged (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_people);
  CareCohort *diabetes = list_named (fixture, "diabetes-hba1c");
  Question question = { .cohort = diabetes, .whole = "Condition" };

  assert_answer (fixture, question, "", 3);
  question.chart = "never"; /* this one was read by itself */
  assert_answer (fixture, question, "never", 2);
  question.chart = NULL;
  question.whole = "Observation"; /* whoever has no problem here may have one there */
  assert_answer (fixture, question, "empty late never", 2);
  question.whole = "";
  g_autoptr (GError) error = NULL;
  store_database_read (fixture->database, ask_work, &question, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (question.found->missing, ==, "Condition Observation");
  care_cohort_found_free (question.found);
  g_free (question.ids);
  g_clear_object (&lists);
}

#define MODIFIER "'modifierExtension':[{'url':'urn:not','valueBoolean':true}]"

static gboolean
put_modified (StoreConnection *connection, gpointer data, GError **error)
{
  /* of fine the only result in time, of never one beside another problem that is clear */
  care_fixture_put (connection, READING ("o3", "fine", "2025-11-22", VALUE "," MODIFIER));
  care_fixture_put (connection, "{'resourceType':'Condition','id':'c8'," MODIFIER
                                "," OF ("never") "," DIABETES "}");
  /* of well the only problem */
  care_fixture_put (connection, "{'resourceType':'Condition','id':'c9'," MODIFIER
                                "," OF ("well") "," DIABETES "}");
  return TRUE;
}

/* H35: what may say the opposite proves neither that somebody has it nor that they were tested. */
static void
test_modifier (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_people);
  care_fixture_write (fixture, put_modified);
  CareCohort *diabetes = list_named (fixture, "diabetes-hba1c");
  g_autoptr (GError) error = NULL;
  Question question = { .cohort = diabetes, .whole = ALL };

  assert_answer (fixture, question, "empty late never", 2); /* fine and well */
  store_database_read (fixture->database, ask_work, &question, &error);
  g_assert_no_error (error);
  g_assert_true (question.found->withheld);
  g_assert_null (question.found->missing); /* all is here */
  care_cohort_found_free (question.found);
  g_free (question.ids);
  g_clear_object (&lists);
}

static void
test_rules (CareFixture *fixture, gconstpointer data)
{
  static const char *const one[] = { "never", "fine", NULL };
  g_autoptr (CareCohort) medicine = care_cohort_new ("a", "A");
  g_autoptr (CareCohort) age = care_cohort_new ("b", "B");
  g_autoptr (CareCohort) both = care_cohort_new ("c", "C");
  g_autofree char *words = NULL;

  care_fixture_write (fixture, put_people);
  care_cohort_add_rule (medicine, CARE_COHORT_MEDICINE, NULL, "metformin", 0, 0, 0);
  assert_answer (fixture, (Question) { .cohort = medicine }, "well", 0);
  care_cohort_add_rule (age, CARE_COHORT_AGE, NULL, NULL, 18, 0, 0);
  /* eighteen today; three whose birth date is not recorded */
  assert_answer (fixture, (Question) { .cohort = age }, "fine late never", 3);
  care_cohort_add_rule (both, CARE_COHORT_AGE, NULL, NULL, 18, 36, 0);
  care_cohort_add_rule (both, CARE_COHORT_CONDITION, "http://snomed.info/sct|44054006", NULL, 0, 0,
                        0);
  assert_answer (fixture, (Question) { .cohort = both }, "fine never", 1);
  assert_answer (fixture, (Question) { .cohort = both, .only = one }, "fine never", 0);
  words = care_cohort_dup_words (both);
  g_assert_cmpstr (words, ==, "is 18 to 36 years old; has the problem 44054006");
}

#define ORDER(id, of, more)                                                                        \
  "{'resourceType':'MedicationRequest','id':'" id "','status':'active','intent':'order'," OF (of)  \
      more "}"

static gboolean
put_orders (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Medication','id':'met','code':{'text':"
                                "'Metformin 850 mg'}}");
  care_fixture_put (connection,
                    ORDER ("r1", "late", ",'medicationReference':{'reference':'Medication/met'}"));
  care_fixture_put (connection,
                    ORDER ("r2", "fine", ",'medicationReference':{'reference':'Medication/gone'}"));
  return TRUE;
}

/* A medicine that a record of its own names is found, or counted where that record is not here; an
 * order without a date may be an old one. */
static void
test_unsaid (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (CareCohort) medicine = care_cohort_new ("a", "A");

  care_fixture_write (fixture, put_people);
  care_fixture_write (fixture, put_orders);
  care_cohort_add_rule (medicine, CARE_COHORT_MEDICINE, NULL, "metformin", 0, 0, 0);
  assert_answer (fixture, (Question) { .cohort = medicine }, "well late", 1);
  /* who takes it on their own account is in the statements, which are not here */
  assert_answer (fixture, (Question) { .cohort = medicine, .whole = "MedicationRequest" },
                 "well late", 4);
  assert_answer (fixture, (Question) { .cohort = list_named (fixture, "old-orders") }, "well", 2);
  g_clear_object (&lists);
}

static gboolean
save_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareCohort) cohort = care_cohort_new (NULL, "Kidneys & statins; “mine”");
  g_autoptr (CareCohort) empty = care_cohort_new (NULL, "Empty");

  care_cohort_add_rule (cohort, CARE_COHORT_CONDITION, "urn:s|1,urn:s|2", NULL, 0, 0, 0);
  care_cohort_add_rule (cohort, CARE_COHORT_NOT_SEEN, NULL, NULL, 0, 0, 6);
  g_assert_false (care_cohort_save (connection, fixture->doctor, empty, NULL));
  return care_cohort_save (connection, fixture->doctor, cohort, error);
}

/* Kept over a restart, for who made it alone. */
static void
test_kept (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (CareCohort) strange = NULL;

  care_fixture_write (fixture, save_work);
  care_fixture_close (fixture);
  care_fixture_open (fixture);
  care_fixture_read (fixture, list_work);
  g_assert_cmpuint (g_list_model_get_n_items (lists), ==, 5);
  g_autoptr (CareCohort) own = g_list_model_get_item (lists, 4);
  g_assert_cmpstr (care_cohort_get_name (own), ==, "Kidneys & statins; “mine”");
  g_autofree char *words = care_cohort_dup_words (own);
  g_assert_cmpstr (words, ==, "has the problem 1, 2; had no visit in 6 months");
  g_clear_object (&lists);
  /* a rule of a later version: rather no list than a wrong one */
  strange =
      care_cohort_new_from_text ("x",
                                 "[list]\nname=X\n[rule 1]\nkind=unread\n[rule 2]\nkind=moon\n");
  g_assert_null (strange);
}

static void
test_cancelled (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, put_people);
  Question question = { .cohort = list_named (fixture, "diabetes-hba1c"),
                        .whole = ALL,
                        .cancellable = cancellable };
  g_cancellable_cancel (cancellable);
  store_database_read (fixture->database, ask_work, &question, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&lists);
}

#define add(path, test)                                                                            \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/care/cohort/shipped", test_shipped);
  add ("/care/cohort/unjudged", test_unjudged);
  add ("/care/cohort/modifier", test_modifier);
  add ("/care/cohort/rules", test_rules);
  add ("/care/cohort/unsaid", test_unsaid);
  add ("/care/cohort/kept", test_kept);
  add ("/care/cohort/cancelled", test_cancelled);
  return g_test_run ();
}
