/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-date.h"
#include "fhir-observation.h"
#include "hub-demo.h"

#include <math.h>
#include <string.h>

/* The coherence of the demo clinic: what a doctor who reads the charts would stumble over. */

typedef struct
{
  GPtrArray *resources;
  GHashTable *by_reference; /* "Type/id" to FhirResource, borrowed */
  char *today;
} Clinic;

static void
clinic_set_up (Clinic *clinic, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDateTime) now =
      g_date_time_new_from_iso8601 (data != NULL ? data : "2026-11-22T09:31:00Z", NULL);
  g_autoptr (BaseClock) clock = base_clock_new_at (now);

  clinic->resources = hub_demo_resources (clock, "one", &error);
  g_assert_no_error (error);
  clinic->today = base_clock_dup_today (clock);
  clinic->by_reference = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < clinic->resources->len; i++)
    {
      FhirResource *resource = clinic->resources->pdata[i];

      g_assert_true (g_hash_table_insert (clinic->by_reference,
                                          fhir_resource_dup_reference (resource), resource));
    }
}

static void
clinic_tear_down (Clinic *clinic, gconstpointer data)
{
  g_hash_table_unref (clinic->by_reference);
  g_ptr_array_unref (clinic->resources);
  g_free (clinic->today);
}

#define foreach_of_type(clinic, wanted, item)                                                      \
  for (guint item##_at = 0; item##_at < (clinic)->resources->len; item##_at++)                     \
    for (FhirResource *item = (clinic)->resources->pdata[item##_at];                               \
         item != NULL && strcmp (fhir_resource_get_type (item), wanted) == 0; item = NULL)

static const char *
code_of (FhirResource *resource, const char *path)
{
  g_autofree char *full = g_strconcat (path, ".coding.0.code", NULL);

  return fhir_resource_path_text (resource, full);
}

static FhirResource *
follow (Clinic *clinic, FhirResource *resource, const char *path)
{
  const char *reference = fhir_resource_path_text (resource, path);

  return reference != NULL ? g_hash_table_lookup (clinic->by_reference, reference) : NULL;
}

static void
check_references (Clinic *clinic, FhirResource *resource, const FhirElement *element)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      if (strcmp (name, "reference") == 0 &&
          !g_hash_table_contains (clinic->by_reference, fhir_element_get_text (value)))
        g_error ("%s refers to nothing: %s", fhir_resource_get_text (resource, NULL),
                 fhir_element_get_text (value));
      check_references (clinic, resource, value);
    }
  fhir_element_foreach (item, element)
    check_references (clinic, resource, item);
}

static void
test_references_resolve (Clinic *clinic, gconstpointer data)
{
  for (guint i = 0; i < clinic->resources->len; i++)
    check_references (clinic, clinic->resources->pdata[i],
                      fhir_resource_get_root (clinic->resources->pdata[i]));
}

static void
test_patients_of_all_ages (Clinic *clinic, gconstpointer data)
{
  guint patients = 0, infants = 0, children = 0, teenagers = 0, old = 0, first_of_january = 0;

  foreach_of_type (clinic, "Patient", patient)
  {
    const char *birth = fhir_resource_path_text (patient, "birthDate");
    int age = fhir_date_age_years (birth, clinic->today);
    g_autofree char *names = fhir_element_dup_json (fhir_resource_path (patient, "name"));
    g_autoptr (GRegex) not_names = g_regex_new ("\"(use|url|valueCode)\":\"[^\"]*\"", 0, 0, NULL);
    g_autofree char *letters = g_regex_replace (not_names, names, -1, 0, "", 0, NULL);

    patients++;
    infants += age < 1;
    children += age >= 1 && age < 12;
    teenagers += age >= 12 && age < 20;
    old += age >= 75;
    first_of_january += g_str_has_suffix (birth, "-01-01");
    g_assert_cmpuint (strcspn (letters, "0123456789"), ==, strlen (letters));
  }
  g_assert_cmpuint (patients, ==, 12);
  g_assert_cmpuint (infants, >=, 1);
  g_assert_cmpuint (children, >=, 1);
  g_assert_cmpuint (teenagers, >=, 1);
  g_assert_cmpuint (old, >=, 2);
  g_assert_cmpuint (first_of_january, <=, 1);
}

static void
test_active_medicine_has_its_reason (Clinic *clinic, gconstpointer data)
{
  guint active = 0;

  foreach_of_type (clinic, "MedicationRequest", request)
  {
    FhirResource *problem = follow (clinic, request, "reasonReference.0.reference");

    g_assert_nonnull (problem);
    g_assert_cmpstr (fhir_resource_path_text (problem, "subject.reference"), ==,
                     fhir_resource_path_text (request, "subject.reference"));
    g_assert_nonnull (fhir_resource_path_text (request, "dosageInstruction.0.text"));
    if (strcmp (fhir_resource_path_text (request, "status"), "active") != 0)
      continue;
    g_assert_cmpstr (code_of (problem, "clinicalStatus"), ==, "active");
    g_assert_cmpstr (fhir_resource_path_text (problem, "onsetDateTime"), <=,
                     fhir_resource_path_text (request, "authoredOn"));
    active++;
  }
  g_assert_cmpuint (active, >=, 18);
}

/* Ingredients by RxNorm, of the medicines that the clinic prescribes. */
static const struct
{
  const char *medicine;
  const char *ingredient;
} ingredients[] = {
  { "314076", "29046" }, { "1364445", "1364430" }, { "198440", "161" },    { "197361", "17767" },
  { "312941", "36437" }, { "861007", "6809" },     { "617311", "83367" },  { "105585", "6851" },
  { "310410", "4511" },  { "745679", "435" },      { "895994", "41126" },  { "313988", "4603" },
  { "865155", "19484" }, { "198189", "35296" },    { "313096", "9997" },   { "308416", "1191" },
  { "197319", "519" },   { "1648755", "7454" },    { "1014678", "20610" }, { "997223", "135447" },
  { "904431", "46041" }, { "313195", "10324" },    { "310325", "24947" },
};

static const char *
ingredient_of (const char *medicine)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ingredients); i++)
    if (strcmp (ingredients[i].medicine, medicine) == 0)
      return ingredients[i].ingredient;
  g_error ("The demo prescribes %s, whose ingredient this test does not know", medicine);
}

static void
test_no_medicine_meets_its_allergy (Clinic *clinic, gconstpointer data)
{
  foreach_of_type (clinic, "MedicationRequest", request)
  {
    const char *ingredient = ingredient_of (code_of (request, "medicationCodeableConcept"));
    const char *patient = fhir_resource_path_text (request, "subject.reference");

    foreach_of_type (clinic, "AllergyIntolerance",
                     allergy) if (strcmp (fhir_resource_path_text (allergy, "patient.reference"),
                                          patient) == 0)
        g_assert_cmpstr (code_of (allergy, "code"), !=, ingredient);
  }
}

/* The last value of @loinc before @until ("" for ever), NAN where there is none. */
static double
last_value (Clinic *clinic, const char *patient, const char *loinc, const char *until)
{
  const char *newest = "";
  double value = NAN;

  foreach_of_type (clinic, "Observation", observation)
  {
    const char *when = fhir_resource_path_text (observation, "effectiveDateTime");
    const FhirElement *quantity = fhir_resource_path (observation, "valueQuantity.value");

    if (quantity == NULL)
      quantity = fhir_resource_path (observation, "component.0.valueQuantity.value");
    if (strcmp (code_of (observation, "code"), loinc) == 0 && strcmp (when, newest) > 0 &&
        (*until == '\0' || strcmp (when, until) <= 0) &&
        strcmp (fhir_resource_path_text (observation, "subject.reference"), patient) == 0)
      {
        newest = when;
        value = fhir_element_get_double (quantity, NAN);
      }
  }
  return value;
}

static void
test_trends_bend_after_treatment (Clinic *clinic, gconstpointer data)
{
  const struct
  {
    const char *medicine;
    const char *loinc;
    int direction;
  } bends[] = {
    { "861007", "4548-4", -1 },  { "617311", "18262-6", -1 }, { "310325", "718-7", 1 },
    { "313096", "6298-4", 1 },   { "313096", "29463-7", -1 }, { "314076", "85354-9", -1 },
    { "197361", "85354-9", -1 }, { "313988", "33762-6", -1 }, { "312941", "8867-4", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bends); i++)
    {
      guint seen = 0;

      foreach_of_type (clinic, "MedicationRequest", request)
      {
        const char *patient = fhir_resource_path_text (request, "subject.reference");
        double before, after;

        if (strcmp (code_of (request, "medicationCodeableConcept"), bends[i].medicine) != 0 ||
            strcmp (fhir_resource_path_text (request, "status"), "active") != 0)
          continue;
        before = last_value (clinic, patient, bends[i].loinc,
                             fhir_resource_path_text (request, "authoredOn"));
        after = last_value (clinic, patient, bends[i].loinc, "");
        if (isnan (before))
          continue;
        g_test_message ("%s %s: %g to %g", bends[i].medicine, bends[i].loinc, before, after);
        g_assert_cmpfloat ((after - before) * bends[i].direction, >, 0);
        seen++;
      }
      g_assert_cmpuint (seen, >=, 1);
    }
}

static void
test_renally_cleared_doses_fit_the_last_egfr (Clinic *clinic, gconstpointer data)
{
  /* mL/min/1.73 m². source: unverified; these keep the demo plausible and check nobody's patient */
  const struct
  {
    const char *medicine;
    double least;
  } limits[] = { { "861007", 45 },  { "1364445", 30 }, { "105585", 60 },
                 { "1648755", 45 }, { "197319", 20 },  { "904431", 35 } };
  guint checked = 0;

  foreach_of_type (clinic, "MedicationRequest",
                   request) for (gsize i = 0; i < G_N_ELEMENTS (limits);
                                 i++) if (strcmp (code_of (request, "medicationCodeableConcept"),
                                                  limits[i].medicine) == 0)
  {
    double egfr =
        last_value (clinic, fhir_resource_path_text (request, "subject.reference"), "33914-3", "");

    g_assert_false (isnan (egfr));
    g_assert_cmpfloat (egfr, >=, limits[i].least);
    checked++;
  }
  g_assert_cmpuint (checked, >=, 6);
}

static void
test_immunizations_fit_ages (Clinic *clinic, gconstpointer data)
{
  /* The youngest and oldest age in years at which records of a realistic population have each. */
  const struct
  {
    const char *cvx;
    double from, to;
  } ages[] = { { "03", 1.0, 7 },    { "08", 0, 19 },     { "10", 0.1, 18 },    { "20", 0.1, 7 },
               { "21", 1.0, 13 },   { "33", 64.9, 110 }, { "49", 0.1, 5 },     { "62", 9, 27 },
               { "114", 10.9, 24 }, { "115", 10, 65 },   { "119", 0.1, 0.67 }, { "121", 50, 110 },
               { "133", 0.1, 110 }, { "140", 0.5, 110 } };
  guint checked = 0;

  foreach_of_type (clinic, "Immunization", immunization)
  {
    FhirResource *patient = follow (clinic, immunization, "patient.reference");
    FhirDate given, born;
    gint64 low, birth, high;
    double age;
    gboolean known = FALSE;

    g_assert_true (
        fhir_date_parse (fhir_resource_path_text (immunization, "occurrenceDateTime"), &given));
    g_assert_true (fhir_date_parse (fhir_resource_path_text (patient, "birthDate"), &born));
    fhir_date_bounds (&given, &low, &high);
    fhir_date_bounds (&born, &birth, &high);
    age = (double) (low - birth) / G_TIME_SPAN_DAY / 365.25;
    for (gsize i = 0; i < G_N_ELEMENTS (ages); i++)
      if (strcmp (code_of (immunization, "vaccineCode"), ages[i].cvx) == 0)
        {
          known = TRUE;
          /* the first dose of hepatitis B is given on the day of birth */
          g_assert_cmpfloat (age, >=, ages[i].from - 0.001);
          g_assert_cmpfloat (age, <=, ages[i].to);
        }
    g_assert_true (known);
    checked++;
  }
  g_assert_cmpuint (checked, >=, 30);
}

static void
test_day_in_progress (Clinic *clinic, gconstpointer data)
{
  guint booked = 0, waiting = 0, done = 0, red = 0, critical = 0, pharmacies = 0;

  foreach_of_type (clinic, "Appointment", appointment)
  {
    g_assert_true (
        g_str_has_prefix (fhir_resource_path_text (appointment, "start"), clinic->today));
    booked += strcmp (fhir_resource_path_text (appointment, "status"), "booked") == 0;
  }
  foreach_of_type (clinic, "Encounter", encounter)
  {
    waiting += strcmp (fhir_resource_path_text (encounter, "status"), "arrived") == 0;
    done += fhir_resource_path (encounter, "appointment") != NULL &&
            strcmp (fhir_resource_path_text (encounter, "status"), "finished") == 0;
  }
  foreach_of_type (clinic, "Task", task)
  {
    red += strcmp (code_of (task, "code"), "message") == 0 &&
           strcmp (fhir_resource_path_text (task, "priority"), "stat") == 0;
  }
  foreach_of_type (clinic, "Observation", observation)
  {
    critical += g_strcmp0 (code_of (observation, "interpretation.0"), "HH") == 0;
  }
  foreach_of_type (clinic, "Organization", organization)
  {
    pharmacies += g_strcmp0 (code_of (organization, "type.0"), "pharmacy") == 0;
  }
  g_assert_cmpuint (booked, >=, 4);
  g_assert_cmpuint (waiting, ==, 1);
  g_assert_cmpuint (done, ==, 1);
  g_assert_cmpuint (red, ==, 1);
  g_assert_cmpuint (critical, ==, 1);
  g_assert_cmpuint (pharmacies, ==, 3);
}

static void
test_same_seed_gives_same_bytes (void)
{
  const char *const seeds[] = { "one", "one", "two" };
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 ("2026-11-22T09:31:00Z", NULL);
  GPtrArray *made[3];

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (BaseClock) clock = base_clock_new_at (now);

      made[i] = hub_demo_resources (clock, seeds[i], NULL);
      g_assert_cmpuint (made[i]->len, ==, made[0]->len);
    }
  for (guint i = 0; i < made[0]->len; i++)
    {
      g_assert_cmpstr (fhir_resource_get_text (made[0]->pdata[i], NULL), ==,
                       fhir_resource_get_text (made[1]->pdata[i], NULL));
      g_assert_cmpstr (fhir_resource_get_id (made[0]->pdata[i]), !=,
                       fhir_resource_get_id (made[2]->pdata[i]));
    }
  for (int i = 0; i < 3; i++)
    g_ptr_array_unref (made[i]);
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *name;
    void (*test) (Clinic *, gconstpointer);
  } tests[] = {
    { "references-resolve", test_references_resolve },
    { "patients-of-all-ages", test_patients_of_all_ages },
    { "active-medicine-has-its-reason", test_active_medicine_has_its_reason },
    { "no-medicine-meets-its-allergy", test_no_medicine_meets_its_allergy },
    { "trends-bend-after-treatment", test_trends_bend_after_treatment },
    { "renally-cleared-doses-fit", test_renally_cleared_doses_fit_the_last_egfr },
    { "immunizations-fit-ages", test_immunizations_fit_ages },
    { "day-in-progress", test_day_in_progress },
  };
  /* the last: a leap day, just after midnight */
  const char *const days[] = { "2026-11-22T09:31:00Z", "2028-02-29T00:07:00Z" };

  g_test_init (&argc, &argv, NULL);
  for (gsize day = 0; day < G_N_ELEMENTS (days); day++)
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
      {
        g_autofree char *path = g_strdup_printf ("/hub/demo/%s/%zu", tests[i].name, day);

        g_test_add (path, Clinic, days[day], clinic_set_up, tests[i].test, clinic_tear_down);
      }
  g_test_add_func ("/hub/demo/same-seed-gives-same-bytes", test_same_seed_gives_same_bytes);
  return g_test_run ();
}
