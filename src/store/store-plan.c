/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-plan.h"

#include <string.h>

#include "fhir-resource.h"
#include "store-condition.h"
#include "store-cursor.h"

/* A search starts from the condition that the fewest rows can meet, and tests the others on each;
 * or, where all conditions are broad, it walks the index of its sort key in order. Both give the
 * same order, so that a cursor of the one is good for the other: sort keys first, then the growing
 * number of the resource, which never changes. A cursor says after which keys the next page begins,
 * so that what comes and goes meanwhile moves nothing. */

#define PLAN_PROBE       1000
#define PLAN_MAX_KEYS    4
#define AFTER_EVERY_TEXT "\xf4\x8f\xbf\xbf"

typedef struct
{
  gboolean descending;
  gboolean is_text;
  const char *column; /* of x, or NULL: the values of parameter */
  gint64 parameter;
} SortKey;

struct _StorePlan
{
  StoreConnection *connection;
  gint64 type;
  GPtrArray *conditions; /* of StoreCondition */
  StoreCondition *start; /* borrowed; NULL: all of the type */
  gint64 start_rows;     /* at most PLAN_PROBE */
  SortKey keys[PLAN_MAX_KEYS];
  guint n_keys;
  StoreCursor *after;
  gboolean empty;
};

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
  SortKey *key = &self->keys[self->n_keys];
  gboolean known;
  const char *name = sort + (*sort == '-');
  FhirSearchType kind = fhir_search_parameter_type (type, name, &known);

  key->descending = *sort == '-';
  key->is_text = kind == FHIR_SEARCH_STRING || strcmp (name, "_id") == 0;
  if (strcmp (name, "_lastUpdated") == 0)
    key->column = "x.updated";
  else if (strcmp (name, "_id") == 0)
    key->column = "x.id";
  else if (!known || (kind != FHIR_SEARCH_DATE && kind != FHIR_SEARCH_STRING) ||
           self->n_keys + 1 >= PLAN_MAX_KEYS)
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_UNSUPPORTED, "Sorting %s by “%s” is not supported",
                   type, name);
      return FALSE;
    }
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

static void
add_row_and_tests (StorePlan *self, const StoreCondition *done, StoreSql *sql)
{
  store_sql_add (
      sql, " CROSS JOIN resource x ON x.number = r.number WHERE x.type = ? AND x.deleted = 0");
  store_sql_bind_integer (sql, self->type);
  if (done == NULL && self->start == NULL)
    {
      store_sql_add (sql, " AND r.type = ? AND r.deleted = 0");
      store_sql_bind_integer (sql, self->type);
    }
  add_tests (self, done, sql);
}

/* A resource without the value stands last in either direction. */
static void
add_key_expression (const SortKey *key, StoreSql *sql)
{
  const char *table = key->is_text ? "string" : "date", *value = key->is_text ? "value" : "low";

  if (key->column != NULL)
    {
      store_sql_add (sql, key->column);
      return;
    }
  store_sql_add (sql, key->descending ? "coalesce((SELECT max(" : "coalesce((SELECT min(");
  store_sql_add (sql, value);
  store_sql_add (sql, ") FROM ");
  store_sql_add (sql, table);
  store_sql_add (sql, " WHERE number = r.number AND parameter = ?), ?)");
  store_sql_bind_integer (sql, key->parameter);
  if (key->is_text)
    store_sql_bind_text (sql, key->descending ? "" : AFTER_EVERY_TEXT);
  else
    store_sql_bind_integer (sql, key->descending ? G_MININT64 : G_MAXINT64);
}

static gboolean
descending (const StorePlan *self)
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
          add_key_expression (&self->keys[j], sql);
          store_sql_add (sql, " = ? AND ");
          bind_cursor_key (self, j, sql);
        }
      if (i < self->n_keys)
        {
          add_key_expression (&self->keys[i], sql);
          store_sql_add (sql, self->keys[i].descending ? " < ?)" : " > ?)");
          bind_cursor_key (self, i, sql);
        }
      else
        {
          store_sql_add (sql, descending (self) ? "r.number < ?)" : "r.number > ?)");
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
      add_key_expression (&self->keys[i], sql);
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
  store_sql_add (sql, descending (self) ? "r.number DESC" : "r.number");
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
  const SortKey *key = &self->keys[0];
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
  add_key_expression (key, sql);
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
  add_tests (self, NULL, sql);
  add_walk_order (self, "x.updated", "x.number", sql);
  add_limit (sql, limit);
  return sql;
}

/* What follows the index's last row: resources without a value of the sort key. */
static StoreSql *
walk_without_key (StorePlan *self, guint limit)
{
  const SortKey *key = &self->keys[0];
  StoreSql *sql = store_sql_new ("SELECT r.number, x.json, ");

  add_key_expression (key, sql);
  add_numbers (self, sql);
  add_row_and_tests (self, self->start, sql);
  store_sql_add (
      sql, key->is_text
               ? " AND NOT EXISTS (SELECT 1 FROM string WHERE number = r.number AND parameter = ?)"
               : " AND NOT EXISTS (SELECT 1 FROM date WHERE number = r.number AND parameter = ?)");
  store_sql_bind_integer (sql, key->parameter);
  add_after (self, sql);
  store_sql_add (sql, descending (self) ? " ORDER BY r.number DESC" : " ORDER BY r.number");
  add_limit (sql, limit);
  return sql;
}

/* ---- pages ---- */

typedef struct
{
  GPtrArray *found; /* of FhirResource */
  guint limit;
  gint64 last_number;
  gboolean more;
  StoreCursor *last;
} Page;

static gboolean
add_row (StorePlan *self, StoreStatement *row, Page *page, GError **error)
{
  gint64 number = sqlite3_column_int64 (row, 0);
  g_autoptr (GError) local = NULL;
  FhirResource *resource;

  if (page->found->len == page->limit)
    {
      page->more = TRUE;
      return TRUE;
    }
  if (number == page->last_number)
    return TRUE; /* two values that sort the same */
  resource = fhir_resource_parse (store_statement_text (row, 1), -1, &local);
  if (resource == NULL)
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "A stored record cannot be read: %s",
                   local->message);
      return FALSE;
    }
  g_ptr_array_add (page->found, resource);
  page->last_number = number;
  g_clear_pointer (&page->last, store_cursor_free);
  page->last = store_cursor_new (number, self->n_keys);
  for (guint i = 0; i < self->n_keys; i++)
    if (self->keys[i].is_text)
      page->last->keys[i].text = g_strdup (store_statement_text (row, (int) i + 2));
    else
      page->last->keys[i].integer = sqlite3_column_int64 (row, (int) i + 2);
  return TRUE;
}

static gboolean
read_rows (StorePlan *self, StoreSql *sql, Page *page, GError **error)
{
  g_autoptr (StoreStatement) statement = store_sql_prepare (sql, self->connection, error);
  gboolean row;

  while (statement != NULL && store_statement_step (self->connection, statement, &row, error))
    {
      if (!row)
        return TRUE;
      if (!add_row (self, statement, page, error))
        return FALSE;
    }
  return FALSE;
}

static gboolean
is_walked_by_key (const StorePlan *self)
{
  return self->n_keys == 1 && (self->start == NULL || self->start_rows >= PLAN_PROBE) &&
         (self->keys[0].column == NULL || strcmp (self->keys[0].column, "x.updated") == 0);
}

static gboolean
read_page (StorePlan *self, Page *page, GError **error)
{
  g_autoptr (StoreSql) sql = NULL;
  guint rows = page->limit + 1;

  if (self->n_keys == 0)
    sql = walk_numbers (self, rows);
  else if (!is_walked_by_key (self))
    sql = walk_start (self, rows);
  else if (self->keys[0].column != NULL)
    sql = walk_updated (self, rows);
  else
    {
      g_autoptr (StoreSql) rest = walk_without_key (self, rows);

      sql = walk_key (self, rows);
      return read_rows (self, sql, page, error) &&
             (page->more || read_rows (self, rest, page, error));
    }
  return read_rows (self, sql, page, error);
}

/*
 * store_plan_page:
 * @next_cursor: (out): where the next page begins, or NULL on the last one
 */
GPtrArray *
store_plan_page (StorePlan *self, guint limit, char **next_cursor, GError **error)
{
  Page page = { g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref), limit, -1 };

  *next_cursor = NULL;
  if (!self->empty && !read_page (self, &page, error))
    g_clear_pointer (&page.found, g_ptr_array_unref);
  else if (page.more && page.last != NULL)
    *next_cursor = store_cursor_print (page.last);
  g_clear_pointer (&page.last, store_cursor_free);
  return page.found;
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
