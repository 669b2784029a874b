/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-condition.h"

#include <string.h>

#include "store-alternative.h"
#include "store-composite.h"

/* A parameter's values are alternatives; together they make the condition. */

void
store_condition_free (StoreCondition *self)
{
  g_clear_pointer (&self->test, store_sql_free);
  g_clear_pointer (&self->rows, store_sql_free);
  g_free (self);
}

static gboolean
modifier_is (const FhirQueryParameter *parameter, const char *modifier)
{
  return g_strcmp0 (parameter->modifier, modifier) == 0;
}

static void
add_test (StoreSql *test, const StoreAlternative *one)
{
  if (one->table == NULL)
    store_sql_append (test, one->where);
  else if (one->by_number)
    {
      store_sql_add (test, "EXISTS (SELECT 1 FROM ");
      store_sql_add (test, one->table);
      store_sql_add (test, " WHERE ");
      store_sql_append (test, one->where);
      store_sql_add (test, " AND number = r.number)");
    }
  else
    {
      store_sql_add (test, "r.number IN (SELECT number FROM ");
      store_sql_add (test, one->table);
      store_sql_add (test, " WHERE ");
      store_sql_append (test, one->where);
      store_sql_add (test, ")");
    }
}

static void
add_rows (StoreSql *rows, const StoreAlternative *one)
{
  if (rows->text->len > 0)
    store_sql_add (rows, " UNION ALL ");
  if (one->rows != NULL)
    {
      store_sql_append (rows, one->rows);
      return;
    }
  store_sql_add (rows, "SELECT number FROM ");
  store_sql_add (rows, one->table);
  store_sql_add (rows, " WHERE ");
  store_sql_append (rows, one->where);
}

static StoreCondition *
join_alternatives (GPtrArray *alternatives, gboolean negate)
{
  StoreCondition *self = g_new0 (StoreCondition, 1);
  gboolean starts = !negate;

  self->empty = alternatives->len == 0 && !negate;
  self->test = store_sql_new (negate ? "NOT (" : "(");
  self->rows = store_sql_new ("");
  if (alternatives->len == 0)
    store_sql_add (self->test, "0");
  for (guint i = 0; i < alternatives->len; i++)
    {
      const StoreAlternative *one = alternatives->pdata[i];

      if (i > 0)
        store_sql_add (self->test, " OR ");
      add_test (self->test, one);
      starts = starts && one->starts;
      self->reads_row = self->reads_row || one->reads_row;
      if (starts)
        add_rows (self->rows, one);
    }
  store_sql_add (self->test, ")");
  self->sorted_rows =
      alternatives->len == 1 && ((const StoreAlternative *) alternatives->pdata[0])->sorted;
  if (!starts || alternatives->len == 0)
    g_clear_pointer (&self->rows, store_sql_free);
  return self;
}

/* " IN (…)": all of @type that meet @condition. */
static gboolean
add_set (StoreConnection *connection,
         const char *type,
         const StoreCondition *condition,
         StoreSql *sql,
         GError **error)
{
  gint64 number;

  if (!store_name_lookup (connection, type, &number, error))
    return FALSE;
  store_sql_add (sql, " IN (");
  if (condition->rows != NULL)
    store_sql_append (sql, condition->rows);
  else
    {
      store_sql_add (sql, "SELECT r.number FROM resource r CROSS JOIN resource x ON x.number ="
                          " r.number WHERE r.type = ? AND r.deleted = 0 AND ");
      store_sql_bind_integer (sql, number);
      store_sql_append (sql, condition->test);
    }
  store_sql_add (sql, ")");
  return TRUE;
}

static StoreCondition *
inner_condition (StoreConnection *connection, const FhirQueryParameter *parameter, GError **error)
{
  FhirQueryParameter inner = *parameter;

  inner.name = parameter->chain_name;
  inner.chain_type = inner.chain_name = inner.has_reference = NULL;
  return store_condition_new (connection, parameter->chain_type, &inner, error);
}

/* Whoever is pointed at by something that meets the inner condition of _has. */
static StoreAlternative *
has_alternative (StoreConnection *connection, const FhirQueryParameter *parameter, GError **error)
{
  g_autoptr (StoreCondition) condition = inner_condition (connection, parameter, error);
  g_autoptr (StoreAlternative) self = store_alternative_new_test ();
  g_autofree char *name = g_strconcat (parameter->chain_type, ".", parameter->has_reference, NULL);
  gint64 reference;

  if (condition == NULL || !store_name_lookup (connection, name, &reference, error))
    return NULL;
  store_sql_add (self->where, "EXISTS (SELECT 1 FROM reference h WHERE h.parameter = ? AND"
                              " h.target = r.number AND h.number");
  store_sql_bind_integer (self->where, reference);
  if (!add_set (connection, parameter->chain_type, condition, self->where, error))
    return NULL;
  store_sql_add (self->where, ")");
  return g_steal_pointer (&self);
}

/* The numbers that meet the inner condition of a chain become targets of the outer reference. */
static StoreAlternative *
chain_alternative (StoreConnection *connection,
                   const char *type,
                   const FhirQueryParameter *parameter,
                   GError **error)
{
  g_autoptr (StoreCondition) condition = inner_condition (connection, parameter, error);
  g_autoptr (StoreAlternative) self =
      condition != NULL
          ? store_alternative_new (connection, "reference", type, parameter->name, NULL, error)
          : NULL;

  if (self == NULL)
    return NULL;
  self->starts = TRUE;
  store_sql_add (self->where, " AND target");
  return add_set (connection, parameter->chain_type, condition, self->where, error)
             ? g_steal_pointer (&self)
             : NULL;
}

static StoreCondition *
missing_condition (StoreConnection *connection,
                   const char *type,
                   const FhirQueryParameter *parameter,
                   GError **error)
{
  const FhirQueryValue *value = parameter->values->pdata[0];
  g_autoptr (GPtrArray) alternatives =
      g_ptr_array_new_with_free_func ((GDestroyNotify) store_alternative_free);
  StoreAlternative *any = store_alternative_new_present (connection, type, parameter, error);

  if (any == NULL)
    return NULL;
  g_ptr_array_add (alternatives, any);
  return join_alternatives (alternatives, strcmp (value->value, "true") == 0);
}

/*
 * store_condition_new:
 * @type: the resource type whose parameter it is
 *
 * Returns: NULL with @error set where the parameter is not supported or the database failed
 */
StoreCondition *
store_condition_new (StoreConnection *connection,
                     const char *type,
                     const FhirQueryParameter *parameter,
                     GError **error)
{
  g_autoptr (GPtrArray) alternatives =
      g_ptr_array_new_with_free_func ((GDestroyNotify) store_alternative_free);
  gboolean (*add) (StoreConnection *connection, const char *type,
                   const FhirQueryParameter *parameter, const FhirQueryValue *value,
                   GPtrArray *alternatives, GError **error) =
      parameter->type == FHIR_SEARCH_COMPOSITE ? store_composites_add : store_alternatives_add;

  if (parameter->chain_name != NULL)
    {
      StoreAlternative *one = parameter->has_reference != NULL
                                  ? has_alternative (connection, parameter, error)
                                  : chain_alternative (connection, type, parameter, error);

      if (one == NULL)
        return NULL;
      g_ptr_array_add (alternatives, one);
      return join_alternatives (alternatives, FALSE);
    }
  if (modifier_is (parameter, "missing"))
    return missing_condition (connection, type, parameter, error);
  for (guint i = 0; i < parameter->values->len; i++)
    if (!add (connection, type, parameter, parameter->values->pdata[i], alternatives, error))
      return NULL;
  return join_alternatives (alternatives, modifier_is (parameter, "not"));
}
