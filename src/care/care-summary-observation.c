/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-result-private.h"

#include <glib/gi18n.h>

#include "care-summary-private.h"
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
  static const char *const paths[] = { "effectiveDateTime", "effectivePeriod.start",
                                       "effectiveInstant", "issued" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    if (fhir_resource_path_text (observation, paths[i]))
      return fhir_resource_path_text (observation, paths[i]);
  return NULL;
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

static void
add_point (CareChart *chart,
           GHashTable *trends,
           const char *code,
           const FhirElement *holder,
           const char *when)
{
  const FhirElement *quantity = fhir_element_get (holder, "valueQuantity");
  const char *literal = fhir_element_path_text (quantity, "value");
  g_autofree char *unit = fhir_quantity_dup_unit (quantity);
  CareTrendPoint point = { .time_us = care_chart_time (when), .low = NAN, .high = NAN };
  GArray *points = g_hash_table_lookup (trends, code);
  g_auto (FhirReferenceRange) range = { 0 };
  CareJudgement judgement;

  /* "< 5" has no place on a line. */
  point.value = number_of (literal);
  if (isnan (point.value) || point.time_us == G_MININT64 ||
      fhir_element_path_text (quantity, "comparator"))
    return;
  g_strlcpy (point.literal, literal, sizeof point.literal);
  g_strlcpy (point.unit, unit ? unit : "", sizeof point.unit);
  if (fhir_observation_holder_get_range (holder, &range) &&
      (!range.unit || g_strcmp0 (range.unit, unit) == 0))
    {
      point.low = number_of (range.low);
      point.high = number_of (range.high);
      point.has_range = !isnan (point.low) || !isnan (point.high);
    }
  care_judge (&judgement, holder, chart->birth_date, when);
  g_strlcpy (point.flag, judgement.flag ? judgement.flag : "", sizeof point.flag);
  if (!points)
    {
      points = g_array_new (FALSE, TRUE, sizeof (CareTrendPoint));
      g_hash_table_insert (trends, g_strdup (code), points);
    }
  g_array_append_val (points, point);
}

static void
add_points (CareChart *chart, GHashTable *trends, FhirResource *observation)
{
  const FhirElement *root = fhir_resource_get_root (observation);
  const char *code = code_of (fhir_element_get (root, "code")), *when = time_of (observation);

  if (code && fhir_element_get (root, "valueQuantity"))
    add_point (chart, trends, code, root, when);
  fhir_element_foreach (item, fhir_element_get (root, "component"))
    {
      const char *part = code_of (fhir_element_get (item, "code"));

      if (part && fhir_element_get (item, "valueQuantity"))
        add_point (chart, trends, part, item, when);
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

/* What a review of it is worth, as all results have it: its group, and in words what to do. */
static const char *
review_of (CareChart *chart, const char *reference, gboolean critical, const char **words)
{
  CareResult *result = chart->results ? care_results_find (chart->results, reference) : NULL;

  *words = NULL;
  if (!result || !care_result_is_unread (result))
    return NULL;
  if (critical)
    {
      *words = _ ("critical, not answered");
      return CARE_GROUP_CRITICAL;
    }
  if (result->review.stale)
    *words = _ ("changed since it was reviewed");
  else if (result->review.open || g_hash_table_contains (chart->asked, reference))
    *words = _ ("to be reviewed");
  if (*words)
    return CARE_GROUP_WAITING;
  *words = _ ("not reviewed");
  return CARE_GROUP_UNREAD;
}

/* With the limit that Bedside knows; that the laboratory called it so, the flag says. */
static char *
detail_of (CareChart *chart, FhirResource *observation, const CareJudgement *judgement)
{
  g_auto (FhirReferenceRange) range = { 0 };
  gboolean has_range = fhir_observation_get_range (observation, &range);
  g_autofree char *words = has_range ? range_words (chart, &range) : NULL;
  g_autofree char *limit = judgement->is_own ? care_judgement_dup_critical (judgement) : NULL;

  return words && limit ? g_strdup_printf ("%s · %s", words, limit)
                        : g_strdup (limit ? limit : words);
}

static CareRow *
row_of (CareChart *chart, FhirResource *observation)
{
  const FhirElement *quantity = fhir_resource_path (observation, "valueQuantity");
  const char *when = time_of (observation), *review, *group;
  const char *status = fhir_resource_path_text (observation, "status");
  g_autofree char *unit = fhir_quantity_dup_unit (quantity);
  g_autofree char *title = care_chart_concept (observation, "code");
  g_autofree char *value = value_of (chart, observation);
  g_autofree char *date = when ? fhir_date_format (when, chart->zone) : NULL;
  g_autofree char *reference = fhir_resource_dup_reference (observation);
  gboolean preliminary = g_strcmp0 (status, "final") != 0 && g_strcmp0 (status, "amended") != 0 &&
                         g_strcmp0 (status, "corrected") != 0;
  g_autofree char *detail = NULL;
  CareJudgement judgement;

  care_judge_observation (&judgement, observation, chart->birth_date);
  detail = detail_of (chart, observation, &judgement);
  group = review_of (chart, reference, care_judgement_is_critical (&judgement), &review);
  return care_row_new (care_chart_time (when), CARE_ROW_TITLE,
                       title ? title : _ ("Reading without a name"), CARE_ROW_SUBTITLE,
                       preliminary ? _ ("not final") : NULL, CARE_ROW_REVIEW, review,
                       CARE_ROW_GROUP, group, CARE_ROW_DATE, date, CARE_ROW_STATUS, status,
                       CARE_ROW_VALUE, value, CARE_ROW_UNIT, unit, CARE_ROW_FLAG, judgement.flag,
                       CARE_ROW_REFERENCE, reference, CARE_ROW_DETAIL, detail, CARE_ROW_CODE,
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

static gboolean
is_red (CareRow *row)
{
  return g_strcmp0 (care_row_get_text (row, CARE_ROW_GROUP), CARE_GROUP_CRITICAL) == 0;
}

/* What is critical and not answered, then by name; of one name the newest first. */
static int
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  CareRow *x = (CareRow *) a, *y = (CareRow *) b;
  int red = is_red (y) - is_red (x);
  int names = red ? red : g_utf8_collate (care_row_get_title (x), care_row_get_title (y));
  gint64 first = care_row_get_sort (x), second = care_row_get_sort (y);

  return names ? names : (first < second) - (first > second);
}

/* What has no readable time is neither older nor newer than another one, and what is withheld
 * neither replaces nor is replaced: it stands beside it. */
static void
keep_latest (GHashTable *latest, FhirResource *observation)
{
  const char *code = code_of (fhir_resource_path (observation, "code"));
  g_autofree char *text = code ? NULL : care_chart_concept (observation, "code");
  gint64 time = care_chart_time (time_of (observation));
  gboolean alone = time == G_MININT64 || care_chart_is_opaque (observation) || (!code && !text);
  const char *key = alone ? fhir_resource_get_id (observation) : code ? code : text;
  FhirResource *before = g_hash_table_lookup (latest, key);

  if (!before || time >= care_chart_time (time_of (before)))
    g_hash_table_insert (latest, g_strdup (key), observation);
}

/* (transfer full): one reading as a line, with its flag and range. */
CareRow *
care_chart_observation (CareChart *chart, FhirResource *observation)
{
  return care_chart_is_opaque (observation)
             ? care_chart_opaque_row (chart, observation, time_of (observation))
             : row_of (chart, observation);
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

/* ---- what is listed ---- */

typedef enum
{
  LIST_NONE,
  LIST_VITALS,
  LIST_RESULTS,
} Listed;
#define N_LISTED (LIST_RESULTS + 1)

typedef struct
{
  CareChart *chart;
  GPtrArray *observations;
  GHashTable *replaced;         /* references for which another one stands */
  GHashTable *latest[N_LISTED]; /* key → FhirResource */
  GPtrArray *wanted;            /* FhirResource: the latest, and what is critical */
} Listing;

/* What was an error, was never measured, or has another in its place. */
static gboolean
is_void (Listing *self, FhirResource *observation)
{
  g_autofree char *reference = NULL;

  if (care_chart_is_error (observation) ||
      g_strcmp0 (fhir_resource_path_text (observation, "status"), "cancelled") == 0)
    return TRUE;
  if (g_hash_table_size (self->replaced) == 0 || care_chart_is_opaque (observation))
    return FALSE;
  reference = fhir_resource_dup_reference (observation);
  return g_hash_table_contains (self->replaced, reference);
}

static Listed
list_of (FhirResource *observation)
{
  if (in_category (observation, "vital-signs"))
    return LIST_VITALS;
  return in_category (observation, "social-history") || in_category (observation, "survey")
             ? LIST_NONE
             : LIST_RESULTS;
}

static void
find_replaced (Listing *self)
{
  for (guint i = 0; i < self->observations->len; i++)
    {
      FhirResource *observation = self->observations->pdata[i];
      g_autofree char *own = fhir_resource_dup_reference (observation);

      fhir_element_foreach (extension, fhir_resource_path (observation, "extension"))
        {
          const char *old = care_result_get_replaced (extension);

          if (old && g_strcmp0 (old, own) != 0 && !is_void (self, observation) &&
              !care_chart_is_opaque (observation))
            g_hash_table_add (self->replaced, (gpointer) old);
        }
    }
}

static void
find_wanted (Listing *self, GHashTable *trends)
{
  GHashTableIter iter;
  gpointer observation;

  for (guint i = 0; i < self->observations->len; i++)
    {
      Listed list = list_of (self->observations->pdata[i]);

      observation = self->observations->pdata[i];
      if (is_void (self, observation))
        continue;
      if (list != LIST_NONE)
        keep_latest (self->latest[list], observation);
      if (care_chart_is_opaque (observation))
        continue;
      add_points (self->chart, trends, observation);
      if (list != LIST_NONE && care_judge_is_critical (observation, self->chart->birth_date))
        g_ptr_array_add (self->wanted, observation);
    }
  for (Listed list = LIST_VITALS; list < N_LISTED; list++)
    {
      g_hash_table_iter_init (&iter, self->latest[list]);
      while (g_hash_table_iter_next (&iter, NULL, &observation))
        g_ptr_array_add (self->wanted, observation);
    }
}

static void
add_listed (Listing *self, Listed list, FhirResource *observation, GListStore *rows)
{
  g_autoptr (CareRow) row = NULL;

  if (list_of (observation) != list || is_void (self, observation))
    return;
  row = care_chart_observation (self->chart, observation);
  g_list_store_append (rows, row);
}

/* The latest of each kind, and besides whatever older one still waits for somebody: a newer value
 * does not hide it (H18). */
static void
add_rows (Listing *self, Listed list, GListStore *rows)
{
  g_autoptr (GHashTable) latest = g_hash_table_new (NULL, NULL);
  /* without a Task only what is critical waits */
  GPtrArray *others = self->chart->reviews->len > 0 ? self->observations : self->wanted;
  GHashTableIter iter;
  gpointer observation;

  g_hash_table_iter_init (&iter, self->latest[list]);
  while (g_hash_table_iter_next (&iter, NULL, &observation))
    {
      g_hash_table_add (latest, observation);
      add_listed (self, list, observation, rows);
    }
  for (guint i = 0; i < others->len; i++)
    {
      g_autofree char *reference = fhir_resource_dup_reference (others->pdata[i]);
      CareResult *result = care_results_find (self->chart->results, reference);

      if (result && care_result_still_waits (result) &&
          !g_hash_table_contains (latest, others->pdata[i]))
        add_listed (self, list, others->pdata[i], rows);
    }
  g_list_store_sort (rows, compare_rows, NULL);
}

/**
 * care_chart_observations:
 * @observations: (element-type FhirResource): all of the patient's
 * @vitals: gets the latest of each vital sign, and older ones that still wait for somebody
 * @results: gets the same of everything else but social history and surveys
 * @trends: gets the series of each code
 *
 * What is critical and not answered stands first.
 */
void
care_chart_observations (CareChart *chart,
                         GPtrArray *observations,
                         GListStore *vitals,
                         GListStore *results,
                         GHashTable *trends)
{
  g_autoptr (GHashTable) replaced = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) vital = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) result = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  Listing listing = { chart, observations, replaced, { NULL, vital, result }, wanted };

  find_replaced (&listing);
  find_wanted (&listing, trends);
  finish_trends (trends);
  chart->results = care_chart_read_reviewed (chart, observations, wanted);
  add_rows (&listing, LIST_VITALS, vitals);
  add_rows (&listing, LIST_RESULTS, results);
  g_clear_object (&chart->results);
}
