/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-tables.h"

#include <string.h>

#define TYPE_CLINICAL_TABLES (clinical_tables_get_type ())
G_DECLARE_FINAL_TYPE (ClinicalTables, clinical_tables, CLINICAL, TABLES, GObject)

struct _ClinicalTables
{
  GObject parent_instance;

  GHashTable *drugs;       /* rxcui -> char **: the formulary's cells */
  GHashTable *ingredients; /* rxcui -> char **: rxcui, name, tty */
  GHashTable *codes;       /* folded name -> rxcui, borrowed; "-" where there is none */
  GPtrArray *rows;
  ClinicalRules *rules; /* or NULL: there is no content */
};

static GPtrArray *
list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_ingredient_free);
}

static GPtrArray *
ingredients_of_drug (ClinicalContent *content, const char *rxcui)
{
  ClinicalTables *self = CLINICAL_TABLES (content);
  char **drug = g_hash_table_lookup (self->drugs, rxcui);
  char **one = g_hash_table_lookup (self->ingredients, rxcui);
  GPtrArray *out;

  if (!drug && !one)
    return NULL;
  out = list_new ();
  if (drug)
    {
      g_auto (GStrv) names = g_strsplit (drug[2], "|", -1);
      g_auto (GStrv) codes = g_strsplit (drug[3], "|", -1);

      for (guint i = 0; names[i] && codes[i]; i++)
        g_ptr_array_add (out, clinical_ingredient_new (codes[i], names[i]));
    }
  else
    g_ptr_array_add (out, clinical_ingredient_new (one[0], one[1]));
  return out;
}

/* Whole words, the longest name first. */
static GPtrArray *
ingredients_in_text (ClinicalContent *content, const char *text)
{
  ClinicalTables *self = CLINICAL_TABLES (content);
  GPtrArray *out = list_new ();
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " ,()", -1);
  guint count = g_strv_length (words);

  for (guint i = 0; i < count;)
    {
      guint taken = 0;

      for (guint length = MIN (4, count - i); length > 0 && taken == 0; length--)
        {
          g_autoptr (GString) name = g_string_new (words[i]);
          const char *code;

          for (guint j = 1; j < length; j++)
            g_string_append_printf (name, " %s", words[i + j]);
          code = name->len > 2 ? g_hash_table_lookup (self->codes, name->str) : NULL;
          if (!code)
            continue;
          g_ptr_array_add (out, clinical_ingredient_new (code, name->str));
          taken = length;
        }
      i += MAX (taken, 1);
    }
  return out;
}

static GPtrArray *
class_rows (ClinicalContent *content)
{
  return CLINICAL_TABLES (content)->rows;
}

static char *
dup_date (ClinicalContent *content)
{
  return g_strdup ("06-Oct-2025");
}

static ClinicalRules *
dup_rules (ClinicalContent *content)
{
  ClinicalRules *rules = CLINICAL_TABLES (content)->rules;

  return rules ? clinical_rules_ref (rules) : NULL;
}

static void
clinical_tables_interface_init (ClinicalContentInterface *iface)
{
  iface->ingredients_of_drug = ingredients_of_drug;
  iface->ingredients_in_text = ingredients_in_text;
  iface->class_rows = class_rows;
  iface->dup_date = dup_date;
  iface->dup_rules = dup_rules;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ClinicalTables,
                               clinical_tables,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CLINICAL_TYPE_CONTENT,
                                                      clinical_tables_interface_init))

static void
clinical_tables_finalize (GObject *object)
{
  ClinicalTables *self = CLINICAL_TABLES (object);

  g_hash_table_unref (self->drugs);
  g_hash_table_unref (self->ingredients);
  g_hash_table_unref (self->codes);
  g_ptr_array_unref (self->rows);
  g_clear_pointer (&self->rules, clinical_rules_unref);

  G_OBJECT_CLASS (clinical_tables_parent_class)->finalize (object);
}

static void
clinical_tables_class_init (ClinicalTablesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = clinical_tables_finalize;
}

static void
clinical_tables_init (ClinicalTables *self)
{
  self->drugs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_strfreev);
  self->ingredients =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_strfreev);
  self->codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->rows = g_ptr_array_new ();
  self->rules = clinical_rules_new ();
}

static gboolean
read_cells (const char *path, GHashTable *into, GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    {
      char **cells = *lines[i] && *lines[i] != '#' ? g_strsplit (lines[i], "\t", -1) : NULL;

      if (cells && g_strv_length (cells) >= 3)
        g_hash_table_insert (into, cells[0], cells);
      else
        g_strfreev (cells);
    }
  return TRUE;
}

static void
index_names (ClinicalTables *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->drugs);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      g_auto (GStrv) names = g_strsplit (((char **) value)[2], "|", -1);
      g_auto (GStrv) codes = g_strsplit (((char **) value)[3], "|", -1);

      for (guint i = 0; names[i] && codes[i]; i++)
        g_hash_table_insert (self->codes, g_utf8_casefold (names[i], -1),
                             (gpointer) g_intern_string (codes[i]));
    }
  g_hash_table_iter_init (&iter, self->ingredients);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      char **cells = value;
      g_autofree char *name = g_utf8_casefold (cells[1], -1);

      if (g_str_equal (cells[2], "IN") && !g_hash_table_contains (self->codes, name))
        g_hash_table_insert (self->codes, g_steal_pointer (&name), cells[0]);
    }
}

static gboolean
read_rules (ClinicalTables *self, const char *folder, GError **error)
{
  static const char *const tables[] = {
    "interaction-classes", "interactions", "duplicate-classes", "dose-limits",  "renal",
    "pregnancy",           "ages",         "conditions",        "never-events", "allergy-classes",
    "controlled"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *file = g_strconcat (tables[i], ".tsv", NULL);
      g_autofree char *path = g_build_filename (folder, file, NULL);
      g_autofree char *text = NULL;

      if (!g_file_get_contents (path, &text, NULL, NULL))
        continue; /* a table that is not there is not there */
      if (!clinical_rules_add_tsv (self->rules, tables[i], text, error))
        return FALSE;
      if (!g_str_equal (tables[i], "allergy-classes"))
        continue;
      g_ptr_array_unref (self->rows);
      self->rows = clinical_class_rows_parse (text, error);
      if (!self->rows)
        {
          self->rows = g_ptr_array_new ();
          return FALSE;
        }
    }
  return clinical_rules_check (self->rules, error);
}

/* (transfer full) (nullable): the tables of @folder; NULL with CLINICAL_ERROR_CONTENT. */
ClinicalContent *
clinical_tables_new (const char *folder, GError **error)
{
  g_autoptr (ClinicalTables) self = g_object_new (TYPE_CLINICAL_TABLES, NULL);
  g_autofree char *formulary = g_build_filename (folder, "formulary.tsv", NULL);
  g_autofree char *ingredients = g_build_filename (folder, "ingredients.tsv", NULL);

  if (!read_cells (formulary, self->drugs, error) ||
      !read_cells (ingredients, self->ingredients, error) || !read_rules (self, folder, error))
    return NULL;
  index_names (self);
  return CLINICAL_CONTENT (g_steal_pointer (&self));
}

/* Those that come with Bedside. */
ClinicalContent *
clinical_tables_new_shipped (void)
{
  g_autofree char *folder =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "data", "content", NULL);
  g_autoptr (GError) error = NULL;
  ClinicalContent *content = clinical_tables_new (folder, &error);

  g_assert_no_error (error);
  return content;
}

/* (nullable): the clinical drug's name in the formulary. */
const char *
clinical_tables_get_name (ClinicalContent *content, const char *rxcui)
{
  char **cells = g_hash_table_lookup (CLINICAL_TABLES (content)->drugs, rxcui);

  return cells ? cells[1] : NULL;
}

/* @rules: (nullable) (transfer full): NULL as if the content were gone */
void
clinical_tables_set_rules (ClinicalContent *content, ClinicalRules *rules)
{
  ClinicalTables *self = CLINICAL_TABLES (content);

  g_clear_pointer (&self->rules, clinical_rules_unref);
  self->rules = rules;
}
