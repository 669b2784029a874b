/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content-table.h"

#include <stdio.h>
#include <string.h>

#include "store-content-file.h"
#include "store-content-words.h"

/* Every error names table, line and column: whoever made the table has to find the place. */

#define MAX_FILE    (512 * 1024 * 1024)
#define MAX_ROWS    5000000
#define MAX_COLUMNS 40
#define MAX_CELL    20000

/* What a cell must be: a letter each, beside "not empty" (+).
 * d digits, n eleven digits, u a day or empty, - anything. */
typedef struct
{
  const char *name, *columns[12]; /* "+d rxcui" */
  const char *key;
} Schema;

/* The tables that Bedside's own code reads; those of the checks are proved by the checks' rules. */
static const Schema schemas[] = {
  { "formulary",
    { "+d scd_rxcui", "+- name", "+- ingredients", "+- ingredient_codes", "-- strength", "-- form",
      "-- route", "+- source", "-- brands" },
    "scd_rxcui" },
  { "ingredients", { "+d rxcui", "+- name", "+- tty" }, "rxcui" },
  { "ndc", { "+n ndc11", "+d rxcui" }, "ndc11" },
  { "tall_man", { "+- name", "+- written" }, NULL },
  { "drug_information",
    { "-d rxcui", "+- name", "+- language", "-- what", "-- how", "-- watch" },
    NULL },
};

static const char *const rule_tables[] = {
  "interaction_classes",
  "interactions",
  "duplicate_classes",
  "dose_limits",
  "renal",
  "pregnancy",
  "ages",
  "conditions",
  "never_events",
  "allergy_classes",
  NULL,
};

static const Schema *
find_schema (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (schemas); i++)
    if (g_str_equal (schemas[i].name, name))
      return &schemas[i];
  return NULL;
}

/* Whether any code reads a table of that name. */
gboolean
store_content_table_is_known (const char *name)
{
  return find_schema (name) != NULL || g_strv_contains (rule_tables, name);
}

void
store_content_table_free (StoreContentTable *self)
{
  g_free (self->name);
  g_free (self->text);
  g_hash_table_unref (self->head);
  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->cells);
  g_array_unref (self->lines);
  g_free (self);
}

guint
store_content_table_get_size (StoreContentTable *self)
{
  return self->lines->len;
}

const char *
store_content_table_get (StoreContentTable *self, guint row, guint column)
{
  return self->cells->pdata[row * self->columns->len + column];
}

/* -1 for none */
int
store_content_table_find_column (StoreContentTable *self, const char *name)
{
  for (guint i = 0; i < self->columns->len; i++)
    if (g_str_equal (self->columns->pdata[i], name))
      return (int) i;
  return -1;
}

/* (nullable): the column by which rows are looked up, each value once */
const char *
store_content_table_get_key (StoreContentTable *self)
{
  const Schema *schema = find_schema (self->name);

  return schema != NULL ? schema->key : NULL;
}

G_GNUC_PRINTF (5, 6)
static gboolean
fail (StoreContentTable *self,
      guint line,
      const char *column,
      GError **error,
      const char *format,
      ...)
{
  g_autofree char *what = NULL, *place = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  place = column != NULL ? g_strdup_printf (", column %s", column) : g_strdup ("");
  g_set_error (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_CORRUPT, "%s, line %u%s: %s",
               self->name, line, place, what);
  return FALSE;
}

/* ---- the form of the file -------------------------------------------------------------------- */

static gboolean
is_name (const char *text)
{
  gsize length = strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789_");

  return length > 0 && length <= 40 && text[length] == '\0' && g_ascii_islower (*text);
}

static void
take_head (StoreContentTable *self, const char *line)
{
  gsize length = strspn (line + MIN (strlen (line), 2), "abcdefghijklmnopqrstuvwxyz_");
  gboolean pair =
      g_str_has_prefix (line, "# ") && length > 0 && g_str_has_prefix (line + 2 + length, ": ");
  g_autofree char *key = pair ? g_strndup (line + 2, length) : g_strdup ("note");
  const char *value = pair ? line + 2 + length + 2 : line + strspn (line, "# ");
  const char *before = g_hash_table_lookup (self->head, key);
  char *joined = before != NULL ? g_strdup_printf ("%s %s", before, value) : g_strdup (value);

  g_hash_table_insert (self->head, g_steal_pointer (&key), joined);
}

static gboolean
take_columns (StoreContentTable *self, char *line, guint number, GError **error)
{
  char *rest = line;

  for (char *cell = strsep (&rest, "\t"); cell != NULL; cell = strsep (&rest, "\t"))
    {
      if (!is_name (cell) || g_str_equal (cell, "row"))
        return fail (self, number, NULL, error,
                     "\"%.40s\" is no name of a column: small letters, digits and _ (and not row)",
                     cell);
      if (store_content_table_find_column (self, cell) >= 0)
        return fail (self, number, cell, error, "the column stands here twice");
      if (self->columns->len == MAX_COLUMNS)
        return fail (self, number, NULL, error, "there are more than %d columns", MAX_COLUMNS);
      g_ptr_array_add (self->columns, cell);
    }
  return TRUE;
}

static gboolean
take_row (StoreContentTable *self, char *line, guint number, GError **error)
{
  guint before = self->cells->len;
  char *rest = line;

  for (char *cell = strsep (&rest, "\t"); cell != NULL; cell = strsep (&rest, "\t"))
    {
      if (self->cells->len - before < self->columns->len && strlen (cell) > MAX_CELL)
        return fail (self, number, self->columns->pdata[self->cells->len - before], error,
                     "the cell has more than %d bytes", MAX_CELL);
      g_ptr_array_add (self->cells, cell);
    }
  if (self->cells->len - before != self->columns->len)
    return fail (self, number, NULL, error, "there are %u cells, and %u columns",
                 self->cells->len - before, self->columns->len);
  if (self->lines->len == MAX_ROWS)
    return fail (self, number, NULL, error, "there are more than %d rows", MAX_ROWS);
  g_array_append_val (self->lines, number);
  return TRUE;
}

static gboolean
take_lines (StoreContentTable *self, GError **error)
{
  char *rest = self->text;
  guint number = 0;

  for (char *line = strsep (&rest, "\n"); line != NULL; line = strsep (&rest, "\n"))
    {
      gboolean good = TRUE;

      number++;
      if (*line == '#')
        take_head (self, line);
      else if (self->columns->len == 0 && *line != '\0')
        good = take_columns (self, line, number, error);
      else if (*line != '\0')
        good = take_row (self, line, number, error);
      if (!good)
        return FALSE;
    }
  return self->columns->len > 0 ||
         fail (self, number, NULL, error, "there are no names of columns");
}

static guint
line_of (const char *text, const char *at)
{
  guint line = 1;

  for (const char *c = text; c < at; c++)
    line += *c == '\n';
  return line;
}

static gboolean
check_bytes (StoreContentTable *self, gsize length, GError **error)
{
  const char *end = NULL, *found;

  if (!g_utf8_validate (self->text, (gssize) length, &end))
    return fail (self, line_of (self->text, end), NULL, error,
                 *end == '\0' ? "there is a NUL byte" : "this is no UTF-8");
  found = strchr (self->text, '\r');
  if (found != NULL)
    return fail (self, line_of (self->text, found), NULL, error,
                 "the line ends as Windows ends lines: end it with LF alone");
  for (const char *c = self->text; *c != '\0'; c++)
    if ((guchar) *c < 0x20 && *c != '\n' && *c != '\t')
      return fail (self, line_of (self->text, c), NULL, error, "there is a control character");
  return TRUE;
}

/* ---- cells ----------------------------------------------------------------------------------- */

static gboolean
is_day (const char *text)
{
  guint year, month, day;
  int read = 0;

  return sscanf (text, "%4u-%2u-%2u%n", &year, &month, &day, &read) == 3 && read == 10 &&
         text[10] == '\0' &&
         g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year);
}

static const char *
fault_of (const char *wanted, const char *cell)
{
  gsize digits = strspn (cell, "0123456789");
  gboolean only_digits = cell[digits] == '\0';

  if (*cell == '\0')
    return wanted[0] == '+' ? "it is empty" : NULL;
  if (wanted[1] == 'd' && (!only_digits || digits > 12))
    return "it is no code: digits alone, at most twelve";
  if (wanted[1] == 'n' && (!only_digits || digits != 11))
    return "it has not the eleven digits of a National Drug Code";
  if (wanted[1] == 'u' && !is_day (cell))
    return "it is no day, as in 2026-06-30";
  return NULL;
}

static gboolean
check_column (StoreContentTable *self, const char *name, const char *wanted, GError **error)
{
  int column = store_content_table_find_column (self, name);

  for (guint i = 0; column >= 0 && i < self->lines->len; i++)
    {
      const char *cell = store_content_table_get (self, i, (guint) column);
      const char *fault = fault_of (wanted, cell);

      if (fault != NULL)
        return fail (self, g_array_index (self->lines, guint, i), name, error, "\"%.60s\": %s",
                     cell, fault);
    }
  return TRUE;
}

static gboolean
check_schema (StoreContentTable *self, const Schema *schema, GError **error)
{
  for (const char *const *wanted = schema->columns; *wanted != NULL; wanted++)
    {
      const char *name = *wanted + 3;

      if (store_content_table_find_column (self, name) < 0)
        return fail (self, 1, name, error, "the column is missing");
      if (!check_column (self, name, *wanted, error))
        return FALSE;
    }
  return TRUE;
}

/* As many codes as ingredients, or a check would take one for the other. */
static gboolean
check_parallel (StoreContentTable *self, GError **error)
{
  int names = store_content_table_find_column (self, "ingredients");
  int codes = store_content_table_find_column (self, "ingredient_codes");

  for (guint i = 0; i < self->lines->len; i++)
    {
      guint bars[2] = { 0, 0 };

      for (const char *c = store_content_table_get (self, i, (guint) names); *c != '\0'; c++)
        bars[0] += *c == '|';
      for (const char *c = store_content_table_get (self, i, (guint) codes); *c != '\0'; c++)
        bars[1] += *c == '|';
      if (bars[0] != bars[1])
        return fail (self, g_array_index (self->lines, guint, i), "ingredient_codes", error,
                     "there are %u codes for %u ingredients; write - for a code that is not known",
                     bars[1] + 1, bars[0] + 1);
    }
  return TRUE;
}

static gboolean
check_unique (StoreContentTable *self, const char *key, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint column = (guint) store_content_table_find_column (self, key);

  for (guint i = 0; i < self->lines->len; i++)
    {
      const char *cell = store_content_table_get (self, i, column);
      guint line = g_array_index (self->lines, guint, i);
      gpointer before = g_hash_table_lookup (seen, cell);

      if (before != NULL)
        return fail (self, line, key, error, "\"%s\" stands in line %u already", cell,
                     GPOINTER_TO_UINT (before));
      g_hash_table_insert (seen, (gpointer) cell, GUINT_TO_POINTER (line));
    }
  return TRUE;
}

static gboolean
check_head (StoreContentTable *self, GError **error)
{
  static const char *const days[] = { "date", "expires" };
  const char *label = g_hash_table_lookup (self->head, "label");

  if (label == NULL || *label == '\0')
    return fail (self, 1, NULL, error, "no line \"# label: …\" says what this is");
  for (gsize i = 0; i < G_N_ELEMENTS (days); i++)
    {
      const char *day = g_hash_table_lookup (self->head, days[i]);

      if (day == NULL && i == 0)
        return fail (self, 1, NULL, error,
                     "no line \"# date: YYYY-MM-DD\" says of which day this is");
      if (day != NULL && !is_day (day))
        return fail (self, 1, NULL, error, "\"# %s: %.40s\" is no day, as in 2026-06-30", days[i],
                     day);
    }
  return TRUE;
}

static gboolean
check_table (StoreContentTable *self, GError **error)
{
  const Schema *schema = find_schema (self->name);

  if (!check_head (self, error) || !check_column (self, "reviewed", "-u", error) ||
      (schema != NULL && !check_schema (self, schema, error)) ||
      (g_str_equal (self->name, "formulary") && !check_parallel (self, error)))
    return FALSE;
  return schema == NULL || schema->key == NULL || check_unique (self, schema->key, error);
}

/**
 * store_content_table_read:
 * @path: of a .tsv file, whose name is the table's
 *
 * Returns: (transfer full) (nullable): NULL with an error that names table, line and column
 */
StoreContentTable *
store_content_table_read (const char *path, GError **error)
{
  g_autoptr (StoreContentTable) self = g_new0 (StoreContentTable, 1);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *base = g_path_get_basename (path);
  gsize length = 0;

  self->head = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->columns = g_ptr_array_new ();
  self->cells = g_ptr_array_new ();
  self->lines = g_array_new (FALSE, FALSE, sizeof (guint));
  if (g_str_has_suffix (base, ".tsv"))
    base[strlen (base) - strlen (".tsv")] = '\0';
  self->name = g_strdelimit (g_strdup (base), "-", '_');
  if (!is_name (self->name))
    {
      fail (self, 0, NULL, error,
            "the file's name is no name of a table: small letters, digits, - and _");
      return NULL;
    }
  info = g_file_query_info (file, "standard::size", G_FILE_QUERY_INFO_NONE, NULL, error);
  if (info == NULL)
    return NULL;
  if (g_file_info_get_size (info) > MAX_FILE)
    {
      fail (self, 0, NULL, error, "the file is larger than %d MB", MAX_FILE / 1024 / 1024);
      return NULL;
    }
  if (!g_file_get_contents (path, &self->text, &length, error) ||
      !check_bytes (self, length, error) || !take_lines (self, error) || !check_table (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* ---- the order of a formulary ---------------------------------------------------------------- */

typedef struct
{
  double strength;
  const char *name, *code;
  guint row;
} Place;

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;
  int names = strcmp (x->name, y->name);

  if (x->strength != y->strength)
    return x->strength < y->strength ? -1 : 1;
  return names != 0 ? names : strcmp (x->code, y->code);
}

/* Puts drugs in the order in which equal matches of a search stand: by strength, then by name. */
void
store_content_table_sort_drugs (StoreContentTable *self)
{
  guint n = self->columns->len, name = (guint) store_content_table_find_column (self, "name"),
        code = (guint) store_content_table_find_column (self, "scd_rxcui"),
        strength = (guint) store_content_table_find_column (self, "strength");
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_autoptr (GPtrArray) cells = self->cells;
  g_autoptr (GArray) lines = self->lines;

  for (guint i = 0; i < lines->len; i++)
    {
      Place place = { store_content_strength (store_content_table_get (self, i, strength)),
                      store_content_table_get (self, i, name),
                      store_content_table_get (self, i, code), i };

      g_array_append_val (places, place);
    }
  g_array_sort (places, compare_places);
  self->cells = g_ptr_array_sized_new (cells->len);
  self->lines = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < places->len; i++)
    {
      guint row = g_array_index (places, Place, i).row;

      for (guint j = 0; j < n; j++)
        g_ptr_array_add (self->cells, cells->pdata[row * n + j]);
      g_array_append_val (self->lines, g_array_index (lines, guint, row));
    }
}
