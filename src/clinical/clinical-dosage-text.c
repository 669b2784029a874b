/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dosage-private.h"

#include "clinical-timing.h"
#include "fhir-concept.h"
#include "fhir-date.h"

#include <string.h>

/* FHIR Dosage to one sentence, by open rules: the parts in a fixed order, the method followed by a
 * space, the others joined by " - ". What is there but cannot be said is an error, never left out:
 * a sentence that drops a part reads as a different dose. */

gboolean
clinical_dosage_fail (GError **error, ClinicalError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error)
    *error = g_error_new_valist (CLINICAL_ERROR, (int) code, format, args);
  va_end (args);
  return FALSE;
}

gboolean
clinical_dosage_append_value (const FhirElement *value,
                              const char *what,
                              GString *out,
                              GError **error)
{
  g_autofree char *grouped = NULL;

  if (fhir_element_get_kind (value) != FHIR_KIND_NUMBER)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING, "The %s has no number.", what);
  grouped = clinical_dose_group (fhir_element_get_text (value));
  g_string_append (out, grouped);
  return TRUE;
}

static const char *
unit_of (const FhirElement *quantity)
{
  const char *unit = fhir_element_path_text (quantity, "unit");

  return unit && *unit ? unit : fhir_element_path_text (quantity, "code");
}

static gboolean
append_quantity (const FhirElement *quantity, const char *what, GString *out, GError **error)
{
  const char *unit = unit_of (quantity);

  if (fhir_element_path_text (quantity, "comparator"))
    return clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE, "The %s is not one amount.",
                                 what);
  if (!clinical_dosage_append_value (fhir_element_get (quantity, "value"), what, out, error))
    return FALSE;
  if (!unit || !*unit)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING, "The %s has no unit.", what);
  g_string_append_printf (out, " %s", unit);
  return TRUE;
}

static gboolean
append_range (const FhirElement *range, const char *what, GString *out, GError **error)
{
  const FhirElement *low = fhir_element_get (range, "low"),
                    *high = fhir_element_get (range, "high");

  if (!low && !high)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                 "The %s has neither a lower nor an upper bound.", what);
  if (!low || !high)
    {
      g_string_append (out, low ? "at least " : "up to ");
      return append_quantity (low ? low : high, what, out, error);
    }
  if (g_strcmp0 (unit_of (low), unit_of (high)) != 0)
    return clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE,
                                 "The %s runs from one unit to another.", what);
  if (!clinical_dosage_append_value (fhir_element_get (low, "value"), what, out, error))
    return FALSE;
  g_string_append (out, " to ");
  return append_quantity (high, what, out, error);
}

/* A length of time: the unit is a code, and written out. */
gboolean
clinical_dosage_append_time (const FhirElement *value,
                             const FhirElement *max,
                             const char *code,
                             const char *what,
                             GString *out,
                             GError **error)
{
  const FhirElement *last = max ? max : value;
  const char *unit =
      clinical_timing_unit_text (code, !clinical_text_is_one (fhir_element_get_text (last)));

  if (!unit)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING, "The %s has no unit of time.",
                                 what);
  if (!clinical_dosage_append_value (value, what, out, error))
    return FALSE;
  if (max)
    {
      g_string_append (out, " to ");
      if (!clinical_dosage_append_value (max, what, out, error))
        return FALSE;
    }
  g_string_append_printf (out, " %s", unit);
  return TRUE;
}

static gboolean
append_concept (const FhirElement *concept, const char *what, GString *out, GError **error)
{
  g_autofree char *text = concept ? fhir_concept_dup_text (concept) : NULL;

  if (!text || !*text)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING, "The %s has neither text nor code.",
                                 what);
  g_string_append (out, text);
  return TRUE;
}

static gboolean
write_method (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *method = fhir_element_get (dosage, "method");

  return !method || append_concept (method, "method", out, error);
}

static gboolean
write_dose (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *list = fhir_element_get (dosage, "doseAndRate");
  const FhirElement *quantity = fhir_element_path (list, "0.doseQuantity");
  const FhirElement *range = fhir_element_path (list, "0.doseRange");

  if (fhir_element_get_length (list) > 1)
    return clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE,
                                 "The dosage gives more than one dose at once.");
  if (quantity)
    return append_quantity (quantity, "dose", out, error);
  return !range || append_range (range, "dose", out, error);
}

static gboolean
append_ratio (
    const FhirElement *ratio, const char *what, const char *single, GString *out, GError **error)
{
  const FhirElement *denominator = fhir_element_get (ratio, "denominator");
  const char *unit = unit_of (denominator);
  const char *value = fhir_element_path_text (denominator, "value");
  const char *spelled;

  if (!append_quantity (fhir_element_get (ratio, "numerator"), what, out, error))
    return FALSE;
  if (!unit || !value)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING, "The %s does not say per what.",
                                 what);
  spelled = clinical_timing_unit_text (unit, !clinical_text_is_one (value));
  if (clinical_text_is_one (value))
    g_string_append_printf (out, " %s %s", single, spelled ? spelled : unit);
  else
    g_string_append_printf (out, " every %s %s", value, spelled ? spelled : unit);
  return TRUE;
}

static gboolean
write_rate (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *ratio = fhir_element_path (dosage, "doseAndRate.0.rateRatio");
  const FhirElement *range = fhir_element_path (dosage, "doseAndRate.0.rateRange");
  const FhirElement *quantity = fhir_element_path (dosage, "doseAndRate.0.rateQuantity");

  if (!ratio && !range && !quantity)
    return TRUE;
  g_string_append (out, "at a rate of ");
  if (ratio)
    return append_ratio (ratio, "rate", "per", out, error);
  return range ? append_range (range, "rate", out, error)
               : append_quantity (quantity, "rate", out, error);
}

static gboolean
write_route (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *route = fhir_element_get (dosage, "route");

  return !route || append_concept (route, "route", out, error);
}

static gboolean
write_site (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *site = fhir_element_get (dosage, "site");

  return !site || append_concept (site, "site", out, error);
}

static gboolean
write_as_needed (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *concept = fhir_element_get (dosage, "asNeededCodeableConcept");
  const FhirElement *codings = fhir_element_get (concept, "coding");
  g_autoptr (GPtrArray) reasons = g_ptr_array_new ();
  g_autofree char *joined = NULL;

  if (concept && !fhir_element_path_text (concept, "text") && fhir_element_get_length (codings) > 1)
    {
      fhir_element_foreach (coding, codings)
        if (fhir_element_path_text (coding, "display"))
          g_ptr_array_add (reasons, (gpointer) fhir_element_path_text (coding, "display"));
      if (reasons->len != fhir_element_get_length (codings))
        return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                     "A reason for taking it as required has no name.");
      joined = clinical_text_join (reasons);
      g_string_append_printf (out, "as required for %s", joined);
      return TRUE;
    }
  if (concept)
    {
      g_string_append (out, "as required for ");
      return append_concept (concept, "reason for taking it as required", out, error);
    }
  if (fhir_element_is_true (fhir_element_get (dosage, "asNeededBoolean")))
    g_string_append (out, "as required");
  return TRUE;
}

static gboolean
write_max_period (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *ratio = fhir_element_get (dosage, "maxDosePerPeriod");

  if (!ratio)
    return TRUE;
  g_string_append (out, "up to a maximum of ");
  return append_ratio (ratio, "largest dose", "per", out, error);
}

static gboolean
write_max_administration (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *quantity = fhir_element_get (dosage, "maxDosePerAdministration");

  if (!quantity)
    return TRUE;
  g_string_append (out, "up to a maximum of ");
  if (!append_quantity (quantity, "largest single dose", out, error))
    return FALSE;
  g_string_append (out, " per dose");
  return TRUE;
}

static gboolean
write_max_lifetime (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *quantity = fhir_element_get (dosage, "maxDosePerLifetime");

  if (!quantity)
    return TRUE;
  g_string_append (out, "up to a maximum of ");
  if (!append_quantity (quantity, "largest dose in a lifetime", out, error))
    return FALSE;
  g_string_append (out, " in the patient's lifetime");
  return TRUE;
}

static gboolean
write_additional (const FhirElement *dosage, GString *out, GError **error)
{
  gboolean first = TRUE;

  fhir_element_foreach (item, fhir_element_get (dosage, "additionalInstruction"))
    {
      g_string_append (out, first ? "" : " - ");
      first = FALSE;
      if (!append_concept (item, "additional instruction", out, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_patient (const FhirElement *dosage, GString *out, GError **error)
{
  const char *text = fhir_element_path_text (dosage, "patientInstruction");

  g_string_append (out, text ? text : "");
  return TRUE;
}

static char *
text_of_one (const FhirElement *dosage, GError **error)
{
  static const ClinicalPartWriter writers[] = {
    write_method,
    write_dose,
    write_rate,
    clinical_dosage_write_duration,
    clinical_dosage_write_frequency,
    clinical_dosage_write_when,
    clinical_dosage_write_days,
    write_route,
    write_site,
    write_as_needed,
    clinical_dosage_write_bounds,
    clinical_dosage_write_count,
    clinical_dosage_write_event,
    write_max_period,
    write_max_administration,
    write_max_lifetime,
    write_additional,
    write_patient,
  };
  g_autoptr (GString) out = g_string_new (NULL);
  const char *joint = "";

  for (gsize i = 0; i < G_N_ELEMENTS (writers); i++)
    {
      g_autoptr (GString) part = g_string_new (NULL);

      if (!writers[i](dosage, part, error))
        return NULL;
      if (part->len == 0)
        continue;
      g_string_append_printf (out, "%s%s", joint, part->str);
      joint = writers[i] == write_method ? " " : " - ";
    }
  if (out->len == 0)
    {
      clinical_dosage_fail (error, CLINICAL_ERROR_MISSING, "The dosage has no coded parts.");
      return NULL;
    }
  return g_string_free_and_steal (g_steal_pointer (&out));
}

static int
compare_sequence (gconstpointer a, gconstpointer b)
{
  gint64 x =
      fhir_element_get_integer (fhir_element_get (*(const FhirElement *const *) a, "sequence"), 0);
  gint64 y =
      fhir_element_get_integer (fhir_element_get (*(const FhirElement *const *) b, "sequence"), 0);

  return (x > y) - (x < y);
}

/**
 * clinical_dosage_text_of_element:
 * @dosage_or_array: a FHIR Dosage, or a list of them
 *
 * The sentence that the coded parts say. Several dosages need a sequence each: those of the same
 * sequence go together (", and "), others follow one another (", then ").
 *
 * Returns: (transfer full) (nullable): the sentence; NULL with CLINICAL_ERROR when a part that is
 *   there cannot be said
 */
char *
clinical_dosage_text_of_element (const FhirElement *dosage_or_array, GError **error)
{
  g_autoptr (GPtrArray) dosages = g_ptr_array_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  if (fhir_element_get_kind (dosage_or_array) == FHIR_KIND_OBJECT)
    return text_of_one (dosage_or_array, error);
  fhir_element_foreach (item, dosage_or_array)
    {
      g_ptr_array_add (dosages, (gpointer) item);
      if (fhir_element_get_length (dosage_or_array) > 1 && !fhir_element_get (item, "sequence"))
        {
          clinical_dosage_fail (
              error, CLINICAL_ERROR_STRUCTURE,
              "There are several dosages, and not each has its place in the order.");
          return NULL;
        }
    }
  if (dosages->len == 0)
    {
      clinical_dosage_fail (error, CLINICAL_ERROR_MISSING, "There is no dosage.");
      return NULL;
    }
  g_ptr_array_sort (dosages, compare_sequence);
  for (guint i = 0; i < dosages->len; i++)
    {
      g_autofree char *text = text_of_one (dosages->pdata[i], error);

      if (!text)
        return NULL;
      if (i > 0)
        g_string_append (out, compare_sequence (&dosages->pdata[i - 1], &dosages->pdata[i]) == 0
                                  ? ", and "
                                  : ", then ");
      g_string_append (out, text);
    }
  return g_string_free_and_steal (g_steal_pointer (&out));
}

static char *
squeeze (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  GString *out = g_string_new (NULL);

  for (const char *c = folded; *c; c = g_utf8_next_char (c))
    if (g_unichar_isalnum (g_utf8_get_char (c)))
      g_string_append_unichar (out, g_utf8_get_char (c));
  return g_string_free_and_steal (out);
}

/**
 * clinical_dosage_display:
 * @dosages: (nullable): dosageInstruction of a prescription
 * @disagrees: (out) (optional): whether text and codes say different things
 *
 * What to show of a dosage that somebody sent: its text; where the coded parts read differently,
 * both, because one cannot know which the prescriber meant.
 *
 * Returns: (transfer full) (nullable): NULL when there is neither
 */
char *
clinical_dosage_display (const FhirElement *dosages, gboolean *disagrees)
{
  g_autofree char *coded = clinical_dosage_text_of_element (dosages, NULL);
  g_autoptr (GString) sent = g_string_new (NULL);
  g_autofree char *a = NULL, *b = NULL;

  fhir_element_foreach (item, dosages)
    {
      const char *text = fhir_element_path_text (item, "text");

      if (text && *text)
        g_string_append_printf (sent, "%s%s", sent->len ? "; " : "", text);
    }
  a = squeeze (sent->str);
  b = squeeze (coded ? coded : "");
  if (disagrees)
    *disagrees = *a && *b && !g_str_equal (a, b);
  if (!*a)
    return g_steal_pointer (&coded);
  if (*b && !g_str_equal (a, b))
    return g_strdup_printf ("%s (coded: %s)", sent->str, coded);
  return g_string_free_and_steal (g_steal_pointer (&sent));
}
