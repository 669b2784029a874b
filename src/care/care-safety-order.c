/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-safety.h"

#include <math.h>
#include <string.h>

#include "care-summary-private.h"
#include "fhir-concept.h"

/* A MedicationRequest or MedicationStatement as an order of the checks. Of a dosage with several
 * steps the highest dose and the highest day count. */

static double
days_of_unit (const char *unit)
{
  static const struct
  {
    const char *unit;
    double days;
  } units[] = { { "s", 1 / 86400.0 }, { "min", 1 / 1440.0 }, { "h", 1 / 24.0 }, { "d", 1 },
                { "wk", 7 },          { "mo", 30 },          { "a", 365 } };

  for (gsize i = 0; unit && i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i].unit, unit))
      return units[i].days;
  return NAN;
}

/* NAN where it is not known. */
double
care_safety_times_a_day (int frequency, int period, const char *period_unit)
{
  double days = period * days_of_unit (period_unit);

  return frequency > 0 && days > 0 ? frequency / days : NAN;
}

/* Codes of GTSAbbreviation that say how often a day. */
static double
times_of_code (const char *code)
{
  static const struct
  {
    const char *code;
    double times;
  } codes[] = { { "QD", 1 }, { "BID", 2 }, { "TID", 3 },  { "QID", 4 },
                { "AM", 1 }, { "PM", 1 },  { "QOD", 0.5 } };

  for (gsize i = 0; code && i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].code, code))
      return codes[i].times;
  return NAN;
}

/* NAN where it is not said. */
static double
times_a_day (const FhirElement *dosage)
{
  const FhirElement *repeat = fhir_element_path (dosage, "timing.repeat");
  double frequency = fhir_element_get_double (fhir_element_get (repeat, "frequencyMax"), NAN);
  double period = fhir_element_get_double (fhir_element_get (repeat, "period"), NAN);
  double days = period * days_of_unit (fhir_element_path_text (repeat, "periodUnit"));
  double per_week = (double) fhir_element_get_length (fhir_element_get (repeat, "dayOfWeek"));
  double moments = (double) fhir_element_get_length (fhir_element_get (repeat, "timeOfDay"));

  if (isnan (frequency))
    frequency = fhir_element_get_double (fhir_element_get (repeat, "frequency"), NAN);
  if (isnan (frequency))
    frequency = moments > 0 ? moments : 1;
  if (per_week > 0 && (isnan (days) || days <= 1))
    return per_week * frequency / 7;
  if (!isnan (days) && days > 0)
    return frequency / days;
  if (moments > 0)
    return moments;
  return times_of_code (fhir_element_path_text (dosage, "timing.code.coding.0.code"));
}

/* One step: what is given at once and in a day. */
typedef struct
{
  const char *dose, *unit, *day; /* the one day of the week on which it is taken, or NULL */
  double value, per_day;
} Step;

static Step
step_of (const FhirElement *dosage)
{
  const FhirElement *rate = fhir_element_path (dosage, "doseAndRate.0");
  const FhirElement *quantity = fhir_element_get (rate, "doseQuantity");
  Step step = { .value = NAN };

  if (!quantity)
    quantity = fhir_element_path (rate, "doseRange.high");
  if (!quantity) /* as FHIR had it before R4 */
    quantity = fhir_element_get (dosage, "doseQuantity");
  step.dose = fhir_element_path_text (quantity, "value");
  step.unit = fhir_element_path_text (quantity, "unit");
  if (!step.unit || !*step.unit)
    step.unit = fhir_element_path_text (quantity, "code");
  step.value = fhir_element_get_double (fhir_element_get (quantity, "value"), NAN);
  step.per_day = times_a_day (dosage);
  step.day = fhir_element_get_length (fhir_element_path (dosage, "timing.repeat.dayOfWeek")) == 1
                 ? fhir_element_path_text (dosage, "timing.repeat.dayOfWeek.0")
                 : NULL;
  return step;
}

/* What was read of the steps so far. */
typedef struct
{
  ClinicalOrder *order;
  gboolean begun;
  double total; /* of the day on which most is taken */
  double often; /* of what is taken at the same time, times a day */
  const char *day;
} Steps;

/* How often is counted by itself and not through the amount: ten tablets on Monday hide two on
 * three days. What is taken beside it on the same day of the week is no other time. */
static void
count_times (Steps *self, const Step *step, gboolean same_time)
{
  ClinicalOrder *order = self->order;
  gboolean same_day = same_time && step->day && g_strcmp0 (step->day, self->day) == 0;
  double often = isnan (step->per_day) ? 0 : step->per_day;

  if (!same_time)
    self->often = often;
  else
    self->often = same_day ? MAX (self->often, often) : self->often + often;
  if (self->often > 0)
    order->most_often =
        isnan (order->most_often) ? self->often : MAX (order->most_often, self->often);
  /* 1 / 6.5: once a week, with room for rounding */
  order->weekly_day = (order->weekly_day || !self->begun) && step->day &&
                      step->per_day <= 1 / 6.5 && self->often <= 1 / 6.5;
  self->day = step->day;
}

/* A second step, or another dose of the same: the order keeps the highest of both. Units that
 * differ cannot be compared, and the order has none then. */
static void
join (Steps *self, const Step *step, gboolean same_time)
{
  ClinicalOrder *order = self->order;
  double value = order->dose ? g_ascii_strtod (order->dose, NULL) : NAN;
  double day = step->value * step->per_day;

  if (!order->dose || g_strcmp0 (order->unit, step->unit) != 0 || isnan (step->value))
    {
      g_set_str (&order->dose, NULL);
      return;
    }
  self->total = same_time ? self->total + day : MAX (self->total, day);
  if (step->value > value)
    g_set_str (&order->dose, step->dose);
  order->per_day = self->total / MAX (value, step->value);
}

/* @same_time: beside the step before, and not after it */
static void
take (Steps *self, const Step *step, gboolean same_time)
{
  count_times (self, step, same_time && self->begun);
  if (self->begun)
    {
      join (self, step, same_time);
      return;
    }
  self->begun = TRUE;
  self->total = step->value * step->per_day;
  self->order->dose = g_strdup (step->dose);
  self->order->unit = g_strdup (step->unit);
  self->order->per_day = step->per_day;
}

/* What is taken at most in a day, in the unit of the dose; NAN where it is not said. */
static double
most_a_day (const FhirElement *dosage, const char *unit)
{
  const FhirElement *most = fhir_element_path (dosage, "maxDosePerPeriod.numerator"),
                    *period = fhir_element_path (dosage, "maxDosePerPeriod.denominator");
  const char *written = fhir_element_path_text (most, "unit");
  g_autofree char *own = clinical_unit_spell (written ? written : "", FALSE);
  double days = fhir_element_get_double (fhir_element_get (period, "value"), NAN) *
                days_of_unit (fhir_element_path_text (period, "code"));

  return days > 0 && days <= 1 && *unit && g_str_equal (own, unit)
             ? fhir_element_get_double (fhir_element_get (most, "value"), NAN) / days
             : NAN;
}

/* The step in the words of the draft that it was signed from: "2 tablets" are two of a tablet, and
 * so are "1 tablet" after them. */
static Step
read_step (const FhirElement *dosage)
{
  Step step = step_of (dosage);
  g_autofree char *one = clinical_unit_spell (step.unit ? step.unit : "", FALSE);
  double most = most_a_day (dosage, one);

  if (clinical_unit_is_counted (one))
    step.unit = g_intern_string (one);
  if (most > 0 && step.value > 0 && !(most / step.value >= step.per_day))
    step.per_day = most / step.value;
  return step;
}

static void
read_dosages (ClinicalOrder *order, const FhirElement *dosages)
{
  Steps steps = { .order = order };
  const char *sequence = NULL;

  fhir_element_foreach (dosage, dosages)
    {
      const Step step = read_step (dosage);
      const char *own = fhir_element_path_text (dosage, "sequence");

      order->as_needed = order->as_needed ||
                         fhir_element_is_true (fhir_element_get (dosage, "asNeededBoolean")) ||
                         fhir_element_get (dosage, "asNeededCodeableConcept");
      take (&steps, &step, g_strcmp0 (sequence, own) == 0);
      sequence = own;
      if (!order->route)
        order->route = g_strdup (fhir_element_path_text (dosage, "route.text"));
      if (!order->route)
        order->route = g_strdup (fhir_element_path_text (dosage, "route.coding.0.display"));
    }
}

static guint
count_words (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text ? text : "", " ", -1);
  guint n = 0;

  for (guint i = 0; words[i]; i++)
    n += *words[i] != '\0';
  return n;
}

/* On named days of the week: on so many days of seven. */
static double
times_of_dosage (const ClinicalDosage *dosage)
{
  double times = care_safety_times_a_day (dosage->frequency, dosage->period, dosage->period_unit);
  guint days = count_words (dosage->days);

  return days > 0 && g_strcmp0 (dosage->period_unit, "wk") != 0
             ? days * (isnan (times) ? 1 : times) / 7
             : times;
}

/* The most that the dosage allows in a day, where it says so. */
static double
cap_times (const ClinicalDosage *dosage, double value, double times)
{
  double most = dosage->max_a_day ? g_ascii_strtod (dosage->max_a_day, NULL) : NAN;

  return most > 0 && value > 0 && (isnan (times) || most / value < times) ? most / value : times;
}

/**
 * care_safety_take_steps:
 * @steps: (element-type ClinicalDosage): what is taken first, and what then
 *
 * Fills in what an order comes to: of several steps the highest dose and the highest day.
 */
void
care_safety_take_steps (ClinicalOrder *order, GPtrArray *steps)
{
  Steps taken = { .order = order };

  for (guint i = 0; i < steps->len; i++)
    {
      const ClinicalDosage *dosage = steps->pdata[i];
      Step step = { .dose = dosage->dose_high ? dosage->dose_high : dosage->dose_value,
                    .unit = dosage->dose_unit,
                    .day = count_words (dosage->days) == 1 ? dosage->days : NULL };

      step.value = step.dose ? g_ascii_strtod (step.dose, NULL) : NAN;
      step.per_day = cap_times (dosage, step.value, times_of_dosage (dosage));
      take (&taken, &step, FALSE);
      order->as_needed = order->as_needed || dosage->as_needed;
      if (!order->route)
        order->route = g_strdup (dosage->route_text);
    }
}

static const char *
concept_text (const FhirElement *concept)
{
  const char *text = fhir_element_path_text (concept, "text");

  return text ? text : fhir_element_path_text (concept, "coding.0.display");
}

/* (nullable): the name as RxNorm makes it, from which strengths are read. */
static const char *
rxnorm_name (const FhirElement *concept)
{
  fhir_element_foreach (coding, fhir_element_get (concept, "coding"))
    if (g_strcmp0 (fhir_element_path_text (coding, "system"), CARE_SYSTEM_RXNORM) == 0)
      return fhir_element_path_text (coding, "display");
  return NULL;
}

static FhirResource *
find_medication (FhirResource *request, CareSafetyResolve resolve, gpointer data)
{
  const char *reference = fhir_resource_path_text (request, "medicationReference.reference");
  const FhirElement *contained = fhir_resource_path (request, "contained");

  if (!reference || *reference != '#')
    return reference && resolve ? resolve (reference, data) : NULL;
  fhir_element_foreach (item, contained)
    if (g_strcmp0 (fhir_element_path_text (item, "id"), reference + 1) == 0)
      return fhir_resource_new_from_element (item, NULL);
  return NULL;
}

static GPtrArray *
ingredients_of (const FhirElement *concept, ClinicalContent *content)
{
  g_autoptr (ClinicalChartItem) item = clinical_chart_item_new (NULL, concept_text (concept));
  g_autoptr (GPtrArray) found = NULL;

  fhir_element_foreach (coding, fhir_element_get (concept, "coding"))
    clinical_chart_item_add_code (item, fhir_element_path_text (coding, "system"),
                                  fhir_element_path_text (coding, "code"));
  found = clinical_chart_item_dup_ingredients (item, content);
  return found->len > 0 ? g_steal_pointer (&found) : NULL;
}

/* (nullable): the last day of the last step. Where a step has none, nobody planned an end. */
static const char *
end_of (FhirResource *request, const FhirElement *dosages)
{
  const char *last = NULL;

  fhir_element_foreach (dosage, dosages)
    {
      const char *end = fhir_element_path_text (dosage, "timing.repeat.boundsPeriod.end");

      if (!end)
        return fhir_resource_path_text (request, "effectivePeriod.end");
      if (g_strcmp0 (end, last) > 0)
        last = end;
    }
  return last ? last : fhir_resource_path_text (request, "effectivePeriod.end");
}

/**
 * care_safety_order_of:
 * @request: a MedicationRequest or MedicationStatement
 * @resolve: (nullable): finds the Medication that it refers to
 *
 * Returns: (transfer full): the order
 */
ClinicalOrder *
care_safety_order_of (FhirResource *request,
                      ClinicalContent *content,
                      CareSafetyResolve resolve,
                      gpointer data)
{
  g_autofree char *reference = fhir_resource_dup_reference (request);
  g_autoptr (FhirResource) medication = NULL;
  const FhirElement *concept = fhir_resource_path (request, "medicationCodeableConcept");
  const FhirElement *dosages = fhir_resource_path (request, "dosageInstruction");
  const char *name, *reason;
  ClinicalOrder *order;

  if (!concept)
    {
      medication = find_medication (request, resolve, data);
      concept = medication ? fhir_resource_path (medication, "code") : NULL;
    }
  name = concept_text (concept);
  if (!name)
    name = fhir_resource_path_text (request, "medicationReference.display");
  order = clinical_order_new (reference, name);
  order->formula = g_strdup (rxnorm_name (concept));
  order->ingredients = ingredients_of (concept, content);
  if (!dosages)
    dosages = fhir_resource_path (request, "dosage");
  read_dosages (order, dosages);
  reason = concept_text (fhir_resource_path (request, "reasonCode.0"));
  order->reason = g_strdup (reason);
  order->ends = g_strdup (end_of (request, dosages));
  return order;
}
