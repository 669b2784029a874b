/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "care-types.h"
#include "clinical-dosage.h"
#include "clinical-timing.h"
#include "hub-demo-private.h"

/* A patient's history: problems, allergies, medicines, results, vitals, vaccines and past visits.
 */

#define HERE_SINCE 480 /* days since the clinic has Bedside */

/* A problem without a code goes by its words. */
static const char *
problem_key (char **f)
{
  return *f[0] != '\0' ? f[0] : f[1];
}

/* How often the problem was told before the one of this number: an illness may come back. */
static guint
count_before (HubDemo *demo, const char *group, const char *key, guint number)
{
  guint count = 0;

  for (guint i = 1; i < number; i++)
    {
      g_auto (GStrv) fields = hub_demo_fields (demo, group, "problem", i, 7);

      count += g_str_equal (problem_key (fields), key);
    }
  return count;
}

static void
add_problem (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  const char *key = problem_key (f);
  FhirBuilder *builder =
      hub_demo_builder (demo, "Condition", group, key, count_before (demo, group, key, number));
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
  if (*f[0] != '\0')
    fhir_builder_set_coding (builder, "code", HUB_DEMO_SNOMED, f[0], f[1]);
  if (*f[0] == '\0' || *f[5] != '\0')
    fhir_builder_set (builder, "code.text", *f[5] != '\0' ? f[5] : f[1]);
  fhir_builder_set_many (builder, "onsetDateTime", onset, "recordedDate", onset, NULL);
  if (*f[4] != '\0')
    {
      g_autofree char *end = hub_demo_day (demo, atoi (f[4]));

      fhir_builder_set (builder, "abatementDateTime", end);
    }
  if (*f[6] != '\0')
    fhir_builder_set (builder, "stage.0.summary.text", f[6]);
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
      if (g_str_equal (f[0], "text"))
        fhir_builder_set (builder, "code.text", f[2]);
      else
        fhir_builder_set_coding (builder, "code",
                                 g_str_equal (f[0], "rxnorm") ? HUB_DEMO_RXNORM : HUB_DEMO_SNOMED,
                                 f[1], f[2]);
      fhir_builder_set (builder, "criticality", f[3]);
      fhir_builder_set (builder, "reaction.0.manifestation.0.text", f[4]);
    }
  fhir_builder_set (builder, "recordedDate", recorded);
  hub_demo_add (demo, builder);
}

/* @member: "dosageInstruction" of an order, "dosage" of a statement */
static void
set_dosage (FhirBuilder *builder, const char *member, char **f)
{
  static const char *const days[][2] = { { "mon", "Monday" },    { "tue", "Tuesday" },
                                         { "wed", "Wednesday" }, { "thu", "Thursday" },
                                         { "fri", "Friday" },    { "sat", "Saturday" },
                                         { "sun", "Sunday" } };
  g_autoptr (ClinicalDosage) dosage = clinical_dosage_new ();
  g_autofree char *path = g_strconcat (member, ".0", NULL);
  g_autoptr (GError) error = NULL;

  dosage->dose_value = g_strdup (f[2]);
  dosage->dose_unit = g_strdup (f[3]);
  dosage->frequency = atoi (f[4]);
  dosage->period = atoi (f[5]);
  dosage->period_unit = g_strdup (f[6]);
  dosage->route_text = g_strdup (f[7]);
  dosage->as_needed = g_str_equal (f[11], "prn");
  if (clinical_timing_event_text (f[11]) != NULL)
    dosage->when = g_strdup (f[11]);
  if (!clinical_dosage_to_fhir (dosage, builder, path, &error))
    g_error ("The demo clinic has a dosage that cannot be said: %s", error->message);
  for (gsize i = 0; i < G_N_ELEMENTS (days); i++)
    if (g_str_equal (f[11], days[i][0]))
      {
        g_autofree char *text = clinical_dosage_text (dosage, NULL);
        const char *route = g_strrstr (text, " - "); /* the day stands before it */
        g_autofree char *with_day =
            g_strdup_printf ("%.*s - on %s%s", (int) (route - text), text, days[i][1], route);

        g_autofree char *at = g_strconcat (path, ".timing.repeat.dayOfWeek.0", NULL);
        g_autofree char *words = g_strconcat (path, ".text", NULL);

        fhir_builder_set_many (builder, at, days[i][0], words, with_day, NULL);
      }
}

/* What is older was written on paper, or elsewhere. */
static gboolean
is_signed_here (char **f)
{
  return *f[12] != '\0' && atoi (f[8]) > -HERE_SINCE;
}

/* Signed here: with the identifier that Bedside gives, what to hand out, and, where the patient has
 * a pharmacy, what became of it there. */
static void
set_dispense (HubDemo *demo, FhirBuilder *builder, const char *group, guint number, char **f)
{
  g_autofree char *key = g_strdup_printf ("%s/medicine/%u", group, number);
  g_autofree char *id = hub_demo_dup_id (demo, "MedicationRequest", key);

  fhir_builder_set_many (builder, "identifier.0.system", CARE_SYSTEM_PRESCRIPTION_ID,
                         "identifier.0.value", id, "dispenseRequest.quantity.unit", f[3], NULL);
  fhir_builder_set_decimal (builder, "dispenseRequest.quantity.value", f[12]);
  fhir_builder_set_integer (builder, "dispenseRequest.numberOfRepeatsAllowed", atoi (f[13]));
}

static void
add_dispensed (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  g_auto (GStrv) pharmacy = hub_demo_fields (demo, group, "pharmacy", 0, 2);
  g_auto (GStrv) refused = hub_demo_fields (demo, group, "refused", 0, 4);
  g_autofree char *key = g_strdup_printf ("%s/medicine/%u", group, number);
  g_autofree char *focus = hub_demo_reference (demo, "MedicationRequest", "MedicationRequest", key);
  g_autofree char *owner = NULL, *asked = NULL, *done = NULL;
  FhirBuilder *task;

  if (pharmacy == NULL || atoi (f[8]) > -2 ||
      (refused != NULL && (guint) atoi (refused[0]) == number))
    return;
  task = hub_demo_builder (demo, "Task", group, "dispense", number);
  owner = hub_demo_reference (demo, "Organization", "pharmacy", pharmacy[0]);
  asked = hub_demo_instant (demo, atoi (f[8]), 12 * 60 + 7 * (int) number);
  done = hub_demo_instant (demo, atoi (f[8]) + 1, 15 * 60 + 11 * (int) number);
  fhir_builder_set_many (task, "status", "completed", "intent", "order", "focus.reference", focus,
                         "for.reference", patient, "authoredOn", asked, "lastModified", done,
                         "requester.reference", patient, "owner.reference", owner, NULL);
  fhir_builder_set_coding (task, "code", HUB_DEMO_TASK, "dispense", "Dispense");
  fhir_builder_set_coding (task, "input.0.type", HUB_DEMO_TASK, "supply-mode", NULL);
  fhir_builder_set (task, "input.0.valueCode", pharmacy[1]);
  hub_demo_add (demo, task);
}

/* Who stopped it and when: as Bedside itself writes it, since an order has no element for the day.
 */
static void
add_stop (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "Provenance", group, "stop", number);
  g_autofree char *key = g_strdup_printf ("%s/medicine/%u", group, number);
  g_autofree char *target =
      hub_demo_reference (demo, "MedicationRequest", "MedicationRequest", key);
  g_autofree char *stopped = hub_demo_instant (demo, atoi (f[15]), 10 * 60 + 10 * (int) number);
  g_autofree char *doctor = hub_demo_doctor (demo);

  fhir_builder_set_many (builder, "target.0.reference", target, "target.1.reference", patient,
                         "recorded", stopped, "occurredDateTime", stopped, "agent.0.who.reference",
                         doctor, NULL);
  fhir_builder_set_coding (builder, "activity",
                           "http://terminology.hl7.org/CodeSystem/v3-DataOperation", "UPDATE",
                           "revise");
  hub_demo_add (demo, builder);
}

static void
add_medicine (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "MedicationRequest", group, "medicine", number);
  g_autofree char *authored = hub_demo_instant (demo, atoi (f[8]), 9 * 60 + 10 * (int) number);
  g_autofree char *doctor = hub_demo_doctor (demo);
  g_autofree char *problem_key = g_strdup_printf ("%s/%s/0", group, f[10]);
  g_autofree char *problem = hub_demo_reference (demo, "Condition", "Condition", problem_key);

  if (is_signed_here (f))
    set_dispense (demo, builder, group, number, f);
  fhir_builder_set_many (builder, "status", f[9], "intent", "order", "subject.reference", patient,
                         "authoredOn", authored, "requester.reference", doctor,
                         "reasonReference.0.reference", problem, NULL);
  fhir_builder_set_coding (builder, "medicationCodeableConcept", HUB_DEMO_RXNORM, f[0], f[1]);
  if (*f[14] != '\0')
    fhir_builder_set (builder, "statusReason.text", f[14]);
  set_dosage (builder, "dosageInstruction", f);
  if (g_str_equal (f[9], "active") && !g_str_equal (f[11], "prn"))
    fhir_builder_set_coding (
        builder, "courseOfTherapyType",
        "http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy", "continuous",
        "Continuous long term therapy");
  hub_demo_add (demo, builder);
  if (*f[15] != '\0')
    add_stop (demo, group, patient, number, f);
  if (is_signed_here (f))
    add_dispensed (demo, group, patient, number, f);
}

/* What the patient says of a medicine, or another organisation's record: it need not be what was
 * prescribed. */
static void
add_reported (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "MedicationStatement", group, "reported", number);
  g_autofree char *asserted = hub_demo_day (demo, atoi (f[8]));

  fhir_builder_set_many (builder, "status", f[9], "subject.reference", patient, "dateAsserted",
                         asserted, NULL);
  if (g_str_equal (f[10], "patient"))
    fhir_builder_set (builder, "informationSource.reference", patient);
  else
    fhir_builder_set_many (builder, "informationSource.type", "Organization",
                           "informationSource.display", f[10], NULL);
  fhir_builder_set_coding (builder, "medicationCodeableConcept", HUB_DEMO_RXNORM, f[0], f[1]);
  set_dosage (builder, "dosage", f);
  if (*f[12] != '\0')
    fhir_builder_set (builder, "statusReason.0.text", f[12]);
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

void
hub_demo_set_quantity (
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
  FhirBuilder *builder =
      hub_demo_builder (demo, "Observation", group, *loinc != '\0' ? loinc : name, number);
  g_autofree char *when =
      day == 0 ? hub_demo_now (demo, -35) : hub_demo_instant (demo, day, 8 * 60 + 25);

  fhir_builder_set_many (builder, "status", "final", "subject.reference", patient,
                         "effectiveDateTime", when, "issued", when, NULL);
  fhir_builder_set_coding (builder, "category.0",
                           "http://terminology.hl7.org/CodeSystem/observation-category", category,
                           NULL);
  if (*loinc != '\0')
    fhir_builder_set_coding (builder, "code", HUB_DEMO_LOINC, loinc, name);
  else
    fhir_builder_set (builder, "code.text", name);
  return builder;
}

/* What is said in words: receptors, smoking, a swab. */
static void
add_finding (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  FhirBuilder *builder = observation (demo, group, patient, *f[4] != '\0' ? f[4] : "laboratory",
                                      f[0], f[1], 100 + number, atoi (f[3]));

  if (*f[5] != '\0')
    fhir_builder_set_coding (builder, "valueCodeableConcept", HUB_DEMO_SNOMED, f[5], f[2]);
  else
    fhir_builder_set (builder, "valueCodeableConcept.text", f[2]);
  hub_demo_add (demo, builder);
}

/* A laboratory's or a department's report, with what it comes to. */
static void
add_report (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "DiagnosticReport", group, "report", number);
  g_autofree char *when = hub_demo_instant (demo, atoi (f[1]), 16 * 60 + 5 * (int) number);

  fhir_builder_set_many (builder, "status", "final", "code.text", f[0], "subject.reference",
                         patient, "effectiveDateTime", when, "issued", when, "conclusion", f[2],
                         NULL);
  hub_demo_add (demo, builder);
}

static void
add_procedure (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "Procedure", group, "procedure", number);
  g_autofree char *day = hub_demo_day (demo, atoi (f[2]));

  fhir_builder_set_many (builder, "status", "completed", "subject.reference", patient,
                         "performedDateTime", day, NULL);
  if (*f[0] != '\0')
    fhir_builder_set_coding (builder, "code", HUB_DEMO_SNOMED, f[0], f[1]);
  else
    fhir_builder_set (builder, "code.text", f[1]);
  hub_demo_add (demo, builder);
}

/* The laboratory rang: what it found has a task of its own. */
static void
add_critical (
    HubDemo *demo, const char *group, const char *patient, guint at, const char *literal, char **f)
{
  g_autofree char *key = g_strdup_printf ("%s/%s/%u", group, f[0], at);
  g_autofree char *focus = hub_demo_reference (demo, "Observation", "Observation", key);
  g_autofree char *authored = hub_demo_now (demo, -34);
  g_autofree char *description = g_strdup_printf ("Critical result: %s %s %s", f[1], literal, f[2]);
  FhirBuilder *task = hub_demo_builder (demo, "Task", group, "critical", at);

  fhir_builder_set_many (task, "status", "requested", "intent", "order", "priority", "stat",
                         "description", description, "focus.reference", focus, "for.reference",
                         patient, "authoredOn", authored, NULL);
  fhir_builder_set_coding (task, "code", HUB_DEMO_TASK, "critical-result", NULL);
  hub_demo_add (demo, task);
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

      hub_demo_set_quantity (builder, "valueQuantity", literal, f[2], f[3]);
      if (*f[4] != '\0')
        hub_demo_set_quantity (builder, "referenceRange.0.low", f[4], f[2], f[3]);
      if (*f[5] != '\0')
        hub_demo_set_quantity (builder, "referenceRange.0.high", f[5], f[2], f[3]);
      if (flag != NULL)
        fhir_builder_set_coding (
            builder, "interpretation.0",
            "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", flag, NULL);
      hub_demo_add (demo, builder);
      if (g_strcmp0 (flag, "HH") == 0)
        add_critical (demo, group, patient, i, literal, f);
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
        hub_demo_set_quantity (builder, "valueQuantity", literal, f[2], f[3]);
      else
        {
          *diastolic++ = '\0';
          fhir_builder_set_coding (builder, "component.0.code", HUB_DEMO_LOINC, "8480-6",
                                   "Systolic blood pressure");
          hub_demo_set_quantity (builder, "component.0.valueQuantity", literal, f[2], f[3]);
          fhir_builder_set_coding (builder, "component.1.code", HUB_DEMO_LOINC, "8462-4",
                                   "Diastolic blood pressure");
          hub_demo_set_quantity (builder, "component.1.valueQuantity", diastolic, f[2], f[3]);
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
  int nights = atoi (f[5]); /* of a hospital stay, whose day is the last */
  int minutes = 10 * 60 + 20 * (int) (number % 21);
  g_autofree char *start = hub_demo_instant (demo, atoi (f[0]) - nights, minutes);
  g_autofree char *end = hub_demo_instant (demo, atoi (f[0]), minutes + 14);
  g_autofree char *doctor = *f[4] != '\0' ? hub_demo_reference (demo, "Practitioner", "staff", f[4])
                                          : hub_demo_doctor (demo);
  g_autofree char *key = g_strdup_printf ("%s/visit/%u", group, number);
  g_autofree char *encounter = hub_demo_reference (demo, "Encounter", "Encounter", key);
  g_autofree char *note = g_strcompress (f[3]);
  g_autofree char *text = g_base64_encode ((const guchar *) note, strlen (note));
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
    { "problem", 7, add_problem },    { "allergy", 6, add_allergy },
    { "medicine", 16, add_medicine }, { "result", 7, add_result },
    { "finding", 6, add_finding },    { "vital", 5, add_vital },
    { "vaccine", 3, add_vaccine },    { "procedure", 3, add_procedure },
    { "report", 3, add_report },      { "visit", 6, add_visit },
    { "reported", 13, add_reported },
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
