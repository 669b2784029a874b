/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-draft.h"

#include "care-fixture.h"
#include "care-prescription-facts.h"
#include "care-prescription.h"
#include "clinical-shorthand.h"

#include <string.h>

/* A dosage of several steps from the draft to FHIR and back, and what the form knows of before. */

#define ID   "0193531e-0000-7000-8000-000000000001"
#define DRUG "308192" /* amoxicillin 500 mg oral tablet */

static CarePrescriptionDraft *
draft_of (CareFixture *fixture, const char *typed)
{
  const StoreDrug *drug = store_content_get_drug (fixture->content, DRUG);
  CarePrescriptionDraft *draft = care_prescription_draft_new (ID, "p", "Practitioner/doctor", "e");
  g_autoptr (ClinicalShorthand) said = clinical_shorthand_parse (typed, ".", "tablet", NULL);

  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_assert_true (care_prescription_draft_take (draft, said->steps, NULL));
  g_object_set (draft, "quantity", "35", NULL);
  return draft;
}

#define TAPER "4 t daily 5d then 2 t daily 5d then 1 t daily 5d"

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'p','birthDate':'1961-03-12','communication':["
                    "{'language':{'coding':[{'code':'en'}]}},{'language':{'coding':[{'code':"
                    "'es-MX'}]},'preferred':true}]}");
  return TRUE;
}

/* The one of set_all (). */
static gboolean
put_weight (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'w','status':'final','subject':{'reference'"
                    ":'Patient/p'},'code':{'coding':[{'system':'http://loinc.org','code':'29463-7'}"
                    "]},'effectiveDateTime':'2026-11-20','valueQuantity':{'value':62.4,'unit':'kg',"
                    "'code':'kg'}}");
  return TRUE;
}

static void
set_all (CarePrescriptionDraft *draft)
{
  g_object_set (draft, "no-substitution", TRUE, "substitution-reason", "Lactose", "reason",
                "Otitis", "note", "Blister", "weight-note", "15 mg for each kg at 12.4 kg",
                "weight-reference", "Observation/w", NULL);
}

static void
check_request (FhirResource *request)
{
  static const char *const pairs[][2] = {
    { "dosageInstruction.0.sequence", "1" },
    { "dosageInstruction.0.text", "Take 4 tablets - once a day - oral - for 5 days" },
    { "dosageInstruction.0.route.coding.0.code", "26643006" },
    { "dosageInstruction.2.sequence", "3" },
    { "dosageInstruction.2.text", "Take 1 tablet - once a day - oral - for 5 days" },
    { "dosageInstruction.2.timing.repeat.boundsDuration.value", "5" },
    { "dispenseRequest.expectedSupplyDuration.value", "15" },
    { "dispenseRequest.quantity.value", "35" },
    { "substitution.allowedBoolean", "false" },
    { "substitution.reason.text", "Lactose" },
    { "reasonCode.0.text", "Otitis" },
    { "note.0.text", "Blister" },
    { "note.1.text", "15 mg for each kg at 12.4 kg" },
    { "supportingInformation.0.reference", "Observation/w" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      const FhirElement *element = fhir_resource_path (request, pairs[i][0]);

      g_test_message ("%s", pairs[i][0]);
      if (fhir_element_get_kind (element) == FHIR_KIND_BOOLEAN)
        g_assert_false (fhir_element_is_true (element));
      else
        g_assert_cmpstr (fhir_element_get_text (element), ==, pairs[i][1]);
    }
}

static gboolean
sign_taper (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = draft_of (fixture, TAPER);
  g_autoptr (FhirResource) request = NULL;
  g_autofree char *id = NULL;

  set_all (draft);
  g_assert_true (care_prescription_draft_is_complete (draft, error));
  if (!care_prescription_sign (connection, fixture->doctor, draft,
                               CLINICAL_CONTENT (fixture->content), NULL, &id, error))
    return FALSE;
  request = care_fixture_get (connection, "MedicationRequest", ID);
  check_request (request);
  return TRUE;
}

static void
test_signed (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_weight);
  care_fixture_write (fixture, sign_taper);
}

/* kill -9 loses no step. */
static gboolean
save_taper (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = draft_of (fixture, TAPER), again = NULL;
  g_autofree char *before = care_prescription_draft_dup_text (draft, error), *after = NULL;
  g_autofree char *words = care_prescription_draft_dup_words (draft);
  g_autofree char *patient = care_prescription_draft_dup_patient_text (draft, "es");

  g_assert_nonnull (strstr (before, ", then Take 2 tablets"));
  g_assert_cmpstr (words, ==,
                   "four tablets once a day = 4 tablets a day\nthen two tablets once a day = 2 "
                   "tablets a day\nthen one tablet once a day = 1 tablet a day");
  g_assert_nonnull (strstr (patient, "Después: Tome 2 comprimidos, 1 vez al día"));
  g_assert_true (care_prescription_save (connection, fixture->doctor, draft, error));
  again = care_prescription_load (connection, ID, error);
  after = care_prescription_draft_dup_text (again, error);
  g_assert_cmpstr (after, ==, before);
  /* what is not whole keeps it from being signed; another drug forgets all steps */
  g_object_set (again, "no-substitution", TRUE, NULL);
  g_assert_false (care_prescription_draft_is_complete (again, NULL));
  care_prescription_draft_set_drug (again, "1", "other", "other", "1", "1 MG", "Oral Tablet",
                                    "oral", NULL);
  {
    g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (again);

    g_assert_cmpuint (steps->len, ==, 1);
  }
  return TRUE;
}

static void
test_saved (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, save_taper);
}

/* A draft that somebody damaged is read as far as it is one. */
static void
test_damaged (CareFixture *fixture, gconstpointer data)
{
  static const char *const lines[] = { "\t\t\t\t\t\t\t\t\t", "1\t2",
                                       "x\t\ttablet\t-5\t99999999999\t0\td\t\t\t7", "\n\n\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (CarePrescriptionDraft) draft = draft_of (fixture, "1 t bd");
      g_autoptr (GPtrArray) steps = NULL;
      g_autoptr (GError) error = NULL;

      g_object_set (draft, "steps", lines[i], NULL);
      steps = care_prescription_draft_dup_steps (draft);
      g_assert_cmpuint (steps->len, >, 1); /* it stays in sight */
      g_assert_false (care_prescription_draft_is_complete (draft, &error));
      g_assert_nonnull (error);
    }
}

/* More steps than a dosage may have are refused, not left out. */
static void
test_too_many (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (CarePrescriptionDraft) draft = draft_of (fixture, "1 t daily 5d");
  g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (draft), now = NULL, then = NULL;
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GError) taken = NULL, set = NULL, complete = NULL;
  g_autofree char *line = NULL;

  while (steps->len < 11)
    g_ptr_array_add (steps, clinical_dosage_copy (steps->pdata[0]));
  g_assert_false (care_prescription_draft_take (draft, steps, &taken));
  g_assert_nonnull (strstr (taken->message, "10 steps at most"));
  g_ptr_array_remove_index (steps, 0);
  g_assert_true (care_prescription_draft_take (draft, steps, NULL));
  g_assert_true (care_prescription_draft_is_complete (draft, NULL));
  g_assert_false (care_prescription_draft_set_steps (draft, steps, &set));
  g_assert_nonnull (strstr (set->message, "10 steps at most"));
  /* as a draft may stand on disk: nothing is dropped, nothing is signed, and a step can be removed
   */
  g_object_get (draft, "steps", &line, NULL);
  g_string_printf (lines, "%s\n%s", line, line);
  g_object_set (draft, "steps", lines->str, NULL);
  now = care_prescription_draft_dup_steps (draft);
  g_assert_cmpuint (now->len, ==, 19);
  g_assert_false (care_prescription_draft_is_complete (draft, &complete));
  g_assert_nonnull (strstr (complete->message, "10 steps at most"));
  g_ptr_array_remove_index (now, 0);
  g_ptr_array_remove_index (now, 0);
  g_assert_true (care_prescription_draft_set_steps (draft, now, NULL));
  then = care_prescription_draft_dup_steps (draft);
  g_assert_cmpuint (then->len, ==, 18);
}

/* No part of a later step is lost in the draft. */
static void
test_every_part (CareFixture *fixture, gconstpointer data)
{
  static const char *const typed[] = {
    "1 t bd 5d then 1 t q6h prn pain max 4 a day 5d then 10mg sl nocte 3d",
    "1-2 t q4-6h max 8 a day 2d then 4 t weekly on mon 28d then inhale 1 puff daily inh 3d",
    "1 t q6h max 3 a day",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autoptr (ClinicalShorthand) said = clinical_shorthand_parse (typed[i], ".", "tablet", NULL);
      g_autoptr (CarePrescriptionDraft) draft = draft_of (fixture, typed[i]);
      g_autofree char *body = care_prescription_draft_dup_body (draft);
      g_autoptr (CarePrescriptionDraft) again =
          care_prescription_draft_new_from_body (ID, "p", "Practitioner/doctor", "e", body, NULL);
      g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (again);

      g_assert_cmpuint (steps->len, ==, said->steps->len);
      for (guint j = 0; j < steps->len; j++)
        {
          const ClinicalDosage *was = said->steps->pdata[j], *is = steps->pdata[j];

          g_assert_true (clinical_shorthand_means (was, is));
          g_assert_cmpstr (is->as_needed_for, ==, was->as_needed_for);
          if (was->route_text)
            g_assert_cmpstr (is->route_text, ==, was->route_text);
          if (was->method)
            g_assert_cmpstr (is->method, ==, was->method);
        }
    }
}

/* A weight's dose is that dose in that unit, and no other. */
static void
test_weight_is_of_the_dose (CareFixture *fixture, gconstpointer data)
{
  static const char *const changes[][2] = { { "dose-value", "7" }, { "dose-unit", "mL" } };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (CarePrescriptionDraft) draft = draft_of (fixture, "1 t bd");
      g_autofree char *note = NULL, *reference = NULL;

      g_object_set (draft, "dose-value", "2", "weight-note", "x", "weight-reference", "y", NULL);
      g_object_set (draft, changes[i][0], changes[i][1], NULL);
      g_object_get (draft, "weight-note", &note, "weight-reference", &reference, NULL);
      g_assert_null (note);
      g_assert_null (reference);
    }
}

#define METHOTREXATE "105585" /* 2.5 mg oral tablet */

static gboolean
is_blocked (StoreConnection *connection, CareFixture *fixture, const char *typed)
{
  const StoreDrug *drug = store_content_get_drug (fixture->content, METHOTREXATE);
  g_autoptr (CarePrescriptionDraft) draft = draft_of (fixture, "1 t bd");
  g_autoptr (ClinicalShorthand) said = clinical_shorthand_parse (typed, ".", "tablet", NULL);
  g_autoptr (GPtrArray) findings = NULL;

  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_assert_true (care_prescription_draft_take (draft, said->steps, NULL));
  findings = care_prescription_check (connection, draft, CLINICAL_CONTENT (fixture->content), NULL);
  g_assert_nonnull (findings);
  for (guint i = 0; i < findings->len; i++)
    if (((ClinicalFinding *) findings->pdata[i])->blocks)
      return TRUE;
  return FALSE;
}

/* H12: what is checked is the dosage that will be signed, with its day of the week and every step.
 */
static gboolean
check_weekly (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_assert_false (is_blocked (connection, fixture, "4 t weekly on monday"));
  g_assert_true (is_blocked (connection, fixture, "4 t weekly"));
  g_assert_true (is_blocked (connection, fixture, "4 t daily"));
  g_assert_true (is_blocked (connection, fixture, "4 t weekly on monday 28d then 4 t daily 28d"));
  return TRUE;
}

static void
test_checks_every_step (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_read (fixture, check_weekly);
}

#define REQUEST(id, patient, doctor, when, extra)                                                  \
  "{'resourceType':'MedicationRequest','id':'" id "','status':'completed','intent':'order',"       \
  "'authoredOn':'" when "','requester':{'reference':'Practitioner/" doctor                         \
  "','display':'Dr " doctor "'},'subject':{'reference':'Patient/" patient                          \
  "'},'medicationCodeableConcept':{'coding':[{"                                                    \
  "'system':'http://www.nlm.nih.gov/research/umls/rxnorm','code':'" DRUG "'}]}," extra "}"
#define BD                                                                                         \
  "'timing':{'repeat':{'frequency':2,'period':1,'periodUnit':'d'}},'doseAndRate':[{'doseQuantity'" \
  ":"                                                                                              \
  "{'value':1,'unit':'tablet'}}]"
#define WEIGHT(id, when, value, code, status)                                                      \
  "{'resourceType':'Observation','id':'" id "','status':'" status "','subject':{'reference':"      \
  "'Patient/p'},'code':{'coding':[{'system':'http://loinc.org','code':'29463-7'}]},"               \
  "'effectiveDateTime':'" when "','valueQuantity':{'value':" value ",'unit':'" code                \
  "','code':'" code "'}}"

static gboolean
put_before (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'q'}");
  care_fixture_put (connection, REQUEST ("old", "p", "other", "2025-03-01",
                                         "'dosageInstruction':[{'text':'x'," BD "}]"));
  care_fixture_put (connection, REQUEST ("new", "p", "other", "2026-03-01",
                                         "'supportingInformation':[{'reference':'Observation/w0'}],"
                                         "'dosageInstruction':[{" BD "}]"));
  care_fixture_put (connection,
                    REQUEST ("mine", "q", "doctor", "2026-05-01",
                             "'dosageInstruction':[{'text':'1 tab once a day'," BD "}]"));
  care_fixture_put (connection, REQUEST ("not", "p", "doctor", "2026-06-01",
                                         "'doNotPerform':true,'dosageInstruction':[{" BD "}]"));
  care_fixture_put (connection, WEIGHT ("w1", "2026-11-01", "72.40", "kg", "final"));
  care_fixture_put (connection, WEIGHT ("w2", "2026-11-10", "99", "kg", "entered-in-error"));
  return TRUE;
}

static gboolean
check_before (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionFacts) facts =
      care_prescription_facts (connection, fixture->doctor, "p", DRUG, error);
  const CareSig *sig;

  g_assert_no_error (*error);
  g_assert_cmpstr (facts->language, ==, "es-MX");
  g_assert_cmpstr (facts->weight, ==, "72.4");
  g_assert_cmpstr (facts->weight_reference, ==, "Observation/w1");
  g_assert_null (facts->weight_problem);
  g_assert_cmpuint (facts->sigs->len, ==, 2);
  sig = facts->sigs->pdata[0];
  g_assert_cmpstr (sig->label, ==, "Last time, 01-Mar-2026, Dr other");
  g_assert_cmpstr (sig->text, ==, "1 tablet - twice a day");
  g_assert_cmpuint (sig->steps->len, ==, 1);
  g_assert_true (sig->by_weight);
  /* of another patient, without a name; it says two things and is not offered */
  sig = facts->sigs->pdata[1];
  g_assert_cmpstr (sig->label, ==, "Yours for somebody else, 01-May-2026");
  g_assert_null (sig->steps);
  g_assert_false (sig->by_weight);
  g_assert_nonnull (strstr (sig->problem, "say different things"));
  g_assert_nonnull (strstr (sig->text, "coded: "));
  return TRUE;
}

static void
test_before (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_before);
  care_fixture_read (fixture, check_before);
}

/* H11 */
static gboolean
check_weights (StoreConnection *connection, gpointer data, GError **error)
{
  static const struct
  {
    const char *born, *weighed, *value, *code, *kilograms;
    gboolean good;
  } cases[] = {
    { "2026-06-01", "2026-10-15", "6.2", "kg", "6.2", FALSE },
    { "2026-06-01", "2026-11-01", "6200", "g", "6.2", TRUE },
    { "2024-06-01", "2026-08-01", "12", "kg", "12", FALSE },
    { "2024-06-01", "2026-09-01", "12", "kg", "12", TRUE },
    { "2012-06-01", "2025-10-01", "40", "kg", "40", FALSE },
    { "2012-06-01", "2026-01-01", "100", "[lb_av]", "45.36", TRUE },
    { "1960-06-01", "2019-01-01", "70", "kg", "70", TRUE },
    { "1960-06-01", "2027-01-01", "70", "kg", "70", FALSE },
    { NULL, "2026-11-01", "70", "kg", "70", FALSE },
    { "1960-06-01", "2026-11-01", "70", "stone", NULL, FALSE },
    { "1960-06-01", "2026", "70", "kg", NULL, FALSE },
  };
  CareFixture *fixture = data;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *born =
          cases[i].born ? g_strdup_printf (",'birthDate':'%s'", cases[i].born) : g_strdup ("");
      g_autofree char *patient =
          g_strdup_printf ("{'resourceType':'Patient','id':'w%u'%s}", (guint) i, born);
      g_autofree char *weight = g_strdup_printf (
          "{'resourceType':'Observation','id':'w%u','status':'final','subject':{'reference':"
          "'Patient/w%u'},'code':{'coding':[{'system':'http://loinc.org','code':'29463-7'}]},"
          "'effectiveDateTime':'%s','valueQuantity':{'value':%s,'code':'%s'}}",
          (guint) i, (guint) i, cases[i].weighed, cases[i].value, cases[i].code);
      g_autofree char *id = g_strdup_printf ("w%u", (guint) i);
      g_autoptr (CarePrescriptionFacts) facts = NULL;

      care_fixture_put (connection, patient);
      care_fixture_put (connection, weight);
      facts = care_prescription_facts (connection, fixture->doctor, id, NULL, error);
      g_test_message ("%u: %s", (guint) i, facts->weight_problem ? facts->weight_problem : "good");
      g_assert_cmpstr (facts->weight, ==, cases[i].kilograms);
      g_assert_true ((facts->weight_problem == NULL) == cases[i].good);
      g_assert_cmpuint (facts->sigs->len, ==, 0);
    }
  return TRUE;
}

/* H11: what the checks do not reckon with, the form does not either; and an older weight does not
 * stand in for one that cannot be read. */
static gboolean
check_plausible (StoreConnection *connection, gpointer data, GError **error)
{
  static const struct
  {
    const char *born, *before, *newest, *unit, *says;
  } cases[] = {
    { "2024-06-01", "12", "12.4", "kg", NULL },
    { "2024-06-01", "12", "124", "kg", "cannot be right" },
    { "2024-06-01", "12", "14", "kg", "a tenth" },
    { "1960-06-01", "70", "90", "kg", "a tenth" },
    { "2024-06-01", "12", "27", "stone", "no unit" },
  };
  CareFixture *fixture = data;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *id = g_strdup_printf ("v%u", (guint) i);
      g_autofree char *patient =
          g_strdup_printf ("{'resourceType':'Patient','id':'%s','birthDate':'%s'}", id,
                           cases[i].born);
      g_autoptr (CarePrescriptionFacts) facts = NULL;

      care_fixture_put (connection, patient);
      for (guint j = 0; j < 2; j++)
        {
          g_autofree char *weight = g_strdup_printf (
              "{'resourceType':'Observation','id':'%s-%u','status':'final','subject':{'reference':"
              "'Patient/%s'},'code':{'coding':[{'system':'http://loinc.org','code':'29463-7'}]},"
              "'effectiveDateTime':'2026-11-%s','valueQuantity':{'value':%s,'code':'%s'}}",
              id, j, id, j ? "12" : "01", j ? cases[i].newest : cases[i].before,
              j ? cases[i].unit : "kg");

          care_fixture_put (connection, weight);
        }
      facts = care_prescription_facts (connection, fixture->doctor, id, NULL, error);
      g_test_message ("%u: %s", (guint) i, facts->weight_problem ? facts->weight_problem : "good");
      g_assert_true ((facts->weight_problem == NULL) == (cases[i].says == NULL));
      if (cases[i].says)
        g_assert_nonnull (strstr (facts->weight_problem, cases[i].says));
    }
  return TRUE;
}

static void
test_weight_is_plausible (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, check_plausible);
}

static void
test_weights (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, check_weights);
}

static void
add (const char *path, void (*test) (CareFixture *, gconstpointer))
{
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/care/prescription-steps/signed", test_signed);
  add ("/care/prescription-steps/saved", test_saved);
  add ("/care/prescription-steps/damaged", test_damaged);
  add ("/care/prescription-steps/too-many", test_too_many);
  add ("/care/prescription-steps/checks-every-step", test_checks_every_step);
  add ("/care/prescription-steps/every-part", test_every_part);
  add ("/care/prescription-steps/weight-is-of-the-dose", test_weight_is_of_the_dose);
  add ("/care/prescription-facts/before", test_before);
  add ("/care/prescription-facts/weights", test_weights);
  add ("/care/prescription-facts/weight-is-plausible", test_weight_is_plausible);
  return g_test_run ();
}
