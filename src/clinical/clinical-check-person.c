/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "clinical-check-private.h"
#include "clinical-timing.h"

#include <string.h>

/* The patient's kidneys, pregnancy and breastfeeding, age, and conditions. */

/* What a word of the tables is worth. Only "high" interrupts. */
static const char *
severity_of (const char *advice)
{
  static const char *const grades[][2] = {
    { "contraindicated", "high" }, { "avoid", "moderate" },   { "reduce", "moderate" },
    { "caution", "low" },          { "no-known-harm", NULL },
  };

  for (gsize i = 0; advice && i < G_N_ELEMENTS (grades); i++)
    if (g_str_equal (grades[i][0], advice))
      return grades[i][1];
  return NULL;
}

static const ClinicalIngredient *
ingredient_at (ClinicalCheck *self, guint index)
{
  return ((ClinicalProfile *) clinical_check_drug (self)->profiles->pdata[index])->ingredient;
}

/* The rows about every ingredient of the drug; for those that have none it is said. Each row goes
 * to
 * @check, which answers whether something was found or could not be checked. */
static void
check_rows (ClinicalCheck *self,
            const char *kind,
            ClinicalTable table,
            guint (*check) (ClinicalCheck *self, const ClinicalIngredient *one, GPtrArray *rows))
{
  guint named = 0, answers = 0;

  if (!clinical_check_can (self, kind, table))
    return;
  for (guint i = 0; i < clinical_check_drug (self)->profiles->len; i++)
    {
      const ClinicalIngredient *one = ingredient_at (self, i);
      g_autoptr (GPtrArray) rows = clinical_rules_dup_rows_of (self->rules, table, one);

      if (rows->len > 0)
        {
          named++;
          answers += check (self, one, rows);
        }
      else
        {
          g_autofree char *scope = clinical_check_scope (self, table);

          clinical_check_not_checked (
              self, kind, table, "not in the list", one->name,
              g_strdup_printf (_ ("%s: not checked. %s says nothing about %s."),
                               clinical_check_title (kind), scope, one->name));
        }
    }
  if (named > 0 && answers == 0)
    clinical_check_not_found (self, kind, table, NULL);
}

/* ---- kidneys -------------------------------------------------------------------------------- */

typedef enum
{
  RENAL_ABOVE,
  RENAL_REDUCED, /* the order keeps to what the row allows */
  RENAL_UNKNOWN, /* what the order comes to is not known */
} RenalDose;

/* Of a row that says by how much: whether the order keeps to it. */
static RenalDose
compare_reduced (ClinicalCheck *self, const ClinicalIngredient *one, const ClinicalRow *row)
{
  const ClinicalDrug *drug = clinical_check_drug (self);
  double most = row->numbers[CLINICAL_COLUMN_MAX_DAILY];
  ClinicalAmount amount = { 0 };
  guint at = 0;

  if (!g_str_equal (row->texts[CLINICAL_COLUMN_ADVICE], "reduce") || isnan (most) ||
      !row->texts[CLINICAL_COLUMN_UNIT])
    return RENAL_ABOVE;
  while (at < drug->profiles->len && ingredient_at (self, at) != one)
    at++;
  if (clinical_order_amount (drug->order, at, row->texts[CLINICAL_COLUMN_UNIT], &amount) !=
          CLINICAL_AMOUNT_KNOWN ||
      isnan (amount.daily) || (amount.per_kg && self->weight != CLINICAL_WEIGHT_GOOD))
    return RENAL_UNKNOWN;
  return amount.daily * (amount.per_kg ? self->kg : 1) <= most * 1.0001 ? RENAL_REDUCED
                                                                        : RENAL_ABOVE;
}

static gboolean
concerns_kidneys (ClinicalCheck *self, const ClinicalRow *row)
{
  double from = row->numbers[CLINICAL_COLUMN_CRCL_FROM], to = row->numbers[CLINICAL_COLUMN_CRCL_TO];

  return (isnan (from) || self->renal.value >= from) && (isnan (to) || self->renal.value < to);
}

static void
add_renal (ClinicalCheck *self, const ClinicalIngredient *one, const ClinicalRow *row)
{
  ClinicalFinding *finding =
      clinical_check_found (self, "renal", severity_of (row->texts[CLINICAL_COLUMN_ADVICE]), row,
                            self->renal.reference,
                            g_strdup_printf (_ ("%s with this kidney function: %s (%s)"), one->name,
                                             row->texts[CLINICAL_COLUMN_TEXT], self->renal.words));

  g_set_str (&finding->rule, one->code ? one->code : one->name);
  clinical_finding_add_subject (finding, one->name);
  clinical_check_add_fact (finding, self->renal.facts);
}

static guint
check_renal (ClinicalCheck *self, const ClinicalIngredient *one, GPtrArray *rows)
{
  guint found = 0;

  if (!self->renal.known)
    {
      clinical_check_not_checked (
          self, "renal", CLINICAL_TABLE_RENAL, "kidney function not known", one->name,
          g_strdup_printf (_ ("Kidney function: not checked for %s, because %s."), one->name,
                           self->renal.words));
      return 1;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      RenalDose dose = RENAL_REDUCED;

      if (concerns_kidneys (self, rows->pdata[i]))
        dose = compare_reduced (self, one, rows->pdata[i]);
      if (dose == RENAL_ABOVE)
        add_renal (self, one, rows->pdata[i]);
      else if (dose == RENAL_UNKNOWN)
        clinical_check_not_checked (
            self, "renal", CLINICAL_TABLE_RENAL, "dose not known", one->name,
            g_strdup_printf (_ ("Kidney function: the dose of %s is not checked, because the "
                                "amount in a day is not known: %s (%s)"),
                             one->name,
                             ((ClinicalRow *) rows->pdata[i])->texts[CLINICAL_COLUMN_TEXT],
                             self->renal.words));
      found += dose != RENAL_REDUCED;
    }
  return found;
}

/* Source of the limits: data/content/renal.tsv. */
void
clinical_check_do_renal (ClinicalCheck *self)
{
  check_rows (self, "renal", CLINICAL_TABLE_RENAL, check_renal);
}

/* ---- pregnancy and breastfeeding ------------------------------------------------------------ */

static void
say_not_asked (ClinicalCheck *self,
               const ClinicalIngredient *one,
               const ClinicalRow *row,
               gboolean lactation)
{
  const char *sentence =
      lactation ? _ ("Breastfeeding: not checked for %s. The chart does not say whether the "
                     "patient is breastfeeding: ask.")
                : _ ("Pregnancy: not checked for %s. The chart does not say whether the "
                     "patient is pregnant: ask.");

  clinical_check_not_checked (self, "pregnancy", row->table,
                              lactation ? "breastfeeding not recorded" : "pregnancy not recorded",
                              one->name, g_strdup_printf (sentence, one->name));
}

static guint
add_pregnancy (ClinicalCheck *self,
               const ClinicalIngredient *one,
               const ClinicalRow *row,
               gboolean lactation)
{
  const ClinicalStatus *status =
      lactation ? &self->patient->breastfeeding : &self->patient->pregnant;
  const char *word = row->texts[lactation ? CLINICAL_COLUMN_LACTATION : CLINICAL_COLUMN_PREGNANCY];
  const char *severity = severity_of (word), *text = row->texts[CLINICAL_COLUMN_TEXT];
  ClinicalFinding *finding;

  if (!severity)
    return 0;
  if (status->answer == CLINICAL_NOT_RECORDED)
    {
      say_not_asked (self, one, row, lactation);
      return 1;
    }
  if (status->answer != CLINICAL_YES)
    return 0;
  finding = clinical_check_found (self, "pregnancy", severity, row, status->reference,
                                  g_strdup_printf (lactation ? _ ("%s while breastfeeding (%s): %s")
                                                             : _ ("%s in pregnancy (%s): %s"),
                                                   one->name, word, text ? text : "–"));
  g_set_str (&finding->rule, lactation ? "lactation" : "pregnancy");
  clinical_finding_add_subject (finding, one->name);
  clinical_check_add_fact (finding, status->date);
  return 1;
}

static guint
check_pregnancy (ClinicalCheck *self, const ClinicalIngredient *one, GPtrArray *rows)
{
  guint answers = 0;

  for (guint i = 0; i < rows->len; i++)
    answers += add_pregnancy (self, one, rows->pdata[i], FALSE) +
               add_pregnancy (self, one, rows->pdata[i], TRUE);
  return answers;
}

/* Source: data/content/pregnancy.tsv. */
void
clinical_check_do_pregnancy (ClinicalCheck *self)
{
  if (clinical_patient_may_be_pregnant (self->patient) ||
      self->patient->breastfeeding.answer == CLINICAL_YES)
    check_rows (self, "pregnancy", CLINICAL_TABLE_PREGNANCY, check_pregnancy);
  else
    clinical_check_not_checked (
        self, "pregnancy", CLINICAL_TABLE_PREGNANCY, "does not concern", NULL,
        g_strdup (_ ("Pregnancy: not checked. By recorded sex and age it does not concern this "
                     "patient.")));
}

/* ---- age ------------------------------------------------------------------------------------ */

static guint
check_ages (ClinicalCheck *self, const ClinicalIngredient *one, GPtrArray *rows)
{
  int age = self->patient->age_months;
  guint found = 0;

  if (age < 0)
    {
      clinical_check_not_checked (
          self, "age", CLINICAL_TABLE_AGES, "age not known", one->name,
          g_strdup_printf (_ ("Age: not checked for %s. The patient's age is not known."),
                           one->name));
      return 1;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const ClinicalRow *row = rows->pdata[i];
      double from = row->numbers[CLINICAL_COLUMN_FROM], to = row->numbers[CLINICAL_COLUMN_TO];
      ClinicalFinding *finding;

      if ((!isnan (from) && age < from) || (!isnan (to) && age >= to))
        continue;
      finding = clinical_check_found (self, "age", row->texts[CLINICAL_COLUMN_SEVERITY], row, NULL,
                                      g_strdup_printf (_ ("%s at this age: %s"), one->name,
                                                       row->texts[CLINICAL_COLUMN_TEXT]));
      g_set_str (&finding->rule, one->code ? one->code : one->name);
      clinical_finding_add_subject (finding, one->name);
      found++;
    }
  return found;
}

/* Source: data/content/ages.tsv. */
void
clinical_check_do_ages (ClinicalCheck *self)
{
  check_rows (self, "age", CLINICAL_TABLE_AGES, check_ages);
}

/* ---- conditions ----------------------------------------------------------------------------- */

/* A code of ICD-10 also names what is below it: I50 is the group of I50.22. */
static gboolean
is_code (const ClinicalRow *row, const char *system, const char *code)
{
  const char *own = row->texts[CLINICAL_COLUMN_CODE];

  if (g_strcmp0 (row->texts[CLINICAL_COLUMN_SYSTEM], system) != 0)
    return FALSE;
  return g_str_equal (own, code) || (strstr (system, "icd-10") && g_str_has_prefix (code, own));
}

static gboolean
is_condition (const ClinicalRow *row, const ClinicalChartItem *item, const char *folded)
{
  g_autofree char *name = NULL;

  for (guint i = 0; i < item->codes->len; i++)
    if (is_code (row, item->systems->pdata[i], item->codes->pdata[i]))
      return TRUE;
  name = g_utf8_casefold (row->texts[CLINICAL_COLUMN_CONDITION], -1);
  return clinical_text_has_term (folded, name);
}

/* One answer for each pair of substance and condition, by whichever of its rows. */
static guint
check_condition (ClinicalCheck *self, const ClinicalProfile *profile, const ClinicalChartItem *item)
{
  GPtrArray *rows = clinical_rules_get_rows (self->rules, CLINICAL_TABLE_CONDITIONS);
  g_autofree char *folded = g_utf8_casefold (item->text, -1);
  g_autoptr (GPtrArray) seen = g_ptr_array_new ();

  clinical_row_set_foreach (index, &profile->conditions, NULL)
  {
    const ClinicalRow *row = rows->pdata[index];
    const char *name = row->texts[CLINICAL_COLUMN_CONDITION];
    ClinicalFinding *finding;

    if (!is_condition (row, item, folded) || g_ptr_array_find (seen, name, NULL))
      continue;
    g_ptr_array_add (seen, (gpointer) name);
    finding = clinical_check_found (self, "condition", row->texts[CLINICAL_COLUMN_SEVERITY], row,
                                    item->reference,
                                    g_strdup_printf (_ ("%s with %s on the chart: %s"),
                                                     profile->ingredient->name, item->text,
                                                     row->texts[CLINICAL_COLUMN_TEXT]));
    g_set_str (&finding->rule, name);
    clinical_finding_add_subject (finding, profile->ingredient->name);
  }
  return seen->len;
}

static gboolean
is_listed (ClinicalCheck *self)
{
  GPtrArray *profiles = clinical_check_drug (self)->profiles;

  for (guint i = 0; i < profiles->len; i++)
    if (!clinical_row_set_is_empty (&((ClinicalProfile *) profiles->pdata[i])->conditions))
      return TRUE;
  return FALSE;
}

static void
say_no_condition (ClinicalCheck *self)
{
  g_autofree char *scope = clinical_check_scope (self, CLINICAL_TABLE_CONDITIONS);

  clinical_check_not_checked (
      self, "condition", CLINICAL_TABLE_CONDITIONS,
      self->patient->conditions->len == 0 ? "no conditions" : "not in the list", NULL,
      self->patient->conditions->len == 0
          ? g_strdup (_ ("Conditions: nothing to compare with. The chart lists none."))
          : g_strdup_printf (_ ("Conditions: not checked. %s says nothing about %s."), scope,
                             clinical_check_drug (self)->order->name));
}

static gboolean
is_coded (const ClinicalChartItem *item)
{
  for (guint i = 0; i < item->codes->len; i++)
    if (*(const char *) item->codes->pdata[i] != '\0')
      return TRUE;
  return FALSE;
}

/* What has no code can only be compared by its words, and that is said. */
static void
name_uncoded (ClinicalCheck *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *joined = NULL;

  for (guint i = 0; i < self->patient->conditions->len; i++)
    {
      const ClinicalChartItem *item = self->patient->conditions->pdata[i];

      if (!is_coded (item))
        g_ptr_array_add (names, item->text);
    }
  if (names->len == 0)
    return;
  joined = clinical_text_join (names);
  clinical_check_not_checked (
      self, "condition", CLINICAL_TABLE_CONDITIONS, "no code", names->pdata[0],
      g_strdup_printf (_ ("Conditions: compared by words alone with %s, which has no code."),
                       joined));
}

/* Source: data/content/conditions.tsv. */
void
clinical_check_do_conditions (ClinicalCheck *self)
{
  GPtrArray *profiles = clinical_check_drug (self)->profiles;
  guint found = 0;

  if (!clinical_check_can (self, "condition", CLINICAL_TABLE_CONDITIONS))
    return;
  if (self->patient->conditions->len == 0 || !is_listed (self))
    {
      say_no_condition (self);
      name_uncoded (self);
      return;
    }
  for (guint i = 0; i < profiles->len; i++)
    for (guint j = 0; j < self->patient->conditions->len; j++)
      found += check_condition (self, profiles->pdata[i], self->patient->conditions->pdata[j]);
  if (found == 0)
    clinical_check_not_found (self, "condition", CLINICAL_TABLE_CONDITIONS, NULL);
  name_uncoded (self);
}
