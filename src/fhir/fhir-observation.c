/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-observation.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-decimal.h"
#include "fhir-quantity.h"
#include "fhir-text.h"

#define LOINC "http://loinc.org"

static char *
range_text (const FhirElement *range, const char *mark)
{
  g_autofree char *low = fhir_quantity_dup_shown (fhir_element_get (range, "low"), mark);
  g_autofree char *high = fhir_quantity_dup_shown (fhir_element_get (range, "high"), mark);

  if (low == NULL && high == NULL)
    return NULL;
  return g_strdup_printf (_ ("%s to %s"), low != NULL ? low : "…", high != NULL ? high : "…");
}

static char *
ratio_text (const FhirElement *ratio, const char *mark)
{
  g_autofree char *numerator =
      fhir_quantity_dup_shown (fhir_element_get (ratio, "numerator"), mark);
  g_autofree char *denominator =
      fhir_quantity_dup_shown (fhir_element_get (ratio, "denominator"), mark);

  if (numerator == NULL || denominator == NULL)
    return NULL;
  return g_strdup_printf ("%s : %s", numerator, denominator);
}

static char *
period_text (const FhirElement *period, const char *mark)
{
  const char *start = fhir_element_path_text (period, "start");
  const char *end = fhir_element_path_text (period, "end");
  g_autofree char *from = fhir_date_format (start, NULL), *to = fhir_date_format (end, NULL);

  if (start == NULL && end == NULL)
    return NULL;
  return g_strdup_printf (_ ("%s to %s"), start != NULL ? from : "…", end != NULL ? to : "…");
}

static char *
boolean_text (const FhirElement *value, const char *mark)
{
  return g_strdup (fhir_element_is_true (value) ? _ ("Yes") : _ ("No"));
}

static char *
date_text (const FhirElement *value, const char *mark)
{
  return fhir_date_format (fhir_element_get_text (value), NULL);
}

static char *
concept_text (const FhirElement *value, const char *mark)
{
  return fhir_concept_dup_text (value);
}

static char *
plain_text (const FhirElement *value, const char *mark)
{
  return fhir_text_tidy (fhir_element_get_text (value));
}

/* value[x] of an observation or of one of its components, its numbers with @mark. */
static char *
value_text (const FhirElement *holder, const char *mark)
{
  static const struct
  {
    const char *member;
    char *(*text) (const FhirElement *value, const char *mark);
  } kinds[] = {
    { "valueQuantity", fhir_quantity_dup_shown },
    { "valueCodeableConcept", concept_text },
    { "valueString", plain_text },
    { "valueBoolean", boolean_text },
    { "valueInteger", plain_text },
    { "valueRange", range_text },
    { "valueRatio", ratio_text },
    { "valueTime", plain_text },
    { "valueDateTime", date_text },
    { "valuePeriod", period_text },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      const FhirElement *value = fhir_element_get (holder, kinds[i].member);

      if (value != NULL)
        return kinds[i].text (value, mark);
    }
  return NULL;
}

static const FhirElement *
find_component (const FhirElement *components, const char *loinc)
{
  fhir_element_foreach (component, components)
    if (fhir_concept_has_code (fhir_element_get (component, "code"), LOINC, loinc))
      return component;
  return NULL;
}

/* "120/80 mmHg", where both pressures are plain numbers of one unit; else each by its name. */
static char *
blood_pressure_text (const FhirElement *components, const char *mark)
{
  const FhirElement *systolic =
      fhir_element_get (find_component (components, "8480-6"), "valueQuantity");
  const FhirElement *diastolic =
      fhir_element_get (find_component (components, "8462-4"), "valueQuantity");
  g_autofree char *over = fhir_decimal_format (fhir_element_path_text (systolic, "value"), mark);
  g_autofree char *under = fhir_decimal_format (fhir_element_path_text (diastolic, "value"), mark);
  g_autofree char *unit = fhir_quantity_dup_unit (systolic);
  g_autofree char *other_unit = fhir_quantity_dup_unit (diastolic);

  if (over == NULL || under == NULL || g_strcmp0 (unit, other_unit) != 0 ||
      fhir_element_get (systolic, "comparator") != NULL ||
      fhir_element_get (diastolic, "comparator") != NULL)
    return NULL;
  return g_strconcat (over, "/", under, unit != NULL ? " " : "", unit, NULL);
}

static char *
component_text (const FhirElement *component, const char *mark)
{
  g_autofree char *name = fhir_concept_dup_text (fhir_element_get (component, "code"));
  g_autofree char *value = value_text (component, mark);

  if (value == NULL)
    value = fhir_concept_dup_text (fhir_element_get (component, "dataAbsentReason"));
  if (value == NULL)
    return NULL;
  return g_strdup_printf ("%s: %s", name != NULL ? name : "?", value);
}

static char *
components_text (const FhirElement *components, const char *mark)
{
  g_autoptr (GString) joined = g_string_new (NULL);

  fhir_element_foreach (component, components)
    {
      g_autofree char *text = component_text (component, mark);

      if (text != NULL)
        g_string_append_printf (joined, "%s%s", joined->len > 0 ? "; " : "", text);
    }
  return joined->len > 0 ? g_string_free (g_steal_pointer (&joined), FALSE) : NULL;
}

/**
 * fhir_observation_dup_shown:
 * @mark: (nullable): the decimal mark of who reads it; NULL: that of the user's locale
 *
 * The value as a person reads it, each number with the digits it was written with. The components
 * of a blood pressure (LOINC 85354-9, and 55284-4 in older data) are "120/80 mmHg"; other
 * components are listed with their names. Where there is no value its absence is said, if a reason
 * is recorded.
 *
 * Returns: (transfer full) (nullable): the value; NULL where nothing is said
 */
char *
fhir_observation_dup_shown (FhirResource *observation, const char *mark)
{
  const FhirElement *root = fhir_resource_get_root (observation);
  const FhirElement *components = fhir_element_get (root, "component");
  const FhirElement *code = fhir_element_get (root, "code");
  char *text = value_text (root, mark);

  if (text == NULL && (fhir_concept_has_code (code, LOINC, "85354-9") ||
                       fhir_concept_has_code (code, LOINC, "55284-4")))
    text = blood_pressure_text (components, mark);
  if (text == NULL)
    text = components_text (components, mark);
  if (text == NULL)
    text = fhir_concept_dup_text (fhir_element_get (root, "dataAbsentReason"));
  return text;
}

/**
 * fhir_observation_dup_value:
 *
 * Returns: (transfer full) (nullable): the same with the record's own point in every locale: what
 *   is written, compared or searched
 */
char *
fhir_observation_dup_value (FhirResource *observation)
{
  return fhir_observation_dup_shown (observation, FHIR_DECIMAL_RECORD);
}

/**
 * fhir_observation_holder_dup_shown:
 * @holder: an Observation or one of its components
 * @mark: (nullable): the decimal mark of who reads it; NULL: that of the user's locale
 *
 * Returns: (transfer full) (nullable): its own value[x] as a person reads it, without its parts
 */
char *
fhir_observation_holder_dup_shown (const FhirElement *holder, const char *mark)
{
  return value_text (holder, mark);
}

/**
 * fhir_observation_holder_get_flag:
 * @holder: an Observation or one of its components
 *
 * Returns: (transfer none) (nullable): the laboratory's own interpretation where it calls for a
 * look: "HH", "LL", "AA", "H", "L" or "A", the gravest first; NULL where it is normal or not said
 */
const char *
fhir_observation_holder_get_flag (const FhirElement *holder)
{
  static const struct
  {
    const char *code;
    const char *flag;
  } flags[] = {
    { "HH", "HH" }, { "HU", "HH" }, { "LL", "LL" }, { "LU", "LL" },
    { "AA", "AA" }, { "H", "H" },   { "L", "L" },   { "A", "A" },
  };
  const FhirElement *interpretation = fhir_element_get (holder, "interpretation");

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    if (fhir_concept_has_code (interpretation, NULL, flags[i].code))
      return flags[i].flag;
  return NULL;
}

/* (transfer none) (nullable): the flag of the whole observation */
const char *
fhir_observation_get_flag (FhirResource *observation)
{
  return fhir_observation_holder_get_flag (fhir_resource_get_root (observation));
}

/* The range called normal, or one that is not called anything. A modifier that is not understood
 * may mean that it is no such range. */
static gboolean
is_normal_range (const FhirElement *range)
{
  const FhirElement *type = fhir_element_get (range, "type");

  if (fhir_element_get_length (fhir_element_get (range, "modifierExtension")) > 0)
    return FALSE;
  return type == NULL || fhir_concept_get_code (type, NULL) == NULL ||
         fhir_concept_has_code (type, NULL, "normal");
}

/* A range in words, with whom it is for: "Female: 3.5 mmol/L to 5.0 mmol/L". */
static char *
normal_range_text (const FhirElement *range)
{
  g_autofree char *whom = fhir_concept_dup_text (fhir_element_get (range, "appliesTo"));
  g_autofree char *text = fhir_text_tidy (fhir_element_path_text (range, "text"));

  if (text == NULL)
    text = range_text (range, NULL);
  if (text == NULL || whom == NULL)
    return g_steal_pointer (&text);
  return g_strdup_printf ("%s: %s", whom, text);
}

static char *
normal_ranges_text (const FhirElement *ranges)
{
  g_autoptr (GString) joined = g_string_new (NULL);

  fhir_element_foreach (item, ranges)
    {
      g_autofree char *text = is_normal_range (item) ? normal_range_text (item) : NULL;

      if (text != NULL)
        g_string_append_printf (joined, "%s%s", joined->len > 0 ? "; " : "", text);
    }
  return joined->len > 0 ? g_string_free (g_steal_pointer (&joined), FALSE) : NULL;
}

/**
 * fhir_observation_holder_get_range:
 * @holder: an Observation or one of its components
 * @range: (out): the reference range that came with the result, zeroed where there is none
 *
 * Where several normal ranges came (by sex or age), none is chosen: low and high stay NULL and the
 * text lists them, for reading. low and high are the record's own digits.
 *
 * Returns: whether there is one
 */
gboolean
fhir_observation_holder_get_range (const FhirElement *holder, FhirReferenceRange *range)
{
  const FhirElement *ranges = fhir_element_get (holder, "referenceRange");
  const FhirElement *only = NULL;
  guint count = 0;

  memset (range, 0, sizeof *range);
  fhir_element_foreach (item, ranges)
    if (is_normal_range (item))
      {
        only = item;
        count++;
      }
  if (count == 1)
    {
      range->low = g_strdup (fhir_element_path_text (only, "low.value"));
      range->high = g_strdup (fhir_element_path_text (only, "high.value"));
      range->unit =
          fhir_quantity_dup_unit (fhir_element_get (only, range->low != NULL ? "low" : "high"));
      range->text = fhir_text_tidy (fhir_element_path_text (only, "text"));
    }
  else
    range->text = normal_ranges_text (ranges);
  return range->low != NULL || range->high != NULL || range->text != NULL;
}

/**
 * fhir_reference_range_dup_words:
 * @mark: (nullable): the decimal mark of who reads it; NULL: that of the user's locale
 *
 * Returns: (transfer full) (nullable): "3.5 to 5.0 mmol/L", or what the laboratory wrote
 */
char *
fhir_reference_range_dup_words (const FhirReferenceRange *range, const char *mark)
{
  g_autofree char *unit = range->unit ? g_strconcat (" ", range->unit, NULL) : g_strdup ("");
  g_autofree char *low = fhir_decimal_format (range->low, mark);
  g_autofree char *high = fhir_decimal_format (range->high, mark);

  if (low && high)
    return g_strdup_printf (_ ("%s to %s%s"), low, high, unit);
  if (low)
    return g_strdup_printf (_ ("from %s%s"), low, unit);
  if (high)
    return g_strdup_printf (_ ("up to %s%s"), high, unit);
  return g_strdup (range->text);
}

gboolean
fhir_observation_get_range (FhirResource *observation, FhirReferenceRange *range)
{
  return fhir_observation_holder_get_range (fhir_resource_get_root (observation), range);
}

void
fhir_reference_range_clear (FhirReferenceRange *range)
{
  g_free (range->low);
  g_free (range->high);
  g_free (range->unit);
  g_free (range->text);
  memset (range, 0, sizeof *range);
}
