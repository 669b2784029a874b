/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "clinical-check-private.h"

#include <string.h>

/* The dose against the limits of the table: one dose and one day, absolute and for each kilogram.
 * A weight that cannot be relied upon is never reckoned with (hazard H11). */

#define CHILD (18 * 12) /* months */
/* So much above a limit is a matter of rounding. */
#define SLACK 1.0001
/* From so many times the limit on it interrupts: a slip of the decimal mark is ten times. Below, a
 * specialist's dose is likelier than a slip. */
#define TWICE 2.0001

/* The limits that concern an order, and why there is none where there is none. */
typedef struct
{
  GPtrArray *rows; /* ClinicalRow */
  gboolean needs_age, needs_weight, other_route;
} Limits;

static gboolean
is_between (double value, double from, double to)
{
  return (isnan (from) || value >= from) && (isnan (to) || value < to);
}

static gboolean
is_weekly (const ClinicalOrder *order)
{
  return order->per_day <= 1 / 6.5;
}

static gboolean
is_indicated (const ClinicalRow *row, const ClinicalOrder *order)
{
  g_autofree char *wanted = g_utf8_casefold (row->texts[CLINICAL_COLUMN_INDICATION], -1);
  g_autofree char *reason = order->reason ? g_utf8_casefold (order->reason, -1) : NULL;

  if (g_str_equal (wanted, "weekly"))
    return is_weekly (order);
  return reason && strstr (reason, wanted);
}

static gboolean
concerns (ClinicalCheck *self, const ClinicalRow *row, const ClinicalOrder *order, Limits *limits)
{
  const char *route = clinical_order_get_route (order), *wanted = row->texts[CLINICAL_COLUMN_ROUTE];
  const double *n = row->numbers;
  int age = self->patient->age_months;

  if (wanted && g_strcmp0 (wanted, route) != 0)
    {
      limits->other_route = TRUE;
      return FALSE;
    }
  if (age < 0 && (!isnan (n[CLINICAL_COLUMN_AGE_FROM]) || !isnan (n[CLINICAL_COLUMN_AGE_TO])))
    {
      limits->needs_age = TRUE;
      return FALSE;
    }
  if (!is_between (age, n[CLINICAL_COLUMN_AGE_FROM], n[CLINICAL_COLUMN_AGE_TO]))
    return FALSE;
  if (isnan (n[CLINICAL_COLUMN_WEIGHT_FROM]) && isnan (n[CLINICAL_COLUMN_WEIGHT_TO]))
    return TRUE;
  if (self->weight != CLINICAL_WEIGHT_GOOD)
    limits->needs_weight = TRUE;
  return self->weight == CLINICAL_WEIGHT_GOOD &&
         is_between (self->kg, n[CLINICAL_COLUMN_WEIGHT_FROM], n[CLINICAL_COLUMN_WEIGHT_TO]);
}

/* Those for the order's own indication, where there are any; else those for any. */
static Limits
find_limits (ClinicalCheck *self, GPtrArray *rows, const ClinicalOrder *order)
{
  Limits limits = { .rows = g_ptr_array_new () };

  for (guint pass = 0; pass < 2 && limits.rows->len == 0; pass++)
    for (guint i = 0; i < rows->len; i++)
      {
        const ClinicalRow *row = rows->pdata[i];
        gboolean has_indication = row->texts[CLINICAL_COLUMN_INDICATION] != NULL;

        if (has_indication == (pass == 0) && (!has_indication || is_indicated (row, order)) &&
            concerns (self, row, order, &limits))
          g_ptr_array_add (limits.rows, rows->pdata[i]);
      }
  return limits;
}

/* Code and whole sentence of why a weight cannot be reckoned with. */
static const char *
weight_fault (ClinicalWeightState state, const char **sentence)
{
  static const char *const faults[][2] = {
    [CLINICAL_WEIGHT_GOOD] = { "", "" },
    [CLINICAL_WEIGHT_MISSING] = { "weight missing", N_ ("There is no weight on the chart.") },
    [CLINICAL_WEIGHT_NO_UNIT] = { "weight without a unit",
                                  N_ ("The weight on the chart has no unit.") },
    [CLINICAL_WEIGHT_TOO_OLD] = { "weight too old",
                                  N_ ("The weight is too old for a child of this age: weigh "
                                      "again.") },
    [CLINICAL_WEIGHT_JUMP] = { "weight implausible",
                               N_ ("The weight differs by more than a tenth from the one before: "
                                   "weigh again.") },
    [CLINICAL_WEIGHT_FOR_AGE] = { "weight implausible",
                                  N_ ("The weight cannot be believed at this age: weigh again.") },
    [CLINICAL_WEIGHT_NO_DATE] = { "weight without a date",
                                  N_ ("The weight on the chart has no date, or one that lies "
                                      "ahead.") },
  };

  *sentence = _ (faults[state][1]);
  return faults[state][0];
}

/* An order by weight is blocked in a child, and where the order itself is written per kilogram. */
static void
add_weight_fault (ClinicalCheck *self, const char *name, gboolean per_kg)
{
  const char *sentence;
  const char *why = weight_fault (self->weight, &sentence);
  gboolean child = self->patient->age_months >= 0 && self->patient->age_months < CHILD;
  gboolean blocks = child || per_kg;
  ClinicalFinding *finding = clinical_check_not_checked (
      self, "dose", CLINICAL_TABLE_DOSE_LIMITS, why, name,
      blocks ? g_strdup_printf (_ ("Dose of %s by weight: not checked, and not to be signed. %s"),
                                name, sentence)
             : g_strdup_printf (_ ("Dose of %s by weight: not checked. %s"), name, sentence));

  finding->blocks = blocks;
  if (self->patient->weights->len > 0)
    g_set_str (&finding->evidence,
               ((ClinicalMeasure *) self->patient->weights->pdata[0])->reference);
}

static void
add_amount_fault (ClinicalCheck *self, const char *name, ClinicalAmountState state)
{
  const ClinicalOrder *order = clinical_check_drug (self)->order;
  char *sentence = NULL;
  const char *why = NULL;

  switch (state)
    {
    case CLINICAL_AMOUNT_KNOWN:
      return;
    case CLINICAL_AMOUNT_NO_DOSE:
      why = "no dose";
      sentence = g_strdup_printf (_ ("Dose of %s: not checked. There is no dose yet that is a "
                                     "number above zero with a unit."),
                                  name);
      break;
    case CLINICAL_AMOUNT_UNIT:
      why = "unknown unit";
      sentence = g_strdup_printf (_ ("Dose of %s: not checked. The unit %s cannot be converted."),
                                  name, order->unit);
      break;
    case CLINICAL_AMOUNT_STRENGTH:
      why = "strength not known";
      sentence = g_strdup_printf (_ ("Dose of %s: not checked. What one %s holds is not known."),
                                  name, order->unit);
      break;
    }
  clinical_check_not_checked (self, "dose", CLINICAL_TABLE_DOSE_LIMITS, why, name, sentence);
}

static char *
words_by_weight (const char *name,
                 const char *is,
                 const char *unit,
                 const char *limit,
                 const char *kg,
                 const char *scope,
                 gboolean daily)
{
  return g_strdup_printf (
      daily ? _ ("%s: %s %s a day is more than %s %s, the most for %s kg in %s.")
            : _ ("%s: %s %s at once is more than %s %s, the most for %s kg in %s."),
      name, is, unit, limit, unit, kg, scope);
}

static char *
words_absolute (const char *name,
                const char *is,
                const char *unit,
                const char *limit,
                const char *scope,
                gboolean daily)
{
  return g_strdup_printf (daily ? _ ("%s: %s %s a day is more than %s %s, the most in %s.")
                                : _ ("%s: %s %s at once is more than %s %s, the most in %s."),
                          name, is, unit, limit, unit, scope);
}

static gboolean
is_by_weight (const ClinicalRow *row)
{
  return g_str_equal (row->texts[CLINICAL_COLUMN_PER], "kg");
}

/* @most: for the patient, that is already times the weight */
static void
add_dose (ClinicalCheck *self,
          const ClinicalRow *row,
          const char *name,
          double given,
          double most,
          gboolean daily)
{
  g_autofree char *scope = clinical_check_scope (self, row->table);
  g_autofree char *is = clinical_check_number (given), *limit = clinical_check_number (most);
  g_autofree char *kg = clinical_check_number (self->kg);
  const char *unit = clinical_unit_shown (row->texts[CLINICAL_COLUMN_UNIT]);
  gboolean by_weight = is_by_weight (row);
  ClinicalFinding *finding =
      clinical_check_found (self, "dose", given > most * TWICE ? "high" : "moderate", row, NULL,
                            by_weight ? words_by_weight (name, is, unit, limit, kg, scope, daily)
                                      : words_absolute (name, is, unit, limit, scope, daily));

  g_set_str (&finding->rule, daily ? "daily" : "single");
  clinical_finding_add_subject (finding, name);
  clinical_check_add_fact (finding, is);
  clinical_check_add_fact (finding, limit);
  if (by_weight)
    clinical_check_add_fact (finding, kg);
}

/* What came of one limit. */
typedef enum
{
  DOSE_WITHIN,
  DOSE_ABOVE,
  DOSE_NOT_CHECKED,
} DoseState;

static DoseState
check_limit (ClinicalCheck *self, const ClinicalRow *row, guint ingredient)
{
  const ClinicalDrug *drug = clinical_check_drug (self);
  const char *name = ((ClinicalProfile *) drug->profiles->pdata[ingredient])->ingredient->name;
  double single = row->numbers[CLINICAL_COLUMN_MAX_SINGLE],
         daily = row->numbers[CLINICAL_COLUMN_MAX_DAILY];
  ClinicalAmount amount = { 0 };
  ClinicalAmountState state =
      clinical_order_amount (drug->order, ingredient, row->texts[CLINICAL_COLUMN_UNIT], &amount);
  gboolean weighs = is_by_weight (row) || (state == CLINICAL_AMOUNT_KNOWN && amount.per_kg);

  if (state != CLINICAL_AMOUNT_KNOWN)
    {
      add_amount_fault (self, name, state);
      return DOSE_NOT_CHECKED;
    }
  if (weighs && self->weight != CLINICAL_WEIGHT_GOOD)
    {
      add_weight_fault (self, name, amount.per_kg);
      return DOSE_NOT_CHECKED;
    }
  if (is_by_weight (row))
    {
      single *= self->kg;
      daily *= self->kg;
    }
  if (amount.per_kg)
    {
      amount.single *= self->kg;
      amount.daily *= self->kg;
    }
  if (!isnan (single) && amount.single > single * SLACK &&
      !(amount.daily / daily > amount.single / single))
    add_dose (self, row, name, amount.single, single, FALSE);
  else if (!isnan (daily) && amount.daily > daily * SLACK)
    add_dose (self, row, name, amount.daily, daily, TRUE);
  else if (!isnan (daily) && isnan (amount.daily))
    {
      clinical_check_not_checked (
          self, "dose", row->table, "frequency not known", name,
          g_strdup_printf (_ ("Daily dose of %s: not checked. How often it is taken is not known."),
                           name));
      return DOSE_NOT_CHECKED;
    }
  else
    return DOSE_WITHIN;
  return DOSE_ABOVE;
}

static void
say_no_limit (ClinicalCheck *self, const char *name, const Limits *limits, guint rows)
{
  g_autofree char *scope = clinical_check_scope (self, CLINICAL_TABLE_DOSE_LIMITS);
  const char *sentence;

  if (limits->needs_weight)
    add_weight_fault (self, name, FALSE);
  else if (limits->needs_age)
    clinical_check_not_checked (
        self, "dose", CLINICAL_TABLE_DOSE_LIMITS, "age not known", name,
        g_strdup_printf (_ ("Dose of %s: not checked. The patient's age is not known."), name));
  else if (rows > 0)
    {
      sentence = limits->other_route
                     ? _ ("Dose of %s: not checked. %s has no limit for this route or age.")
                     : _ ("Dose of %s: not checked. %s has no limit for this age or indication.");
      clinical_check_not_checked (self, "dose", CLINICAL_TABLE_DOSE_LIMITS, "no limit", name,
                                  g_strdup_printf (sentence, name, scope));
    }
  else
    clinical_check_not_checked (
        self, "dose", CLINICAL_TABLE_DOSE_LIMITS, "no limit", name,
        g_strdup_printf (_ ("Dose of %s: not checked. %s has no limit for it."), name, scope));
}

/* The order is written per kilogram: even without a limit it goes by a weight. */
static gboolean
goes_by_bad_weight (ClinicalCheck *self)
{
  const char *unit = clinical_check_drug (self)->order->unit;

  return unit && g_str_has_suffix (unit, "/kg") && self->weight != CLINICAL_WEIGHT_GOOD;
}

static gboolean
is_same_fault (const ClinicalFinding *one, const ClinicalFinding *other)
{
  return g_strcmp0 (one->check, other->check) == 0 && one->order == other->order &&
         g_strcmp0 (one->sentence, other->sentence) == 0;
}

/* Two limits of one drug fail for the same reason: it is said once. */
static void
drop_repeated (ClinicalCheck *self, guint from)
{
  for (guint i = self->findings->len; i > from + 1; i--)
    for (guint j = from; j < i - 1; j++)
      if (is_same_fault (self->findings->pdata[i - 1], self->findings->pdata[j]))
        {
          g_ptr_array_remove_index (self->findings, i - 1);
          break;
        }
}

static void
check_ingredient (ClinicalCheck *self, guint ingredient)
{
  const ClinicalDrug *drug = clinical_check_drug (self);
  const ClinicalIngredient *one =
      ((ClinicalProfile *) drug->profiles->pdata[ingredient])->ingredient;
  g_autoptr (GPtrArray) rows =
      clinical_rules_dup_rows_of (self->rules, CLINICAL_TABLE_DOSE_LIMITS, one);
  Limits limits = find_limits (self, rows, drug->order);
  guint before = self->findings->len, within = 0;

  for (guint i = 0; i < limits.rows->len; i++)
    within += check_limit (self, limits.rows->pdata[i], ingredient) == DOSE_WITHIN;
  if (limits.rows->len == 0 && goes_by_bad_weight (self))
    add_weight_fault (self, one->name, TRUE);
  else if (limits.rows->len == 0 && rows->len > 0 && !drug->order->dose)
    add_amount_fault (self, one->name, CLINICAL_AMOUNT_NO_DOSE);
  else if (limits.rows->len == 0)
    say_no_limit (self, one->name, &limits, rows->len);
  else if (within == limits.rows->len)
    {
      g_autofree char *scope = clinical_check_scope (self, CLINICAL_TABLE_DOSE_LIMITS);
      g_autofree char *kg = clinical_check_number (self->kg);

      clinical_check_not_found (
          self, "dose", CLINICAL_TABLE_DOSE_LIMITS,
          self->weight == CLINICAL_WEIGHT_GOOD
              ? g_strdup_printf (_ ("Dose of %s: above no limit in %s, for a weight of %s kg."),
                                 one->name, scope, kg)
              : g_strdup_printf (_ ("Dose of %s: above no limit in %s."), one->name, scope));
    }
  drop_repeated (self, before);
  g_ptr_array_unref (limits.rows);
}

/* Source of the limits: data/content/dose-limits.tsv. */
void
clinical_check_do_dose (ClinicalCheck *self)
{
  if (!clinical_check_can (self, "dose", CLINICAL_TABLE_DOSE_LIMITS))
    {
      /* an order by weight is blocked by a bad weight, whatever else is known of it */
      if (goes_by_bad_weight (self))
        add_weight_fault (self, clinical_check_drug (self)->order->name, TRUE);
      return;
    }
  for (guint i = 0; i < clinical_check_drug (self)->profiles->len; i++)
    check_ingredient (self, i);
}
