/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fhir-index.h"
#include "store-plan-private.h"

/* One page: the rows of the walk, and among them, in the places that they had when the first page
 * was made, those that were changed since. */

#define MAX_MOVED 10000

typedef struct
{
  FhirResource *resource;
  StoreCursor *place;
} Found;

static void
found_free (Found *self)
{
  g_clear_pointer (&self->resource, fhir_resource_unref);
  store_cursor_free (self->place);
  g_free (self);
}

static int
compare_places (const StorePlan *plan, const StoreCursor *a, const StoreCursor *b)
{
  for (guint i = 0; i < plan->n_keys; i++)
    {
      const StoreCursorKey *one = &a->keys[i], *other = &b->keys[i];
      int order = plan->keys[i].is_text
                      ? strcmp (one->text, other->text)
                      : (one->integer > other->integer) - (one->integer < other->integer);

      if (order != 0)
        return plan->keys[i].descending ? -order : order;
    }
  if (a->number == b->number)
    return 0;
  return (a->number > b->number) != store_plan_is_descending (plan) ? 1 : -1;
}

static int
compare_found (gconstpointer a, gconstpointer b, gpointer plan)
{
  return compare_places (plan, (*(Found *const *) a)->place, (*(Found *const *) b)->place);
}

static FhirResource *
parse_stored (const char *json, GError **error)
{
  g_autoptr (GError) local = NULL;
  FhirResource *resource = fhir_resource_parse (json, -1, &local);

  if (resource == NULL)
    g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "A stored record cannot be read: %s",
                 local->message);
  return resource;
}

static gboolean
add_row (StorePlan *self, StoreStatement *row, GPtrArray *found, GError **error)
{
  FhirResource *resource = parse_stored (store_statement_text (row, 1), error);
  Found *one;

  if (resource == NULL)
    return FALSE;
  one = g_new0 (Found, 1);
  one->resource = resource;
  one->place = store_cursor_new (sqlite3_column_int64 (row, 0), self->n_keys);
  for (guint i = 0; i < self->n_keys; i++)
    if (self->keys[i].is_text)
      one->place->keys[i].text = g_strdup (store_statement_text (row, (int) i + 2));
    else
      one->place->keys[i].integer = sqlite3_column_int64 (row, (int) i + 2);
  g_ptr_array_add (found, one);
  return TRUE;
}

/* ---- what was changed since the first page ---- */

static StoreCursor *
place_then (StorePlan *self, StoreStatement *row, GError **error)
{
  g_autoptr (FhirResource) then = parse_stored (store_statement_text (row, 2), error);
  g_autoptr (GPtrArray) values = then != NULL ? fhir_index_values (then) : NULL;
  StoreCursor *place;

  if (then == NULL)
    return NULL;
  place = store_cursor_new (sqlite3_column_int64 (row, 0), self->n_keys);
  for (guint i = 0; i < self->n_keys; i++)
    if (self->keys[i].column == NULL)
      store_sort_key_read (&self->keys[i], values, &place->keys[i]);
    else if (self->keys[i].is_text)
      place->keys[i].text = g_strdup (store_statement_text (row, 4));
    else
      place->keys[i].integer = sqlite3_column_int64 (row, 3);
  return place;
}

static gboolean
add_moved (StorePlan *self, StoreStatement *row, GPtrArray *found, GError **error)
{
  g_autoptr (FhirResource) resource = parse_stored (store_statement_text (row, 1), error);
  StoreCursor *place = resource != NULL ? place_then (self, row, error) : NULL;
  Found *one;

  if (place == NULL)
    return FALSE;
  if (compare_places (self, place, self->after) <= 0)
    {
      store_cursor_free (place);
      return TRUE;
    }
  one = g_new0 (Found, 1);
  one->resource = g_steal_pointer (&resource);
  one->place = place;
  g_ptr_array_add (found, one);
  return TRUE;
}

/* ---- the page ---- */

typedef gboolean (*AddRow) (StorePlan *self, StoreStatement *row, GPtrArray *found, GError **error);

static gboolean
read_rows (
    StorePlan *self, StoreSql *sql, AddRow add, GPtrArray *found, guint *rows, GError **error)
{
  g_autoptr (StoreStatement) statement = store_sql_prepare (sql, self->connection, error);
  gboolean row;

  while (statement != NULL && store_statement_step (self->connection, statement, &row, error))
    {
      if (!row)
        return TRUE;
      (*rows)++;
      if (!add (self, statement, found, error))
        return FALSE;
    }
  return FALSE;
}

static gboolean
read_moved (StorePlan *self, GPtrArray *found, GError **error)
{
  g_autoptr (StoreSql) sql = NULL;
  guint rows = 0;

  if (self->after == NULL || self->n_keys == 0)
    return TRUE;
  sql = store_plan_moved (self, MAX_MOVED + 1);
  if (!read_rows (self, sql, add_moved, found, &rows, error))
    return FALSE;
  if (rows <= MAX_MOVED)
    return TRUE;
  g_set_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT,
               "More than %d records were changed since the first page: search again", MAX_MOVED);
  return FALSE;
}

static gboolean
read_found (StorePlan *self, guint limit, GPtrArray *found, GError **error)
{
  g_autoptr (StoreSql) first = NULL;
  g_autoptr (StoreSql) second = NULL;
  guint rows = 0;

  if (!store_plan_check_read (self, error))
    return FALSE;
  store_plan_walks (self, limit, &first, &second);
  if (!read_rows (self, first, add_row, found, &rows, error) ||
      (second != NULL && rows < limit && !read_rows (self, second, add_row, found, &rows, error)) ||
      !read_moved (self, found, error))
    return FALSE;
  if (self->n_keys > 0)
    g_ptr_array_sort_with_data (found, compare_found, self);
  return TRUE;
}

/*
 * store_plan_page:
 * @next_cursor: (out): where the next page begins, or NULL on the last one
 */
GPtrArray *
store_plan_page (StorePlan *self, guint limit, char **next_cursor, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) found_free);
  GPtrArray *resources;

  *next_cursor = NULL;
  if (!self->empty && !read_found (self, limit + 1, found, error))
    return NULL;
  resources = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  for (guint i = 0; i < MIN (limit, found->len); i++)
    {
      Found *one = found->pdata[i];

      g_ptr_array_add (resources, g_steal_pointer (&one->resource));
    }
  if (found->len > limit && limit > 0)
    {
      StoreCursor *last = ((Found *) found->pdata[limit - 1])->place;

      last->sequence = self->sequence;
      *next_cursor = store_cursor_print (last);
    }
  return resources;
}
