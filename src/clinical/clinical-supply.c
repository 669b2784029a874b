/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-supply.h"

#include <glib/gi18n.h>

#include "clinical-decimal.h"

#include <string.h>

/* How much is needed for how long, and the other way round; and a dose by weight. Exact decimals
 * throughout. What cannot be counted is said, never guessed. */

#define MAX_WEIGHT "650" /* kg: more is a slip, or another unit */

static char *
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE, sentence);
  return NULL;
}

static int
hours_of (const char *unit)
{
  return g_strcmp0 (unit, "h") == 0    ? 1
         : g_strcmp0 (unit, "d") == 0  ? 24
         : g_strcmp0 (unit, "wk") == 0 ? 24 * 7
                                       : 0;
}

static guint
count_days (const ClinicalDosage *step)
{
  g_auto (GStrv) days = g_strsplit (step->days ? step->days : "", " ", -1);

  return g_strv_length (days);
}

/* The most doses that fall in the days of the step: a period that begins is counted. */
static gint64
doses_in (const ClinicalDosage *step)
{
  gint64 period = (gint64) hours_of (step->period_unit) * step->period;
  gint64 hours = (gint64) step->duration_days * 24;
  gboolean some_days = step->days && g_strcmp0 (step->period_unit, "d") == 0;

  if (some_days) /* so often on each of these days */
    return (step->duration_days + 6) / 7 * (gint64) count_days (step) * step->frequency;
  return (hours + period - 1) / period * step->frequency;
}

static char *
quantity_of (const ClinicalDosage *step, GError **error)
{
  g_autofree char *days = g_strdup_printf ("%d", step->duration_days), *doses = NULL, *all = NULL,
                  *limit = NULL;
  int order = 0;

  if (!step->dose_value || step->frequency <= 0 || step->period <= 0)
    return refuse (error, _ ("Dose and how often come first."));
  if (step->duration_days <= 0)
    return refuse (error, _ ("Write for how many days, or the quantity."));
  if (hours_of (step->period_unit) == 0)
    return refuse (error, _ ("Months have no certain length: write the quantity."));
  doses = g_strdup_printf ("%" G_GINT64_FORMAT, doses_in (step));
  all = clinical_decimal_multiply (step->dose_high ? step->dose_high : step->dose_value, doses);
  limit = step->max_a_day ? clinical_decimal_multiply (step->max_a_day, days) : NULL;
  if (limit && all && clinical_decimal_compare (limit, all, &order) && order < 0)
    return g_steal_pointer (&limit);
  return all ? g_steal_pointer (&all) : refuse (error, _ ("The quantity is too large."));
}

/**
 * clinical_supply_quantity:
 * @steps: (element-type ClinicalDosage): one after the other
 *
 * Returns: (transfer full) (nullable): the most that is needed, in the unit of the dose; NULL with
 *   CLINICAL_ERROR where it cannot be counted
 */
char *
clinical_supply_quantity (GPtrArray *steps, GError **error)
{
  g_autofree char *sum = g_strdup ("0");

  for (guint i = 0; i < steps->len; i++)
    {
      const ClinicalDosage *step = steps->pdata[i], *first = steps->pdata[0];
      g_autofree char *one = quantity_of (step, error), *before = g_steal_pointer (&sum);

      if (!one)
        return NULL;
      if (g_strcmp0 (step->dose_unit, first->dose_unit) != 0)
        return refuse (error, _ ("The steps have different units: write the quantity."));
      sum = clinical_decimal_add (before, one);
      if (!sum)
        return refuse (error, _ ("The quantity is too large."));
    }
  return g_steal_pointer (&sum);
}

/**
 * clinical_supply_days:
 * @quantity: a decimal in the unit of the dose
 *
 * Returns: for how many whole days it lasts if each dose is the highest; 0 where that is not known:
 *   several steps, days of the week, months
 */
int
clinical_supply_days (GPtrArray *steps, const char *quantity)
{
  const ClinicalDosage *step = steps->len == 1 ? steps->pdata[0] : NULL;
  gint64 doses = 0, hours;

  if (!step || !step->dose_value || step->frequency <= 0 || step->period <= 0 || step->days ||
      hours_of (step->period_unit) == 0 || !quantity ||
      !clinical_decimal_divide (quantity, step->dose_high ? step->dose_high : step->dose_value,
                                &doses) ||
      doses > 1000000)
    return 0;
  hours = doses / step->frequency * hours_of (step->period_unit) * step->period;
  return (int) MIN (hours / 24, 3660);
}

/**
 * clinical_supply_total_days:
 *
 * Returns: how long all steps take; 0 where one has no end
 */
int
clinical_supply_total_days (GPtrArray *steps)
{
  int days = 0;

  for (guint i = 0; i < steps->len; i++)
    {
      const ClinicalDosage *step = steps->pdata[i];

      if (step->duration_days <= 0)
        return 0;
      days += step->duration_days;
    }
  return days;
}

void
clinical_weight_dose_free (ClinicalWeightDose *self)
{
  g_free (self->exact);
  g_free (self->rounded);
  g_free (self);
}

/**
 * clinical_weight_dose:
 * @per_kg: a decimal, per kilogram
 * @weight_kg: a decimal, in kilograms
 * @step: what the dose is rounded to; the middle goes down
 *
 * Returns: (transfer full) (nullable): NULL with CLINICAL_ERROR where nothing can be given of it
 */
ClinicalWeightDose *
clinical_weight_dose (const char *per_kg, const char *weight_kg, const char *step, GError **error)
{
  g_autoptr (ClinicalWeightDose) self = g_new0 (ClinicalWeightDose, 1);
  int order = 0;

  if (!clinical_decimal_compare (weight_kg, MAX_WEIGHT, &order) || order > 0)
    return (gpointer) refuse (error, _ ("This weight cannot be meant in kilograms."));
  self->exact = clinical_decimal_multiply (per_kg, weight_kg);
  self->rounded = self->exact ? clinical_decimal_round (self->exact, step) : NULL;
  if (!self->rounded)
    return (gpointer) refuse (error, _ ("The dose cannot be worked out from these numbers."));
  if (g_str_equal (self->rounded, "0"))
    return (gpointer) refuse (error, _ ("Rounded like this, nothing is left of the dose."));
  return g_steal_pointer (&self);
}
