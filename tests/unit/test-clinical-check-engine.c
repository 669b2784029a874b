/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-check.h"
#include "clinical-override.h"
#include "clinical-renal.h"
#include "clinical-tables.h"

#include <math.h>
#include <string.h>

/* The engine's own rules, apart from the tables: amounts, weights, kidneys, and hostile input. */

#define TODAY "2026-11-29"

/* ibuprofen 400 and 800 MG Oral Tablet */
#define STRENGTH_WEAK   "197805"
#define STRENGTH_STRONG "197807"

static ClinicalOrder *
order_new (ClinicalContent *content, const char *rxcui, const char *dose, const char *unit)
{
  ClinicalOrder *order =
      clinical_order_new ("MedicationRequest/new", clinical_tables_get_name (content, rxcui));

  order->ingredients = clinical_content_ingredients_of_drug (content, rxcui);
  order->dose = g_strdup (dose);
  order->unit = g_strdup (unit);
  order->per_day = 2;
  return order;
}

static void
test_amounts (void)
{
  static const struct
  {
    const char *name, *dose, *unit, *wanted;
    guint ingredients, at;
    ClinicalAmountState state;
    double single;
  } cases[] = {
    { "amoxicillin 500 MG Oral Capsule", "2", "capsule", "mg", 1, 0, CLINICAL_AMOUNT_KNOWN, 1000 },
    { "amoxicillin 500 MG Oral Capsule", "750", "mg", "g", 1, 0, CLINICAL_AMOUNT_KNOWN, 0.75 },
    { "levothyroxine sodium 0.05 MG Oral Tablet", "50", "mcg", "mg", 1, 0, CLINICAL_AMOUNT_KNOWN,
      0.05 },
    { "amoxicillin 80 MG/ML Oral Suspension", "5", "mL", "mg", 1, 0, CLINICAL_AMOUNT_KNOWN, 400 },
    { "200 ACTUAT albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", "2", "puffs", "mg", 1, 0,
      CLINICAL_AMOUNT_KNOWN, 0.18 },
    { "3 ML insulin glargine 100 UNT/ML Pen Injector", "20", "units", "[iU]", 1, 0,
      CLINICAL_AMOUNT_KNOWN, 20 },
    { "24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet", "2", "tablets", "mg", 1,
      0, CLINICAL_AMOUNT_KNOWN, 1000 },
    { "acetaminophen 325 MG / hydrocodone bitartrate 5 MG Oral Tablet", "2", "tablet", "mg", 2, 1,
      CLINICAL_AMOUNT_KNOWN, 10 },
    /* a mass of a combination could be that of either */
    { "acetaminophen 325 MG / hydrocodone bitartrate 5 MG Oral Tablet", "5", "mg", "mg", 2, 1,
      CLINICAL_AMOUNT_UNIT, 0 },
    { "amoxicillin 500 MG Oral Capsule", "2", "spoons", "mg", 1, 0, CLINICAL_AMOUNT_UNIT, 0 },
    { "amoxicillin 80 MG/ML Oral Suspension", "2", "tablet", "mg", 1, 0, CLINICAL_AMOUNT_STRENGTH,
      0 },
    { "some drug", "2", "tablet", "mg", 1, 0, CLINICAL_AMOUNT_STRENGTH, 0 },
    { "amoxicillin 500 MG Oral Capsule", "-2", "capsule", "mg", 1, 0, CLINICAL_AMOUNT_NO_DOSE, 0 },
    { "amoxicillin 500 MG Oral Capsule", "nan", "capsule", "mg", 1, 0, CLINICAL_AMOUNT_NO_DOSE, 0 },
    { "amoxicillin 500 MG Oral Capsule", "1,5", "capsule", "mg", 1, 0, CLINICAL_AMOUNT_NO_DOSE, 0 },
    { "amoxicillin 500 MG Oral Capsule", NULL, "capsule", "mg", 1, 0, CLINICAL_AMOUNT_NO_DOSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ClinicalOrder) order = clinical_order_new (NULL, cases[i].name);
      ClinicalAmount amount = { 0 };

      order->ingredients =
          g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_ingredient_free);
      for (guint j = 0; j < cases[i].ingredients; j++)
        g_ptr_array_add (order->ingredients, clinical_ingredient_new (NULL, "x"));
      order->dose = g_strdup (cases[i].dose);
      order->unit = g_strdup (cases[i].unit);
      order->per_day = 3;
      g_test_message ("%s %s of %s", cases[i].dose, cases[i].unit, cases[i].name);
      g_assert_cmpint (clinical_order_amount (order, cases[i].at, cases[i].wanted, &amount), ==,
                       cases[i].state);
      if (cases[i].state != CLINICAL_AMOUNT_KNOWN)
        continue;
      g_assert_cmpfloat_with_epsilon (amount.single, cases[i].single, 1e-9);
      g_assert_cmpfloat_with_epsilon (amount.daily, cases[i].single * 3, 1e-9);
    }
}

/* H11: the three ages at which a weight grows old, the jump, the unit. */
static void
test_weights (void)
{
  static const struct
  {
    int age_months;
    double kg, before;
    const char *unit, *date, *date_before;
    ClinicalWeightState state;
  } cases[] = {
    { 6, 7, 0, "kg", "2026-10-30", NULL, CLINICAL_WEIGHT_GOOD },
    { 6, 7, 0, "kg", "2026-10-28", NULL, CLINICAL_WEIGHT_TOO_OLD },
    { 30, 13, 0, "kg", "2026-08-30", NULL, CLINICAL_WEIGHT_GOOD },
    { 30, 13, 0, "kg", "2026-08-27", NULL, CLINICAL_WEIGHT_TOO_OLD },
    { 100, 30, 0, "kg", "2025-11-30", NULL, CLINICAL_WEIGHT_GOOD },
    { 100, 30, 0, "kg", "2025-11-01", NULL, CLINICAL_WEIGHT_TOO_OLD },
    { 400, 80, 0, "kg", "2019-01-01", NULL, CLINICAL_WEIGHT_GOOD },
    { 100, 66, 0, "[lb_av]", "2026-11-01", NULL, CLINICAL_WEIGHT_GOOD },
    { 100, 30, 0, NULL, "2026-11-01", NULL, CLINICAL_WEIGHT_NO_UNIT },
    { 100, 30, 0, "kg", NULL, NULL, CLINICAL_WEIGHT_NO_DATE },
    { 100, 30, 0, "kg", "2027-11-01", NULL, CLINICAL_WEIGHT_NO_DATE },
    { 100, 300, 0, "kg", "2026-11-01", NULL, CLINICAL_WEIGHT_FOR_AGE },
    { 100, -30, 0, "kg", "2026-11-01", NULL, CLINICAL_WEIGHT_FOR_AGE },
    { 100, NAN, 0, "kg", "2026-11-01", NULL, CLINICAL_WEIGHT_FOR_AGE },
    { 100, 34, 30, "kg", "2026-11-20", "2026-11-01", CLINICAL_WEIGHT_JUMP },
    { 100, 32, 30, "kg", "2026-11-20", "2026-11-01", CLINICAL_WEIGHT_GOOD },
    { 100, 40, 30, "kg", "2026-11-20", "2025-11-01", CLINICAL_WEIGHT_GOOD },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ClinicalPatient) patient = clinical_patient_new ();
      double kg = 0;

      patient->age_months = cases[i].age_months;
      g_ptr_array_add (patient->weights, clinical_measure_new (cases[i].kg, cases[i].unit,
                                                               cases[i].date, "Observation/1"));
      if (cases[i].before > 0)
        g_ptr_array_add (patient->weights,
                         clinical_measure_new (cases[i].before, "kg", cases[i].date_before, NULL));
      g_test_message ("case %u", (guint) i);
      g_assert_cmpint (clinical_patient_weight (patient, TODAY, &kg), ==, cases[i].state);
      g_assert_true ((kg > 0) == (cases[i].state == CLINICAL_WEIGHT_GOOD));
    }
}

static void
test_kidneys (void)
{
  g_autoptr (ClinicalPatient) patient = clinical_patient_new ();
  g_auto (ClinicalRenal) none = { 0 }, gault = { 0 }, epi = { 0 };

  /* the formula by hand: (140 - 70) x 60 / (72 x 1.2) x 0.85 */
  g_assert_cmpfloat_with_epsilon (clinical_renal_cockcroft_gault (1.2, 60, 70, TRUE), 41.319, 0.01);
  /* 142 x (1.0 / 0.9)^-1.2 x 0.9938^50 */
  g_assert_cmpfloat_with_epsilon (clinical_renal_ckd_epi_2021 (1.0, 50, FALSE), 91.69, 0.05);
  clinical_renal_of (patient, TODAY, &none);
  g_assert_false (none.known);
  g_assert_nonnull (strstr (none.words, "no creatinine"));
  patient->age_months = 70 * 12;
  patient->sex = g_strdup ("female");
  patient->creatinine = clinical_measure_new (1.2 * 88.42, "umol/L", "2026-11-01", "Observation/c");
  clinical_renal_of (patient, TODAY, &epi);
  g_assert_true (epi.known);
  g_assert_nonnull (strstr (epi.words, "CKD-EPI 2021"));
  g_ptr_array_add (patient->weights, clinical_measure_new (60, "kg", "2026-11-01", NULL));
  clinical_renal_of (patient, TODAY, &gault);
  g_assert_cmpfloat_with_epsilon (gault.value, 41.319, 0.01);
  /* its inputs are said */
  g_assert_nonnull (strstr (gault.words, "Cockcroft-Gault 41 mL/min from creatinine 1.20 mg/dL"));
  g_assert_nonnull (strstr (gault.words, "70 years, 60.0 kg"));
  g_assert_cmpstr (gault.reference, ==, "Observation/c");
}

/* An old number says nothing of today's kidneys, and the newer of two counts. */
static void
test_old_kidneys (void)
{
  static const struct
  {
    const char *creatinine, *egfr, *crcl;
    const char *words; /* in the answer */
    gboolean known;
  } cases[] = {
    { NULL, "2025-12-15", NULL, "eGFR 90", TRUE },
    { NULL, "2019-11-01", NULL, "no date or is more than a year old", FALSE },
    { NULL, NULL, "2019-11-01", "no date or is more than a year old", FALSE },
    { NULL, "", NULL, "no date or is more than a year old", FALSE },
    { NULL, "2026-10", NULL, "no date or is more than a year old", FALSE },
    { NULL, "2028-10-01", NULL, "no date or is more than a year old", FALSE },
    { NULL, NULL, "2026-10-01", "clearance 100", TRUE },
    { "2026-10-01", NULL, "2019-10-01", "Cockcroft-Gault 25", TRUE },
    { "2026-10-01", "2026-09-01", NULL, "Cockcroft-Gault 25", TRUE },
    { "2026-10-01", "2026-10-01", NULL, "Cockcroft-Gault 25", TRUE },
    { "2026-10-01", "2026-11-01", NULL, "eGFR 90", TRUE },
    { "2024-10-01", "2026-11-01", NULL, "eGFR 90", TRUE },
    { "2024-10-01", "2024-11-01", NULL, "more than a year old", FALSE },
    { "", NULL, NULL, "creatinine on the chart has no date", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ClinicalPatient) patient = clinical_patient_new ();
      g_auto (ClinicalRenal) renal = { 0 };

      patient->age_months = 70 * 12;
      patient->sex = g_strdup ("female");
      g_ptr_array_add (patient->weights, clinical_measure_new (60, "kg", "2026-11-01", NULL));
      if (cases[i].creatinine)
        patient->creatinine = clinical_measure_new (2, "mg/dL", cases[i].creatinine, NULL);
      if (cases[i].egfr)
        patient->egfr = clinical_measure_new (90, "mL/min", cases[i].egfr, NULL);
      if (cases[i].crcl)
        patient->crcl = clinical_measure_new (100, "mL/min", cases[i].crcl, NULL);
      clinical_renal_of (patient, TODAY, &renal);
      g_test_message ("case %" G_GSIZE_FORMAT ": %s", i, renal.words);
      g_assert_true (renal.known == cases[i].known);
      g_assert_nonnull (strstr (renal.words, cases[i].words));
    }
}

static ClinicalFinding *
find (GPtrArray *findings, const char *check, ClinicalAnswer answer)
{
  for (guint i = 0; i < findings->len; i++)
    {
      ClinicalFinding *finding = findings->pdata[i];

      if (g_str_equal (finding->check, check) && finding->answer == answer)
        return finding;
    }
  return NULL;
}

/* Simvastatin 20 mg on the chart, clarithromycin 500 mg to be prescribed. */
static GPtrArray *
check_pair (ClinicalContent *content, const char *dose, const char *today)
{
  g_autoptr (ClinicalPatient) patient = clinical_patient_new ();
  g_autoptr (GPtrArray) orders =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_order_free);
  ClinicalOrder *chart = order_new (content, "312961", "1", "tablet");

  g_free (chart->reference);
  chart->reference = g_strdup ("MedicationRequest/simva");
  g_ptr_array_add (patient->medicines, chart);
  g_ptr_array_add (orders, order_new (content, "197517", dose, "tablet"));
  return clinical_check_orders (content, patient, orders, today);
}

/* H13: the same alert on the same facts; another dose, other content, too long ago are others. */
static void
test_overrides (void)
{
  g_autoptr (ClinicalContent) content = clinical_tables_new_shipped ();
  g_autoptr (GPtrArray) first = check_pair (content, "1", TODAY),
                        again = check_pair (content, "1", TODAY),
                        other = check_pair (content, "2", TODAY),
                        late = check_pair (content, "1", TODAY),
                        words = check_pair (content, "1", TODAY), changed = NULL;
  g_autoptr (GPtrArray) overrides =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_override_free);
  g_autoptr (GPtrArray) free_text =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_override_free);
  ClinicalFinding *alert = find (first, "interaction", CLINICAL_FOUND);
  g_autofree char *key = clinical_finding_dup_alert_key (alert), *said = NULL;
  g_autoptr (ClinicalRules) rules = NULL;
  const ClinicalOverrideReason *reason = clinical_override_parse ("monitoring: weekly CK", &said);

  g_assert_true (clinical_finding_needs_reason (alert));
  g_assert_cmpstr (alert->evidence, ==, "MedicationRequest/simva");
  g_assert_cmpstr (reason->code, ==, "9");
  g_ptr_array_add (overrides,
                   clinical_override_new (key, reason->code, said, "2026-11-01T10:00:00Z"));
  g_ptr_array_add (free_text, clinical_override_new (key, "8", "because", "2026-11-01"));
  clinical_override_apply (again, overrides, TODAY);
  alert = find (again, "interaction", CLINICAL_FOUND);
  g_assert_false (clinical_finding_needs_reason (alert));
  g_assert_nonnull (strstr (alert->overridden, "weekly CK"));
  clinical_override_apply (other, overrides, TODAY);
  g_assert_true (clinical_finding_needs_reason (find (other, "interaction", CLINICAL_FOUND)));
  clinical_override_apply (late, overrides, "2027-01-31");
  g_assert_true (clinical_finding_needs_reason (find (late, "interaction", CLINICAL_FOUND)));
  clinical_override_apply (words, free_text, TODAY);
  g_assert_true (clinical_finding_needs_reason (find (words, "interaction", CLINICAL_FOUND)));
  rules = clinical_content_dup_rules (content);
  clinical_rules_set_head (rules, "interactions", "version", "another");
  changed = check_pair (content, "1", TODAY);
  clinical_override_apply (changed, overrides, TODAY);
  g_assert_true (clinical_finding_needs_reason (find (changed, "interaction", CLINICAL_FOUND)));
}

/* (transfer full): the key of what is found of so many tablets, twice a day, of a healthy adult. */
static char *
dose_key (ClinicalContent *content, const char *rxcui, const char *dose)
{
  g_autoptr (ClinicalPatient) patient = clinical_patient_new ();
  g_autoptr (GPtrArray) orders =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_order_free);
  g_autoptr (GPtrArray) findings = NULL;

  patient->age_months = 600;
  patient->sex = g_strdup ("male");
  g_ptr_array_add (orders, order_new (content, rxcui, dose, "tablet"));
  findings = clinical_check_orders (content, patient, orders, TODAY);
  return clinical_finding_dup_alert_key (find (findings, "dose", CLINICAL_FOUND));
}

/* So many tablets of another strength are another dose: the reason of one is none for the other. */
static void
test_strengths (void)
{
  g_autoptr (ClinicalContent) content = clinical_tables_new_shipped ();
  g_autofree char *weak = dose_key (content, STRENGTH_WEAK, "20"),
                  *again = dose_key (content, STRENGTH_WEAK, "20"),
                  *strong = dose_key (content, STRENGTH_STRONG, "20");

  g_assert_cmpstr (weak, ==, again);
  g_assert_cmpstr (weak, !=, strong);
}

/* Never without a word: gone, empty and expired content stand between the prescriber and signing.
 */
static void
test_content_is_gone (void)
{
  static const char *const whys[] = { "content missing", "content empty", "content expired" };

  for (gsize i = 0; i < G_N_ELEMENTS (whys); i++)
    {
      g_autoptr (ClinicalContent) content = clinical_tables_new_shipped ();
      g_autoptr (GPtrArray) findings = NULL;
      ClinicalFinding *finding;

      if (i < 2)
        clinical_tables_set_rules (content, i == 0 ? NULL : clinical_rules_new ());
      findings = check_pair (content, "1", i == 2 ? "2099-01-01" : TODAY);
      finding = find (findings, "content", CLINICAL_NOT_CHECKED);
      g_assert_nonnull (finding);
      g_assert_cmpstr (finding->why, ==, whys[i]);
      g_assert_true (clinical_finding_needs_reason (finding));
      g_assert_true (find (findings, "interaction", CLINICAL_FOUND) == NULL || i == 2);
      if (i == 2)
        g_assert_nonnull (
            strstr (find (findings, "interaction", CLINICAL_FOUND)->scope, "EXPIRED on"));
    }
}

/* What nobody would write, and somebody will. */
static void
test_hostile (void)
{
  g_autoptr (ClinicalContent) content = clinical_tables_new_shipped ();
  g_autoptr (ClinicalPatient) patient = clinical_patient_new ();
  g_autoptr (GPtrArray) orders =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_order_free);
  g_autoptr (GPtrArray) findings = NULL;
  ClinicalOrder *nameless = clinical_order_new (NULL, NULL), *huge;
  guint answered[3] = { 0 };

  for (guint i = 0; i < 200; i++)
    g_ptr_array_add (patient->medicines, order_new (content, "314076", "1", "tablet"));
  patient->age_months = 600;
  g_ptr_array_add (patient->weights, clinical_measure_new (-INFINITY, "kg", "x", "y"));
  patient->egfr = clinical_measure_new (NAN, "mL/min", NULL, NULL);
  huge = order_new (content, "197517", "1000000000", "tablet");
  g_ptr_array_add (orders, huge);
  g_ptr_array_add (orders, nameless);
  g_ptr_array_add (orders, clinical_order_new (NULL, "<b>\xe2\x80\xae%s%n\xff</b>"));
  findings = clinical_check_orders (content, patient, orders, TODAY);
  for (guint i = 0; i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];

      g_assert_cmpuint (finding->order, <, 3);
      answered[finding->order]++;
      g_assert_true (g_utf8_validate (finding->sentence, -1, NULL));
      g_assert_nonnull (finding->scope);
    }
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (answered[i], >=, 9);
  /* a thousand million tablets are found, and not merely not checked */
  g_assert_cmpstr (find (findings, "dose", CLINICAL_FOUND)->severity, ==, "high");
}

/* The tables that are shipped say nothing that may never be said (H4). */
static void
test_tables_are_honest (void)
{
  static const char *const never[] = { "no interactions", "all clear", " safe " };
  g_autofree char *folder =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "data", "content", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint tables = 0;

  g_assert_nonnull (dir);
  for (const char *name = g_dir_read_name (dir); name; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL), *text = NULL;

      if (!g_str_has_suffix (name, ".tsv"))
        continue;
      tables++;
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      for (gsize i = 0; i < G_N_ELEMENTS (never); i++)
        if (strcasestr (text, never[i]))
          g_error ("%s says \"%s\"", name, never[i]);
    }
  g_assert_cmpuint (tables, >, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clinical-check-engine/amounts", test_amounts);
  g_test_add_func ("/clinical-check-engine/weights", test_weights);
  g_test_add_func ("/clinical-check-engine/kidneys", test_kidneys);
  g_test_add_func ("/clinical-check-engine/old-kidneys", test_old_kidneys);
  g_test_add_func ("/clinical-check-engine/overrides", test_overrides);
  g_test_add_func ("/clinical-check-engine/strengths", test_strengths);
  g_test_add_func ("/clinical-check-engine/content-is-gone", test_content_is_gone);
  g_test_add_func ("/clinical-check-engine/hostile", test_hostile);
  g_test_add_func ("/clinical-check-engine/tables-are-honest", test_tables_are_honest);
  return g_test_run ();
}
