/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-sort-key.h"

#include <string.h>

#include "fhir-index.h"

/* What a resource is sorted by, as its text says it: for versions that have no index rows any more,
 * and for parameters whose rows are found by their value only, never by the resource's number. */

/* The same order as that of the numbers. */
static gint64
order_of (double number)
{
  gint64 bits;

  if (number == 0) /* there are two */
    return 0;
  memcpy (&bits, &number, sizeof bits);
  return bits >= 0 ? bits : G_MININT64 - bits;
}

/*
 * store_sort_key_read:
 * @values: (element-type FhirIndexValue): of a resource
 * @out: (out): the first of those of the key's parameter, in the order that it asks for. A resource
 *   without one stands last in either direction
 */
void
store_sort_key_read (const StoreSortKey *key, GPtrArray *values, StoreCursorKey *out)
{
  const char *text = NULL;
  gint64 integer = key->descending ? G_MININT64 : G_MAXINT64;

  for (guint i = 0; i < values->len; i++)
    {
      const FhirIndexValue *value = values->pdata[i];
      gint64 own = value->type == FHIR_SEARCH_NUMBER ? order_of (value->number) : value->low;

      if (strcmp (value->parameter, key->name) != 0)
        continue;
      if (key->is_text && value->value != NULL &&
          (text == NULL || (strcmp (value->value, text) < 0) != key->descending))
        text = value->value;
      if (!key->is_text)
        integer = key->descending ? MAX (integer, own) : MIN (integer, own);
    }
  if (key->is_text)
    out->text = g_strdup (text != NULL ? text : key->descending ? "" : STORE_AFTER_EVERY_TEXT);
  else
    out->integer = integer;
}

/* sort_key (json, name, is_text, descending) */
static void
sort_key_cb (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  StoreSortKey key = { .name = (const char *) sqlite3_value_text (arguments[1]),
                       .is_text = sqlite3_value_int (arguments[2]) != 0,
                       .descending = sqlite3_value_int (arguments[3]) != 0 };
  const char *json = (const char *) sqlite3_value_text (arguments[0]);
  g_autoptr (FhirResource) resource = json != NULL ? fhir_resource_parse (json, -1, NULL) : NULL;
  g_autoptr (GPtrArray) values = resource != NULL ? fhir_index_values (resource) : NULL;
  StoreCursorKey read = { 0 };

  if (values == NULL)
    {
      sqlite3_result_error (context, "a stored record cannot be read", -1);
      return;
    }
  store_sort_key_read (&key, values, &read);
  if (key.is_text)
    sqlite3_result_text (context, read.text, -1, g_free);
  else
    sqlite3_result_int64 (context, read.integer);
}

/* Makes sort_key () known to the database. */
gboolean
store_sort_key_register (sqlite3 *db)
{
  return sqlite3_create_function_v2 (db, "sort_key", 4,
                                     SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
                                     sort_key_cb, NULL, NULL, NULL) == SQLITE_OK;
}

/*
 * store_sort_key_add:
 *
 * The key of the row x, r being its number, as an expression.
 */
void
store_sort_key_add (const StoreSortKey *key, StoreSql *sql)
{
  const char *table = key->is_text ? "string" : "date", *value = key->is_text ? "value" : "low";

  if (key->column != NULL)
    {
      store_sql_add (sql, key->column);
      return;
    }
  if (key->is_read)
    {
      store_sql_add (sql, "sort_key (x.json, ?, ?, ?)");
      store_sql_bind_text (sql, key->name);
      store_sql_bind_integer (sql, key->is_text);
      store_sql_bind_integer (sql, key->descending);
      return;
    }
  store_sql_add (sql, key->descending ? "coalesce((SELECT max(" : "coalesce((SELECT min(");
  store_sql_add (sql, value);
  store_sql_add (sql, ") FROM ");
  store_sql_add (sql, table);
  store_sql_add (sql, " WHERE number = r.number AND parameter = ?), ?)");
  store_sql_bind_integer (sql, key->parameter);
  if (key->is_text)
    store_sql_bind_text (sql, key->descending ? "" : STORE_AFTER_EVERY_TEXT);
  else
    store_sql_bind_integer (sql, key->descending ? G_MININT64 : G_MAXINT64);
}
