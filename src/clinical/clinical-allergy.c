/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-allergy.h"

#include <string.h>

/* An allergy, and by substance, class and side chain every ingredient that meets it. Worked out
 * once for a chart, so that a check is a look-up for each ingredient. */

#define RXNORM     "http://www.nlm.nih.gov/research/umls/rxnorm"
#define UNVERIFIED "unverified"

ClinicalChartItem *
clinical_chart_item_new (const char *reference, const char *text)
{
  ClinicalChartItem *self = g_new0 (ClinicalChartItem, 1);

  self->reference = g_strdup (reference);
  self->text = g_strdup (text && *text ? text : "an entry without a name");
  self->systems = g_ptr_array_new_with_free_func (g_free);
  self->codes = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
clinical_chart_item_add_code (ClinicalChartItem *self, const char *system, const char *code)
{
  g_ptr_array_add (self->systems, g_strdup (system ? system : ""));
  g_ptr_array_add (self->codes, g_strdup (code ? code : ""));
}

void
clinical_chart_item_free (ClinicalChartItem *self)
{
  g_free (self->reference);
  g_free (self->text);
  g_ptr_array_unref (self->systems);
  g_ptr_array_unref (self->codes);
  g_free (self->reaction);
  g_free (self->ends);
  g_free (self);
}

static gboolean
is_word_end (const char *at)
{
  return !*at || !g_unichar_isalnum (g_utf8_get_char (at));
}

/* Whether the words of @term stand in @folded, whole. */
gboolean
clinical_text_has_term (const char *folded, const char *term)
{
  for (const char *at = strstr (folded, term); at; at = strstr (at + 1, term))
    if ((at == folded || is_word_end (g_utf8_find_prev_char (folded, at))) &&
        is_word_end (at + strlen (term)))
      return TRUE;
  return FALSE;
}

static gboolean
row_names_item (const ClinicalClassRow *row, const ClinicalChartItem *item, const char *folded)
{
  if (g_str_equal (row->kind, "term"))
    return clinical_text_has_term (folded, row->value);
  for (guint i = 0; g_str_equal (row->kind, "code") && i < item->codes->len; i++)
    if (g_strcmp0 (row->system, item->systems->pdata[i]) == 0 &&
        g_str_equal (row->value, item->codes->pdata[i]))
      return TRUE;
  return FALSE;
}

static void
add_new (GPtrArray *out, GPtrArray *found)
{
  for (guint i = 0; found && i < found->len; i++)
    {
      const ClinicalIngredient *one = found->pdata[i];
      gboolean is_there = FALSE;

      for (guint j = 0; j < out->len; j++)
        is_there = is_there || clinical_ingredient_is_same (out->pdata[j], one);
      if (!is_there)
        g_ptr_array_add (out, clinical_ingredient_new (one->code, one->name));
    }
}

/* Codes and text are both read: one that says less than the other must not hide it. */
GPtrArray *
clinical_chart_item_dup_ingredients (const ClinicalChartItem *self, ClinicalContent *content)
{
  GPtrArray *out = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_ingredient_free);
  g_autoptr (GPtrArray) named = clinical_content_ingredients_in_text (content, self->text);

  for (guint i = 0; i < self->codes->len; i++)
    if (g_str_equal (self->systems->pdata[i], RXNORM))
      {
        g_autoptr (GPtrArray) coded =
            clinical_content_ingredients_of_drug (content, self->codes->pdata[i]);

        add_new (out, coded);
      }
  add_new (out, named);
  return out;
}

static int
grade (const ClinicalAllergyMatch *match)
{
  return match->same                                    ? 4
         : g_strcmp0 (match->severity, "high") == 0     ? 3
         : g_strcmp0 (match->severity, "moderate") == 0 ? 2
                                                        : 1;
}

static void
keep_stronger (ClinicalAllergy *self, char *key, const ClinicalAllergyMatch *match)
{
  const ClinicalAllergyMatch *best = g_hash_table_lookup (self->meets, key);

  if (!best || grade (match) > grade (best) ||
      (grade (match) == grade (best) && best->unverified && !match->unverified))
    g_hash_table_insert (self->meets, key, g_memdup2 (match, sizeof *match));
  else
    g_free (key);
}

static char *
name_key (const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);

  return g_strconcat ("n:", folded, NULL);
}

static gboolean
is_unverified (const ClinicalClassRow *row)
{
  return g_str_equal (row->source, UNVERIFIED);
}

/* Every member of @group meets the allergy. */
static void
add_members (
    ClinicalAllergy *self, GPtrArray *rows, const char *group, gboolean named, gboolean unverified)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const ClinicalClassRow *row = rows->pdata[i];
      const ClinicalAllergyMatch match = { .severity = row->severity,
                                           .label = row->label,
                                           .source = row->source,
                                           .named = named,
                                           .unverified = unverified || is_unverified (row) };

      if (!g_str_equal (row->kind, "ingredient") || !g_str_equal (row->group, group))
        continue;
      keep_stronger (self, g_strdup (row->value), &match);
      if (*row->name)
        keep_stronger (self, name_key (row->name), &match);
    }
}

/* The group that the allergy belongs to, and those that it crosses to. */
static void
add_group (
    ClinicalAllergy *self, GPtrArray *rows, const char *group, gboolean named, gboolean unverified)
{
  add_members (self, rows, group, named, unverified);
  for (guint i = 0; i < rows->len; i++)
    {
      const ClinicalClassRow *row = rows->pdata[i];

      if (g_str_equal (row->kind, "crosses") && g_str_equal (row->group, group))
        add_members (self, rows, row->value, FALSE, unverified || is_unverified (row));
    }
}

static gboolean
is_member (const ClinicalClassRow *row, const ClinicalIngredient *ingredient)
{
  return g_str_equal (row->kind, "ingredient") &&
         ((ingredient->code && g_str_equal (row->value, ingredient->code)) ||
          g_ascii_strcasecmp (row->name, ingredient->name) == 0);
}

static void
add_ingredient (ClinicalAllergy *self, GPtrArray *rows, const ClinicalIngredient *ingredient)
{
  const ClinicalAllergyMatch same = { .severity = "high", .same = TRUE };

  if (ingredient->code)
    keep_stronger (self, g_strdup (ingredient->code), &same);
  keep_stronger (self, name_key (ingredient->name), &same);
  for (guint i = 0; i < rows->len; i++)
    if (is_member (rows->pdata[i], ingredient))
      add_group (self, rows, ((ClinicalClassRow *) rows->pdata[i])->group, FALSE,
                 is_unverified (rows->pdata[i]));
}

/**
 * clinical_allergy_new:
 * @item: (transfer full): the entry of the chart
 *
 * Returns: (transfer full): what meets it
 */
ClinicalAllergy *
clinical_allergy_new (ClinicalContent *content, ClinicalChartItem *item)
{
  ClinicalAllergy *self = g_new0 (ClinicalAllergy, 1);
  GPtrArray *rows = clinical_content_get_class_rows (content);
  g_autoptr (GPtrArray) ingredients = clinical_chart_item_dup_ingredients (item, content);
  g_autofree char *folded = g_utf8_casefold (item->text, -1);

  self->item = item;
  self->meets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->resolved = ingredients->len > 0;
  for (guint i = 0; i < rows->len; i++)
    if (row_names_item (rows->pdata[i], item, folded))
      {
        self->resolved = TRUE;
        add_group (self, rows, ((ClinicalClassRow *) rows->pdata[i])->group, TRUE, FALSE);
      }
  for (guint i = 0; i < ingredients->len; i++)
    add_ingredient (self, rows, ingredients->pdata[i]);
  return self;
}

void
clinical_allergy_free (ClinicalAllergy *self)
{
  clinical_chart_item_free (self->item);
  g_hash_table_unref (self->meets);
  g_free (self);
}

/* (nullable): why the ingredient meets the allergy. */
const ClinicalAllergyMatch *
clinical_allergy_meets (const ClinicalAllergy *self, const ClinicalIngredient *ingredient)
{
  const ClinicalAllergyMatch *by_code =
      ingredient->code ? g_hash_table_lookup (self->meets, ingredient->code) : NULL;
  g_autofree char *key = name_key (ingredient->name);
  const ClinicalAllergyMatch *by_name = g_hash_table_lookup (self->meets, key);

  if (!by_code || !by_name)
    return by_code ? by_code : by_name;
  return grade (by_name) > grade (by_code) ? by_name : by_code;
}
