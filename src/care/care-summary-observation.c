/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-summary-private.h"

#include <glib/gi18n.h>

#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-decimal.h"
#include "fhir-observation.h"
#include "fhir-quantity.h"

#include <math.h>
#include <string.h>

/* Readings: the latest of each kind, and their series. Each is judged by the reference range that
 * it came with; without one there is no flag (hazard H15). */

static gboolean
in_category (FhirResource *observation, const char *code)
{
  const FhirElement *categories = fhir_resource_path (observation, "category");

  fhir_element_foreach (item, categories)
    if (fhir_concept_has_code (item, NULL, code))
      return TRUE;
  return FALSE;
}

static const char *
time_of (FhirResource *observation)
{
  const char *when = fhir_resource_path_text (observation, "effectiveDateTime");

  if (!when)
    when = fhir_resource_path_text (observation, "effectivePeriod.start");
  return when ? when : fhir_resource_path_text (observation, "issued");
}

static const char *
code_of (const FhirElement *concept)
{
  const char *code = fhir_concept_get_code (concept, CARE_SYSTEM_LOINC);

  return code ? code : fhir_concept_get_code (concept, NULL);
}

/* A record may say "6,7" or "high" where a number belongs: such a one is shown as it is written and
 * never read as 6 or 0. */
static double
number_of (const char *literal)
{
  char *end = NULL;
  double number = literal ? g_ascii_strtod (literal, &end) : NAN;

  return literal && end != literal && *end == '\0' && isfinite (number) ? number : NAN;
}

/* A flag from value and range; units must be the same for the comparison to mean anything. */
static const char *
judge (double value, const char *unit, const FhirReferenceRange *range)
{
  if (range->unit && g_strcmp0 (range->unit, unit) != 0)
    return "";
  /* Comparing with what is no number is false. */
  if (value > number_of (range->high))
    return "H";
  return value < number_of (range->low) ? "L" : "";
}

static void
add_point (GHashTable *trends,
           const char *code,
           const FhirElement *quantity,
           gint64 time,
           const FhirReferenceRange *range,
           const char *flag)
{
  const char *literal = fhir_element_path_text (quantity, "value");
  g_autofree char *unit = fhir_quantity_dup_unit (quantity);
  CareTrendPoint point = { .time_us = time, .low = NAN, .high = NAN };
  GArray *points = g_hash_table_lookup (trends, code);

  /* "< 5" has no place on a line. */
  point.value = number_of (literal);
  if (isnan (point.value) || time == G_MININT64 || fhir_element_path_text (quantity, "comparator"))
    return;
  g_strlcpy (point.literal, literal, sizeof point.literal);
  g_strlcpy (point.unit, unit ? unit : "", sizeof point.unit);
  if (range && (!range->unit || g_strcmp0 (range->unit, unit) == 0))
    {
      point.low = number_of (range->low);
      point.high = number_of (range->high);
      point.has_range = !isnan (point.low) || !isnan (point.high);
    }
  g_strlcpy (point.flag,
             flag    ? flag
             : range ? judge (point.value, unit, range)
                     : "",
             sizeof point.flag);
  if (!points)
    {
      points = g_array_new (FALSE, TRUE, sizeof (CareTrendPoint));
      g_hash_table_insert (trends, g_strdup (code), points);
    }
  g_array_append_val (points, point);
}

static void
add_points (GHashTable *trends, FhirResource *observation, const FhirReferenceRange *range)
{
  const FhirElement *quantity = fhir_resource_path (observation, "valueQuantity");
  const FhirElement *components = fhir_resource_path (observation, "component");
  const char *code = code_of (fhir_resource_path (observation, "code"));
  gint64 time = care_chart_time (time_of (observation));

  if (quantity && code)
    add_point (trends, code, quantity, time, range, fhir_observation_get_flag (observation));
  fhir_element_foreach (item, components)
    {
      const char *part = code_of (fhir_element_get (item, "code"));

      if (part && fhir_element_get (item, "valueQuantity"))
        add_point (trends, part, fhir_element_get (item, "valueQuantity"), time, NULL, NULL);
    }
}

/* "120/80 mmHg" for a blood pressure, else what the observation says. */
static char *
value_of (CareChart *chart, FhirResource *observation)
{
  const FhirElement *components = fhir_resource_path (observation, "component");
  const char *systolic = NULL, *diastolic = NULL;
  g_autofree char *unit = NULL, *over = NULL, *under = NULL;
  char *value;

  fhir_element_foreach (item, components)
    {
      const FhirElement *quantity = fhir_element_get (item, "valueQuantity");

      if (fhir_concept_has_code (fhir_element_get (item, "code"), CARE_SYSTEM_LOINC, "8480-6"))
        {
          systolic = fhir_element_path_text (quantity, "value");
          unit = fhir_quantity_dup_unit (quantity);
        }
      else if (fhir_concept_has_code (fhir_element_get (item, "code"), CARE_SYSTEM_LOINC, "8462-4"))
        diastolic = fhir_element_path_text (quantity, "value");
    }
  over = fhir_decimal_format (systolic, chart->mark);
  under = fhir_decimal_format (diastolic, chart->mark);
  if (over && under)
    return g_strdup_printf ("%s/%s %s", over, under, unit ? unit : "");
  value = fhir_observation_dup_shown (observation, chart->mark);
  return value ? value : g_strdup (_ ("no value"));
}

static char *
range_words (CareChart *chart, const FhirReferenceRange *range)
{
  const char *unit = range->unit ? range->unit : "";
  g_autofree char *low = fhir_decimal_format (range->low, chart->mark);
  g_autofree char *high = fhir_decimal_format (range->high, chart->mark);

  if (low && high)
    return g_strdup_printf (_ ("range %s to %s %s"), low, high, unit);
  if (low || high)
    return low ? g_strdup_printf (_ ("range from %s %s"), low, unit)
               : g_strdup_printf (_ ("range up to %s %s"), high, unit);
  return range->text ? g_strdup_printf (_ ("range %s"), range->text) : NULL;
}

static CareRow *
row_of (CareChart *chart, FhirResource *observation, const FhirReferenceRange *range)
{
  const FhirElement *quantity = fhir_resource_path (observation, "valueQuantity");
  const char *when = time_of (observation), *flag = fhir_observation_get_flag (observation);
  const char *literal = fhir_element_path_text (quantity, "value");
  const char *status = fhir_resource_path_text (observation, "status");
  g_autofree char *unit = fhir_quantity_dup_unit (quantity);
  g_autofree char *title = care_chart_concept (observation, "code");
  g_autofree char *value = value_of (chart, observation);
  g_autofree char *date = when ? fhir_date_format (when, chart->zone) : NULL;
  g_autofree char *words = range ? range_words (chart, range) : NULL;
  g_autofree char *reference = fhir_resource_dup_reference (observation);
  gboolean unread = chart->unread && g_hash_table_contains (chart->unread, reference);
  gboolean preliminary = g_strcmp0 (status, "final") != 0 && g_strcmp0 (status, "amended") != 0 &&
                         g_strcmp0 (status, "corrected") != 0;

  if (!flag && literal && range)
    flag = judge (number_of (literal), unit, range);
  return care_row_new (care_chart_time (when), CARE_ROW_TITLE,
                       title ? title : _ ("Reading without a name"), CARE_ROW_SUBTITLE,
                       preliminary && unread ? _ ("not final, to be reviewed")
                       : preliminary         ? _ ("not final")
                       : unread              ? _ ("to be reviewed")
                                             : NULL,
                       CARE_ROW_GROUP, unread ? CARE_GROUP_UNREAD : NULL, CARE_ROW_DATE, date,
                       CARE_ROW_STATUS, status, CARE_ROW_VALUE, value, CARE_ROW_UNIT, unit,
                       CARE_ROW_FLAG, flag && *flag ? flag : NULL, CARE_ROW_REFERENCE, reference,
                       CARE_ROW_DETAIL, words, CARE_ROW_CODE,
                       code_of (fhir_resource_path (observation, "code")), 0);
}

static int
compare_points (gconstpointer a, gconstpointer b)
{
  const CareTrendPoint *x = a, *y = b;

  return (x->time_us > y->time_us) - (x->time_us < y->time_us);
}

static void
finish_trends (GHashTable *trends)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, trends);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GArray *points = value;
      const char *unit;

      g_array_sort (points, compare_points);
      unit = g_array_index (points, CareTrendPoint, points->len - 1).unit;
      for (guint i = 0; i < points->len; i++)
        g_array_index (points, CareTrendPoint, i).comparable =
            g_str_equal (g_array_index (points, CareTrendPoint, i).unit, unit);
    }
}

static int
compare_titles (gconstpointer a, gconstpointer b, gpointer data)
{
  return g_utf8_collate (care_row_get_title ((CareRow *) a), care_row_get_title ((CareRow *) b));
}

/* What has no readable time is neither older nor newer than another one: it stands beside it. */
static void
keep_latest (GHashTable *latest, FhirResource *observation)
{
  const char *code = code_of (fhir_resource_path (observation, "code"));
  g_autofree char *text = code ? NULL : care_chart_concept (observation, "code");
  gint64 time = care_chart_time (time_of (observation));
  const char *key = time == G_MININT64 ? fhir_resource_get_id (observation)
                    : code             ? code
                    : text             ? text
                                       : fhir_resource_get_id (observation);
  FhirResource *before = g_hash_table_lookup (latest, key);

  if (!before || time >= care_chart_time (time_of (before)))
    g_hash_table_insert (latest, g_strdup (key), observation);
}

/* (transfer full): one reading as a line, with its flag and range. */
CareRow *
care_chart_observation (CareChart *chart, FhirResource *observation)
{
  g_auto (FhirReferenceRange) range = { 0 };
  gboolean has_range = fhir_observation_get_range (observation, &range);

  if (care_chart_is_opaque (observation))
    return care_chart_opaque_row (chart, observation, time_of (observation));
  return row_of (chart, observation, has_range ? &range : NULL);
}

const char *
care_chart_observation_time (FhirResource *observation)
{
  return time_of (observation);
}

gboolean
care_chart_observation_is (FhirResource *observation, const char *category)
{
  return in_category (observation, category);
}

static void
add_latest (CareChart *chart, GHashTable *latest, GListStore *list)
{
  GHashTableIter iter;
  gpointer observation;

  g_hash_table_iter_init (&iter, latest);
  while (g_hash_table_iter_next (&iter, NULL, &observation))
    {
      g_autoptr (CareRow) row = care_chart_observation (chart, observation);

      g_list_store_append (list, row);
    }
  g_list_store_sort (list, compare_titles, NULL);
}

/**
 * care_chart_observations:
 * @observations: (element-type FhirResource): all of the patient's
 * @vitals: gets the latest of each vital sign
 * @results: gets the latest of everything else but social history and surveys
 * @trends: gets the series of each code
 */
void
care_chart_observations (CareChart *chart,
                         GPtrArray *observations,
                         GListStore *vitals,
                         GListStore *results,
                         GHashTable *trends)
{
  g_autoptr (GHashTable) vital = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) result = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < observations->len; i++)
    {
      FhirResource *observation = observations->pdata[i];
      g_auto (FhirReferenceRange) range = { 0 };
      gboolean has_range;

      if (care_chart_is_error (observation) ||
          g_strcmp0 (fhir_resource_path_text (observation, "status"), "cancelled") == 0)
        continue;
      if (in_category (observation, "vital-signs"))
        keep_latest (vital, observation);
      else if (!in_category (observation, "social-history") && !in_category (observation, "survey"))
        keep_latest (result, observation);
      has_range = fhir_observation_get_range (observation, &range);
      if (!care_chart_is_opaque (observation))
        add_points (trends, observation, has_range ? &range : NULL);
    }
  finish_trends (trends);
  add_latest (chart, vital, vitals);
  add_latest (chart, result, results);
}
