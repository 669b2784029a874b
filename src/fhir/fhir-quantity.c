/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-quantity.h"

#include "fhir-decimal.h"
#include "fhir-text.h"

/* UCUM codes that nobody says aloud as they are written. Only exact codes: guessing at parts of a
 * unit is how a factor of a thousand gets lost. */
static const char *const spoken_units[][2] = {
  { "mm[Hg]", "mmHg" },
  { "Cel", "°C" },
  { "[degF]", "°F" },
  { "[in_i]", "in" },
  { "[lb_av]", "lb" },
  { "[oz_av]", "oz" },
  { "[ft_i]", "ft" },
  { "[iU]", "IU" },
  { "[IU]", "IU" },
  { "{beats}/min", "/min" },
  { "{score}", "" },
  { "1", "" },
  { "10*3/uL", "×10³/µL" },
  { "10*6/uL", "×10⁶/µL" },
  { "10*9/L", "×10⁹/L" },
  { "10*12/L", "×10¹²/L" },
  { "umol/L", "µmol/L" },
  { "ug/L", "µg/L" },
  { "ug/dL", "µg/dL" },
  { "ug/mL", "µg/mL" },
  { "kg/m2", "kg/m²" },
  { "m2", "m²" },
  { "mL/min/{1.73_m2}", "mL/min/1.73 m²" },
};

/**
 * fhir_quantity_get_spoken_unit:
 *
 * Returns: (transfer none): a unit's common spelling, which may be empty; @unit itself where it has
 *   none
 */
const char *
fhir_quantity_get_spoken_unit (const char *unit)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spoken_units); i++)
    if (g_str_equal (spoken_units[i][0], unit))
      return spoken_units[i][1];
  return unit;
}

/**
 * fhir_quantity_dup_unit:
 * @quantity: (nullable): a Quantity
 *
 * Returns: (transfer full) (nullable): its unit as people write it: the unit's text, else its code;
 *   UCUM codes that have a common spelling in that ("mm[Hg]" is "mmHg")
 */
char *
fhir_quantity_dup_unit (const FhirElement *quantity)
{
  g_autofree char *unit = fhir_text_tidy (fhir_element_path_text (quantity, "unit"));
  const char *spoken;

  if (unit == NULL)
    unit = fhir_text_tidy (fhir_element_path_text (quantity, "code"));
  if (unit == NULL)
    return NULL;
  spoken = fhir_quantity_get_spoken_unit (unit);
  return *spoken != '\0' ? g_strdup (spoken) : NULL;
}

/**
 * fhir_quantity_dup_shown:
 * @quantity: (nullable): a Quantity
 * @mark: (nullable): the decimal mark of who reads it; NULL: that of the user's locale
 *
 * Returns: (transfer full) (nullable): "120 mmHg", "< 0,50 mg/L": comparator, the number's own
 * digits and the unit, for reading alone; NULL where there is no number
 */
char *
fhir_quantity_dup_shown (const FhirElement *quantity, const char *mark)
{
  const FhirElement *value = fhir_element_get (quantity, "value");
  const char *comparator = fhir_element_path_text (quantity, "comparator");
  g_autofree char *unit = fhir_quantity_dup_unit (quantity), *number = NULL;

  if (fhir_element_get_kind (value) != FHIR_KIND_NUMBER)
    return NULL;
  number = fhir_decimal_format (fhir_element_get_text (value), mark);
  return g_strconcat (comparator != NULL ? comparator : "", comparator != NULL ? " " : "", number,
                      unit != NULL ? " " : "", unit, NULL);
}

/**
 * fhir_quantity_format:
 * @quantity: (nullable): a Quantity
 *
 * Returns: (transfer full) (nullable): the same with the record's own point, in every locale
 */
char *
fhir_quantity_format (const FhirElement *quantity)
{
  return fhir_quantity_dup_shown (quantity, FHIR_DECIMAL_RECORD);
}
