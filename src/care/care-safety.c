/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-safety.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "care-medicine-answer.h"
#include "care-medicines-private.h"
#include "care-summary-private.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* The chart for the checks: allergies, medicines, problems, weights, kidney function, pregnancy.
 * What is a mistake, refuted or over is left out; what cannot be understood is kept by name, so
 * that a check says that it did not cover it. */

/* Sources of the LOINC codes: FHIR R4 vital-signs profiles (29463-7, 8302-2); 2160-0 and 38483-4
 * creatinine; 33914-3, 62238-1 and 98979-8 eGFR by MDRD, CKD-EPI and CKD-EPI 2021; 82810-3
 * pregnancy status with the answers LA15173-0 and LA26683-5 or SNOMED CT 77386006 and 60001007, as
 * in the International Patient Summary; 63895-7 breastfeeding status. */
#define WEIGHTS    "29463-7", "3141-9"
#define HEIGHTS    "8302-2"
#define CREATININE "2160-0", "38483-4"
#define EGFR       "33914-3", "62238-1", "98979-8"
#define PREGNANCY  "82810-3"
#define LACTATION  "63895-7"

/* "Pregnant" is believed for so long, "not pregnant" for so long. Source: unverified. */
#define PREGNANT_DAYS     300
#define NOT_PREGNANT_DAYS 31
#define LACTATION_DAYS    366

/* What one reading walks through. */
typedef struct
{
  ClinicalPatient *patient;
  GPtrArray *resources;
  ClinicalContent *content;
  const char *own_id, *today;
  CareSafetyResolve resolve;
  gpointer data;
  char *undated_pregnancy; /* reference of an active problem that nobody dated */
} Reader;

/* ---- allergies, problems, medicines --------------------------------------------------------- */

static gboolean
is_severe (FhirResource *allergy, const char *reaction)
{
  const FhirElement *reactions = fhir_resource_path (allergy, "reaction");

  fhir_element_foreach (item, reactions)
    if (g_strcmp0 (fhir_element_path_text (item, "severity"), "severe") == 0)
      return TRUE;
  return g_strcmp0 (fhir_resource_path_text (allergy, "criticality"), "high") == 0 ||
         (reaction && strstr (reaction, "anaphyla"));
}

static void
add_codes (ClinicalChartItem *item, const FhirElement *concept)
{
  const FhirElement *codings = fhir_element_get (concept, "coding");

  fhir_element_foreach (coding, codings)
    clinical_chart_item_add_code (item, fhir_element_path_text (coding, "system"),
                                  fhir_element_path_text (coding, "code"));
}

static ClinicalChartItem *
item_of (FhirResource *resource)
{
  g_autofree char *reference = fhir_resource_dup_reference (resource);
  g_autofree char *text = care_chart_concept (resource, "code");
  gboolean opaque = care_chart_is_opaque (resource);
  ClinicalChartItem *item =
      clinical_chart_item_new (reference, opaque ? _ ("an entry with an unknown modifier") : text);

  if (!opaque)
    add_codes (item, fhir_resource_path (resource, "code"));
  return item;
}

static void
add_allergy (Reader *self, FhirResource *allergy)
{
  ClinicalChartItem *item;

  if (care_chart_is_error (allergy) || !care_chart_allergy_is_active (allergy))
    return;
  item = item_of (allergy);
  item->reaction = care_chart_allergy_reaction (allergy);
  item->severe = is_severe (allergy, item->reaction);
  item->none_known = care_chart_allergy_is_none_known (allergy);
  self->patient->allergies_recorded = TRUE;
  g_ptr_array_add (self->patient->allergies, clinical_allergy_new (self->content, item));
}

/* A problem that is there, as far as the record says. */
static gboolean
is_present (FhirResource *condition)
{
  static const char *const over[] = { "inactive", "remission", "resolved" };
  const FhirElement *status = fhir_resource_path (condition, "clinicalStatus");

  for (gsize i = 0; i < G_N_ELEMENTS (over); i++)
    if (fhir_concept_has_code (status, NULL, over[i]))
      return FALSE;
  return !care_chart_is_error (condition) && !care_chart_problem_is_none_known (condition) &&
         !fhir_resource_path (condition, "abatementDateTime") &&
         !fhir_concept_has_code (fhir_resource_path (condition, "verificationStatus"), NULL,
                                 "refuted");
}

/* Only a whole day can be reckoned with. */
static const char *
whole_day (const char *date)
{
  return clinical_days_between (date, date) == G_MININT ? NULL : date;
}

/* The newest dated answer counts. What has no date takes nothing back, and what is no answer never
 * takes back a yes. */
static void
set_status (ClinicalStatus *status, ClinicalYesNo answer, const char *date, const char *reference)
{
  gboolean answers = answer == CLINICAL_YES && status->answer == CLINICAL_NOT_RECORDED;

  if (!date || (answer == CLINICAL_NOT_RECORDED && status->answer == CLINICAL_YES) ||
      (status->date && strcmp (status->date, date) > 0 && !answers))
    return;
  status->answer = answer;
  g_set_str (&status->date, date);
  g_set_str (&status->reference, reference);
}

/* Since when, or when somebody wrote it down. */
static const char *
day_of_problem (FhirResource *condition)
{
  static const char *const paths[] = { "onsetDateTime", "onsetPeriod.start", "recordedDate" };
  const char *day = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (paths) && !day; i++)
    day = whole_day (fhir_resource_path_text (condition, paths[i]));
  return day;
}

/* SNOMED CT: 77386006 pregnant, 72892002 normal pregnancy. */
static gboolean
is_pregnancy (const FhirElement *concept)
{
  return fhir_concept_has_code (concept, CARE_SYSTEM_SNOMED, "77386006") ||
         fhir_concept_has_code (concept, CARE_SYSTEM_SNOMED, "72892002");
}

static void
add_pregnancy (Reader *self, FhirResource *condition, const char *reference)
{
  const char *day = day_of_problem (condition);

  if (day)
    set_status (&self->patient->pregnant, CLINICAL_YES, day, reference);
  else
    g_set_str (&self->undated_pregnancy, reference);
}

static void
add_condition (Reader *self, FhirResource *condition)
{
  ClinicalChartItem *item;

  if (!is_present (condition))
    return;
  item = item_of (condition);
  if (is_pregnancy (fhir_resource_path (condition, "code")))
    add_pregnancy (self, condition, item->reference);
  g_ptr_array_add (self->patient->conditions, item);
}

/* Taken unless the record says that it is not: a status that is missing or is no word of FHIR's is
 * not known, and what is not known is checked. */
gboolean
care_safety_is_taken (FhirResource *medicine, const char *own_id)
{
  static const char *const over[] = { "stopped", "cancelled", "completed",
                                      "draft",   "not-taken", NULL };
  const char *status = fhir_resource_path_text (medicine, "status");

  return !care_chart_is_error (medicine) &&
         g_strcmp0 (fhir_resource_get_id (medicine), own_id) != 0 &&
         !fhir_element_is_true (fhir_resource_path (medicine, "doNotPerform")) &&
         !(status && g_strv_contains (over, status));
}

#define RENEWALS_AT_MOST 20

/* Whether an order, or the one that renewed it, is taken. */
static gboolean
goes_on (Reader *self, const char *order, guint renewals)
{
  for (guint i = 0; order && i < self->resources->len; i++)
    {
      FhirResource *other = self->resources->pdata[i];
      const char *prior = fhir_resource_path_text (other, "priorPrescription.reference");
      g_autofree char *reference = fhir_resource_dup_reference (other);

      if (g_strcmp0 (reference, order) == 0 && care_safety_is_taken (other, NULL))
        return TRUE;
      if (g_strcmp0 (prior, order) == 0 && renewals < RENEWALS_AT_MOST &&
          goes_on (self, reference, renewals + 1))
        return TRUE;
    }
  return FALSE;
}

/* What a patient answered about an order is the same medicine as long as the order counts itself:
 * a second one beside it would be found twice. Once the order is over, the answer counts. */
static gboolean
is_counted_already (Reader *self, FhirResource *medicine)
{
  return care_medicine_is_answer (medicine) &&
         goes_on (self, fhir_resource_path_text (medicine, "basedOn.0.reference"), 0);
}

static void
add_medicine (Reader *self, FhirResource *medicine)
{
  if (is_counted_already (self, medicine))
    return;
  if (care_safety_is_taken (medicine, self->own_id) && !care_medicine_is_none_known (medicine))
    g_ptr_array_add (self->patient->medicines,
                     care_safety_order_of (medicine, self->content, self->resolve, self->data));
}

/* ---- observations --------------------------------------------------------------------------- */

static gboolean
has_code (FhirResource *observation, const char *const *codes)
{
  const FhirElement *concept = fhir_resource_path (observation, "code");

  for (; *codes; codes++)
    if (fhir_concept_has_code (concept, CARE_SYSTEM_LOINC, *codes))
      return TRUE;
  return FALSE;
}

static gboolean
is_valid (FhirResource *observation)
{
  static const char *const good[] = { "final", "amended", "corrected", "preliminary", NULL };
  const char *status = fhir_resource_path_text (observation, "status");

  return (!status || g_strv_contains (good, status)) && !care_chart_is_opaque (observation);
}

static const char *
date_of (FhirResource *observation)
{
  const char *date = fhir_resource_path_text (observation, "effectiveDateTime");

  if (!date)
    date = fhir_resource_path_text (observation, "effectivePeriod.start");
  return date ? date : fhir_resource_path_text (observation, "effectiveInstant");
}

/* A code of UCUM counts; words do where they happen to be one. A comparator ("< 30") is no value.
 */
static ClinicalMeasure *
measure_of (FhirResource *observation)
{
  const FhirElement *quantity = fhir_resource_path (observation, "valueQuantity");
  g_autofree char *reference = fhir_resource_dup_reference (observation);
  const char *unit = fhir_element_path_text (quantity, "code");
  double value = fhir_element_get_double (fhir_element_get (quantity, "value"), NAN);

  if (!quantity || isnan (value) || fhir_element_get (quantity, "comparator"))
    return NULL;
  return clinical_measure_new (value, unit ? unit : fhir_element_path_text (quantity, "unit"),
                               date_of (observation), reference);
}

static void
keep_newest (ClinicalMeasure **newest, ClinicalMeasure *measure)
{
  if (measure && (!*newest || g_strcmp0 (measure->date, (*newest)->date) >= 0))
    {
      g_clear_pointer (newest, clinical_measure_free);
      *newest = measure;
    }
  else if (measure)
    clinical_measure_free (measure);
}

static ClinicalYesNo
yes_or_no (FhirResource *observation)
{
  static const char *const yes[] = { "LA15173-0", "77386006", "72892002", "413712001", "Y", NULL };
  static const char *const no[] = { "LA26683-5", "60001007", "N", NULL };
  const FhirElement *concept = fhir_resource_path (observation, "valueCodeableConcept");
  const FhirElement *flag = fhir_resource_path (observation, "valueBoolean");

  if (flag)
    return fhir_element_is_true (flag) ? CLINICAL_YES : CLINICAL_NO;
  for (gsize i = 0; yes[i]; i++)
    if (fhir_concept_has_code (concept, NULL, yes[i]))
      return CLINICAL_YES;
  for (gsize i = 0; no[i]; i++)
    if (fhir_concept_has_code (concept, NULL, no[i]))
      return CLINICAL_NO;
  return CLINICAL_NOT_RECORDED;
}

static void
add_status (ClinicalStatus *status, FhirResource *observation)
{
  g_autofree char *reference = fhir_resource_dup_reference (observation);

  set_status (status, yes_or_no (observation), whole_day (date_of (observation)), reference);
}

static void
add_observation (Reader *self, FhirResource *observation)
{
  ClinicalPatient *patient = self->patient;
  ClinicalMeasure *measure;

  if (!is_valid (observation))
    return;
  if (has_code (observation, (const char *const[]) { WEIGHTS, NULL }))
    {
      measure = measure_of (observation);
      if (measure)
        g_ptr_array_add (patient->weights, measure);
    }
  else if (has_code (observation, (const char *const[]) { HEIGHTS, NULL }))
    keep_newest (&patient->height, measure_of (observation));
  else if (has_code (observation, (const char *const[]) { CREATININE, NULL }))
    keep_newest (&patient->creatinine, measure_of (observation));
  else if (has_code (observation, (const char *const[]) { EGFR, NULL }))
    keep_newest (&patient->egfr, measure_of (observation));
  else if (has_code (observation, (const char *const[]) { PREGNANCY, NULL }))
    add_status (&patient->pregnant, observation);
  else if (has_code (observation, (const char *const[]) { LACTATION, NULL }))
    add_status (&patient->breastfeeding, observation);
}

/* ---- the whole chart ------------------------------------------------------------------------ */

static void
add_person (Reader *self, FhirResource *person)
{
  self->patient->age_months =
      clinical_age_months (fhir_resource_path_text (person, "birthDate"), self->today);
  g_set_str (&self->patient->sex, fhir_resource_path_text (person, "gender"));
}

static void
add_resource (Reader *self, FhirResource *resource)
{
  static const struct
  {
    const char *type;
    void (*add) (Reader *self, FhirResource *resource);
  } types[] = {
    { "Patient", add_person },          { "AllergyIntolerance", add_allergy },
    { "Condition", add_condition },     { "MedicationRequest", add_medicine },
    { "Observation", add_observation }, { "MedicationStatement", add_medicine },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (fhir_resource_get_type (resource), types[i].type) == 0)
      types[i].add (self, resource);
}

static int
compare_dates (gconstpointer a, gconstpointer b)
{
  const ClinicalMeasure *one = *(ClinicalMeasure *const *) a,
                        *other = *(ClinicalMeasure *const *) b;

  return g_strcmp0 (other->date, one->date);
}

static void
forget_old (ClinicalStatus *status, const char *today, int yes_days, int no_days)
{
  int days = clinical_days_between (status->date, today);

  if (days == G_MININT || days > (status->answer == CLINICAL_YES ? yes_days : no_days))
    status->answer = CLINICAL_NOT_RECORDED;
}

static void
finish (Reader *self)
{
  g_ptr_array_sort (self->patient->weights, compare_dates);
  forget_old (&self->patient->pregnant, self->today, PREGNANT_DAYS, NOT_PREGNANT_DAYS);
  forget_old (&self->patient->breastfeeding, self->today, LACTATION_DAYS, LACTATION_DAYS);
  /* an active problem without a date stands until somebody ends it */
  if (self->undated_pregnancy && self->patient->pregnant.answer != CLINICAL_YES)
    {
      self->patient->pregnant.answer = CLINICAL_YES;
      g_clear_pointer (&self->patient->pregnant.date, g_free);
      g_set_str (&self->patient->pregnant.reference, self->undated_pregnancy);
    }
  g_clear_pointer (&self->undated_pregnancy, g_free);
}

/**
 * care_safety_patient_of:
 * @resources: (element-type FhirResource): of one patient
 * @own_id: (nullable): an order that is not a medicine beside itself
 * @today: as in "2026-11-29"
 * @resolve: (nullable): finds a Medication that an order refers to
 *
 * Returns: (transfer full): the chart as the checks see it
 */
ClinicalPatient *
care_safety_patient_of (GPtrArray *resources,
                        const char *own_id,
                        ClinicalContent *content,
                        const char *today,
                        CareSafetyResolve resolve,
                        gpointer data)
{
  Reader reader = { clinical_patient_new (), resources, content, own_id, today, resolve, data };

  for (guint i = 0; i < resources->len; i++)
    add_resource (&reader, resources->pdata[i]);
  finish (&reader);
  return reader.patient;
}

static FhirResource *
resolve_in_store (const char *reference, gpointer data)
{
  g_autofree char *type = NULL, *id = NULL;

  return fhir_reference_split (reference, &type, &id) ? store_resource_get (data, type, id, NULL)
                                                      : NULL;
}

/* Of the observations only those that count, newest first: a chart may have thousands. */
static GPtrArray *
read_observations (StoreConnection *connection, const char *patient_id, GError **error)
{
  static const char *const groups[][4] = {
    { WEIGHTS, NULL },   { CREATININE, NULL }, { EGFR, NULL },
    { PREGNANCY, NULL }, { LACTATION, NULL },
  };
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      g_autofree char *codes = g_strjoinv ("," CARE_SYSTEM_LOINC "|", (char **) groups[i]);
      g_autofree char *text =
          g_strconcat ("patient=Patient/", patient_id, "&code=" CARE_SYSTEM_LOINC "|", codes,
                       "&_sort=-date&_count=5", NULL);
      g_autoptr (FhirQuery) query = fhir_query_parse ("Observation", text, FALSE, error);
      g_autoptr (StoreSearch) found = query ? store_search (connection, query, error) : NULL;

      if (!found)
        return NULL;
      for (guint j = 0; j < found->matches->len; j++)
        g_ptr_array_add (out, fhir_resource_ref (found->matches->pdata[j]));
    }
  return g_steal_pointer (&out);
}

/**
 * care_safety_read:
 * @own_id: (nullable): an order that is not a medicine beside itself
 *
 * Returns: (transfer full) (nullable): a patient's chart as it is on this machine
 */
ClinicalPatient *
care_safety_read (StoreConnection *connection,
                  const char *patient_id,
                  const char *own_id,
                  ClinicalContent *content,
                  GError **error)
{
  static const char *const types[] = { "AllergyIntolerance", "Condition", "MedicationRequest",
                                       "MedicationStatement" };
  g_autoptr (GPtrArray) all = read_observations (connection, patient_id, error);
  g_autofree char *today = base_clock_dup_today (store_connection_get_clock (connection));
  FhirResource *person;

  if (!all)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GPtrArray) some = store_resource_list (connection, patient_id, types[i], error);

      if (!some)
        return NULL;
      for (guint j = 0; j < some->len; j++)
        g_ptr_array_add (all, fhir_resource_ref (some->pdata[j]));
    }
  person = store_resource_get (connection, "Patient", patient_id, NULL);
  if (person)
    g_ptr_array_add (all, person);
  return care_safety_patient_of (all, own_id, content, today, resolve_in_store, connection);
}

/**
 * care_safety_read_overrides:
 *
 * Returns: (transfer full) (element-type ClinicalOverride) (nullable): what was overridden for the
 *   patient before, by anybody
 */
GPtrArray *
care_safety_read_overrides (StoreConnection *connection, const char *patient_id, GError **error)
{
  g_autoptr (GPtrArray) issues =
      store_resource_list (connection, patient_id, "DetectedIssue", error);
  GPtrArray *out;

  if (!issues)
    return NULL;
  out = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_override_free);
  for (guint i = 0; i < issues->len; i++)
    {
      FhirResource *issue = issues->pdata[i];

      if (!care_chart_is_error (issue) &&
          g_strcmp0 (fhir_resource_path_text (issue, "identifier.0.system"), CARE_SYSTEM_ALERT) ==
              0)
        g_ptr_array_add (out,
                         clinical_override_new (
                             fhir_resource_path_text (issue, "identifier.0.value"),
                             fhir_resource_path_text (issue, "mitigation.0.action.coding.0.code"),
                             fhir_resource_path_text (issue, "mitigation.0.action.text"),
                             fhir_resource_path_text (issue, "mitigation.0.date")));
    }
  return out;
}
