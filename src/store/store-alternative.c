/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-alternative.h"

#include <string.h>

#include "fhir-text.h"
#include "store-range.h"

/* What each kind of search value asks of its index table. Ranges are half-open, in microseconds for
 * dates; [low, high) is the value's own and [?, ?) the searched one. */

#define AFTER_EVERY_TEXT "\xf4\x8f\xbf\xbf" /* U+10FFFF */

typedef struct
{
  StoreConnection *connection;
  const char *type;
  const FhirQueryParameter *parameter;
  const FhirQueryValue *value;
  GPtrArray *alternatives;
} Builder;

void
store_alternative_free (StoreAlternative *self)
{
  store_sql_free (self->where);
  g_clear_pointer (&self->rows, store_sql_free);
  g_free (self);
}

static StoreAlternative *
alternative_new (const char *table, const char *where)
{
  StoreAlternative *self = g_new0 (StoreAlternative, 1);

  self->table = table;
  self->where = store_sql_new (where);
  return self;
}

/* A test that is no rows of one table; it is written into `where`. */
StoreAlternative *
store_alternative_new_test (void)
{
  return alternative_new (NULL, "");
}

/*
 * store_alternative_new:
 * @suffix: (nullable): the modifier that has index rows of its own, ":identifier"
 *
 * Returns: the rows of one parameter; more is added to it
 */
StoreAlternative *
store_alternative_new (StoreConnection *connection,
                       const char *table,
                       const char *type,
                       const char *parameter,
                       const char *suffix,
                       GError **error)
{
  g_autofree char *name =
      g_strconcat (type, ".", parameter, suffix != NULL ? ":" : NULL, suffix, NULL);
  StoreAlternative *self;
  gint64 id;

  if (!store_name_lookup (connection, name, &id, error))
    return NULL;
  self = alternative_new (table, "parameter = ?");
  store_sql_bind_integer (self->where, id);
  return self;
}

static const char *
table_of_type (FhirSearchType type)
{
  switch (type)
    {
    case FHIR_SEARCH_TOKEN:
      return "token";
    case FHIR_SEARCH_STRING:
      return "string";
    case FHIR_SEARCH_DATE:
      return "date";
    case FHIR_SEARCH_REFERENCE:
      return "reference";
    case FHIR_SEARCH_QUANTITY:
    case FHIR_SEARCH_NUMBER:
      return "quantity";
    case FHIR_SEARCH_URI:
      return "uri";
    case FHIR_SEARCH_COMPOSITE:
    case FHIR_SEARCH_SPECIAL:
      break;
    }
  return NULL;
}

static gboolean
set_unsupported (const FhirQueryParameter *parameter, GError **error)
{
  g_set_error (error, FHIR_ERROR, FHIR_ERROR_UNSUPPORTED, "A search by “%s%s%s” is not supported",
               parameter->name, parameter->modifier != NULL ? ":" : "",
               parameter->modifier != NULL ? parameter->modifier : "");
  return FALSE;
}

/* Rows of a resource that has the parameter at all. */
StoreAlternative *
store_alternative_new_present (StoreConnection *connection,
                               const char *type,
                               const FhirQueryParameter *parameter,
                               GError **error)
{
  const char *table = table_of_type (parameter->type);
  StoreAlternative *self;

  if (strcmp (parameter->name, "_id") == 0 || strcmp (parameter->name, "_lastUpdated") == 0)
    return alternative_new (NULL, "1"); /* whatever is stored has these */
  if (table == NULL)
    {
      set_unsupported (parameter, error);
      return NULL;
    }
  self = store_alternative_new (connection, table, type, parameter->name, NULL, error);
  if (self != NULL)
    {
      self->by_number =
          parameter->type == FHIR_SEARCH_DATE || parameter->type == FHIR_SEARCH_STRING;
      self->starts = TRUE;
    }
  return self;
}

static StoreAlternative *
add_alternative (
    Builder *self, const char *table, const char *suffix, const char *where, GError **error)
{
  StoreAlternative *one = store_alternative_new (self->connection, table, self->type,
                                                 self->parameter->name, suffix, error);

  if (one == NULL)
    return NULL;
  store_sql_add (one->where, where);
  one->by_number = one->starts = TRUE;
  g_ptr_array_add (self->alternatives, one);
  return one;
}

/* ---- token ---- */

static gboolean
add_token (Builder *self, const char *suffix, gint64 system, GError **error)
{
  StoreAlternative *one =
      add_alternative (self, "token", suffix, " AND value = ? AND system = ?", error);

  if (one == NULL)
    return FALSE;
  store_sql_bind_text (one->where, self->value->value);
  store_sql_bind_integer (one->where, system);
  one->sorted = TRUE;
  return TRUE;
}

/* A code without a system: the few systems that have it are looked up first, because rows are found
 * at once only where the system is known. */
static gboolean
add_token_of_any_system (Builder *self, const char *suffix, GError **error)
{
  g_autofree char *name = g_strconcat (self->type, ".", self->parameter->name,
                                       suffix != NULL ? ":" : NULL, suffix, NULL);
  gint64 parameter, system = -1;

  if (!store_name_lookup (self->connection, name, &parameter, error))
    return FALSE;
  for (;;)
    {
      g_autoptr (StoreStatement) next =
          store_connection_query (self->connection, "token.next-system", error, "isi", parameter,
                                  self->value->value, system);
      gboolean row;

      if (next == NULL || !store_statement_step (self->connection, next, &row, error))
        return FALSE;
      if (!row || sqlite3_column_type (next, 0) == SQLITE_NULL)
        return TRUE;
      system = sqlite3_column_int64 (next, 0);
      if (!add_token (self, suffix, system, error))
        return FALSE;
    }
}

static gboolean
add_system (Builder *self, const char *suffix, gint64 system, GError **error)
{
  StoreAlternative *one = add_alternative (self, "token", suffix, " AND system = ?", error);

  if (one == NULL)
    return FALSE;
  store_sql_bind_integer (one->where, system);
  one->by_number = FALSE;
  return TRUE;
}

static gboolean
add_words_of (Builder *self, const char *parameter, GError **error)
{
  StoreAlternative *one =
      store_alternative_new (self->connection, "wording", self->type, parameter, "text", error);
  g_autofree char *end = g_strconcat (self->value->value, AFTER_EVERY_TEXT, NULL);
  g_autofree char *inside = g_strconcat (" ", self->value->value, NULL);

  if (one == NULL)
    return FALSE;
  store_sql_add (one->where, " AND phrase IN (SELECT id FROM phrase"
                             " WHERE text >= ? AND text < ? OR instr (text, ?) > 0)");
  store_sql_bind_text (one->where, self->value->value);
  store_sql_bind_text (one->where, end);
  store_sql_bind_text (one->where, inside);
  one->starts = TRUE;
  g_ptr_array_add (self->alternatives, one);
  return TRUE;
}

/* Words that begin as typed, at the text's beginning or within. The words of "combo-code" are those
 * of "code" and of "component-code". */
static gboolean
add_words (Builder *self, GError **error)
{
  const char *name = self->parameter->name;
  g_autofree char *component = NULL;

  if (!g_str_has_prefix (name, "combo-"))
    return add_words_of (self, name, error);
  name += strlen ("combo-");
  component = g_strconcat ("component-", name, NULL);
  return add_words_of (self, name, error) && add_words_of (self, component, error);
}

static gboolean
add_tokens (Builder *self, GError **error)
{
  const char *suffix =
      g_strcmp0 (self->parameter->modifier, "identifier") == 0 ? "identifier" : NULL;
  gint64 system = 0;

  if (g_strcmp0 (self->parameter->modifier, "text") == 0)
    return add_words (self, error);
  if (self->value->system != NULL &&
      !store_name_lookup (self->connection, self->value->system, &system, error))
    return FALSE;
  if (self->value->system != NULL && system == 0)
    return TRUE; /* nothing has this system */
  if (self->value->value == NULL)
    return add_system (self, suffix, system, error);
  if (self->value->system == NULL && !self->value->has_system)
    return add_token_of_any_system (self, suffix, error);
  return add_token (self, suffix, system, error);
}

/* ---- string and uri ---- */

static gboolean
add_string (Builder *self, GError **error)
{
  const char *modifier = self->parameter->modifier;
  g_autofree char *folded = NULL, *end = NULL;
  StoreAlternative *one;

  if (g_strcmp0 (modifier, "contains") == 0)
    {
      one = add_alternative (self, "string", NULL, " AND instr(value, ?) > 0", error);
      if (one != NULL)
        store_sql_bind_text (one->where, self->value->value);
      return one != NULL;
    }
  folded = fhir_fold (self->value->value);
  if (g_strcmp0 (modifier, "exact") == 0)
    {
      one = add_alternative (self, "string", NULL, " AND value = ? AND exact = ?", error);
      if (one == NULL)
        return FALSE;
      store_sql_bind_text (one->where, folded);
      store_sql_bind_text (one->where,
                           strcmp (folded, self->value->value) == 0 ? "" : self->value->value);
      return TRUE;
    }
  one = add_alternative (self, "string", NULL, " AND value >= ? AND value < ?", error);
  if (one == NULL)
    return FALSE;
  end = g_strconcat (folded, AFTER_EVERY_TEXT, NULL);
  store_sql_bind_text (one->where, folded);
  store_sql_bind_text (one->where, end);
  return TRUE;
}

static gboolean
add_uri (Builder *self, GError **error)
{
  StoreAlternative *one = add_alternative (self, "uri", NULL, " AND value = ?", error);

  if (one == NULL)
    return FALSE;
  store_sql_bind_text (one->where, self->value->value);
  one->sorted = TRUE;
  return TRUE;
}

/* ---- date, number and quantity ---- */

/* _lastUpdated is one moment, and a column of the resource's own row x. */
static gboolean
add_moment (Builder *self, const FhirQueryValue *value, GError **error)
{
  static const struct
  {
    FhirPrefix prefix;
    const char *test, *rows;
    gboolean low, high;
  } table[] = {
    { FHIR_PREFIX_EQ, "x.updated >= ? AND x.updated < ?", "updated >= ? AND updated < ?", TRUE,
      TRUE },
    { FHIR_PREFIX_AP, "x.updated >= ? AND x.updated < ?", "updated >= ? AND updated < ?", TRUE,
      TRUE },
    { FHIR_PREFIX_NE, "(x.updated < ? OR x.updated >= ?)", NULL, TRUE, TRUE },
    { FHIR_PREFIX_GT, "x.updated >= ?", "updated >= ?", FALSE, TRUE },
    { FHIR_PREFIX_SA, "x.updated >= ?", "updated >= ?", FALSE, TRUE },
    { FHIR_PREFIX_GE, "x.updated >= ?", "updated >= ?", TRUE, FALSE },
    { FHIR_PREFIX_LT, "x.updated < ?", "updated < ?", TRUE, FALSE },
    { FHIR_PREFIX_EB, "x.updated < ?", "updated < ?", TRUE, FALSE },
    { FHIR_PREFIX_LE, "x.updated < ?", "updated < ?", FALSE, TRUE },
  };
  gsize i = 0;
  StoreAlternative *one;
  gint64 type;

  while (table[i].prefix != value->prefix)
    if (++i == G_N_ELEMENTS (table))
      return set_unsupported (self->parameter, error);
  if (!store_name_lookup (self->connection, self->type, &type, error))
    return FALSE;
  one = alternative_new (NULL, table[i].test);
  one->reads_row = TRUE;
  g_ptr_array_add (self->alternatives, one);
  if (table[i].rows != NULL)
    {
      one->rows = store_sql_new ("SELECT number FROM resource WHERE deleted = 0 AND type = ? AND ");
      store_sql_bind_integer (one->rows, type);
      store_sql_add (one->rows, table[i].rows);
    }
  for (StoreSql *sql = one->where; sql != NULL; sql = sql == one->where ? one->rows : NULL)
    {
      if (table[i].low)
        store_sql_bind_integer (sql, value->low);
      if (table[i].high)
        store_sql_bind_integer (sql, value->high);
    }
  one->starts = one->rows != NULL;
  return TRUE;
}

static gboolean
add_date (Builder *self, GError **error)
{
  FhirQueryValue value = *self->value; /* whose texts are borrowed */
  g_autoptr (StoreSql) range = NULL;
  StoreAlternative *one;

  if (value.prefix == FHIR_PREFIX_AP)
    store_range_widen (&value, store_connection_get_clock (self->connection));
  if (strcmp (self->parameter->name, "_lastUpdated") == 0)
    return add_moment (self, &value, error);
  range = store_range_of_date (&value);
  if (range == NULL)
    return set_unsupported (self->parameter, error);
  one = add_alternative (self, "date", NULL, " AND ", error);
  if (one == NULL)
    return FALSE;
  store_sql_append (one->where, range);
  return TRUE;
}

static gboolean
add_quantity (Builder *self, GError **error)
{
  gint64 system = 0;
  StoreAlternative *one;

  if (self->value->system != NULL &&
      !store_name_lookup (self->connection, self->value->system, &system, error))
    return FALSE;
  one = add_alternative (self, "quantity", NULL, "", error);
  if (one == NULL)
    return FALSE;
  one->by_number = FALSE;
  store_range_add_number (one->where, self->value);
  if (self->value->value != NULL)
    {
      store_sql_add (one->where, " AND code = ?");
      store_sql_bind_text (one->where, self->value->value);
    }
  if (self->value->system != NULL)
    {
      store_sql_add (one->where, " AND system = ?");
      store_sql_bind_integer (one->where, system != 0 ? system : -1);
    }
  return TRUE;
}

/* ---- reference and _id ---- */

static gboolean
add_target (Builder *self, gint64 target, GError **error)
{
  StoreAlternative *one = add_alternative (self, "reference", NULL, " AND target = ?", error);

  if (one == NULL)
    return FALSE;
  store_sql_bind_integer (one->where, target);
  one->sorted = TRUE;
  return TRUE;
}

static gboolean
add_target_of_any_type (Builder *self, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (self->connection, "identity.any-type", error, "s",
                              self->value->value);
  gboolean row;

  while (statement != NULL && store_statement_step (self->connection, statement, &row, error))
    {
      if (!row)
        return TRUE;
      if (!add_target (self, sqlite3_column_int64 (statement, 0), error))
        return FALSE;
    }
  return FALSE;
}

static gboolean
add_reference (Builder *self, GError **error)
{
  gint64 type = 0, target;

  if (self->value->system == NULL && !self->value->has_system)
    return add_target_of_any_type (self, error);
  if (self->value->system != NULL &&
      !store_name_lookup (self->connection, self->value->system, &type, error))
    return FALSE;
  if (self->value->system != NULL && type == 0)
    return TRUE; /* nothing points at this type */
  if (!store_identity_lookup (self->connection, type, self->value->value, &target, error))
    return FALSE;
  return target == 0 || add_target (self, target, error);
}

static gboolean
add_id (Builder *self, GError **error)
{
  gint64 type, number = 0;
  StoreAlternative *one;

  if (!store_name_lookup (self->connection, self->type, &type, error) ||
      (type != 0 &&
       !store_identity_lookup (self->connection, type, self->value->value, &number, error)))
    return FALSE;
  if (number == 0)
    return TRUE;
  one = alternative_new ("resource", "number = ?");
  store_sql_bind_integer (one->where, number);
  one->starts = one->sorted = TRUE;
  g_ptr_array_add (self->alternatives, one);
  return TRUE;
}

/*
 * store_alternatives_add:
 *
 * Adds what one value asks: one alternative or more, or none where nothing can meet it.
 */
gboolean
store_alternatives_add (StoreConnection *connection,
                        const char *type,
                        const FhirQueryParameter *parameter,
                        const FhirQueryValue *value,
                        GPtrArray *alternatives,
                        GError **error)
{
  Builder self = { connection, type, parameter, value, alternatives };

  if (strcmp (parameter->name, "_id") == 0)
    return add_id (&self, error);
  switch (parameter->type)
    {
    case FHIR_SEARCH_TOKEN:
      return add_tokens (&self, error);
    case FHIR_SEARCH_STRING:
      return add_string (&self, error);
    case FHIR_SEARCH_DATE:
      return add_date (&self, error);
    case FHIR_SEARCH_REFERENCE:
      return add_reference (&self, error);
    case FHIR_SEARCH_QUANTITY:
    case FHIR_SEARCH_NUMBER:
      return add_quantity (&self, error);
    case FHIR_SEARCH_URI:
      return add_uri (&self, error);
    case FHIR_SEARCH_COMPOSITE:
    case FHIR_SEARCH_SPECIAL:
      break;
    }
  return set_unsupported (parameter, error);
}
