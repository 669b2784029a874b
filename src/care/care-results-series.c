/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-results-private.h"

#include "fhir-decimal.h"
#include "fhir-quantity.h"
#include "fhir-ucum.h"

#include <math.h>
#include <string.h>

/* The numbers of one kind over time. What was sent in another unit is converted for the eye only,
 * and says so; what cannot be converted stays out of the line and is counted (hazard H15). */

#define MAX_POINTS 20000

static gboolean
is_drawn (const CareResult *result)
{
  return care_result_is_current (result) && result->time_us != G_MININT64 &&
         !isnan (care_result_get_number (result));
}

static double
bound (const char *literal, const CareResult *result, const char *ucum)
{
  g_autofree char *converted =
      ucum && literal ? fhir_ucum_convert (literal, result->ucum, ucum, result->loinc) : NULL;
  char *end = NULL;
  const char *number = ucum ? converted : literal;
  double value = number ? g_ascii_strtod (number, &end) : NAN;

  return number && end != number && *end == '\0' && isfinite (value) ? value : NAN;
}

static gboolean
has_unit (const CareResult *result, const char *ucum, const char *unit)
{
  if (ucum && result->ucum)
    return g_str_equal (ucum, result->ucum);
  return g_strcmp0 (result->unit, unit) == 0;
}

static void
add_point (GArray *points, const CareResult *result, const char *ucum, const char *unit)
{
  CareTrendPoint point = { .time_us = result->time_us, .low = NAN, .high = NAN };
  gboolean same = has_unit (result, ucum, unit);
  g_autofree char *converted =
      same || !ucum ? NULL : fhir_ucum_convert (result->literal, result->ucum, ucum, result->loinc);
  const char *to = same ? NULL : ucum;

  point.comparable = same || converted;
  point.converted = converted != NULL;
  point.not_final = !care_result_is_final (result);
  point.value = converted ? g_ascii_strtod (converted, NULL) : care_result_get_number (result);
  g_strlcpy (point.literal, result->literal, sizeof point.literal);
  g_strlcpy (point.unit, result->unit ? result->unit : "", sizeof point.unit);
  g_strlcpy (point.shown, converted ? converted : result->literal, sizeof point.shown);
  g_strlcpy (point.flag, result->flag ? result->flag : "", sizeof point.flag);
  if (point.comparable)
    {
      point.low = bound (result->low, result, to);
      point.high = bound (result->high, result, to);
      point.has_range = !isnan (point.low) || !isnan (point.high);
    }
  g_array_append_val (points, point);
}

/**
 * care_results_dup_series:
 * @key: of a CareResult
 * @ucum: (nullable): the unit to show it in; NULL: that which this account prefers, or else that
 *   of the newest
 *
 * Returns: (transfer full) (element-type CareTrendPoint): its numbers, oldest first; empty where
 *   there is none. Each is judged by the range it came with, before it is converted
 */
GArray *
care_results_dup_series (CareResults *self, const char *key, const char *ucum)
{
  GPtrArray *history = care_results_get_history (self, key);
  GArray *points = g_array_new (FALSE, TRUE, sizeof (CareTrendPoint));
  const CareResult *newest = NULL;
  g_autofree char *unit = NULL;

  for (guint i = 0; history && i < history->len && !newest; i++)
    newest = is_drawn (history->pdata[i]) ? history->pdata[i] : NULL;
  if (!newest)
    return points;
  if (!ucum)
    ucum = care_results_get_unit (self, key);
  if (!ucum)
    ucum = newest->ucum;
  unit = ucum ? g_strdup (fhir_quantity_get_spoken_unit (ucum)) : g_strdup (newest->unit);
  for (guint i = history->len; i > 0 && points->len < MAX_POINTS; i--)
    if (is_drawn (history->pdata[i - 1]))
      add_point (points, history->pdata[i - 1], ucum, unit);
  return points;
}

/* Which units are read beside one another. */
static const char *const pairs[][2] = {
  { "mg/dL", "mmol/L" }, { "mg/dL", "umol/L" }, { "g/dL", "g/L" },   { "kg", "[lb_av]" },
  { "cm", "[in_i]" },    { "Cel", "[degF]" },   { "mm[Hg]", "kPa" },
};

static void
add_unit (GPtrArray *units, const char *ucum)
{
  if (!g_ptr_array_find_with_equal_func (units, ucum, g_str_equal, NULL))
    g_ptr_array_add (units, g_strdup (ucum));
}

static void
add_partners (GPtrArray *units, const CareResult *result)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    for (gsize j = 0; j < 2; j++)
      {
        g_autofree char *converted = NULL;

        if (!g_str_equal (pairs[i][j], result->ucum))
          continue;
        converted =
            fhir_ucum_convert (result->literal, result->ucum, pairs[i][1 - j], result->loinc);
        if (converted)
          add_unit (units, pairs[i][1 - j]);
      }
}

/**
 * care_results_dup_units:
 *
 * Returns: (transfer full) (element-type utf8): UCUM codes in which this kind can be read: those
 *   that were sent, and their counterparts
 */
GPtrArray *
care_results_dup_units (CareResults *self, const char *key)
{
  GPtrArray *history = care_results_get_history (self, key);
  GPtrArray *units = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; history && i < history->len; i++)
    {
      const CareResult *result = history->pdata[i];

      if (is_drawn (result) && result->ucum)
        add_unit (units, result->ucum);
    }
  for (guint i = 0; history && i < history->len; i++)
    if (is_drawn (history->pdata[i]) && ((CareResult *) history->pdata[i])->ucum)
      {
        add_partners (units, history->pdata[i]);
        break;
      }
  return units;
}

/**
 * care_result_dup_converted:
 *
 * Returns: (transfer full) (nullable): "18.0 mg/dL", for reading; NULL where it is in that unit
 * already, or cannot be converted
 */
char *
care_result_dup_converted (const CareResult *result, const char *ucum)
{
  g_autofree char *number = NULL, *shown = NULL;

  if (!ucum || !result->ucum || !care_result_is_current (result) ||
      g_str_equal (ucum, result->ucum))
    return NULL;
  number = fhir_ucum_convert (result->literal, result->ucum, ucum, result->loinc);
  if (!number)
    return NULL;
  shown = fhir_decimal_format (number, NULL);
  return g_strdup_printf ("%s%s%s %s", result->comparator ? result->comparator : "",
                          result->comparator ? " " : "", shown,
                          fhir_quantity_get_spoken_unit (ucum));
}
