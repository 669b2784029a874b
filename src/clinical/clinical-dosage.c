/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dosage-private.h"

#include <glib/gi18n.h>

#include "clinical-decimal.h"
#include "clinical-timing.h"

/* A dosage as a prescriber writes it, to FHIR and back. Its sentences are said by
 * clinical_dosage_say (), from the coded parts, so that text and codes cannot part ways. */

#define UCUM "http://unitsofmeasure.org"

ClinicalDosage *
clinical_dosage_new (void)
{
  return g_new0 (ClinicalDosage, 1);
}

ClinicalDosage *
clinical_dosage_copy (const ClinicalDosage *self)
{
  ClinicalDosage *copy = g_memdup2 (self, sizeof *self);

  copy->dose_value = g_strdup (self->dose_value);
  copy->dose_unit = g_strdup (self->dose_unit);
  copy->period_unit = g_strdup (self->period_unit);
  copy->route_code = g_strdup (self->route_code);
  copy->route_text = g_strdup (self->route_text);
  copy->method = g_strdup (self->method);
  copy->when = g_strdup (self->when);
  copy->as_needed_for = g_strdup (self->as_needed_for);
  copy->instruction = g_strdup (self->instruction);
  copy->dose_high = g_strdup (self->dose_high);
  copy->days = g_strdup (self->days);
  copy->max_a_day = g_strdup (self->max_a_day);
  return copy;
}

void
clinical_dosage_free (ClinicalDosage *self)
{
  g_free (self->dose_value);
  g_free (self->dose_unit);
  g_free (self->period_unit);
  g_free (self->route_code);
  g_free (self->route_text);
  g_free (self->method);
  g_free (self->when);
  g_free (self->as_needed_for);
  g_free (self->instruction);
  g_free (self->dose_high);
  g_free (self->days);
  g_free (self->max_a_day);
  g_free (self);
}

static gboolean
is_set (const char *text)
{
  return text && *text;
}

/* More pieces than this at once are a slip of the hand: 10^9 tablets. Units of activity and
 * measures have no such bound. */
#define MAX_PIECES "100"

static gboolean
contradicts (GError **error, const char *sentence)
{
  g_set_error_literal (error, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE, sentence);
  return FALSE;
}

static gboolean
is_less (const char *a, const char *b)
{
  int order = 0;

  return !clinical_decimal_compare (a, b, &order) || order < 0;
}

static guint
count_days (const ClinicalDosage *self)
{
  g_auto (GStrv) days = g_strsplit (is_set (self->days) ? self->days : "", " ", -1);

  for (char **day = days; *day; day++)
    if (!clinical_timing_day_text (*day))
      return 0;
  return g_strv_length (days);
}

static gboolean
check_amounts (const ClinicalDosage *self, GError **error)
{
  const char *most = is_set (self->dose_high) ? self->dose_high : self->dose_value;

  if (is_set (self->dose_high) && !is_less (self->dose_value, self->dose_high))
    return contradicts (error, _ ("The higher dose is not higher than the lower one."));
  if (clinical_unit_is_counted (self->dose_unit) && !g_str_equal (self->dose_unit, "unit") &&
      is_less (MAX_PIECES, most))
    return contradicts (error, _ ("So many at once cannot be meant. Write the dose again."));
  if (is_set (self->max_a_day) && is_less (self->max_a_day, most))
    return contradicts (error, _ ("The most in a day is less than one dose."));
  return TRUE;
}

static gboolean
check_times (const ClinicalDosage *self, GError **error)
{
  guint days = count_days (self);

  if (self->period_max > 0 && (self->period_max <= self->period || self->frequency != 1))
    return contradicts (error, _ ("The longer time between doses is not longer."));
  if (is_set (self->days) &&
      (days == 0 || g_str_equal (self->period_unit, "h") || self->period != 1))
    return contradicts (error, _ ("The days of the week do not go with how often it is taken."));
  if (is_set (self->days) && g_str_equal (self->period_unit, "wk") && self->frequency != (int) days)
    return contradicts (error, _ ("There are not as many days of the week as times a week."));
  if (is_set (self->as_needed_for) && !self->as_needed)
    return contradicts (
        error,
        _ ("The dosage gives a reason for taking it as required, but is not marked as required."));
  return TRUE;
}

/* Whether all that the sentence needs is there, and goes together. */
gboolean
clinical_dosage_check (const ClinicalDosage *self, GError **error)
{
  const char *missing =
      !is_set (self->dose_value)                                        ? _ ("the dose")
      : !is_set (self->dose_unit)                                       ? _ ("the unit of the dose")
      : self->frequency <= 0 || self->period <= 0                       ? _ ("how often")
      : !clinical_timing_unit_text (self->period_unit, FALSE)           ? _ ("the unit of time")
      : is_set (self->when) && !clinical_timing_event_text (self->when) ? _ ("when in the day")
                                                                        : NULL;

  if (!missing)
    return check_amounts (self, error) && check_times (self, error);
  g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_MISSING, _ ("The dosage does not yet say %s."),
               missing);
  return FALSE;
}

/* UCUM's curly braces hold a word without a dimension: a tablet is a count. "unit" has no code
 * here: which unit of activity is meant depends on the substance. */
static char *
ucum_code (const char *unit)
{
  if (g_str_equal (unit, "unit"))
    return NULL;
  if (clinical_unit_is_counted (unit))
    return g_strdup_printf ("{%s}", unit);
  if (g_str_equal (unit, "mcg") || g_str_equal (unit, "microgram"))
    return g_strdup ("ug");
  if (g_str_equal (unit, "milligram"))
    return g_strdup ("mg");
  return g_strv_contains ((const char *const[]) { "mg", "g", "mL", "L", "mmol", NULL }, unit)
             ? g_strdup (unit)
             : NULL;
}

static char *
under (const char *path, const char *name)
{
  return g_strdup_printf ("%s.%s", path, name);
}

static void
set (FhirBuilder *builder, const char *path, const char *name, const char *text)
{
  g_autofree char *full = under (path, name);

  if (is_set (text))
    fhir_builder_set (builder, full, text);
}

static void
set_integer (FhirBuilder *builder, const char *path, const char *name, int value)
{
  g_autofree char *full = under (path, name);

  fhir_builder_set_integer (builder, full, value);
}

static void
set_quantity (
    FhirBuilder *builder, const char *path, const char *literal, const char *unit, const char *code)
{
  g_autofree char *value = under (path, "value");

  fhir_builder_set_decimal (builder, value, literal);
  set (builder, path, "unit", unit);
  set (builder, path, "system", is_set (code) ? UCUM : NULL);
  set (builder, path, "code", code);
}

/* The unit as it stands behind the number. */
static char *
dup_unit (const ClinicalDosage *self, const char *literal)
{
  return clinical_unit_is_counted (self->dose_unit)
             ? clinical_unit_spell (self->dose_unit, !clinical_dose_is_one_or_less (literal))
             : g_strdup (self->dose_unit);
}

static void
set_dose (const ClinicalDosage *self,
          FhirBuilder *builder,
          const char *path,
          const char *name,
          const char *literal)
{
  g_autofree char *full = under (path, name), *unit = dup_unit (self, literal),
                  *code = ucum_code (self->dose_unit);

  set_quantity (builder, full, literal, unit, code);
}

static void
write_timing (const ClinicalDosage *self, FhirBuilder *builder, const char *path)
{
  g_autofree char *bounds = under (path, "timing.repeat.boundsDuration");
  g_auto (GStrv) days = g_strsplit (is_set (self->days) ? self->days : "", " ", -1);

  if (self->duration_days > 0)
    {
      g_autofree char *length = g_strdup_printf ("%d", self->duration_days);

      set_quantity (builder, bounds, length, self->duration_days == 1 ? "day" : "days", "d");
    }
  set_integer (builder, path, "timing.repeat.frequency", self->frequency);
  set_integer (builder, path, "timing.repeat.period", self->period);
  if (self->period_max > 0)
    set_integer (builder, path, "timing.repeat.periodMax", self->period_max);
  set (builder, path, "timing.repeat.periodUnit", self->period_unit);
  for (guint i = 0; days[i]; i++)
    {
      g_autofree char *name = g_strdup_printf ("timing.repeat.dayOfWeek.%u", i);

      set (builder, path, name, days[i]);
    }
  set (builder, path, "timing.repeat.when.0", self->when);
}

static void
write_structure (const ClinicalDosage *self, FhirBuilder *builder, const char *path)
{
  g_autofree char *as_needed = under (path, "asNeededBoolean");
  g_autofree char *route = under (path, "route");
  g_autofree char *day = under (path, "maxDosePerPeriod.denominator");

  set (builder, path, "patientInstruction", self->instruction);
  write_timing (self, builder, path);
  if (is_set (self->as_needed_for))
    set (builder, path, "asNeededCodeableConcept.text", self->as_needed_for);
  else if (self->as_needed)
    fhir_builder_set_boolean (builder, as_needed, TRUE);
  if (is_set (self->route_code))
    fhir_builder_set_coding (builder, route, "http://snomed.info/sct", self->route_code, NULL);
  set (builder, route, "text", self->route_text);
  set (builder, path, "method.text", self->method);
  if (is_set (self->dose_high))
    {
      /* one unit for both, as the sentence has it */
      g_autofree char *low = under (path, "doseAndRate.0.doseRange.low");
      g_autofree char *unit = dup_unit (self, self->dose_high), *code = ucum_code (self->dose_unit);

      set_quantity (builder, low, self->dose_value, unit, code);
      set_dose (self, builder, path, "doseAndRate.0.doseRange.high", self->dose_high);
    }
  else
    set_dose (self, builder, path, "doseAndRate.0.doseQuantity", self->dose_value);
  if (is_set (self->max_a_day))
    {
      set_dose (self, builder, path, "maxDosePerPeriod.numerator", self->max_a_day);
      set_quantity (builder, day, "24", "hours", "h");
    }
}

/* (transfer full) (nullable): a resource whose dosageInstruction are @steps. */
static FhirResource *
carry (GPtrArray *steps, GError **error)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("MedicationRequest", NULL);

  for (guint i = 0; i < steps->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("dosageInstruction.%u", i);

      if (!clinical_dosage_check (steps->pdata[i], error))
        return NULL;
      if (steps->len > 1)
        set_integer (builder, path, "sequence", (int) i + 1);
      write_structure (steps->pdata[i], builder, path);
    }
  return fhir_builder_end (builder);
}

/**
 * clinical_dosage_say_steps:
 * @steps: (element-type ClinicalDosage): what is taken first, then, …
 *
 * Returns: (transfer full) (nullable): clinical_dosage_say () of all of it; NULL with
 * CLINICAL_ERROR when a part is missing
 */
char *
clinical_dosage_say_steps (GPtrArray *steps,
                           const char *language,
                           ClinicalReader reader,
                           GError **error)
{
  g_autoptr (FhirResource) carrier = carry (steps, error);

  return carrier ? clinical_dosage_say (fhir_resource_path (carrier, "dosageInstruction"), language,
                                        reader, error)
                 : NULL;
}

/**
 * clinical_dosage_text:
 *
 * The sentence of the prescription: "Take 2 tablets - 3 times a day - oral - for 7 days".
 *
 * Returns: (transfer full) (nullable): NULL with CLINICAL_ERROR when a part is missing
 */
char *
clinical_dosage_text (const ClinicalDosage *self, GError **error)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();

  g_ptr_array_add (one, (gpointer) self);
  return clinical_dosage_say_steps (one, "en", CLINICAL_READER_CLINICIAN, error);
}

/**
 * clinical_dosage_patient_text:
 *
 * The same for the patient, in plain words with numbers as digits (hazard H20), whole and in one
 * language. The prescriber's own instruction follows as typed.
 *
 * Returns: (transfer full) (nullable): NULL while the dosage is not complete
 */
char *
clinical_dosage_patient_text (const ClinicalDosage *self)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();

  g_ptr_array_add (one, (gpointer) self);
  return clinical_dosage_say_steps (one, "en", CLINICAL_READER_PATIENT, NULL);
}

/**
 * clinical_dosage_to_fhir:
 * @builder: a resource in the making
 * @path: where the Dosage goes, "dosageInstruction.0"
 *
 * Writes the coded parts and the sentence that says them.
 *
 * Returns: FALSE with CLINICAL_ERROR when the dosage is not complete; @builder is untouched then
 */
gboolean
clinical_dosage_to_fhir (const ClinicalDosage *self,
                         FhirBuilder *builder,
                         const char *path,
                         GError **error)
{
  g_autofree char *text = clinical_dosage_text (self, error);

  if (!text)
    return FALSE;
  set (builder, path, "text", text);
  write_structure (self, builder, path);
  return TRUE;
}

/**
 * clinical_dosage_steps_to_fhir:
 * @steps: (element-type ClinicalDosage): one after the other
 * @path: "dosageInstruction"
 *
 * Each with its place in the order and its own sentence.
 *
 * Returns: FALSE with CLINICAL_ERROR when one is not complete; @builder is untouched then
 */
gboolean
clinical_dosage_steps_to_fhir (GPtrArray *steps,
                               FhirBuilder *builder,
                               const char *path,
                               GError **error)
{
  for (guint i = 0; i < steps->len; i++)
    if (!clinical_dosage_check (steps->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < steps->len; i++)
    {
      g_autofree char *one = g_strdup_printf ("%s.%u", path, i);

      if (!clinical_dosage_to_fhir (steps->pdata[i], builder, one, error))
        return FALSE;
      if (steps->len > 1)
        set_integer (builder, one, "sequence", (int) i + 1);
    }
  return TRUE;
}
