/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-controlled.h"

#include <glib/gi18n.h>
#include <string.h>

#include "clinical-rules-private.h"

/* Controlled drugs, by the table controlled.tsv: ingredients and their schedule. A drug of which
 * one ingredient is in it is one. Salts are the ingredient's: the formulary names the ingredient.
 */

void
clinical_controlled_free (ClinicalControlled *self)
{
  g_free (self->schedule);
  g_free (self->sentence);
  g_free (self->source);
  g_free (self);
}

/* (transfer none) (nullable) */
static const ClinicalRow *
find_row (ClinicalRules *rules, GPtrArray *ingredients)
{
  for (guint i = 0; ingredients && i < ingredients->len; i++)
    {
      g_autoptr (GPtrArray) rows =
          clinical_rules_dup_rows_of (rules, CLINICAL_TABLE_CONTROLLED, ingredients->pdata[i]);

      if (rows->len > 0)
        return rows->pdata[0];
    }
  return NULL;
}

static gboolean
is_expired (ClinicalRules *rules, const char *today)
{
  const char *day =
      clinical_rules_get_head (rules, clinical_table_get_name (CLINICAL_TABLE_CONTROLLED),
                               "expires");

  return day && strcmp (day, today) < 0;
}

static ClinicalControlled *
not_checked (const char *drug, const char *why)
{
  ClinicalControlled *self = g_new0 (ClinicalControlled, 1);

  self->state = CLINICAL_CONTROLLED_NOT_CHECKED;
  /* Translators: a drug, and why */
  self->sentence =
      g_strdup_printf (_ ("NOT CHECKED whether %s is a controlled drug: %s."), drug, why);
  return self;
}

static ClinicalControlled *
found (const char *drug, const ClinicalRow *row)
{
  ClinicalControlled *self = g_new0 (ClinicalControlled, 1);
  const char *schedule = row->texts[CLINICAL_COLUMN_SCHEDULE];

  self->state = CLINICAL_CONTROLLED;
  self->schedule = g_strdup (schedule);
  self->source = g_strdup (row->texts[CLINICAL_COLUMN_SOURCE]);
  /* Translators: a drug, an ingredient of it, and a number of the law, "II" */
  self->sentence = g_strdup_printf (_ ("CONTROLLED DRUG: %s (%s, schedule %s)."), drug,
                                    row->texts[CLINICAL_COLUMN_NAME], schedule);
  return self;
}

static ClinicalControlled *
not_listed (ClinicalRules *rules)
{
  ClinicalControlled *self = g_new0 (ClinicalControlled, 1);
  g_autofree char *label = clinical_rules_dup_label (rules, CLINICAL_TABLE_CONTROLLED);
  g_autofree char *date = clinical_rules_dup_date (rules, CLINICAL_TABLE_CONTROLLED);
  guint rows = clinical_rules_get_rows (rules, CLINICAL_TABLE_CONTROLLED)->len;

  self->state = CLINICAL_CONTROLLED_NOT_LISTED;
  /* Translators: the name of a table, its date and how much is in it */
  self->sentence = g_strdup_printf (ngettext ("Not in %s, %s (covers %u ingredient).",
                                              "Not in %s, %s (covers %u ingredients).", rows),
                                    label, date, rows);
  return self;
}

/**
 * clinical_controlled_new:
 * @content: (nullable): the tables
 * @drug: as it is called where the sentence stands
 * @ingredients: (nullable) (element-type ClinicalIngredient): what it is made of, where that is
 *   known
 * @today: as in "2026-11-29"
 *
 * What is found is found, however old the table is; that it is not there is said only of a table
 * that still holds.
 *
 * Returns: (transfer full): what is known of it. Source of the table: 21 CFR 1308, row by row
 */
ClinicalControlled *
clinical_controlled_new (ClinicalContent *content,
                         const char *drug,
                         GPtrArray *ingredients,
                         const char *today)
{
  g_autoptr (ClinicalRules) rules = content ? clinical_content_dup_rules (content) : NULL;
  const ClinicalRow *row = rules ? find_row (rules, ingredients) : NULL;

  if (row)
    return found (drug, row);
  if (!rules || clinical_rules_get_rows (rules, CLINICAL_TABLE_CONTROLLED)->len == 0)
    return not_checked (drug, _ ("there is no table of controlled drugs here"));
  if (!ingredients || ingredients->len == 0)
    return not_checked (drug, _ ("its ingredients are not known here"));
  if (is_expired (rules, today))
    return not_checked (drug, _ ("the table of controlled drugs is past its date"));
  return not_listed (rules);
}
