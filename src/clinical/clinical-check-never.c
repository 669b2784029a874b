/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "clinical-check-private.h"

#include <string.h>

/* What never may happen, and blocks (hazard H12). The table says which ingredients a rule concerns;
 * what the rule asks is here, by its name. */

#define CODEINE_MONTHS (12 * 12)
#define WEEKLY         (1 / 6.5) /* times a day, with room for rounding */

typedef enum
{
  NEVER_NO,
  NEVER_YES,
  NEVER_ASK, /* no never event, but a dose to be looked at: high, and not blocked */
  NEVER_UNKNOWN,
} NeverAnswer;

/* @other: (out): the drug with which it happens, if any. @why: (out): of NEVER_UNKNOWN */
typedef NeverAnswer (*NeverRule) (ClinicalCheck *self,
                                  const ClinicalRow *row,
                                  const ClinicalDrug **other,
                                  const char **why);

static gboolean
is_by_mouth (const ClinicalOrder *order)
{
  const char *route = clinical_order_get_route (order);

  return !route || g_str_equal (route, "oral");
}

static NeverAnswer
methotrexate_weekly (ClinicalCheck *self,
                     const ClinicalRow *row,
                     const ClinicalDrug **other,
                     const char **why)
{
  const ClinicalOrder *order = clinical_check_drug (self)->order;
  double most = isnan (order->most_often) ? order->per_day : order->most_often;

  *why = N_ ("no dose");
  if (!is_by_mouth (order))
    return NEVER_NO;
  /* of steps in several units no dose is known, but how often is */
  if (order->most_often > WEEKLY)
    return NEVER_YES;
  if (!order->dose)
    return NEVER_UNKNOWN;
  return order->weekly_day && most <= WEEKLY ? NEVER_NO : NEVER_YES;
}

static NeverAnswer
codeine_under_12 (ClinicalCheck *self,
                  const ClinicalRow *row,
                  const ClinicalDrug **other,
                  const char **why)
{
  *why = N_ ("age not known");
  return self->patient->age_months < 0                ? NEVER_UNKNOWN
         : self->patient->age_months < CODEINE_MONTHS ? NEVER_YES
                                                      : NEVER_NO;
}

static gboolean
has_row (const ClinicalDrug *drug, guint row)
{
  for (guint i = 0; i < drug->profiles->len; i++)
    {
      const ClinicalRowSet *set = &((ClinicalProfile *) drug->profiles->pdata[i])->never_events;

      if (row / 64 < set->n_words && (set->words[row / 64] >> (row % 64) & 1))
        return TRUE;
    }
  return FALSE;
}

/* A medicine on the chart or an order before this one that another row of the same rule names. */
static const ClinicalDrug *
find_other (ClinicalCheck *self,
            const ClinicalRow *row,
            gboolean other_row,
            gboolean (*is_meant) (const ClinicalDrug *drug))
{
  GPtrArray *rows = clinical_rules_get_rows (self->rules, CLINICAL_TABLE_NEVER_EVENTS);

  for (guint i = 0; i < self->medicines->len + self->at; i++)
    {
      const ClinicalDrug *drug = i < self->medicines->len
                                     ? self->medicines->pdata[i]
                                     : self->orders->pdata[i - self->medicines->len];

      for (guint j = 0; j < rows->len; j++)
        {
          const ClinicalRow *one = rows->pdata[j];

          if (g_str_equal (one->texts[CLINICAL_COLUMN_RULE], row->texts[CLINICAL_COLUMN_RULE]) &&
              (!other_row || one->texts[CLINICAL_COLUMN_A] != row->texts[CLINICAL_COLUMN_A]) &&
              has_row (drug, j) && (!is_meant || is_meant (drug)))
            return drug;
        }
    }
  return NULL;
}

static NeverAnswer
nitrate_pde5 (ClinicalCheck *self,
              const ClinicalRow *row,
              const ClinicalDrug **other,
              const char **why)
{
  *other = find_other (self, row, TRUE, NULL);
  return *other ? NEVER_YES : NEVER_NO;
}

static NeverAnswer
valproate_pregnancy (ClinicalCheck *self,
                     const ClinicalRow *row,
                     const ClinicalDrug **other,
                     const char **why)
{
  const char *reason = clinical_check_drug (self)->order->reason;
  g_autofree char *words = g_strstrip (g_strdup (reason ? reason : ""));

  return clinical_patient_may_be_pregnant (self->patient) && *words == '\0' ? NEVER_YES : NEVER_NO;
}

static gboolean
is_patch (const ClinicalDrug *drug)
{
  const char *route = clinical_order_get_route (drug->order);

  return g_strcmp0 (route, "transdermal") == 0 || clinical_order_has_form (drug->order, "patch") ||
         g_strcmp0 (drug->order->unit, "patch") == 0 ||
         g_strcmp0 (drug->order->unit, "patches") == 0;
}

static NeverAnswer
opioid_patch (ClinicalCheck *self,
              const ClinicalRow *row,
              const ClinicalDrug **other,
              const char **why)
{
  if (!is_patch (clinical_check_drug (self)))
    return NEVER_NO;
  *other = find_other (self, row, FALSE, is_patch);
  return *other ? NEVER_YES : NEVER_NO;
}

static NeverAnswer
insulin_units (ClinicalCheck *self,
               const ClinicalRow *row,
               const ClinicalDrug **other,
               const char **why)
{
  const ClinicalOrder *order = clinical_check_drug (self)->order;

  *why = N_ ("no unit");
  return !order->unit ? NEVER_UNKNOWN : clinical_order_is_in_units (order) ? NEVER_NO : NEVER_YES;
}

/* Whether it is meant for a vein, a muscle or the skin below: by the drug's form, or by what the
 * order says, whatever the form. */
static NeverAnswer
potassium_injection (ClinicalCheck *self,
                     const ClinicalRow *row,
                     const ClinicalDrug **other,
                     const char **why)
{
  static const char *const words[] = { "inject", "intraven", "infus", "intramuscul", "subcutan" };
  const ClinicalOrder *order = clinical_check_drug (self)->order;
  const char *route = clinical_order_get_route (order);
  g_autofree char *written = g_utf8_casefold (order->route ? order->route : "", -1);

  *why = N_ ("route not known");
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (written, words[i]))
      return NEVER_YES;
  return !route ? NEVER_UNKNOWN : g_str_equal (route, "injection") ? NEVER_YES : NEVER_NO;
}

/* Ready mixed with no more than 40 mmol of potassium in a litre: what wards keep, and give by
 * infusion. Source of both limits: labels of such bags, which give their potassium in both units
 * (40 mEq/L is 0.3 g of potassium chloride in 100 mL):
 * https://www.recallguide.org/drug/potassium-chloride-in-sodium-chloride/ */
#define MOST_MEQ_ML 0.04
#define MOST_MG_ML  3.0
#define CHLORIDE    "potassium chloride "

static gboolean
has_rule (ClinicalCheck *self, const ClinicalProfile *profile, const char *rule)
{
  GPtrArray *rows = clinical_rules_get_rows (self->rules, CLINICAL_TABLE_NEVER_EVENTS);

  clinical_row_set_foreach (index, &profile->never_events, NULL)
  {
    const ClinicalRow *row = rows->pdata[index];

    if (g_str_equal (row->texts[CLINICAL_COLUMN_RULE], rule))
      return TRUE;
  }
  return FALSE;
}

/* By the strength in the name that RxNorm makes; anything that is not understood is not weak. */
static gboolean
is_weak (const char *formula)
{
  const char *at = formula ? strstr (formula, CHLORIDE) : NULL;
  const char *number = at ? at + strlen (CHLORIDE) : "";
  char *unit = NULL;
  double strength = g_ascii_isdigit (*number) ? g_ascii_strtod (number, &unit) : NAN;

  if (!at || strstr (number, CHLORIDE) || !(strength > 0))
    return FALSE;
  return (g_str_has_prefix (unit, " MEQ/ML ") && strength <= MOST_MEQ_ML) ||
         (g_str_has_prefix (unit, " MG/ML ") && strength <= MOST_MG_ML);
}

/* Whether this very drug is such a bag: of several salts of potassium nothing is summed up, and
 * where no row asks about a weak one it is like any other. */
static gboolean
is_ready_mixed (ClinicalCheck *self)
{
  const ClinicalDrug *drug = clinical_check_drug (self);
  guint salts = 0, asked = 0;

  for (guint i = 0; i < drug->profiles->len; i++)
    {
      salts += has_rule (self, drug->profiles->pdata[i], "potassium-injection");
      asked += has_rule (self, drug->profiles->pdata[i], "potassium-ready-mixed");
    }
  return salts == 1 && asked == 1 &&
         is_weak (drug->order->formula ? drug->order->formula : drug->order->name);
}

static NeverAnswer
potassium_strong (ClinicalCheck *self,
                  const ClinicalRow *row,
                  const ClinicalDrug **other,
                  const char **why)
{
  NeverAnswer answer = potassium_injection (self, row, other, why);

  return answer == NEVER_YES && is_ready_mixed (self) ? NEVER_NO : answer;
}

static NeverAnswer
potassium_ready_mixed (ClinicalCheck *self,
                       const ClinicalRow *row,
                       const ClinicalDrug **other,
                       const char **why)
{
  return potassium_injection (self, row, other, why) == NEVER_YES && is_ready_mixed (self)
             ? NEVER_ASK
             : NEVER_NO;
}

static NeverRule
find_rule (const char *name)
{
  static const struct
  {
    const char *name;
    NeverRule rule;
  } rules[] = {
    { "methotrexate-weekly", methotrexate_weekly },
    { "codeine-under-12", codeine_under_12 },
    { "nitrate-pde5", nitrate_pde5 },
    { "valproate-pregnancy-possible", valproate_pregnancy },
    { "opioid-patch-duplicate", opioid_patch },
    { "insulin-units", insulin_units },
    { "potassium-injection", potassium_strong },
    { "potassium-ready-mixed", potassium_ready_mixed },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_str_equal (rules[i].name, name))
      return rules[i].rule;
  return NULL;
}

static void
add_never (ClinicalCheck *self,
           const ClinicalRow *row,
           const ClinicalIngredient *ingredient,
           const ClinicalDrug *other)
{
  const char *text = row->texts[CLINICAL_COLUMN_TEXT];
  ClinicalFinding *finding =
      clinical_check_found (self, "never-event", "high", row,
                            other ? other->order->reference : NULL,
                            other ? g_strdup_printf (_ ("%s with %s cannot be signed: %s"),
                                                     ingredient->name, other->order->name, text)
                                  : g_strdup_printf (_ ("%s as written cannot be signed: %s"),
                                                     ingredient->name, text));

  finding->blocks = TRUE;
  clinical_finding_add_subject (finding, ingredient->name);
  for (guint i = 0; other && i < other->profiles->len; i++)
    clinical_finding_add_subject (finding, ((ClinicalProfile *) other->profiles->pdata[i])
                                               ->ingredient->name);
}

static void
add_question (ClinicalCheck *self, const ClinicalRow *row, const ClinicalIngredient *ingredient)
{
  ClinicalFinding *finding =
      clinical_check_found (self, "dose", "high", row, NULL,
                            g_strdup_printf (_ ("%s as written: %s"), ingredient->name,
                                             row->texts[CLINICAL_COLUMN_TEXT]));

  clinical_finding_add_subject (finding, ingredient->name);
}

static void
add_unknown (ClinicalCheck *self,
             const ClinicalRow *row,
             const ClinicalIngredient *ingredient,
             const char *why)
{
  clinical_check_not_checked (
      self, "never-event", row->table, why, ingredient->name,
      g_strdup_printf (
          _ ("Never event: not checked for %s, because something is missing (%s). The rule: %s"),
          ingredient->name, _ (why), row->texts[CLINICAL_COLUMN_TEXT]));
}

static guint
check_profile (ClinicalCheck *self, const ClinicalProfile *profile)
{
  GPtrArray *rows = clinical_rules_get_rows (self->rules, CLINICAL_TABLE_NEVER_EVENTS);
  guint answers = 0;

  clinical_row_set_foreach (index, &profile->never_events, NULL)
  {
    const ClinicalRow *row = rows->pdata[index];
    NeverRule rule = find_rule (row->texts[CLINICAL_COLUMN_RULE]);
    const ClinicalDrug *other = NULL;
    const char *why = N_ ("a rule that this version does not know");
    NeverAnswer answer = rule ? rule (self, row, &other, &why) : NEVER_UNKNOWN;

    if (answer == NEVER_YES)
      add_never (self, row, profile->ingredient, other);
    else if (answer == NEVER_ASK)
      add_question (self, row, profile->ingredient);
    else if (answer == NEVER_UNKNOWN)
      add_unknown (self, row, profile->ingredient, why);
    answers += answer == NEVER_YES || answer == NEVER_UNKNOWN;
  }
  return answers;
}

/* Source of the rules: data/content/never-events.tsv. */
void
clinical_check_do_never_events (ClinicalCheck *self)
{
  const ClinicalDrug *drug = clinical_check_drug (self);
  guint answers = 0;

  if (!clinical_check_can (self, "never-event", CLINICAL_TABLE_NEVER_EVENTS))
    return;
  for (guint i = 0; i < drug->profiles->len; i++)
    answers += check_profile (self, drug->profiles->pdata[i]);
  if (answers == 0)
    clinical_check_not_found (self, "never-event", CLINICAL_TABLE_NEVER_EVENTS, NULL);
}
