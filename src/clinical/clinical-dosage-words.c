/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dosage-private.h"

#include "clinical-decimal.h"
#include "clinical-timing.h"

/* The echo in words that is read before signing, and how often in a medication line. */

static char *
number_words (int n)
{
  g_autofree char *literal = g_strdup_printf ("%d", n);

  return clinical_dose_words (literal, NULL);
}

static char *
rhythm_words (const ClinicalDosage *self)
{
  g_autofree char *times = self->frequency == 1   ? g_strdup ("once")
                           : self->frequency == 2 ? g_strdup ("twice")
                                                  : number_words (self->frequency);
  const char *unit = clinical_timing_unit_text (self->period_unit, self->period != 1);
  g_autofree char *period = number_words (self->period);

  if (self->period_max > 0)
    {
      g_autofree char *longest = number_words (self->period_max);

      return g_strdup_printf ("every %s to %s %s", period, longest,
                              clinical_timing_unit_text (self->period_unit, TRUE));
    }
  if (self->period == 1)
    return g_strdup_printf ("%s%s %s %s", times, self->frequency > 2 ? " times" : "",
                            g_str_equal (self->period_unit, "h") ? "an" : "a", unit);
  if (self->frequency == 1)
    return g_strdup_printf ("every %s %s", period, unit);
  return g_strdup_printf ("%s%s every %s %s", times, self->frequency > 2 ? " times" : "", period,
                          unit);
}

static char *
days_text (const ClinicalDosage *self)
{
  g_auto (GStrv) days = g_strsplit (self->days ? self->days : "", " ", -1);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *joined = NULL;

  for (char **day = days; *day; day++)
    if (clinical_timing_day_text (*day))
      g_ptr_array_add (names, (gpointer) clinical_timing_day_text (*day));
  if (names->len == 0)
    return NULL;
  joined = clinical_text_join (names);
  return g_strdup_printf ("on %s", joined);
}

static char *
frequency_words (const ClinicalDosage *self)
{
  g_autofree char *rhythm = rhythm_words (self), *days = days_text (self);

  return days ? g_strdup_printf ("%s %s", rhythm, days) : g_steal_pointer (&rhythm);
}

/* Whether the total is one of 24 hours: then the most in a day is the end of it. */
static gboolean
is_by_day (const ClinicalDosage *self)
{
  return (g_str_equal (self->period_unit, "h") && self->period <= 24) ||
         (g_str_equal (self->period_unit, "d") && self->period == 1 && !self->days);
}

static char *
dup_lesser (const char *total, const char *most)
{
  int order = 0;

  return g_strdup (
      most && total && clinical_decimal_compare (most, total, &order) && order < 0 ? most : total);
}

/* How often in what, such that the total is exact: by the day where a day holds a whole number of
 * periods, else the most that can fall in 24 hours, else by the period itself. */
static char *
total_words (const ClinicalDosage *self)
{
  gboolean hours = g_str_equal (self->period_unit, "h") && self->period <= 24;
  int doses = hours ? self->frequency * ((24 + self->period - 1) / self->period) : self->frequency;
  gboolean most = self->as_needed || self->dose_high || self->period_max > 0 ||
                  (hours && 24 % self->period != 0);
  g_autofree char *all =
      clinical_dose_multiply (self->dose_high ? self->dose_high : self->dose_value, doses);
  g_autofree char *total = dup_lesser (all, is_by_day (self) ? self->max_a_day : NULL);
  g_autofree char *amount = total ? clinical_dose_amount (total, self->dose_unit) : NULL;
  const char *unit = clinical_timing_unit_text (self->period_unit, self->period != 1);
  gboolean daily = g_str_equal (self->period_unit, "d") && self->period == 1;

  if (!amount)
    return NULL;
  if (daily && self->days)
    return g_strdup_printf ("%s%s on such a day, not every day", most ? "up to " : "", amount);
  if (hours || daily)
    return g_strdup_printf ("%s%s %s", most ? "up to " : "", amount,
                            hours && most ? "in 24 hours" : "a day");
  if (self->period == 1)
    return g_strdup_printf ("%s%s a %s, not every day", most ? "up to " : "", amount, unit);
  return g_strdup_printf ("%s%s every %d %s, not every day", most ? "up to " : "", amount,
                          self->period, unit);
}

static char *
dose_words (const ClinicalDosage *self)
{
  g_autofree char *low = NULL, *high = NULL;

  if (!self->dose_high)
    return clinical_dose_words (self->dose_value, self->dose_unit);
  low = clinical_dose_words (self->dose_value, NULL);
  high = clinical_dose_words (self->dose_high, self->dose_unit);
  return g_strdup_printf ("%s to %s", low, high);
}

static char *
limit_words (const ClinicalDosage *self)
{
  g_autofree char *most = self->max_a_day && !is_by_day (self)
                              ? clinical_dose_words (self->max_a_day, self->dose_unit)
                              : NULL;

  return most ? g_strdup_printf (", never more than %s in 24 hours", most) : g_strdup ("");
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
  g_autofree char *dose = NULL, *often = NULL, *total = NULL, *limit = NULL;

  if (!clinical_dosage_check (self, NULL))
    return NULL;
  dose = dose_words (self);
  often = frequency_words (self);
  total = total_words (self);
  limit = limit_words (self);
  return g_strdup_printf ("%s %s%s%s%s%s", dose, often, self->as_needed ? " as required" : "",
                          total ? " = " : "", total ? total : "", limit);
}

static char *
line_frequency (const ClinicalDosage *self)
{
  const char *unit = clinical_timing_unit_text (self->period_unit, self->period != 1);
  gboolean daily = g_str_equal (self->period_unit, "d") || g_str_equal (self->period_unit, "h");

  if (self->period_max > 0)
    return g_strdup_printf ("every %d to %d %s", self->period, self->period_max,
                            clinical_timing_unit_text (self->period_unit, TRUE));
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
  g_autofree char *often = NULL, *days = NULL;

  if (self->frequency <= 0 || self->period <= 0 ||
      !clinical_timing_unit_text (self->period_unit, FALSE))
    return NULL;
  often = line_frequency (self);
  days = days_text (self);
  return days ? g_strdup_printf ("%s, %s", often, days) : g_steal_pointer (&often);
}
