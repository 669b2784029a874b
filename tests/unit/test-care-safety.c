/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-safety.h"

#include "care-fixture.h"
#include "care-medicine-answer.h"
#include "care-prescription.h"
#include "clinical-tables.h"

#include <math.h>
#include <string.h>

/* The chart as the checks read it, and what became of an override. */

static ClinicalContent *tables;

#define OBSERVATION(id, code, date, rest)                                                          \
  "{'resourceType':'Observation','id':'" id "','status':'final','code':{'coding':[{'system':"      \
  "'http://loinc.org','code':'" code "'}]},'subject':{'reference':'Patient/p'},"                   \
  "'effectiveDateTime':'" date "'," rest "}"
#define QUANTITY(value, unit) "'valueQuantity':{'value':" value ",'code':'" unit "'}"
#define MEDICINE(type, id, status, code, dosage)                                                   \
  "{'resourceType':'" type "','id':'" id "','status':'" status "','intent':'order',"               \
  "'medicationCodeableConcept':{'coding':[{'system':'http://www.nlm.nih.gov/research/umls/"        \
  "rxnorm','code':'" code "'}]},'subject':{'reference':'Patient/p'}," dosage "}"

static gboolean
put_chart (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const chart[] = {
    "{'resourceType':'Patient','id':'p','gender':'female','birthDate':'1956-03-01'}",
    OBSERVATION ("w1", "29463-7", "2026-01-01", QUANTITY ("61", "kg")),
    OBSERVATION ("w2", "29463-7", "2026-11-01T10:00:00Z", QUANTITY ("60", "kg")),
    "{'resourceType':'Observation','id':'w3','status':'entered-in-error','code':{'coding':[{"
    "'system':'http://loinc.org','code':'29463-7'}]},'subject':{'reference':'Patient/p'},"
    "'effectiveDateTime':'2026-11-20'," QUANTITY ("600", "kg") "}",
    OBSERVATION ("c1", "2160-0", "2026-10-01", QUANTITY ("1.2", "mg/dL")),
    OBSERVATION ("c2", "2160-0", "2026-11-01",
                 "'valueQuantity':{'value':0.3,'code':'mg/dL','comparator':'<'}"),
    OBSERVATION ("g1", "82810-3", "2025-01-01",
                 "'valueCodeableConcept':{'coding':[{'system':'http://loinc.org','code':"
                 "'LA15173-0'}]}"),
    "{'resourceType':'Condition','id':'asthma','clinicalStatus':{'coding':[{'code':'active'}]},"
    "'code':{'coding':[{'system':'http://snomed.info/sct','code':'195967001'}],'text':'Asthma'},"
    "'subject':{'reference':'Patient/p'}}",
    "{'resourceType':'Condition','id':'over','clinicalStatus':{'coding':[{'code':'resolved'}]},"
    "'code':{'text':'Gout'},'subject':{'reference':'Patient/p'}}",
    MEDICINE ("MedicationRequest", "simva", "active", "312961",
              "'dosageInstruction':[{'timing':{'repeat':{'frequency':2,'period':1,'periodUnit':"
              "'d'}},'doseAndRate':[{'doseQuantity':{'value':1,'unit':'tablet'}}]}]"),
    MEDICINE ("MedicationRequest", "old", "stopped", "314076", "'note':[{'text':'x'}]"),
    MEDICINE ("MedicationStatement", "mtx", "active", "105585",
              "'dosage':[{'timing':{'repeat':{'dayOfWeek':['mon']}},'doseAndRate':[{"
              "'doseQuantity':{'value':4,'unit':'tablet'}}]}]"),
    MEDICINE ("MedicationRequest", "steps", "active", "198145",
              "'dosageInstruction':[{'sequence':1,'timing':{'repeat':{'frequency':1,'period':1,"
              "'periodUnit':'d'}},'doseAndRate':[{'doseQuantity':{'value':2,'unit':'tablet'}}]},{"
              "'sequence':2,'timing':{'repeat':{'frequency':3,'period':1,'periodUnit':'d'}},"
              "'doseAndRate':[{'doseQuantity':{'value':1,'unit':'tablet'}}]}]"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (chart); i++)
    care_fixture_put (connection, chart[i]);
  return TRUE;
}

static const ClinicalOrder *
find_medicine (const ClinicalPatient *patient, const char *reference)
{
  for (guint i = 0; i < patient->medicines->len; i++)
    {
      const ClinicalOrder *order = patient->medicines->pdata[i];

      if (g_str_equal (order->reference, reference))
        return order;
    }
  return NULL;
}

static gboolean
read_chart (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (ClinicalPatient) patient = care_safety_read (connection, "p", NULL, tables, error);
  const ClinicalOrder *simva, *mtx, *steps;
  double kg = 0;

  g_assert_nonnull (patient);
  g_assert_cmpint (patient->age_months, ==, 70 * 12 + 8);
  g_assert_cmpstr (patient->sex, ==, "female");
  /* the mistake of 600 kg is not among them */
  g_assert_cmpuint (patient->weights->len, ==, 2);
  g_assert_cmpint (clinical_patient_weight (patient, "2026-11-22", &kg), ==, CLINICAL_WEIGHT_GOOD);
  g_assert_cmpfloat (kg, ==, 60);
  /* "less than" is no value */
  g_assert_cmpfloat (patient->creatinine->value, ==, 1.2);
  g_assert_cmpstr (patient->creatinine->reference, ==, "Observation/c1");
  /* a pregnancy of nearly two years ago says nothing of today */
  g_assert_cmpint (patient->pregnant.answer, ==, CLINICAL_NOT_RECORDED);
  g_assert_cmpuint (patient->conditions->len, ==, 1);
  g_assert_cmpuint (patient->medicines->len, ==, 3);
  simva = find_medicine (patient, "MedicationRequest/simva");
  g_assert_cmpfloat (simva->per_day, ==, 2);
  g_assert_cmpstr (simva->dose, ==, "1");
  g_assert_cmpuint (simva->ingredients->len, ==, 1);
  mtx = find_medicine (patient, "MedicationStatement/mtx");
  g_assert_true (mtx->weekly_day);
  g_assert_cmpfloat_with_epsilon (mtx->per_day, 1 / 7.0, 1e-9);
  /* the highest dose and the highest day of the steps: 2 tablets at once, 3 a day */
  steps = find_medicine (patient, "MedicationRequest/steps");
  g_assert_cmpstr (steps->dose, ==, "2");
  g_assert_cmpfloat_with_epsilon (steps->per_day, 1.5, 1e-9);
  return TRUE;
}

static void
test_read (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_chart);
  care_fixture_read (fixture, read_chart);
}

#define METHOTREXATE(dosages)                                                                      \
  MEDICINE ("MedicationRequest", "m", "active", "105585", "'dosageInstruction':[" dosages "]")
#define ON(sequence, days, value, unit)                                                            \
  "{'sequence':" sequence ",'timing':{'repeat':{'frequency':1,'period':1,'periodUnit':'d',"        \
  "'dayOfWeek':[" days "]}},'doseAndRate':[{'doseQuantity':{'value':" value ",'unit':'" unit       \
  "'}}]}"

static FhirResource *
parse (const char *json)
{
  g_auto (GStrv) parts = g_strsplit (json, "'", -1);
  g_autofree char *text = g_strjoinv ("\"", parts);

  return fhir_resource_parse (text, -1, NULL);
}

/* H12: every step of methotrexate is once a week on one named day, however little it is. */
static void
test_weekly (void)
{
  static const struct
  {
    const char *request;
    gboolean blocks;
  } cases[] = {
    { METHOTREXATE (ON ("1", "'mon'", "10", "mg")), FALSE },
    { METHOTREXATE (ON ("1", "'mon'", "10", "mg") "," ON ("2", "'mon'", "15", "mg")), FALSE },
    { METHOTREXATE (ON ("1", "'mon'", "10", "mg") "," ON ("2", "'mon','tue','wed'", "2.5", "mg")),
      TRUE },
    { METHOTREXATE (ON ("1", "'mon','tue','wed'", "2.5", "mg") "," ON ("2", "'mon'", "10", "mg")),
      TRUE },
    /* of two units no dose is known */
    { METHOTREXATE (ON ("1", "'mon'", "10", "mg") "," ON ("2", "'mon','tue'", "1", "tablet")),
      TRUE },
    /* two tablets of one day, and those of two days */
    { METHOTREXATE (ON ("1", "'mon'", "10", "mg") "," ON ("1", "'mon'", "2.5", "mg")), FALSE },
    { METHOTREXATE (ON ("1", "'mon'", "10", "mg") "," ON ("1", "'thu'", "2.5", "mg")), TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FhirResource) request = parse (cases[i].request);
      g_autoptr (ClinicalPatient) patient = clinical_patient_new ();
      g_autoptr (GPtrArray) orders =
          g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_order_free);
      g_autoptr (GPtrArray) findings = NULL;
      gboolean blocks = FALSE;

      g_ptr_array_add (orders, care_safety_order_of (request, tables, NULL, NULL));
      findings = clinical_check_orders (tables, patient, orders, "2026-11-22");
      for (guint j = 0; j < findings->len; j++)
        blocks = blocks || ((ClinicalFinding *) findings->pdata[j])->blocks;
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_true (blocks == cases[i].blocks);
    }
}

#define UNTIL(sequence, end)                                                                       \
  "{'sequence':" sequence ",'timing':{'repeat':{'boundsPeriod':{'end':'" end "'}}}}"

/* A taper ends with its last step, and has no end where one step has none. */
static void
test_ends (void)
{
  static const struct
  {
    const char *request, *ends;
  } cases[] = {
    { METHOTREXATE (UNTIL ("1", "2026-12-01")), "2026-12-01" },
    { METHOTREXATE (UNTIL ("1", "2026-12-01") "," UNTIL ("2", "2027-06-01")), "2027-06-01" },
    { METHOTREXATE (UNTIL ("1", "2026-12-01") ",{'sequence':2,'text':'and so on'}"), NULL },
    { METHOTREXATE ("{'text':'now and then'}"), NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FhirResource) request = parse (cases[i].request);
      g_autoptr (ClinicalOrder) order = care_safety_order_of (request, tables, NULL, NULL);

      g_assert_cmpstr (order->ends, ==, cases[i].ends);
    }
}

#define RENEWED                                                                                    \
  "{'resourceType':'MedicationRequest','id':'r','status':'active','intent':'order',"               \
  "'medicationCodeableConcept':{'text':'metformin'},'subject':{'reference':'Patient/p'},"          \
  "'priorPrescription':{'reference':'MedicationRequest/o'}}"

static guint
count_medicines (const char *order_status, const char *own_id, const char *renewed)
{
  g_autofree char *order = g_strdup_printf (
      "{'resourceType':'MedicationRequest','id':'o','status':'%s','intent':'order',"
      "'medicationCodeableConcept':{'text':'metformin'},'subject':{'reference':'Patient/p'}}",
      order_status);
  g_autoptr (GPtrArray) chart =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (ClinicalPatient) patient = NULL;

  g_ptr_array_add (chart, parse (order));
  g_ptr_array_add (
      chart, parse ("{'resourceType':'MedicationStatement','id':'a','status':'active','extension':["
                    "{'url':'" CARE_MEDICINE_ANSWER "','valueCode':'yes'}],'basedOn':[{'reference':"
                    "'MedicationRequest/o'}],'medicationCodeableConcept':{'text':'metformin'},"
                    "'subject':{'reference':'Patient/p'}}"));
  if (renewed)
    g_ptr_array_add (chart, parse (renewed));
  patient = care_safety_patient_of (chart, own_id, tables, "2026-11-29", NULL, NULL);
  return patient->medicines->len;
}

/* What the patient says of an order is no duplicate of it, and no medicine beside it when it is
 * ordered again; but who goes on with what was stopped takes it. */
static void
test_answer (void)
{
  g_assert_cmpuint (count_medicines ("active", NULL, NULL), ==, 1);
  g_assert_cmpuint (count_medicines ("active", "o", NULL), ==, 0);
  g_assert_cmpuint (count_medicines ("stopped", NULL, NULL), ==, 1);
  g_assert_cmpuint (count_medicines ("completed", NULL, RENEWED), ==, 1);
}

#define PREGNANT(code, rest)                                                                       \
  "{'resourceType':'Condition','id':'g','clinicalStatus':{'coding':[{'code':'active'}]},'code':{"  \
  "'coding':[{'system':'http://snomed.info/sct','code':'" code "'}]}," rest                        \
  "'subject':{'reference':'Patient/p'}}"
#define ANSWER(id, date, code)                                                                     \
  OBSERVATION (id, "82810-3", date,                                                                \
               "'valueCodeableConcept':{'coding':[{'system':'http://loinc.org','code':'" code      \
               "'}]}")

/* A pregnancy on the chart is not forgotten because somebody wrote no day beside it. */
static void
test_pregnancy (void)
{
  static const struct
  {
    const char *chart[2];
    ClinicalYesNo answer;
    const char *reference;
  } cases[] = {
    { { PREGNANT ("77386006", "") }, CLINICAL_YES, "Condition/g" },
    { { PREGNANT ("77386006", "'onsetDateTime':'2026-10',") }, CLINICAL_YES, "Condition/g" },
    { { PREGNANT ("77386006", "'onsetDateTime':'2026-10','recordedDate':'2026-10-05',") },
      CLINICAL_YES,
      "Condition/g" },
    { { PREGNANT ("72892002", "'recordedDate':'2026-10-05T09:00:00Z',") },
      CLINICAL_YES,
      "Condition/g" },
    /* what has no day erases nothing */
    { { ANSWER ("y", "2026-11-01", "LA15173-0"), PREGNANT ("77386006", "") },
      CLINICAL_YES,
      "Observation/y" },
    { { ANSWER ("y", "2026-09-20", "LA15173-0"), ANSWER ("n", "2026-10", "LA26683-5") },
      CLINICAL_YES,
      "Observation/y" },
    { { ANSWER ("y", "2026-09-20", "LA15173-0"), ANSWER ("u", "2026-11-01", "LA4489-6") },
      CLINICAL_YES,
      "Observation/y" },
    { { ANSWER ("u", "2026-11-01", "LA4489-6"), ANSWER ("y", "2026-09-20", "LA15173-0") },
      CLINICAL_YES,
      "Observation/y" },
    /* a problem that is still active outlasts an answer of before */
    { { ANSWER ("n", "2026-11-10", "LA26683-5"), PREGNANT ("77386006", "") },
      CLINICAL_YES,
      "Condition/g" },
    /* the newer of two with a day counts, and "not pregnant" for a month */
    { { ANSWER ("y", "2026-09-20", "LA15173-0"), ANSWER ("n", "2026-11-10", "LA26683-5") },
      CLINICAL_NO,
      "Observation/n" },
    { { ANSWER ("n", "2026-09-20", "LA26683-5") }, CLINICAL_NOT_RECORDED, "Observation/n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) chart =
          g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
      g_autoptr (ClinicalPatient) patient = NULL;

      for (guint j = 0; j < 2 && cases[i].chart[j]; j++)
        g_ptr_array_add (chart, parse (cases[i].chart[j]));
      patient = care_safety_patient_of (chart, NULL, tables, "2026-11-22", NULL, NULL);
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (patient->pregnant.answer, ==, cases[i].answer);
      g_assert_cmpstr (patient->pregnant.reference, ==, cases[i].reference);
    }
}

/* A dosage as it is written: a range, named days, the most in a day, and what is taken then. */
static void
test_steps (void)
{
  g_autoptr (ClinicalDosage) weekly = clinical_dosage_new (), needed = clinical_dosage_new (),
                             first = clinical_dosage_new (), then = clinical_dosage_new ();
  ClinicalDosage *const all[][3] = { { weekly }, { needed }, { first, then } };
  static const struct
  {
    const char *dose;
    double per_day;
    gboolean weekly_day;
  } expected[] = { { "4", 1 / 7.0, TRUE }, { "2", 4, FALSE }, { "2", 2, FALSE } };

  weekly->dose_value = g_strdup ("4");
  weekly->frequency = weekly->period = 1;
  weekly->period_unit = g_strdup ("d");
  weekly->days = g_strdup ("mon");
  /* 1 to 2 tablets every 2 hours, at most 8 a day */
  needed->dose_value = g_strdup ("1");
  needed->dose_high = g_strdup ("2");
  needed->frequency = 1;
  needed->period = 2;
  needed->period_unit = g_strdup ("h");
  needed->max_a_day = g_strdup ("8");
  /* one tablet four times a day, then two once a day: 2 at once, 4 a day */
  first->dose_value = g_strdup ("1");
  then->dose_value = g_strdup ("2");
  first->frequency = 4;
  then->frequency = first->period = then->period = 1;
  first->period_unit = g_strdup ("d");
  then->period_unit = g_strdup ("d");
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (ClinicalOrder) order = clinical_order_new (NULL, "x");
      g_autoptr (GPtrArray) steps = g_ptr_array_new ();

      for (guint j = 0; j < 3 && all[i][j]; j++)
        {
          g_set_str (&all[i][j]->dose_unit, "tablet");
          g_ptr_array_add (steps, all[i][j]);
        }
      care_safety_take_steps (order, steps);
      g_assert_cmpstr (order->dose, ==, expected[i].dose);
      g_assert_cmpfloat_with_epsilon (order->per_day, expected[i].per_day, 1e-9);
      g_assert_true (order->weekly_day == expected[i].weekly_day);
    }
}

/* Clarithromycin beside the simvastatin of the chart. */
static CarePrescriptionDraft *
draft_new (const char *id, const char *dose)
{
  CarePrescriptionDraft *draft = care_prescription_draft_new (id, "p", "Practitioner/doctor", "e");

  care_prescription_draft_set_drug (draft, "197517", "clarithromycin 500 MG Oral Tablet",
                                    "clarithromycin", "21212", "500 MG", "Oral Tablet", "oral",
                                    NULL);
  g_object_set (draft, "dose-value", dose, "frequency", 2, "duration-days", 7, "quantity", "14",
                NULL);
  return draft;
}

static ClinicalFinding *
find (GPtrArray *findings, const char *check)
{
  for (guint i = 0; i < findings->len; i++)
    if (g_str_equal (((ClinicalFinding *) findings->pdata[i])->check, check) &&
        ((ClinicalFinding *) findings->pdata[i])->answer == CLINICAL_FOUND)
      return findings->pdata[i];
  return NULL;
}

static const char *first_dose = "1", *reason = "monitoring: CK in a week";

static gboolean
sign (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft =
      draft_new ("0193531e-0000-7000-8000-000000000001", first_dose);
  g_autoptr (GHashTable) reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) findings = care_prescription_check (connection, draft, tables, error);
  ClinicalFinding *alert = find (findings, "interaction");

  g_assert_nonnull (alert);
  g_assert_cmpstr (alert->evidence, ==, "MedicationRequest/simva");
  g_hash_table_insert (reasons, clinical_finding_dup_key (alert), (gpointer) reason);
  return care_prescription_sign (connection, fixture->doctor, draft, tables, reasons, NULL, error);
}

static gboolean quiet;
static const char *second_dose = "1";

static gboolean
check_again (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePrescriptionDraft) draft =
      draft_new ("0193531e-0000-7000-8000-000000000002", second_dose);
  g_autoptr (GPtrArray) findings = care_prescription_check (connection, draft, tables, error);
  ClinicalFinding *alert = find (findings, "interaction");

  /* never silent */
  g_assert_nonnull (alert);
  g_assert_true (clinical_finding_needs_reason (alert) == !quiet);
  if (quiet)
    g_assert_nonnull (strstr (alert->overridden, "CK in a week"));
  return TRUE;
}

static gboolean
check_issue (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) issues = store_resource_list (connection, "p", "DetectedIssue", error);
  FhirResource *issue = issues->pdata[0];

  g_assert_cmpuint (issues->len, ==, 1);
  g_assert_cmpstr (fhir_resource_path_text (issue, "mitigation.0.action.coding.0.code"), ==, "9");
  g_assert_cmpstr (fhir_resource_path_text (issue, "code.text"), ==, "interaction");
  g_assert_cmpstr (fhir_resource_path_text (issue, "severity"), ==, "high");
  return TRUE;
}

/* H13: a coded reason keeps the same alert in the line for 90 days; another dose is another alert.
 */
static void
test_override (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_chart);
  care_fixture_write (fixture, sign);
  care_fixture_read (fixture, check_issue);
  quiet = TRUE;
  base_clock_advance (fixture->clock, 89 * G_TIME_SPAN_DAY);
  care_fixture_read (fixture, check_again);
  quiet = FALSE;
  second_dose = "2";
  care_fixture_read (fixture, check_again);
  second_dose = "1";
  base_clock_advance (fixture->clock, 2 * G_TIME_SPAN_DAY);
  care_fixture_read (fixture, check_again);
}

/* H12: codeine for a child is not signed, whatever the reason. */
static gboolean
sign_codeine (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft =
      care_prescription_draft_new ("0193531e-0000-7000-8000-000000000003", "child",
                                   "Practitioner/doctor", "e");
  g_autoptr (GHashTable) reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) findings = NULL;

  care_fixture_put (connection, "{'resourceType':'Patient','id':'child','birthDate':'2018-01-01'}");
  care_prescription_draft_set_drug (draft, "997296", "codeine sulfate 60 MG Oral Tablet", "codeine",
                                    "2670", "60 MG", "Oral Tablet", "oral", NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 3, "quantity", "6",
                NULL);
  findings = care_prescription_check (connection, draft, tables, error);
  for (guint i = 0; i < findings->len; i++)
    g_hash_table_insert (reasons, clinical_finding_dup_key (findings->pdata[i]),
                         (gpointer) "benefit-outweighs-risk");
  g_assert_true (find (findings, "never-event")->blocks);
  return care_prescription_sign (connection, fixture->doctor, draft, tables, reasons, NULL, error);
}

static void
test_never_event_blocks (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = care_fixture_try (fixture, sign_codeine);

  g_assert_error (error, CARE_ERROR, CARE_ERROR_FINDINGS);
  g_assert_nonnull (strstr (error->message, "cannot be signed"));
}

/* Without content only an acknowledgement lets a prescription pass. */
static gboolean
sign_without_content (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = draft_new ("0193531e-0000-7000-8000-000000000001", "1");
  g_autoptr (GHashTable) reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) findings = care_prescription_check (connection, draft, tables, error);

  for (guint i = 0; reason && i < findings->len; i++)
    g_hash_table_insert (reasons, clinical_finding_dup_key (findings->pdata[i]), (gpointer) reason);
  return care_prescription_sign (connection, fixture->doctor, draft, tables, reasons, NULL, error);
}

static void
test_content_is_gone (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, put_chart);
  clinical_tables_set_rules (tables, NULL);
  reason = NULL;
  error = care_fixture_try (fixture, sign_without_content);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_FINDINGS);
  g_assert_nonnull (strstr (error->message, "NOTHING WAS CHECKED"));
  reason = "Looked it up in the printed formulary";
  care_fixture_write (fixture, sign_without_content);
}

#define ADD(path, test)                                                                            \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  tables = clinical_tables_new_shipped ();
  g_test_add_func ("/care/safety/steps", test_steps);
  g_test_add_func ("/care/safety/ends", test_ends);
  g_test_add_func ("/care/safety/weekly", test_weekly);
  g_test_add_func ("/care/safety/pregnancy", test_pregnancy);
  g_test_add_func ("/care/safety/answer", test_answer);
  ADD ("/care/safety/read", test_read);
  ADD ("/care/safety/override", test_override);
  ADD ("/care/safety/never-event-blocks", test_never_event_blocks);
  ADD ("/care/safety/content-is-gone", test_content_is_gone); /* last: it takes the content away */
  status = g_test_run ();
  g_object_unref (tables);
  return status;
}
