/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-plan.h"

#include <string.h>

#include "fhir-resource.h"
#include "store-condition.h"
#include "store-plan-private.h"

/* A search starts from the condition that the fewest rows can meet, and tests the others on each;
 * or, where all conditions are broad, it walks the index of its sort key in order. Both give the
 * same order, so that a cursor of the one is good for the other: sort keys first, then the growing
 * number of the resource, which never changes. A cursor says after which keys the next page begins,
 * so that what comes and goes meanwhile moves nothing. */

#define PLAN_PROBE 1000

void
store_plan_free (StorePlan *self)
{
  g_ptr_array_unref (self->conditions);
  g_clear_pointer (&self->after, store_cursor_free);
  g_free (self);
}

/* ---- making the plan ---- */

static gboolean
add_key (StorePlan *self, const char *type, const char *sort, GError **error)
{
  StoreSortKey *key = &self->keys[self->n_keys];
  const char *name = sort + (*sort == '-');
  FhirSearchType kind = fhir_search_parameter_type (type, name, NULL);

  key->descending = *sort == '-';
  key->name = fhir_search_parameter_get_name (type, name);
  key->is_text = kind != FHIR_SEARCH_DATE && kind != FHIR_SEARCH_NUMBER;
  if (strcmp (name, "_lastUpdated") == 0)
    key->column = "x.updated";
  else if (strcmp (name, "_id") == 0)
    key->column = "x.id";
  else if (!fhir_search_parameter_is_sortable (type, name) || self->n_keys >= STORE_PLAN_MAX_KEYS)
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_UNSUPPORTED, "Sorting %s by “%s” is not supported",
                   type, name);
      return FALSE;
    }
  else if (kind != FHIR_SEARCH_DATE && kind != FHIR_SEARCH_STRING)
    key->is_read = TRUE;
  else
    {
      g_autofree char *parameter = g_strconcat (type, ".", name, NULL);

      if (!store_name_lookup (self->connection, parameter, &key->parameter, error))
        return FALSE;
    }
  self->n_keys++;
  return TRUE;
}

static gboolean
probe (StorePlan *self, StoreCondition *condition, gint64 *rows, GError **error)
{
  g_autoptr (StoreSql) sql = store_sql_new ("SELECT count(*) FROM (SELECT 1 FROM (");

  store_sql_append (sql, condition->rows);
  store_sql_add (sql, ") LIMIT ?)");
  store_sql_bind_integer (sql, PLAN_PROBE);
  return store_sql_read_integer (sql, self->connection, rows, error);
}

static gboolean
choose_start (StorePlan *self, GError **error)
{
  self->start_rows = PLAN_PROBE;
  for (guint i = 0; i < self->conditions->len; i++)
    {
      StoreCondition *condition = self->conditions->pdata[i];
      gint64 rows;

      if (condition->rows == NULL)
        continue;
      if (!probe (self, condition, &rows, error))
        return FALSE;
      if (rows < self->start_rows || self->start == NULL)
        {
          self->start = condition;
          self->start_rows = rows;
        }
    }
  return TRUE;
}

/* Sorted pages show the order that stood when the first of them was made: what is changed meanwhile
 * would else move over the place where the next page begins, and be met twice or never. */
static gboolean
read_sequence (StorePlan *self, GError **error)
{
  g_autoptr (StoreStatement) statement = NULL;
  gboolean row;

  if (self->n_keys == 0)
    return TRUE;
  if (self->after != NULL)
    {
      self->sequence = self->after->sequence;
      return TRUE;
    }
  statement = store_connection_query (self->connection, "resource.last-sequence", error, "");
  if (statement == NULL || !store_statement_step (self->connection, statement, &row, error))
    return FALSE;
  self->sequence = row ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}

StorePlan *
store_plan_new (StoreConnection *connection, FhirQuery *query, GError **error)
{
  g_autoptr (StorePlan) self = g_new0 (StorePlan, 1);

  self->connection = connection;
  self->conditions = g_ptr_array_new_with_free_func ((GDestroyNotify) store_condition_free);
  if (!store_name_lookup (connection, query->type, &self->type, error))
    return NULL;
  for (guint i = 0; i < query->parameters->len; i++)
    {
      StoreCondition *condition =
          store_condition_new (connection, query->type, query->parameters->pdata[i], error);

      if (condition == NULL)
        return NULL;
      g_ptr_array_add (self->conditions, condition);
      self->empty = self->empty || condition->empty;
    }
  for (guint i = 0; i < query->sorts->len; i++)
    if (!add_key (self, query->type, query->sorts->pdata[i], error))
      return NULL;
  if (query->cursor != NULL &&
      (self->after = store_cursor_parse (query->cursor, self->n_keys, error)) == NULL)
    return NULL;
  if (!read_sequence (self, error))
    return NULL;
  self->empty = self->empty || self->type == 0;
  return self->empty || choose_start (self, error) ? g_steal_pointer (&self) : NULL;
}

/* ---- fragments ---- */

/* In every walk r gives numbers, as far as possible from an index alone; x is the resource's row,
 * which is read once the tests of the number are met. */
static void
add_numbers (StorePlan *self, StoreSql *sql)
{
  if (self->start == NULL)
    {
      store_sql_add (sql, " FROM resource r INDEXED BY resource_type");
      return;
    }
  store_sql_add (sql,
                 self->start->sorted_rows ? " FROM (" : " FROM (SELECT DISTINCT number FROM (");
  store_sql_append (sql, self->start->rows);
  store_sql_add (sql, self->start->sorted_rows ? ") r" : ")) r");
}

static void
add_tests (StorePlan *self, const StoreCondition *done, StoreSql *sql)
{
  for (guint i = 0; i < self->conditions->len; i++)
    {
      const StoreCondition *condition = self->conditions->pdata[i];

      if (condition == done)
        continue;
      store_sql_add (sql, " AND ");
      store_sql_append (sql, condition->test);
    }
}

/* On a later page: what was changed since the first one is shown in its old place, apart. */
static void
add_as_it_stood (StorePlan *self, StoreSql *sql)
{
  if (self->after == NULL || self->n_keys == 0)
    return;
  store_sql_add (sql, " AND x.sequence <= ?");
  store_sql_bind_integer (sql, self->sequence);
}

static void
add_row_and_tests (StorePlan *self, const StoreCondition *done, StoreSql *sql)
{
  store_sql_add (
      sql, " CROSS JOIN resource x ON x.number = r.number WHERE x.type = ? AND x.deleted = 0");
  store_sql_bind_integer (sql, self->type);
  add_as_it_stood (self, sql);
  if (done == NULL && self->start == NULL)
    {
      store_sql_add (sql, " AND r.type = ? AND r.deleted = 0");
      store_sql_bind_integer (sql, self->type);
    }
  add_tests (self, done, sql);
}

/* Which way the numbers of what sorts the same go. */
gboolean
store_plan_is_descending (const StorePlan *self)
{
  return self->n_keys > 0 && self->keys[self->n_keys - 1].descending;
}

static void
bind_cursor_key (const StorePlan *self, guint i, StoreSql *sql)
{
  if (self->keys[i].is_text)
    store_sql_bind_text (sql, self->after->keys[i].text);
  else
    store_sql_bind_integer (sql, self->after->keys[i].integer);
}

/* (k0 > ?) or (k0 = ? and k1 > ?) or … or (all the same and number > ?) */
static void
add_after (StorePlan *self, StoreSql *sql)
{
  if (self->after == NULL)
    return;
  store_sql_add (sql, " AND (");
  for (guint i = 0; i <= self->n_keys; i++)
    {
      if (i > 0)
        store_sql_add (sql, " OR ");
      store_sql_add (sql, "(");
      for (guint j = 0; j < i; j++)
        {
          store_sort_key_add (&self->keys[j], sql);
          store_sql_add (sql, " = ? AND ");
          bind_cursor_key (self, j, sql);
        }
      if (i < self->n_keys)
        {
          store_sort_key_add (&self->keys[i], sql);
          store_sql_add (sql, self->keys[i].descending ? " < ?)" : " > ?)");
          bind_cursor_key (self, i, sql);
        }
      else
        {
          store_sql_add (sql, store_plan_is_descending (self) ? "r.number < ?)" : "r.number > ?)");
          store_sql_bind_integer (sql, self->after->number);
        }
    }
  store_sql_add (sql, ")");
}

static void
add_limit (StoreSql *sql, guint limit)
{
  store_sql_add (sql, " LIMIT ?");
  store_sql_bind_integer (sql, limit);
}

/* ---- the ways to walk ---- */

static StoreSql *
walk_numbers (StorePlan *self, guint limit)
{
  StoreSql *sql = store_sql_new ("SELECT r.number, x.json");

  add_numbers (self, sql);
  add_row_and_tests (self, self->start, sql);
  if (self->after != NULL)
    {
      store_sql_add (sql, " AND r.number > ?");
      store_sql_bind_integer (sql, self->after->number);
    }
  store_sql_add (sql, " ORDER BY r.number");
  add_limit (sql, limit);
  return sql;
}

static StoreSql *
walk_start (StorePlan *self, guint limit)
{
  StoreSql *sql = store_sql_new ("SELECT r.number, x.json");

  for (guint i = 0; i < self->n_keys; i++)
    {
      store_sql_add (sql, ", ");
      store_sort_key_add (&self->keys[i], sql);
    }
  add_numbers (self, sql);
  add_row_and_tests (self, self->start, sql);
  add_after (self, sql);
  store_sql_add (sql, " ORDER BY ");
  for (guint i = 0; i < self->n_keys; i++)
    {
      g_autofree char *column =
          g_strdup_printf ("%u%s, ", i + 3, self->keys[i].descending ? " DESC" : "");

      store_sql_add (sql, column);
    }
  store_sql_add (sql, store_plan_is_descending (self) ? "r.number DESC" : "r.number");
  add_limit (sql, limit);
  return sql;
}

/* (column, number) beyond the cursor, then the order by both. */
static void
add_walk_order (StorePlan *self, const char *column, const char *number, StoreSql *sql)
{
  gboolean down = self->keys[0].descending;
  g_autofree char *after =
      g_strdup_printf (" AND (%s, %s) %s (?, ?)", column, number, down ? "<" : ">");
  g_autofree char *order = g_strdup_printf (" ORDER BY %s%s, %s%s", column, down ? " DESC" : "",
                                            number, down ? " DESC" : "");

  if (self->after != NULL)
    {
      store_sql_add (sql, after);
      bind_cursor_key (self, 0, sql);
      store_sql_bind_integer (sql, self->after->number);
    }
  store_sql_add (sql, order);
}

/* In the order of an index over the one sort key; of a resource's values the first one counts. */
static StoreSql *
walk_key (StorePlan *self, guint limit)
{
  const StoreSortKey *key = &self->keys[0];
  const char *column = key->is_text ? "r.value" : "r.low";
  StoreSql *sql = store_sql_new ("SELECT r.number, x.json, ");

  store_sql_add (sql, column);
  store_sql_add (sql, key->is_text ? " FROM string r INDEXED BY string_value"
                                   : " FROM date r INDEXED BY date_value");
  store_sql_add (
      sql,
      " CROSS JOIN resource x ON x.number = r.number WHERE x.deleted = 0 AND r.parameter = ? AND ");
  store_sql_bind_integer (sql, key->parameter);
  store_sql_add (sql, column);
  store_sql_add (sql, " = ");
  store_sort_key_add (key, sql);
  /* Of two rows that sort the same, one. */
  store_sql_add (sql, key->is_text
                          ? " AND r.exact = (SELECT min(exact) FROM string WHERE number = r.number"
                            " AND parameter = r.parameter AND value = r.value)"
                          : " AND r.high = (SELECT min(high) FROM date WHERE number = r.number"
                            " AND parameter = r.parameter AND low = r.low)");
  add_as_it_stood (self, sql);
  add_tests (self, NULL, sql);
  add_walk_order (self, column, "r.number", sql);
  add_limit (sql, limit);
  return sql;
}

/* Here x comes first: its index bounds the walk. */
static StoreSql *
walk_updated (StorePlan *self, guint limit)
{
  StoreSql *sql = store_sql_new (
      "SELECT r.number, x.json, x.updated FROM resource x INDEXED BY resource_updated"
      " CROSS JOIN resource r ON r.number = x.number WHERE x.type = ? AND x.deleted = 0");

  store_sql_bind_integer (sql, self->type);
  add_as_it_stood (self, sql);
  add_tests (self, NULL, sql);
  add_walk_order (self, "x.updated", "x.number", sql);
  add_limit (sql, limit);
  return sql;
}

/* What follows the index's last row: resources without a value of the sort key. */
static StoreSql *
walk_without_key (StorePlan *self, guint limit)
{
  const StoreSortKey *key = &self->keys[0];
  StoreSql *sql = store_sql_new ("SELECT r.number, x.json, ");

  store_sort_key_add (key, sql);
  add_numbers (self, sql);
  add_row_and_tests (self, self->start, sql);
  store_sql_add (
      sql, key->is_text
               ? " AND NOT EXISTS (SELECT 1 FROM string WHERE number = r.number AND parameter = ?)"
               : " AND NOT EXISTS (SELECT 1 FROM date WHERE number = r.number AND parameter = ?)");
  store_sql_bind_integer (sql, key->parameter);
  add_after (self, sql);
  store_sql_add (sql, store_plan_is_descending (self) ? " ORDER BY r.number DESC"
                                                      : " ORDER BY r.number");
  add_limit (sql, limit);
  return sql;
}

/* ---- which way, and how many ---- */

static gboolean
is_walked_by_key (const StorePlan *self)
{
  return self->n_keys == 1 && (self->start == NULL || self->start_rows >= PLAN_PROBE) &&
         !self->keys[0].is_read &&
         (self->keys[0].column == NULL || strcmp (self->keys[0].column, "x.updated") == 0);
}

/* What gives the page's rows in their order, at most @limit: one statement, or one and what follows
 * its last row. */
void
store_plan_walks (StorePlan *self, guint limit, StoreSql **first, StoreSql **second)
{
  *second = NULL;
  if (self->n_keys == 0)
    *first = walk_numbers (self, limit);
  else if (!is_walked_by_key (self))
    *first = walk_start (self, limit);
  else if (self->keys[0].column != NULL)
    *first = walk_updated (self, limit);
  else
    {
      *first = walk_key (self, limit);
      *second = walk_without_key (self, limit);
    }
}

/*
 * store_plan_check_read:
 *
 * Whether what is to be sorted by what only its text says is few enough to be read.
 */
gboolean
store_plan_check_read (StorePlan *self, GError **error)
{
  g_autoptr (StoreSql) sql = store_sql_new ("SELECT count(*) FROM (SELECT 1");
  const StoreSortKey *key = NULL;
  gint64 rows;

  for (guint i = 0; i < self->n_keys; i++)
    if (self->keys[i].is_read)
      key = &self->keys[i];
  if (key == NULL)
    return TRUE;
  add_numbers (self, sql);
  add_row_and_tests (self, self->start, sql);
  add_limit (sql, STORE_PLAN_MAX_READ + 1);
  store_sql_add (sql, ")");
  if (!store_sql_read_integer (sql, self->connection, &rows, error))
    return FALSE;
  if (rows <= STORE_PLAN_MAX_READ)
    return TRUE;
  g_set_error (
      error, FHIR_ERROR, FHIR_ERROR_LIMIT,
      "More than %d records would have to be sorted by “%s”: narrow the search, or sort by a "
      "date or a name",
      STORE_PLAN_MAX_READ, key->name);
  return FALSE;
}

/* What was changed since the first page was made and stood then: number, text now, text and time
 * then, and id. */
StoreSql *
store_plan_moved (StorePlan *self, guint limit)
{
  StoreSql *sql =
      store_sql_new ("SELECT r.number, x.json, h.json, h.updated, x.id FROM resource r INDEXED BY "
                     "resource_sequence"
                     " CROSS JOIN resource x ON x.number = r.number"
                     " CROSS JOIN history h ON h.number = r.number AND h.version ="
                     " (SELECT max(version) FROM history WHERE number = r.number AND sequence <= ?)"
                     " WHERE r.sequence > ? AND x.type = ? AND x.deleted = 0 AND h.deleted = 0");

  store_sql_bind_integer (sql, self->sequence);
  store_sql_bind_integer (sql, self->sequence);
  store_sql_bind_integer (sql, self->type);
  add_tests (self, NULL, sql);
  add_limit (sql, limit);
  return sql;
}

static gboolean
reads_row (StorePlan *self)
{
  for (guint i = 0; i < self->conditions->len; i++)
    {
      const StoreCondition *condition = self->conditions->pdata[i];

      if (condition != self->start && condition->reads_row)
        return TRUE;
    }
  return FALSE;
}

/* Index rows are of resources that stand, so that counting them reads no resource. */
gboolean
store_plan_count (StorePlan *self, gint64 *total, GError **error)
{
  g_autoptr (StoreSql) sql = store_sql_new ("SELECT count(*)");

  *total = 0;
  if (self->empty)
    return TRUE;
  add_numbers (self, sql);
  if (reads_row (self))
    add_row_and_tests (self, self->start, sql);
  else
    {
      store_sql_add (sql, self->start == NULL ? " WHERE r.deleted = 0 AND r.type = ?" : " WHERE ?");
      store_sql_bind_integer (sql, self->start == NULL ? self->type : 1);
      add_tests (self, self->start, sql);
    }
  return store_sql_read_integer (sql, self->connection, total, error);
}

/*
 * store_plan_patients:
 * @doubtful: (nullable) (element-type gint64): gets, ascending, the numbers of those all of whose
 *   matches carry a modifier that may turn their meaning around; NULL: they count as the others
 *
 * Returns: (transfer full) (element-type gint64) (nullable): numbers of the patients in whose
 *   compartments the other matches are, ascending, each once
 */
GArray *
store_plan_patients (StorePlan *self, GArray *doubtful, GError **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (StoreSql) sql =
      store_sql_new ("SELECT x.patient, min(instr(x.json, 'modifierExtension') > 0)");
  g_autoptr (StoreStatement) statement = NULL;
  gboolean row;

  if (self->empty)
    return g_steal_pointer (&numbers);
  add_numbers (self, sql);
  add_row_and_tests (self, self->start, sql);
  store_sql_add (sql, " AND x.patient IS NOT NULL GROUP BY 1 ORDER BY 1");
  statement = store_sql_prepare (sql, self->connection, error);
  while (statement != NULL && store_statement_step (self->connection, statement, &row, error))
    {
      gint64 number;

      if (!row)
        return g_steal_pointer (&numbers);
      number = sqlite3_column_int64 (statement, 0);
      g_array_append_vals (doubtful && sqlite3_column_int (statement, 1) ? doubtful : numbers,
                           &number, 1);
    }
  return NULL;
}
