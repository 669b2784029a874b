/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dosage.h"

#include <glib/gi18n.h>

#include "clinical-timing.h"
#include "fhir-concept.h"

#include <string.h>

/* A dosage as a prescriber writes it, and its three readings: the sentence of the prescription, the
 * echo in words that is read before signing, and the plain words for the patient. */

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
  g_free (self);
}

static gboolean
is_set (const char *text)
{
  return text && *text;
}

static gboolean
check_complete (const ClinicalDosage *self, GError **error)
{
  const char *missing =
      !is_set (self->dose_value)                                        ? _ ("the dose")
      : !is_set (self->dose_unit)                                       ? _ ("the unit of the dose")
      : self->frequency <= 0 || self->period <= 0                       ? _ ("how often")
      : !clinical_timing_unit_text (self->period_unit, FALSE)           ? _ ("the unit of time")
      : is_set (self->when) && !clinical_timing_event_text (self->when) ? _ ("when in the day")
                                                                        : NULL;

  if (missing)
    g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_MISSING,
                 _ ("The dosage does not yet say %s."), missing);
  else if (is_set (self->as_needed_for) && !self->as_needed)
    g_set_error (
        error, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE,
        _ ("The dosage gives a reason for taking it as required, but is not marked as required."));
  else
    return TRUE;
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

static void
write_structure (const ClinicalDosage *self, FhirBuilder *builder, const char *path)
{
  g_autofree char *dose = under (path, "doseAndRate.0.doseQuantity");
  g_autofree char *bounds = under (path, "timing.repeat.boundsDuration");
  g_autofree char *as_needed = under (path, "asNeededBoolean");
  g_autofree char *route = under (path, "route");
  g_autofree char *unit =
      clinical_unit_is_counted (self->dose_unit)
          ? clinical_unit_spell (self->dose_unit, !clinical_dose_is_one_or_less (self->dose_value))
          : g_strdup (self->dose_unit);
  g_autofree char *code = ucum_code (self->dose_unit);

  set (builder, path, "patientInstruction", self->instruction);
  if (self->duration_days > 0)
    {
      g_autofree char *days = g_strdup_printf ("%d", self->duration_days);

      set_quantity (builder, bounds, days, self->duration_days == 1 ? "day" : "days", "d");
    }
  set_integer (builder, path, "timing.repeat.frequency", self->frequency);
  set_integer (builder, path, "timing.repeat.period", self->period);
  set (builder, path, "timing.repeat.periodUnit", self->period_unit);
  set (builder, path, "timing.repeat.when.0", self->when);
  if (is_set (self->as_needed_for))
    set (builder, path, "asNeededCodeableConcept.text", self->as_needed_for);
  else if (self->as_needed)
    fhir_builder_set_boolean (builder, as_needed, TRUE);
  if (is_set (self->route_code))
    fhir_builder_set_coding (builder, route, "http://snomed.info/sct", self->route_code, NULL);
  set (builder, route, "text", self->route_text);
  set (builder, path, "method.text", self->method);
  set_quantity (builder, dose, self->dose_value, unit, code);
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
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) carrier = NULL;

  if (!check_complete (self, error))
    return NULL;
  builder = fhir_builder_new ("MedicationRequest", NULL);
  write_structure (self, builder, "dosageInstruction.0");
  carrier = fhir_builder_end (builder);
  return clinical_dosage_text_of_element (fhir_resource_path (carrier, "dosageInstruction.0"),
                                          error);
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

static gboolean
has_only (const FhirElement *object, const char *const *known)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, object);
  while (fhir_member_iter_next (&iter, &name, &value))
    if (!g_strv_contains (known, name))
      return FALSE;
  return TRUE;
}

static char *
singular (const FhirElement *quantity)
{
  static const char *const counted[] = { "tablet",  "capsule",     "puff",    "inhalation",
                                         "spray",   "drop",        "patch",   "suppository",
                                         "pessary", "sachet",      "lozenge", "ampoule",
                                         "vial",    "application", "dose",    "injection",
                                         "unit" };
  const char *unit = fhir_element_path_text (quantity, "unit");

  for (gsize i = 0; unit && i < G_N_ELEMENTS (counted); i++)
    {
      g_autofree char *plural = clinical_unit_spell (counted[i], TRUE);

      if (g_str_equal (unit, plural))
        return g_strdup (counted[i]);
    }
  return g_strdup (unit ? unit : fhir_element_path_text (quantity, "code"));
}

/**
 * clinical_dosage_from_fhir:
 * @dosage: a FHIR Dosage
 *
 * Reads a dosage into the form that a prescriber edits. What the form cannot hold (ranges, rates,
 * several times of day) is refused rather than dropped.
 *
 * Returns: (transfer full) (nullable): NULL with CLINICAL_ERROR_STRUCTURE
 */
ClinicalDosage *
clinical_dosage_from_fhir (const FhirElement *dosage, GError **error)
{
  static const char *const parts[] = {
    "text",     "patientInstruction",      "timing", "asNeededBoolean", "id",
    "sequence", "asNeededCodeableConcept", "route",  "method",          "doseAndRate",
    NULL
  };
  static const char *const repeats[] = { "boundsDuration", "frequency", "period",
                                         "periodUnit",     "when",      NULL };
  const FhirElement *repeat = fhir_element_path (dosage, "timing.repeat");
  const FhirElement *dose = fhir_element_path (dosage, "doseAndRate.0.doseQuantity");
  const FhirElement *bounds = fhir_element_get (repeat, "boundsDuration");
  const char *bound_unit = fhir_element_path_text (bounds, "code");
  g_autoptr (ClinicalDosage) self = clinical_dosage_new ();

  if (!has_only (dosage, parts) || !has_only (repeat, repeats) || !dose ||
      fhir_element_get_length (fhir_element_get (dosage, "doseAndRate")) != 1 ||
      fhir_element_get_length (fhir_element_get (repeat, "when")) > 1 ||
      (bounds && g_strcmp0 (bound_unit, "d") != 0 && g_strcmp0 (bound_unit, "wk") != 0))
    {
      g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE,
                   _ ("This dosage has parts that the form cannot hold. Write it anew."));
      return NULL;
    }
  self->dose_value = g_strdup (fhir_element_path_text (dose, "value"));
  self->dose_unit = singular (dose);
  self->frequency = (int) fhir_element_get_integer (fhir_element_get (repeat, "frequency"), 0);
  self->period = (int) fhir_element_get_integer (fhir_element_get (repeat, "period"), 0);
  self->period_unit = g_strdup (fhir_element_path_text (repeat, "periodUnit"));
  self->when = g_strdup (fhir_element_path_text (repeat, "when.0"));
  self->duration_days = (int) fhir_element_get_integer (fhir_element_get (bounds, "value"), 0) *
                        (g_strcmp0 (bound_unit, "wk") == 0 ? 7 : 1);
  self->route_code = g_strdup (
      fhir_concept_get_code (fhir_element_get (dosage, "route"), "http://snomed.info/sct"));
  self->route_text = fhir_element_get (dosage, "route")
                         ? fhir_concept_dup_text (fhir_element_get (dosage, "route"))
                         : NULL;
  self->method = fhir_element_get (dosage, "method")
                     ? fhir_concept_dup_text (fhir_element_get (dosage, "method"))
                     : NULL;
  self->as_needed_for =
      fhir_element_get (dosage, "asNeededCodeableConcept")
          ? fhir_concept_dup_text (fhir_element_get (dosage, "asNeededCodeableConcept"))
          : NULL;
  self->as_needed =
      self->as_needed_for || fhir_element_is_true (fhir_element_get (dosage, "asNeededBoolean"));
  self->instruction = g_strdup (fhir_element_path_text (dosage, "patientInstruction"));
  if (!check_complete (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static char *
number_words (int n)
{
  g_autofree char *literal = g_strdup_printf ("%d", n);

  return clinical_dose_words (literal, NULL);
}

static char *
frequency_words (const ClinicalDosage *self)
{
  g_autofree char *times = self->frequency == 1   ? g_strdup ("once")
                           : self->frequency == 2 ? g_strdup ("twice")
                                                  : number_words (self->frequency);
  const char *unit = clinical_timing_unit_text (self->period_unit, self->period != 1);
  g_autofree char *period = number_words (self->period);

  if (self->period == 1)
    return g_strdup_printf ("%s%s %s %s", times, self->frequency > 2 ? " times" : "",
                            g_str_equal (self->period_unit, "h") ? "an" : "a", unit);
  if (self->frequency == 1)
    return g_strdup_printf ("every %s %s", period, unit);
  return g_strdup_printf ("%s%s every %s %s", times, self->frequency > 2 ? " times" : "", period,
                          unit);
}

/* How often in what, such that the total is exact: by the day where a day holds a whole number of
 * periods, else the most that can fall in 24 hours, else by the period itself. */
static char *
total_words (const ClinicalDosage *self)
{
  gboolean hours = g_str_equal (self->period_unit, "h") && self->period <= 24;
  int doses = hours ? self->frequency * ((24 + self->period - 1) / self->period) : self->frequency;
  gboolean most = self->as_needed || (hours && 24 % self->period != 0);
  g_autofree char *total = clinical_dose_multiply (self->dose_value, doses);
  g_autofree char *amount = total ? clinical_dose_amount (total, self->dose_unit) : NULL;
  const char *unit = clinical_timing_unit_text (self->period_unit, self->period != 1);

  if (!amount)
    return NULL;
  if (hours || (g_str_equal (self->period_unit, "d") && self->period == 1))
    return g_strdup_printf ("%s%s %s", most ? "up to " : "", amount,
                            hours && most ? "in 24 hours" : "a day");
  if (self->period == 1)
    return g_strdup_printf ("%s%s a %s, not every day", most ? "up to " : "", amount, unit);
  return g_strdup_printf ("%s%s every %d %s, not every day", most ? "up to " : "", amount,
                          self->period, unit);
}

/**
 * clinical_dosage_words:
 *
 * The echo that is read before signing (hazard H10): dose and total in words and figures, "one and
 * a half tablets twice a day = 3 tablets a day". A weekly dose says that it is not daily (H12).
 *
 * Returns: (transfer full) (nullable): NULL while dose or frequency are missing
 */
char *
clinical_dosage_words (const ClinicalDosage *self)
{
  g_autofree char *dose = NULL, *often = NULL, *total = NULL;

  if (!check_complete (self, NULL))
    return NULL;
  dose = clinical_dose_words (self->dose_value, self->dose_unit);
  often = frequency_words (self);
  total = total_words (self);
  return g_strdup_printf ("%s %s%s%s%s", dose, often, self->as_needed ? " as required" : "",
                          total ? " = " : "", total ? total : "");
}

static char *
patient_amount (const ClinicalDosage *self)
{
  static const char *const fractions[][2] = { { ".5", "half" },
                                              { ".25", "a quarter" },
                                              { ".75", "three quarters" } };
  const char *point = strchr (self->dose_value, '.');
  g_autofree char *whole =
      point ? g_strndup (self->dose_value, (gsize) (point - self->dose_value)) : NULL;
  g_autofree char *many = clinical_unit_spell (self->dose_unit, TRUE);

  for (gsize i = 0;
       point && clinical_unit_is_counted (self->dose_unit) && i < G_N_ELEMENTS (fractions); i++)
    if (g_str_equal (point, fractions[i][0]))
      {
        if (g_str_equal (whole, "0"))
          return clinical_dose_words (self->dose_value, self->dose_unit);
        return g_strdup_printf ("%s and %s%s %s", whole, i == 0 ? "a " : "", fractions[i][1], many);
      }
  if (!clinical_unit_is_counted (self->dose_unit))
    {
      g_autofree char *spelled =
          clinical_unit_spell (self->dose_unit, !clinical_text_is_one (self->dose_value));
      g_autofree char *number = clinical_dose_group (self->dose_value);

      return g_strdup_printf ("%s %s", number, spelled);
    }
  return clinical_dose_amount (self->dose_value, self->dose_unit);
}

static char *
patient_frequency (const ClinicalDosage *self)
{
  const char *unit = clinical_timing_unit_text (self->period_unit, self->period != 1);
  gboolean daily = g_str_equal (self->period_unit, "d") || g_str_equal (self->period_unit, "h");

  if (self->period != 1 && self->frequency == 1)
    return g_strdup_printf ("every %d %s", self->period, unit);
  if (self->period != 1)
    return g_strdup_printf ("%d times every %d %s", self->frequency, self->period, unit);
  if (self->frequency == 1)
    return g_strdup_printf ("once %s %s%s", g_str_equal (self->period_unit, "h") ? "an" : "a", unit,
                            daily ? "" : " (not every day)");
  return g_strdup_printf ("%d times %s %s%s", self->frequency,
                          g_str_equal (self->period_unit, "h") ? "an" : "a", unit,
                          daily ? "" : " (not every day)");
}

/**
 * clinical_dosage_frequency_text:
 *
 * Returns: (transfer full) (nullable): "3 times a day"; NULL while it is not said
 */
char *
clinical_dosage_frequency_text (const ClinicalDosage *self)
{
  if (self->frequency <= 0 || self->period <= 0 ||
      !clinical_timing_unit_text (self->period_unit, FALSE))
    return NULL;
  return patient_frequency (self);
}

static const char *
plain_route (const char *route)
{
  static const char *const plain[][2] = {
    { "oral", "by mouth" },
    { "subcutaneous", "under the skin" },
    { "inhalation", "breathed in" },
    { "nasal", "in the nose" },
    { "ophthalmic", "in the eye" },
    { "otic", "in the ear" },
    { "topical", "on the skin" },
    { "transdermal", "on the skin" },
    { "sublingual", "under the tongue" },
    { "rectal", "into the back passage" },
    { "vaginal", "into the vagina" },
  };

  for (gsize i = 0; is_set (route) && i < G_N_ELEMENTS (plain); i++)
    if (g_ascii_strcasecmp (plain[i][0], route) == 0)
      return plain[i][1];
  return NULL;
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
  g_autofree char *amount = NULL, *often = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  const char *route = plain_route (self->route_text);

  if (!check_complete (self, NULL))
    return NULL;
  amount = patient_amount (self);
  often = patient_frequency (self);
  g_string_append_printf (out, "%s %s", is_set (self->method) ? self->method : "Use", amount);
  if (route)
    g_string_append_printf (out, " %s", route);
  else if (is_set (self->route_text))
    g_string_append_printf (out, " (%s)", self->route_text);
  g_string_append_printf (out, ", %s", often);
  if (is_set (self->when))
    g_string_append_printf (out, ", %s", clinical_timing_event_text (self->when));
  if (self->as_needed)
    g_string_append_printf (out, ", only if you need it%s%s",
                            is_set (self->as_needed_for) ? " for " : "",
                            is_set (self->as_needed_for) ? self->as_needed_for : "");
  if (self->duration_days > 0)
    g_string_append_printf (out, ", for %d %s", self->duration_days,
                            self->duration_days == 1 ? "day" : "days");
  g_string_append_c (out, '.');
  if (is_set (self->instruction))
    g_string_append_printf (out, " %s", self->instruction);
  return g_string_free_and_steal (g_steal_pointer (&out));
}
