/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-rules.h"

#include "clinical-rules-private.h"
#include "fhir-date.h"

#include <string.h>

/* Rows are found by what is in a drug: by the ingredient's RxNorm code and by its name, since the
 * formulary has no code for some. A class stands for its members, "rxcui:N" for the one ingredient
 * of that code; which rows name a class on which side is kept as a set of bits, so that twenty
 * drugs against twenty cost a few machine words for each pair. */

struct _ClinicalRules
{
  GPtrArray *rows[CLINICAL_N_TABLES]; /* ClinicalRow */
  GHashTable
      *by_ingredient[CLINICAL_N_TABLES];   /* "723" or "n:amoxicillin" -> GPtrArray, borrowed */
  GHashTable *sides[CLINICAL_N_TABLES][2]; /* class -> ClinicalRowSet */
  GHashTable *labels[2];                   /* class -> label; of interactions, of duplicates */
  GHashTable *heads;                       /* "table|key" -> value */
};

static void
row_set_free (ClinicalRowSet *set)
{
  clinical_row_set_clear (set);
  g_free (set);
}

ClinicalRules *
clinical_rules_new (void)
{
  ClinicalRules *self = g_atomic_rc_box_new0 (ClinicalRules);

  for (guint i = 0; i < CLINICAL_N_TABLES; i++)
    {
      self->rows[i] = g_ptr_array_new_with_free_func (g_free);
      self->by_ingredient[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                      (GDestroyNotify) g_ptr_array_unref);
      for (guint side = 0; side < 2; side++)
        self->sides[i][side] =
            g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) row_set_free);
    }
  for (guint i = 0; i < 2; i++)
    self->labels[i] = g_hash_table_new (g_str_hash, g_str_equal);
  self->heads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

ClinicalRules *
clinical_rules_ref (ClinicalRules *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  ClinicalRules *self = data;

  for (guint i = 0; i < CLINICAL_N_TABLES; i++)
    {
      g_hash_table_unref (self->by_ingredient[i]);
      g_hash_table_unref (self->sides[i][0]);
      g_hash_table_unref (self->sides[i][1]);
      g_ptr_array_unref (self->rows[i]);
    }
  g_hash_table_unref (self->labels[0]);
  g_hash_table_unref (self->labels[1]);
  g_hash_table_unref (self->heads);
}

void
clinical_rules_unref (ClinicalRules *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* ---- sets of rows --------------------------------------------------------------------------- */

gboolean
clinical_row_set_is_empty (const ClinicalRowSet *self)
{
  for (guint i = 0; i < self->n_words; i++)
    if (self->words[i])
      return FALSE;
  return TRUE;
}

static void
row_set_grow (ClinicalRowSet *self, guint n_words)
{
  if (n_words <= self->n_words)
    return;
  self->words = g_renew (guint64, self->words, n_words);
  memset (self->words + self->n_words, 0, (n_words - self->n_words) * sizeof *self->words);
  self->n_words = n_words;
}

void
clinical_row_set_add (ClinicalRowSet *self, guint row)
{
  row_set_grow (self, row / 64 + 1);
  self->words[row / 64] |= G_GUINT64_CONSTANT (1) << (row % 64);
}

void
clinical_row_set_clear (ClinicalRowSet *self)
{
  g_clear_pointer (&self->words, g_free);
  self->n_words = 0;
}

/* ---- filling -------------------------------------------------------------------------------- */

static char *
dup_name_key (const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);

  return g_strconcat ("n:", folded, NULL);
}

static void
take_key (ClinicalRules *self, ClinicalRow *row, char *key)
{
  GPtrArray *list = g_hash_table_lookup (self->by_ingredient[row->table], key);

  if (!list)
    {
      list = g_ptr_array_new ();
      g_hash_table_insert (self->by_ingredient[row->table], g_strdup (key), list);
    }
  g_ptr_array_add (list, row);
  g_free (key);
}

static void
index_side (ClinicalRules *self, ClinicalRow *row, guint side, const char *name)
{
  ClinicalRowSet *set;

  if (!name)
    return;
  set = g_hash_table_lookup (self->sides[row->table][side], name);
  if (!set)
    {
      set = g_new0 (ClinicalRowSet, 1);
      g_hash_table_insert (self->sides[row->table][side], (gpointer) name, set);
    }
  clinical_row_set_add (set, row->index);
}

static void
index_row (ClinicalRules *self, ClinicalRow *row)
{
  const char *const *texts = row->texts;

  if (row->table == CLINICAL_TABLE_ALLERGY_CLASSES)
    {
      if (!g_str_equal (texts[CLINICAL_COLUMN_KIND], "ingredient"))
        return;
      take_key (self, row, g_strdup (texts[CLINICAL_COLUMN_VALUE]));
    }
  else if (texts[CLINICAL_COLUMN_RXCUI])
    take_key (self, row, g_strdup (texts[CLINICAL_COLUMN_RXCUI]));
  if (texts[CLINICAL_COLUMN_NAME])
    take_key (self, row, dup_name_key (texts[CLINICAL_COLUMN_NAME]));
  if (texts[CLINICAL_COLUMN_CLASS])
    g_hash_table_insert (self->labels[row->table == CLINICAL_TABLE_DUPLICATE_CLASSES],
                         (gpointer) texts[CLINICAL_COLUMN_CLASS],
                         (gpointer) texts[CLINICAL_COLUMN_LABEL]);
  index_side (self, row, 0, texts[CLINICAL_COLUMN_A]);
  index_side (self, row, 1, texts[CLINICAL_COLUMN_B]);
}

/**
 * clinical_rules_add:
 * @table: of a file ("dose-limits") or of an SQL table ("dose_limits"); a table that no check reads
 *   is left out
 * @columns, @values: parallel, each ends with NULL
 *
 * Adds one row. Not once @self is shared.
 *
 * Returns: FALSE with CLINICAL_ERROR_CONTENT that names table, row and column
 */
gboolean
clinical_rules_add (ClinicalRules *self,
                    const char *table,
                    const char *const *columns,
                    const char *const *values,
                    GError **error)
{
  ClinicalTable known;
  ClinicalRow *row;

  if (!clinical_table_find (table, &known))
    return TRUE;
  row = clinical_row_new (known, columns, values, error);
  if (!row)
    return FALSE;
  row->index = self->rows[known]->len;
  g_ptr_array_add (self->rows[known], row);
  index_row (self, row);
  return TRUE;
}

static void
read_head (ClinicalRules *self, const char *table, const char *line)
{
  const char *colon = strstr (line, ": ");

  if (g_str_has_prefix (line, "# ") && colon)
    {
      g_autofree char *key = g_strndup (line + 2, (gsize) (colon - line - 2));

      clinical_rules_set_head (self, table, key, colon + 2);
    }
}

/**
 * clinical_rules_add_tsv:
 * @tsv: lines "# key: value", then the columns' names, then the rows
 *
 * Returns: FALSE with CLINICAL_ERROR_CONTENT that names the line
 */
gboolean
clinical_rules_add_tsv (ClinicalRules *self, const char *table, const char *tsv, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (tsv, "\n", -1);
  g_auto (GStrv) columns = NULL;

  for (guint i = 0; lines[i]; i++)
    {
      g_auto (GStrv) cells = NULL;

      if (*lines[i] == '#')
        read_head (self, table, lines[i]);
      if (*lines[i] == '#' || *lines[i] == '\0')
        continue;
      cells = g_strsplit (lines[i], "\t", -1);
      if (!columns)
        {
          columns = g_steal_pointer (&cells);
          continue;
        }
      if (g_strv_length (cells) != g_strv_length (columns))
        {
          g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_CONTENT,
                       "The table %s cannot be read: line %u has %u cells and not %u.", table,
                       i + 1, g_strv_length (cells), g_strv_length (columns));
          return FALSE;
        }
      if (!clinical_rules_add (self, table, (const char *const *) columns,
                               (const char *const *) cells, error))
        {
          g_prefix_error (error, "Line %u: ", i + 1);
          return FALSE;
        }
    }
  return TRUE;
}

static char *
head_key (const char *table, const char *key)
{
  g_autofree char *dashed = g_strdelimit (g_strdup (table), "_", '-');

  return g_strconcat (dashed, "|", key, NULL);
}

/* What the table's head says: label, date, version, expires, attribution, note. */
void
clinical_rules_set_head (ClinicalRules *self, const char *table, const char *key, const char *value)
{
  g_hash_table_insert (self->heads, head_key (table, key), g_strdup (value));
}

const char *
clinical_rules_get_head (ClinicalRules *self, const char *table, const char *key)
{
  g_autofree char *name = head_key (table, key);

  return g_hash_table_lookup (self->heads, name);
}

/* ---- asking --------------------------------------------------------------------------------- */

/* How many rows the table has; 0 for one that is not there. */
guint
clinical_rules_get_size (ClinicalRules *self, const char *table)
{
  ClinicalTable known;

  return clinical_table_find (table, &known) ? self->rows[known]->len : 0;
}

GPtrArray *
clinical_rules_get_rows (ClinicalRules *self, ClinicalTable table)
{
  return self->rows[table];
}

static void
add_rows (GPtrArray *out, GHashTable *index, const char *key)
{
  GPtrArray *list = g_hash_table_lookup (index, key);

  for (guint i = 0; list && i < list->len; i++)
    if (!g_ptr_array_find (out, list->pdata[i], NULL))
      g_ptr_array_add (out, list->pdata[i]);
}

/* A row that has a code of its own is not meant by another code, whatever the name. */
static gboolean
is_other (const ClinicalRow *row, const ClinicalIngredient *ingredient)
{
  const char *code = row->table == CLINICAL_TABLE_ALLERGY_CLASSES
                         ? row->texts[CLINICAL_COLUMN_VALUE]
                         : row->texts[CLINICAL_COLUMN_RXCUI];

  return code && ingredient->code && !g_str_equal (code, ingredient->code);
}

/**
 * clinical_rules_dup_rows_of:
 *
 * Returns: (transfer container) (element-type ClinicalRow): the rows about one ingredient, by its
 *   code and, where either has none, by its name
 */
GPtrArray *
clinical_rules_dup_rows_of (ClinicalRules *self,
                            ClinicalTable table,
                            const ClinicalIngredient *ingredient)
{
  GPtrArray *out = g_ptr_array_new ();

  if (ingredient->code)
    add_rows (out, self->by_ingredient[table], ingredient->code);
  if (ingredient->name)
    {
      g_autofree char *key = dup_name_key (ingredient->name);

      add_rows (out, self->by_ingredient[table], key);
    }
  for (guint i = out->len; i > 0; i--)
    if (is_other (out->pdata[i - 1], ingredient))
      g_ptr_array_remove_index (out, i - 1);
  return out;
}

static void
add_class (GPtrArray *out, const ClinicalRow *row)
{
  if (!g_ptr_array_find (out, row->texts[CLINICAL_COLUMN_CLASS], NULL))
    g_ptr_array_add (out, (gpointer) row->texts[CLINICAL_COLUMN_CLASS]);
}

/**
 * clinical_rules_dup_classes:
 *
 * A class that both tables of classes have is that of the interactions.
 *
 * Returns: (transfer container) (element-type utf8): interned names of the classes that an
 *   ingredient belongs to where a rule names one, and "rxcui:N" for itself
 */
GPtrArray *
clinical_rules_dup_classes (ClinicalRules *self, const ClinicalIngredient *ingredient)
{
  GPtrArray *out = g_ptr_array_new ();
  g_autoptr (GPtrArray) first =
      clinical_rules_dup_rows_of (self, CLINICAL_TABLE_INTERACTION_CLASSES, ingredient);
  g_autoptr (GPtrArray) second =
      clinical_rules_dup_rows_of (self, CLINICAL_TABLE_DUPLICATE_CLASSES, ingredient);

  if (ingredient->code)
    {
      g_autofree char *own = g_strconcat ("rxcui:", ingredient->code, NULL);

      g_ptr_array_add (out, (gpointer) g_intern_string (own));
    }
  for (guint i = 0; i < first->len; i++)
    add_class (out, first->pdata[i]);
  for (guint i = 0; i < second->len; i++)
    {
      const ClinicalRow *row = second->pdata[i];

      if (!g_hash_table_contains (self->labels[0], row->texts[CLINICAL_COLUMN_CLASS]))
        add_class (out, row);
    }
  return out;
}

/* (nullable): "monoamine oxidase inhibitors" */
const char *
clinical_rules_get_class_label (ClinicalRules *self, const char *name)
{
  const char *label = g_hash_table_lookup (self->labels[0], name);

  return label ? label : g_hash_table_lookup (self->labels[1], name);
}

/* Adds the rows that name a class on one side. */
void
clinical_rules_add_side (
    ClinicalRules *self, ClinicalTable table, gboolean b, const char *name, ClinicalRowSet *out)
{
  const ClinicalRowSet *set = g_hash_table_lookup (self->sides[table][b ? 1 : 0], name);

  row_set_grow (out, (self->rows[table]->len + 63) / 64);
  for (guint i = 0; set && i < set->n_words; i++)
    out->words[i] |= set->words[i];
}

/* (transfer full): what the table is called where an answer names it. */
char *
clinical_rules_dup_label (ClinicalRules *self, ClinicalTable table)
{
  const char *name = clinical_table_get_name (table);
  const char *label = clinical_rules_get_head (self, name, "label");

  return g_strdup (label ? label : name);
}

/* (transfer full): the table's date as shown, "29-Nov-2026"; "an unknown date" where there is none.
 */
char *
clinical_rules_dup_date (ClinicalRules *self, ClinicalTable table)
{
  const char *date = clinical_rules_get_head (self, clinical_table_get_name (table), "date");
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  char *shown = date ? fhir_date_format (date, utc) : NULL;

  return shown ? shown : g_strdup ("an unknown date");
}

/**
 * clinical_rules_dup_expired:
 * @today: as in "2026-11-29"
 *
 * Returns: (transfer full) (nullable): the day on which the first table expired, as in
 *   "2026-06-30"; NULL where none has
 */
char *
clinical_rules_dup_expired (ClinicalRules *self, const char *today)
{
  const char *first = NULL;

  for (guint i = 0; i < CLINICAL_N_TABLES; i++)
    {
      const char *day = clinical_rules_get_head (self, clinical_table_get_name (i), "expires");

      if (day && self->rows[i]->len > 0 && strcmp (day, today) < 0 &&
          (!first || strcmp (day, first) < 0))
        first = day;
    }
  return g_strdup (first);
}

static gboolean
is_known_class (ClinicalRules *self, const char *name)
{
  return !name || g_str_has_prefix (name, "rxcui:") ||
         clinical_rules_get_class_label (self, name) != NULL;
}

/**
 * clinical_rules_check:
 *
 * Whether the tables fit together: a class that a rule names and that has no member would never be
 * found in anybody.
 *
 * Returns: FALSE with CLINICAL_ERROR_CONTENT
 */
gboolean
clinical_rules_check (ClinicalRules *self, GError **error)
{
  static const ClinicalTable tables[] = { CLINICAL_TABLE_INTERACTIONS, CLINICAL_TABLE_CONDITIONS,
                                          CLINICAL_TABLE_NEVER_EVENTS };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    for (guint j = 0; j < self->rows[tables[i]]->len; j++)
      {
        const ClinicalRow *row = self->rows[tables[i]]->pdata[j];
        const char *a = row->texts[CLINICAL_COLUMN_A], *b = row->texts[CLINICAL_COLUMN_B];
        const char *unknown = !is_known_class (self, a) ? a : !is_known_class (self, b) ? b : NULL;

        if (unknown)
          {
            g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_CONTENT,
                         "The table %s names the class %s, which has no member.",
                         clinical_table_get_name (tables[i]), unknown);
            return FALSE;
          }
      }
  return TRUE;
}
