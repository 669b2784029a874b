/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "clinical-dosage.h"
#include "hub-demo-private.h"

/* A patient's history: problems, allergies, medicines, results, vitals, vaccines and past visits.
 */

static void
add_problem (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "Condition", group, f[0], 0);
  g_autofree char *onset = hub_demo_day (demo, atoi (f[2]));

  fhir_builder_set (builder, "subject.reference", patient);
  fhir_builder_set_coding (builder, "clinicalStatus",
                           "http://terminology.hl7.org/CodeSystem/condition-clinical", f[3], NULL);
  fhir_builder_set_coding (builder, "verificationStatus",
                           "http://terminology.hl7.org/CodeSystem/condition-ver-status",
                           "confirmed", NULL);
  fhir_builder_set_coding (builder, "category.0",
                           "http://terminology.hl7.org/CodeSystem/condition-category",
                           "problem-list-item", NULL);
  fhir_builder_set_coding (builder, "code", HUB_DEMO_SNOMED, f[0], f[1]);
  fhir_builder_set_many (builder, "onsetDateTime", onset, "recordedDate", onset, NULL);
  hub_demo_add (demo, builder);
}

static void
add_allergy (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "AllergyIntolerance", group, "allergy", number);
  gboolean none = g_str_equal (f[0], "none");
  g_autofree char *recorded = hub_demo_day (demo, atoi (f[5]));

  fhir_builder_set (builder, "patient.reference", patient);
  fhir_builder_set_coding (builder, "clinicalStatus",
                           "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
                           "active", NULL);
  fhir_builder_set_coding (builder, "verificationStatus",
                           "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
                           "confirmed", NULL);
  if (none) /* "no known allergy" is a coded assertion, never an empty list */
    fhir_builder_set_coding (builder, "code", HUB_DEMO_SNOMED, "716186003", f[4]);
  else
    {
      fhir_builder_set_coding (builder, "code",
                               g_str_equal (f[0], "rxnorm") ? HUB_DEMO_RXNORM : HUB_DEMO_SNOMED,
                               f[1], f[2]);
      fhir_builder_set (builder, "criticality", f[3]);
      fhir_builder_set (builder, "reaction.0.manifestation.0.text", f[4]);
    }
  fhir_builder_set (builder, "recordedDate", recorded);
  hub_demo_add (demo, builder);
}

static void
set_dosage (FhirBuilder *builder, char **f)
{
  static const char *const days[][2] = { { "mon", "Monday" },    { "tue", "Tuesday" },
                                         { "wed", "Wednesday" }, { "thu", "Thursday" },
                                         { "fri", "Friday" },    { "sat", "Saturday" },
                                         { "sun", "Sunday" } };
  g_autoptr (ClinicalDosage) dosage = clinical_dosage_new ();
  g_autoptr (GError) error = NULL;

  dosage->dose_value = g_strdup (f[2]);
  dosage->dose_unit = g_strdup (f[3]);
  dosage->frequency = atoi (f[4]);
  dosage->period = atoi (f[5]);
  dosage->period_unit = g_strdup (f[6]);
  dosage->route_text = g_strdup (f[7]);
  dosage->as_needed = g_str_equal (f[11], "prn");
  if (!clinical_dosage_to_fhir (dosage, builder, "dosageInstruction.0", &error))
    g_error ("The demo clinic has a dosage that cannot be said: %s", error->message);
  for (gsize i = 0; i < G_N_ELEMENTS (days); i++)
    if (g_str_equal (f[11], days[i][0]))
      {
        g_autofree char *text = clinical_dosage_text (dosage, NULL);
        g_autofree char *with_day = g_strdup_printf ("%s - on %s", text, days[i][1]);

        fhir_builder_set (builder, "dosageInstruction.0.timing.repeat.dayOfWeek.0", days[i][0]);
        fhir_builder_set (builder, "dosageInstruction.0.text", with_day);
      }
}

static void
add_medicine (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "MedicationRequest", group, "medicine", number);
  g_autofree char *authored = hub_demo_instant (demo, atoi (f[8]), 9 * 60 + 10 * (int) number);
  g_autofree char *doctor = hub_demo_reference (demo, "Practitioner", "staff", "doctor");
  g_autofree char *problem_key = g_strdup_printf ("%s/%s/0", group, f[10]);
  g_autofree char *problem = hub_demo_reference (demo, "Condition", "Condition", problem_key);

  fhir_builder_set_many (builder, "status", f[9], "intent", "order", "subject.reference", patient,
                         "authoredOn", authored, "requester.reference", doctor,
                         "reasonReference.0.reference", problem, NULL);
  fhir_builder_set_coding (builder, "medicationCodeableConcept", HUB_DEMO_RXNORM, f[0], f[1]);
  set_dosage (builder, f);
  if (g_str_equal (f[9], "active") && !g_str_equal (f[11], "prn"))
    fhir_builder_set_coding (
        builder, "courseOfTherapyType",
        "http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy", "continuous",
        "Continuous long term therapy");
  hub_demo_add (demo, builder);
}

/* Puts high or low against the range that the value came with; past these the laboratory rings up.
 */
static const char *
interpret (const char *loinc, double value, const char *low, const char *high)
{
  if (g_str_equal (loinc, "6298-4") && value >= 6.5)
    return "HH";
  if (*high != '\0' && value > g_ascii_strtod (high, NULL))
    return "H";
  if (*low != '\0' && value < g_ascii_strtod (low, NULL))
    return "L";
  return *low != '\0' || *high != '\0' ? "N" : NULL;
}

static void
set_value (
    FhirBuilder *builder, const char *path, const char *literal, const char *unit, const char *ucum)
{
  static const char *const members[] = { "unit", "system", "code" };
  const char *values[] = { unit, "http://unitsofmeasure.org", ucum };
  g_autofree char *value = g_strconcat (path, ".value", NULL);

  fhir_builder_set_decimal (builder, value, literal);
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autofree char *member = g_strconcat (path, ".", members[i], NULL);

      fhir_builder_set (builder, member, values[i]);
    }
}

static FhirBuilder *
observation (HubDemo *demo,
             const char *group,
             const char *patient,
             const char *category,
             const char *loinc,
             const char *name,
             guint number,
             int day)
{
  FhirBuilder *builder = hub_demo_builder (demo, "Observation", group, loinc, number);
  g_autofree char *when =
      day == 0 ? hub_demo_now (demo, -35) : hub_demo_instant (demo, day, 8 * 60 + 25);

  fhir_builder_set_many (builder, "status", "final", "subject.reference", patient,
                         "effectiveDateTime", when, "issued", when, NULL);
  fhir_builder_set_coding (builder, "category.0",
                           "http://terminology.hl7.org/CodeSystem/observation-category", category,
                           NULL);
  fhir_builder_set_coding (builder, "code", HUB_DEMO_LOINC, loinc, name);
  return builder;
}

static void
add_result (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  g_auto (GStrv) points = g_strsplit (f[6], " ", -1);

  for (guint i = 0; points[i] != NULL; i++)
    {
      const char *literal = strchr (points[i], ':') + 1;
      const char *flag = interpret (f[0], g_ascii_strtod (literal, NULL), f[4], f[5]);
      FhirBuilder *builder =
          observation (demo, group, patient, "laboratory", f[0], f[1], i, atoi (points[i]));

      set_value (builder, "valueQuantity", literal, f[2], f[3]);
      if (*f[4] != '\0')
        set_value (builder, "referenceRange.0.low", f[4], f[2], f[3]);
      if (*f[5] != '\0')
        set_value (builder, "referenceRange.0.high", f[5], f[2], f[3]);
      if (flag != NULL)
        fhir_builder_set_coding (
            builder, "interpretation.0",
            "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", flag, NULL);
      if (g_strcmp0 (flag, "HH") == 0)
        {
          g_autofree char *key = g_strdup_printf ("%s/%s/%u", group, f[0], i);
          g_autofree char *focus = hub_demo_reference (demo, "Observation", "Observation", key);
          g_autofree char *authored = hub_demo_now (demo, -34);
          g_autofree char *description =
              g_strdup_printf ("Critical result: %s %s %s", f[1], literal, f[2]);
          FhirBuilder *task = hub_demo_builder (demo, "Task", group, "critical", i);

          fhir_builder_set_many (task, "status", "requested", "intent", "order", "priority", "stat",
                                 "description", description, "focus.reference", focus,
                                 "for.reference", patient, "authoredOn", authored, NULL);
          fhir_builder_set_coding (task, "code", "https://bedside.health/fhir/task",
                                   "critical-result", NULL);
          hub_demo_add (demo, builder);
          builder = task;
        }
      hub_demo_add (demo, builder);
    }
}

static void
add_vital (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  g_auto (GStrv) points = g_strsplit (f[4], " ", -1);

  for (guint i = 0; points[i] != NULL; i++)
    {
      g_autofree char *literal = g_strdup (strchr (points[i], ':') + 1);
      char *diastolic = strchr (literal, '/');
      FhirBuilder *builder =
          observation (demo, group, patient, "vital-signs", f[0], f[1], i, atoi (points[i]));

      if (diastolic == NULL)
        set_value (builder, "valueQuantity", literal, f[2], f[3]);
      else
        {
          *diastolic++ = '\0';
          fhir_builder_set_coding (builder, "component.0.code", HUB_DEMO_LOINC, "8480-6",
                                   "Systolic blood pressure");
          set_value (builder, "component.0.valueQuantity", literal, f[2], f[3]);
          fhir_builder_set_coding (builder, "component.1.code", HUB_DEMO_LOINC, "8462-4",
                                   "Diastolic blood pressure");
          set_value (builder, "component.1.valueQuantity", diastolic, f[2], f[3]);
        }
      hub_demo_add (demo, builder);
    }
}

static void
add_vaccine (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  g_auto (GStrv) days = g_strsplit (f[2], " ", -1);

  for (guint i = 0; days[i] != NULL; i++)
    {
      g_autofree char *part = g_strdup_printf ("vaccine-%s", f[0]);
      g_autofree char *when = hub_demo_day (demo, atoi (days[i]));
      FhirBuilder *builder = hub_demo_builder (demo, "Immunization", group, part, i);

      fhir_builder_set_many (builder, "status", "completed", "patient.reference", patient,
                             "occurrenceDateTime", when, NULL);
      fhir_builder_set_coding (builder, "vaccineCode", "http://hl7.org/fhir/sid/cvx", f[0], f[1]);
      hub_demo_add (demo, builder);
    }
}

static void
add_visit (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  g_autofree char *start = hub_demo_instant (demo, atoi (f[0]), 10 * 60 + 20 * (int) number);
  g_autofree char *end = hub_demo_instant (demo, atoi (f[0]), 10 * 60 + 20 * (int) number + 14);
  g_autofree char *doctor = hub_demo_reference (demo, "Practitioner", "staff", "doctor");
  g_autofree char *key = g_strdup_printf ("%s/visit/%u", group, number);
  g_autofree char *encounter = hub_demo_reference (demo, "Encounter", "Encounter", key);
  g_autofree char *text = g_base64_encode ((const guchar *) f[3], strlen (f[3]));
  FhirBuilder *builder = hub_demo_builder (demo, "Encounter", group, "visit", number);

  fhir_builder_set_many (builder, "status", "finished", "class.system",
                         "http://terminology.hl7.org/CodeSystem/v3-ActCode", "class.code", f[1],
                         "subject.reference", patient, "participant.0.individual.reference", doctor,
                         "period.start", start, "period.end", end, "reasonCode.0.text", f[2], NULL);
  hub_demo_add (demo, builder);
  builder = hub_demo_builder (demo, "DocumentReference", group, "note", number);
  fhir_builder_set_many (builder, "status", "current", "docStatus", "final", "subject.reference",
                         patient, "author.0.reference", doctor, "date", end,
                         "context.encounter.0.reference", encounter,
                         "content.0.attachment.contentType", "text/plain; charset=utf-8",
                         "content.0.attachment.data", text, NULL);
  fhir_builder_set_coding (builder, "type", HUB_DEMO_LOINC, "11506-3", "Progress note");
  fhir_builder_set (builder, "description", f[2]);
  hub_demo_add (demo, builder);
}

/* Everything that is told of the patient before today, and the laboratory's results of today. */
void
hub_demo_add_chart (HubDemo *demo, const char *group, const char *patient)
{
  const struct
  {
    const char *stem;
    guint fields;
    void (*add) (HubDemo *, const char *, const char *, guint, char **);
  } parts[] = {
    { "problem", 4, add_problem }, { "allergy", 6, add_allergy }, { "medicine", 12, add_medicine },
    { "result", 7, add_result },   { "vital", 5, add_vital },     { "vaccine", 3, add_vaccine },
    { "visit", 4, add_visit },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    for (guint number = 1;; number++)
      {
        g_auto (GStrv) fields =
            hub_demo_fields (demo, group, parts[i].stem, number, parts[i].fields);

        if (fields == NULL)
          break;
        parts[i].add (demo, group, patient, number, fields);
      }
}
