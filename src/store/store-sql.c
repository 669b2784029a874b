/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-sql.h"

typedef struct
{
  char kind; /* i, d or s, as for store_connection_run() */
  gint64 integer;
  double real;
  char *text;
} Value;

static void
value_free (Value *value)
{
  g_free (value->text);
  g_free (value);
}

StoreSql *
store_sql_new (const char *text)
{
  StoreSql *self = g_new0 (StoreSql, 1);

  self->text = g_string_new (text);
  self->values = g_ptr_array_new_with_free_func ((GDestroyNotify) value_free);
  return self;
}

void
store_sql_free (StoreSql *self)
{
  g_string_free (self->text, TRUE);
  g_ptr_array_unref (self->values);
  g_free (self);
}

/* @text is a fragment of the program's own. */
void
store_sql_add (StoreSql *self, const char *text)
{
  g_string_append (self->text, text);
}

static Value *
add_value (StoreSql *self, char kind)
{
  Value *value = g_new0 (Value, 1);

  value->kind = kind;
  g_ptr_array_add (self->values, value);
  return value;
}

void
store_sql_bind_integer (StoreSql *self, gint64 value)
{
  add_value (self, 'i')->integer = value;
}

void
store_sql_bind_double (StoreSql *self, double value)
{
  add_value (self, 'd')->real = value;
}

void
store_sql_bind_text (StoreSql *self, const char *value)
{
  add_value (self, 's')->text = g_strdup (value);
}

void
store_sql_append (StoreSql *self, const StoreSql *other)
{
  g_string_append_len (self->text, other->text->str, (gssize) other->text->len);
  for (guint i = 0; i < other->values->len; i++)
    {
      const Value *value = other->values->pdata[i];
      Value *copy = add_value (self, value->kind);

      copy->integer = value->integer;
      copy->real = value->real;
      copy->text = g_strdup (value->text);
    }
}

/* The statement borrows the texts of @self until it ends. */
StoreStatement *
store_sql_prepare (StoreSql *self, StoreConnection *connection, GError **error)
{
  StoreStatement *statement = store_connection_compose (connection, self->text->str, error);

  if (statement == NULL)
    return NULL;
  g_assert ((guint) sqlite3_bind_parameter_count (statement) == self->values->len);
  for (guint i = 0; i < self->values->len; i++)
    {
      const Value *value = self->values->pdata[i];

      if (value->kind == 'i')
        sqlite3_bind_int64 (statement, (int) i + 1, value->integer);
      else if (value->kind == 'd')
        sqlite3_bind_double (statement, (int) i + 1, value->real);
      else
        sqlite3_bind_text (statement, (int) i + 1, value->text, -1, SQLITE_STATIC);
    }
  return statement;
}

/* The first column of the first row. */
gboolean
store_sql_read_integer (StoreSql *self, StoreConnection *connection, gint64 *value, GError **error)
{
  g_autoptr (StoreStatement) statement = store_sql_prepare (self, connection, error);
  gboolean row;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  *value = row ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}
