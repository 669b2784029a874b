/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dosage-private.h"

#include <glib/gi18n.h>

#include "fhir-concept.h"

/* A FHIR Dosage as a prescriber edits it, or a refusal: what the form has no place for would be
 * gone when it is signed again. */

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

static ClinicalDosage *
refuse (GError **error)
{
  g_set_error_literal (error, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE,
                       _ ("This dosage has parts that the form cannot hold. Write it again."));
  return NULL;
}

/* One dose, or a lower and a higher one in the same unit. */
static gboolean
read_dose (ClinicalDosage *self, const FhirElement *dosage)
{
  const FhirElement *list = fhir_element_get (dosage, "doseAndRate"),
                    *all = fhir_element_at (list, 0);
  const FhirElement *dose = fhir_element_get (all, "doseQuantity");
  const FhirElement *range = fhir_element_get (all, "doseRange");
  const FhirElement *high = fhir_element_get (range, "high");
  g_autofree char *other = high ? singular (high) : NULL;

  if (fhir_element_get_length (list) != 1 ||
      !has_only (all, (const char *const[]) { "doseQuantity", "doseRange", "type", NULL }) ||
      (!dose && !range))
    return FALSE;
  if (range)
    dose = fhir_element_get (range, "low");
  if (fhir_element_get (dose, "comparator") || fhir_element_get (high, "comparator"))
    return FALSE;
  self->dose_value = g_strdup (fhir_element_path_text (dose, "value"));
  self->dose_unit = singular (dose);
  self->dose_high = g_strdup (fhir_element_path_text (high, "value"));
  return !range || (self->dose_high && g_strcmp0 (self->dose_unit, other) == 0);
}

static gboolean
read_timing (ClinicalDosage *self, const FhirElement *repeat)
{
  static const char *const known[] = { "boundsDuration", "frequency", "period",    "periodMax",
                                       "periodUnit",     "when",      "dayOfWeek", NULL };
  const FhirElement *bounds = fhir_element_get (repeat, "boundsDuration");
  const char *unit = fhir_element_path_text (bounds, "code");
  g_autoptr (GString) days = g_string_new (NULL);

  if (!has_only (repeat, known) ||
      fhir_element_get_length (fhir_element_get (repeat, "when")) > 1 ||
      (bounds && g_strcmp0 (unit, "d") != 0 && g_strcmp0 (unit, "wk") != 0))
    return FALSE;
  self->frequency = (int) fhir_element_get_integer (fhir_element_get (repeat, "frequency"), 0);
  self->period = (int) fhir_element_get_integer (fhir_element_get (repeat, "period"), 0);
  self->period_max = (int) fhir_element_get_integer (fhir_element_get (repeat, "periodMax"), 0);
  self->period_unit = g_strdup (fhir_element_path_text (repeat, "periodUnit"));
  self->when = g_strdup (fhir_element_path_text (repeat, "when.0"));
  fhir_element_foreach (day, fhir_element_get (repeat, "dayOfWeek"))
    g_string_append_printf (days, "%s%s", days->len ? " " : "",
                            fhir_element_get_text (day) ? fhir_element_get_text (day) : "?");
  self->days = days->len ? g_strdup (days->str) : NULL;
  self->duration_days = (int) fhir_element_get_integer (fhir_element_get (bounds, "value"), 0) *
                        (g_strcmp0 (unit, "wk") == 0 ? 7 : 1);
  return TRUE;
}

/* The most in 24 hours or a day, in the unit of the dose. */
static gboolean
read_max (ClinicalDosage *self, const FhirElement *dosage)
{
  const FhirElement *ratio = fhir_element_get (dosage, "maxDosePerPeriod");
  const FhirElement *most = fhir_element_get (ratio, "numerator"),
                    *time = fhir_element_get (ratio, "denominator");
  const char *value = fhir_element_path_text (time, "value"),
             *unit = fhir_element_path_text (time, "code");
  g_autofree char *other = most ? singular (most) : NULL;

  if (!ratio)
    return TRUE;
  self->max_a_day = g_strdup (fhir_element_path_text (most, "value"));
  return self->max_a_day && g_strcmp0 (other, self->dose_unit) == 0 &&
         ((g_strcmp0 (value, "24") == 0 && g_strcmp0 (unit, "h") == 0) ||
          (g_strcmp0 (value, "1") == 0 && g_strcmp0 (unit, "d") == 0));
}

static char *
dup_concept (const FhirElement *dosage, const char *name)
{
  const FhirElement *concept = fhir_element_get (dosage, name);

  return concept ? fhir_concept_dup_text (concept) : NULL;
}

/**
 * clinical_dosage_read:
 * @dosage: a FHIR Dosage
 *
 * Reads a dosage into the form that a prescriber edits. What the form cannot hold (rates, several
 * times of day, a day of the month) is refused rather than dropped.
 *
 * Returns: (transfer full) (nullable): NULL with CLINICAL_ERROR
 */
ClinicalDosage *
clinical_dosage_read (const FhirElement *dosage, GError **error)
{
  static const char *const known[] = { "text",
                                       "patientInstruction",
                                       "timing",
                                       "asNeededBoolean",
                                       "id",
                                       "sequence",
                                       "asNeededCodeableConcept",
                                       "route",
                                       "method",
                                       "doseAndRate",
                                       "maxDosePerPeriod",
                                       NULL };
  const FhirElement *timing = fhir_element_get (dosage, "timing");
  g_autoptr (ClinicalDosage) self = clinical_dosage_new ();

  if (!has_only (dosage, known) ||
      !has_only (timing, (const char *const[]) { "repeat", "id", NULL }) ||
      !read_dose (self, dosage) || !read_timing (self, fhir_element_get (timing, "repeat")) ||
      !read_max (self, dosage))
    return refuse (error);
  self->route_code = g_strdup (
      fhir_concept_get_code (fhir_element_get (dosage, "route"), "http://snomed.info/sct"));
  self->route_text = dup_concept (dosage, "route");
  self->method = dup_concept (dosage, "method");
  self->as_needed_for = dup_concept (dosage, "asNeededCodeableConcept");
  self->as_needed =
      self->as_needed_for || fhir_element_is_true (fhir_element_get (dosage, "asNeededBoolean"));
  self->instruction = g_strdup (fhir_element_path_text (dosage, "patientInstruction"));
  return clinical_dosage_check (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * clinical_dosage_is_plain:
 *
 * Returns: whether it is one dose in one rhythm on every day: no range, no days of the week, no
 *   largest dose
 */
gboolean
clinical_dosage_is_plain (const ClinicalDosage *self)
{
  return !self->dose_high && !self->days && !self->max_a_day && self->period_max == 0;
}

/**
 * clinical_dosage_from_fhir:
 * @dosage: a FHIR Dosage
 *
 * For whoever compares or counts doses: one dose in one rhythm.
 *
 * Returns: (transfer full) (nullable): NULL with CLINICAL_ERROR_STRUCTURE where it is more than
 * that
 */
ClinicalDosage *
clinical_dosage_from_fhir (const FhirElement *dosage, GError **error)
{
  g_autoptr (ClinicalDosage) self = clinical_dosage_read (dosage, error);

  if (self && !clinical_dosage_is_plain (self))
    return refuse (error);
  return g_steal_pointer (&self);
}
