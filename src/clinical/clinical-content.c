/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-content.h"

#include <string.h>

G_DEFINE_INTERFACE (ClinicalContent, clinical_content, G_TYPE_OBJECT)

static void
clinical_content_default_init (ClinicalContentInterface *iface)
{
}

ClinicalIngredient *
clinical_ingredient_new (const char *code, const char *name)
{
  ClinicalIngredient *self = g_new0 (ClinicalIngredient, 1);

  self->code = g_strdup (code && *code && !g_str_equal (code, "-") ? code : NULL);
  self->name = g_strdup (name);
  return self;
}

void
clinical_ingredient_free (ClinicalIngredient *self)
{
  g_free (self->code);
  g_free (self->name);
  g_free (self);
}

/**
 * clinical_ingredient_is_same:
 *
 * Returns: whether both are the same substance: by code where both have one, else by name
 */
gboolean
clinical_ingredient_is_same (const ClinicalIngredient *a, const ClinicalIngredient *b)
{
  if (a->code && b->code)
    return g_str_equal (a->code, b->code);
  return a->name && b->name && g_ascii_strcasecmp (a->name, b->name) == 0;
}

void
clinical_class_row_free (ClinicalClassRow *self)
{
  g_free (self->group);
  g_free (self->label);
  g_free (self->severity);
  g_free (self->kind);
  g_free (self->system);
  g_free (self->value);
  g_free (self->name);
  g_free (self->source);
  g_free (self);
}

/**
 * clinical_class_rows_parse:
 * @tsv: the class table: lines of group, label, severity, kind, system, value, name, source; "#"
 * begins a comment, the first line that is none is the heading
 *
 * Returns: (transfer full) (element-type ClinicalClassRow) (nullable): NULL with
 *   CLINICAL_ERROR_CONTENT that names the line
 */
GPtrArray *
clinical_class_rows_parse (const char *tsv, GError **error)
{
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_class_row_free);
  g_auto (GStrv) lines = g_strsplit (tsv, "\n", -1);
  gboolean heading = TRUE;

  for (guint i = 0; lines[i]; i++)
    {
      g_auto (GStrv) cells = NULL;
      ClinicalClassRow *row;

      if (!*lines[i] || *lines[i] == '#')
        continue;
      cells = g_strsplit (lines[i], "\t", -1);
      if (g_strv_length (cells) != 8 || !*cells[0] || !*cells[2] || !*cells[3] || !*cells[5] ||
          !*cells[7])
        {
          g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_CONTENT,
                       "The allergy classes cannot be read: line %u has not its eight cells.",
                       i + 1);
          return NULL;
        }
      if (heading)
        {
          heading = FALSE;
          continue;
        }
      row = g_new0 (ClinicalClassRow, 1);
      row->group = g_strdup (cells[0]);
      row->label = g_strdup (cells[1]);
      row->severity = g_strdup (cells[2]);
      row->kind = g_strdup (cells[3]);
      row->system = *cells[4] ? g_strdup (cells[4]) : NULL;
      row->value = g_strdup (cells[5]);
      row->name = g_strdup (cells[6]);
      row->source = g_strdup (cells[7]);
      g_ptr_array_add (rows, row);
    }
  return g_steal_pointer (&rows);
}

/**
 * clinical_content_ingredients_of_drug:
 * @rxcui: RxNorm code of a clinical drug, brand or ingredient
 *
 * Returns: (transfer full) (element-type ClinicalIngredient) (nullable): NULL when the code is not
 * in the content
 */
GPtrArray *
clinical_content_ingredients_of_drug (ClinicalContent *self, const char *rxcui)
{
  return CLINICAL_CONTENT_GET_IFACE (self)->ingredients_of_drug (self, rxcui);
}

/**
 * clinical_content_ingredients_in_text:
 * @text: what a person wrote: "Amoxicillin caps"
 *
 * Returns: (transfer full) (element-type ClinicalIngredient): ingredients whose whole name, or the
 *   ingredients of a brand whose whole name, stands in the text
 */
GPtrArray *
clinical_content_ingredients_in_text (ClinicalContent *self, const char *text)
{
  return CLINICAL_CONTENT_GET_IFACE (self)->ingredients_in_text (self, text);
}

/**
 * clinical_content_get_class_rows:
 *
 * Returns: (transfer none) (element-type ClinicalClassRow): the table of allergy classes
 */
GPtrArray *
clinical_content_get_class_rows (ClinicalContent *self)
{
  return CLINICAL_CONTENT_GET_IFACE (self)->class_rows (self);
}

/**
 * clinical_content_dup_date:
 *
 * Returns: (transfer full): the date of the content, as shown: "06-Oct-2025"
 */
char *
clinical_content_dup_date (ClinicalContent *self)
{
  return CLINICAL_CONTENT_GET_IFACE (self)->dup_date (self);
}

/* Of content that is no more than a table of allergy classes. */
static ClinicalRules *
rules_of_classes (GPtrArray *rows)
{
  static const char *const columns[] = { "group", "label", "severity", "kind", "system",
                                         "value", "name",  "source",   NULL };
  ClinicalRules *rules = clinical_rules_new ();

  for (guint i = 0; i < rows->len; i++)
    {
      const ClinicalClassRow *row = rows->pdata[i];
      const char *values[] = {
        row->group, row->label, row->severity, row->kind, row->system ? row->system : "",
        row->value, row->name,  row->source,   NULL
      };

      clinical_rules_add (rules, "allergy-classes", columns, values, NULL);
    }
  return rules;
}

/**
 * clinical_content_dup_rules:
 *
 * Returns: (transfer full) (nullable): the tables that the checks read; NULL where there is no
 *   content, and then nothing can be checked
 */
ClinicalRules *
clinical_content_dup_rules (ClinicalContent *self)
{
  ClinicalContentInterface *iface = CLINICAL_CONTENT_GET_IFACE (self);

  return iface->dup_rules ? iface->dup_rules (self) : rules_of_classes (iface->class_rows (self));
}
