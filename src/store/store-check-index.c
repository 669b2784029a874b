/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-check.h"

#include <string.h>

#include "fhir-index.h"
#include "fhir-resource.h"
#include "store-connection-private.h"

/* Whether the rows by which resources are found are those that their texts ask for. The tables have
 * no index by resource, so both sides are added up: each resource has a sum of hashes, to which a
 * row that its text asks for adds and a row that is there subtracts. What does not come out at zero
 * differs. */

typedef enum
{
  TABLE_TOKEN,
  TABLE_STRING,
  TABLE_DATE,
  TABLE_REFERENCE,
  TABLE_QUANTITY,
  TABLE_URI,
  TABLE_COMPOSITE,
  TABLE_WORDING,
  N_TABLES
} Table;

static const char *const table_names[] = { "token",    "string", "date",      "reference",
                                           "quantity", "uri",    "composite", "wording" };

/* One row; what a table does not have is 0 or "". Texts are borrowed. */
typedef struct
{
  Table table;
  gint64 parameter, low, high, system, target;
  double number;
  const char *value, *exact;
} Row;

typedef struct
{
  StoreConnection *connection;
  GArray *sums;        /* Sum, by number: the resources that are looked at */
  GHashTable *systems; /* text -> id, of `name`; 0 for one that is not there */
} Indexes;

typedef struct
{
  gint64 number;
  guint64 rows; /* what is asked for minus what is there */
  gint64 count;
  const char *missing; /* the parameter of a row whose names do not even exist */
} Sum;

/* FNV-1a, then a last mixing so that sums of hashes do not cancel out. */
static guint64
hash_bytes (guint64 hash, const void *data, gsize length)
{
  const guint8 *bytes = data;

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ bytes[i]) * 0x100000001b3u;
  return hash;
}

static guint64
hash_text (guint64 hash, const char *text)
{
  return text != NULL ? hash_bytes (hash, text, strlen (text) + 1) : hash_bytes (hash, "\1", 1);
}

static guint64
row_hash (const Row *row)
{
  gint64 numbers[] = { row->table, row->parameter, row->low, row->high, row->system, row->target };
  double number = row->number == 0 ? 0 : row->number; /* no negative zero */
  guint64 hash = hash_bytes (0xcbf29ce484222325u, numbers, sizeof numbers);

  hash = hash_bytes (hash, &number, sizeof number);
  hash = hash_text (hash_text (hash, row->value), row->exact);
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdu;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53u;
  return hash ^ (hash >> 33);
}

/* ---- what a text asks for ---- */

static gboolean
find_name (Indexes *self, const char *text, gint64 *id, GError **error)
{
  gpointer known;

  if (text == NULL || *text == '\0')
    {
      *id = 0;
      return TRUE;
    }
  if (g_hash_table_lookup_extended (self->systems, text, NULL, &known))
    {
      *id = GPOINTER_TO_SIZE (known);
      return TRUE;
    }
  if (!store_name_lookup (self->connection, text, id, error))
    return FALSE;
  g_hash_table_insert (self->systems, g_strdup (text), GSIZE_TO_POINTER ((gsize) *id));
  return TRUE;
}

static const Table tables[] = {
  [FHIR_SEARCH_TOKEN] = TABLE_TOKEN,       [FHIR_SEARCH_STRING] = TABLE_STRING,
  [FHIR_SEARCH_DATE] = TABLE_DATE,         [FHIR_SEARCH_REFERENCE] = TABLE_REFERENCE,
  [FHIR_SEARCH_QUANTITY] = TABLE_QUANTITY, [FHIR_SEARCH_NUMBER] = TABLE_QUANTITY,
  [FHIR_SEARCH_URI] = TABLE_URI,           [FHIR_SEARCH_COMPOSITE] = TABLE_COMPOSITE,
  [FHIR_SEARCH_SPECIAL] = TABLE_WORDING,
};

/* As store-index.c writes them. @wanted: whether this value has a row at all. */
static gboolean
row_of_value (Indexes *self,
              const char *type,
              const FhirIndexValue *value,
              Row *row,
              gboolean *wanted,
              GError **error)
{
  char name[160];

  *wanted = strcmp (value->parameter, "_id") != 0 &&
            strcmp (value->parameter, "_lastUpdated") != 0 &&
            (value->value != NULL ||
             (value->type != FHIR_SEARCH_STRING && value->type != FHIR_SEARCH_REFERENCE));
  if (!*wanted)
    return TRUE;
  *row = (Row) { .table = tables[value->type], .value = value->value != NULL ? value->value : "" };
  g_snprintf (name, sizeof name, "%s.%s", type, value->parameter);
  if (!find_name (self, name, &row->parameter, error))
    return FALSE;
  switch (row->table)
    {
    case TABLE_STRING:
      row->exact = g_strcmp0 (value->system, value->value) != 0 && value->system != NULL
                       ? value->system
                       : "";
      return TRUE;
    case TABLE_DATE:
      row->low = value->low;
      row->high = value->high;
      row->value = NULL;
      return TRUE;
    case TABLE_REFERENCE:
      row->value = NULL;
      return find_name (self, value->system, &row->system, error) &&
             store_identity_lookup (self->connection, row->system, value->value, &row->target,
                                    error) &&
             ((row->system = 0), TRUE);
    case TABLE_QUANTITY:
      row->number = value->number;
      G_GNUC_FALLTHROUGH;
    case TABLE_TOKEN:
      return find_name (self, value->system, &row->system, error);
    case TABLE_COMPOSITE:
      row->number = value->number;
      row->exact = value->second != NULL ? value->second : "";
      return find_name (self, value->system, &row->system, error) &&
             find_name (self, value->second_system, &row->target, error);
    case TABLE_URI:
    case TABLE_WORDING:
    case N_TABLES:
      break;
    }
  return TRUE;
}

static gboolean
add_asked (Indexes *self, Sum *sum, FhirResource *resource, GError **error)
{
  g_autoptr (GPtrArray) values = fhir_index_values (resource);
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL); /* rows are a set */

  for (guint i = 0; i < values->len; i++)
    {
      const FhirIndexValue *value = values->pdata[i];
      gboolean wanted;
      Row row;
      gint64 hash;

      if (!row_of_value (self, fhir_resource_get_type (resource), value, &row, &wanted, error))
        return FALSE;
      if (!wanted)
        continue;
      if (row.parameter == 0 || (row.table == TABLE_REFERENCE && row.target == 0))
        sum->missing = value->parameter;
      hash = (gint64) row_hash (&row);
      if (!g_hash_table_add (seen, g_memdup2 (&hash, sizeof hash)))
        continue;
      sum->rows += (guint64) hash;
      sum->count++;
    }
  return TRUE;
}

/* ---- what is there ---- */

static void
read_row (StoreStatement *statement, Table table, Row *row)
{
  *row = (Row) { .table = table, .parameter = sqlite3_column_int64 (statement, 1) };
  switch (table)
    {
    case TABLE_TOKEN:
      row->value = store_statement_text (statement, 2);
      row->system = sqlite3_column_int64 (statement, 3);
      break;
    case TABLE_STRING:
      row->value = store_statement_text (statement, 2);
      row->exact = store_statement_text (statement, 3);
      break;
    case TABLE_DATE:
      row->low = sqlite3_column_int64 (statement, 2);
      row->high = sqlite3_column_int64 (statement, 3);
      break;
    case TABLE_REFERENCE:
      row->target = sqlite3_column_int64 (statement, 2);
      break;
    case TABLE_QUANTITY:
      row->number = sqlite3_column_double (statement, 2);
      row->value = store_statement_text (statement, 3);
      row->system = sqlite3_column_int64 (statement, 4);
      break;
    case TABLE_COMPOSITE:
      row->value = store_statement_text (statement, 2);
      row->system = sqlite3_column_int64 (statement, 3);
      row->number = sqlite3_column_double (statement, 4);
      row->exact = store_statement_text (statement, 5);
      row->target = sqlite3_column_int64 (statement, 6);
      break;
    case TABLE_URI:
    case TABLE_WORDING:
      row->value = store_statement_text (statement, 2);
      break;
    case N_TABLES:
      break;
    }
}

static int
compare_numbers (gconstpointer one, gconstpointer other)
{
  gint64 a = ((const Sum *) one)->number, b = ((const Sum *) other)->number;

  return (a > b) - (a < b);
}

static Sum *
find_sum (Indexes *self, gint64 number)
{
  const Sum wanted = { .number = number };
  guint at;

  return g_array_binary_search (self->sums, &wanted, compare_numbers, &at)
             ? &g_array_index (self->sums, Sum, at)
             : NULL;
}

static gboolean
subtract_table (Indexes *self, Table table, gboolean whole, StoreCheck *check, GError **error)
{
  g_autofree char *name = g_strconcat ("check.", table_names[table], NULL);
  g_autoptr (StoreStatement) statement = store_connection_query (self->connection, name, error, "");
  gint64 strays = 0;
  gboolean more;

  while (statement != NULL && store_statement_step (self->connection, statement, &more, error))
    {
      Sum *sum;
      Row row;

      if (!more)
        {
          if (strays > 0)
            store_check_note (check, g_strdup_printf ("%" G_GINT64_FORMAT
                                                      " rows of “%s” belong to no resource",
                                                      strays, table_names[table]));
          return TRUE;
        }
      sum = find_sum (self, sqlite3_column_int64 (statement, 0));
      if (sum == NULL)
        {
          strays += whole ? 1 : 0;
          continue;
        }
      read_row (statement, table, &row);
      sum->rows -= row_hash (&row);
      sum->count--;
    }
  return FALSE;
}

static gboolean
add_resources (Indexes *self, guint sample, StoreCheck *check, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (self->connection, sample > 0 ? "check.sample" : "check.resources",
                              error, sample > 0 ? "i" : "", (gint64) sample);
  gboolean more;

  while (statement != NULL && store_statement_step (self->connection, statement, &more, error))
    {
      g_autoptr (FhirResource) resource = NULL;
      Sum sum = { .number = sqlite3_column_int64 (statement, 0) };

      if (!more)
        return TRUE;
      /* One that cannot be read is named by store_check_records(). */
      resource = fhir_resource_parse (store_statement_text (statement, 1), -1, NULL);
      check->looked_at++;
      if (resource != NULL && !add_asked (self, &sum, resource, error))
        return FALSE;
      g_array_append_val (self->sums, sum);
    }
  return FALSE;
}

static gboolean
name_one (Indexes *self, const Sum *sum, StoreCheck *check, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (self->connection, "resource.id", error, "i", sum->number);
  const char *what = sum->count > 0   ? "lacks rows of the index"
                     : sum->count < 0 ? "has rows in the index that its text does not ask for"
                                      : "has other rows in the index than its text asks for";
  gboolean row;

  if (statement == NULL || !store_statement_step (self->connection, statement, &row, error))
    return FALSE;
  if (row)
    store_check_note (check,
                      g_strdup_printf (sum->missing != NULL ? "%s/%s %s (%s)" : "%s/%s %s",
                                       store_statement_text (statement, 0),
                                       store_statement_text (statement, 1), what, sum->missing));
  return TRUE;
}

/**
 * store_check_indexes:
 * @sample: how many resources, taken by chance; 0 for all
 *
 * Computes anew by which values each resource is found, and compares with the rows that are stored.
 * Takes 32 bytes of memory for each resource that it looks at.
 */
gboolean
store_check_indexes (StoreConnection *connection, guint sample, StoreCheck *check, GError **error)
{
  g_autoptr (GArray) sums = g_array_new (FALSE, FALSE, sizeof (Sum));
  g_autoptr (GHashTable) systems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Indexes self = { connection, sums, systems };

  if (!add_resources (&self, sample, check, error))
    return FALSE;
  for (Table table = 0; table < N_TABLES; table++)
    if (!subtract_table (&self, table, sample == 0, check, error))
      return FALSE;
  for (guint i = 0; i < sums->len; i++)
    if (g_array_index (sums, Sum, i).rows != 0 &&
        !name_one (&self, &g_array_index (sums, Sum, i), check, error))
      return FALSE;
  return TRUE;
}
