/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-composite.h"

#include "fhir-search-parameter.h"
#include "store-alternative.h"
#include "store-condition.h"
#include "store-connection-private.h"
#include "store-range.h"

/* A code and what stands beside it. Where both stand once in the resource, two conditions on it say
 * the same; within its components they are rows of their own. */

typedef struct
{
  StoreConnection *connection;
  const char *type;
  const FhirQueryValue *value;
  GPtrArray *alternatives;
} Builder;

static StoreCondition *
half (Builder *self,
      const char *name,
      FhirSearchType type,
      const FhirQueryValue *value,
      GError **error)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new ();
  FhirQueryParameter parameter = { .name = (char *) name, .type = type, .values = values };

  g_ptr_array_add (values, (gpointer) value);
  return store_condition_new (self->connection, self->type, &parameter, error);
}

static gboolean
add_both (Builder *self, const FhirComposite *composite, GError **error)
{
  g_autoptr (StoreCondition) code =
      half (self, composite->token, FHIR_SEARCH_TOKEN, self->value, error);
  g_autoptr (StoreCondition) second =
      code != NULL
          ? half (self, composite->second, composite->second_type, self->value->second, error)
          : NULL;
  StoreAlternative *one;

  if (second == NULL)
    return FALSE;
  if (code->empty || second->empty)
    return TRUE;
  one = store_alternative_new_test ();
  store_sql_append (one->where, code->test);
  store_sql_add (one->where, " AND ");
  store_sql_append (one->where, second->test);
  if (code->rows != NULL)
    {
      one->rows = store_sql_new ("SELECT r.number FROM (");
      store_sql_append (one->rows, code->rows);
      store_sql_add (one->rows, ") r WHERE ");
      store_sql_append (one->rows, second->test);
      one->starts = TRUE;
    }
  g_ptr_array_add (self->alternatives, one);
  return TRUE;
}

/* A code's value and system, each where it was said. FALSE in @known: nothing has this system. */
static gboolean
add_code (Builder *self,
          StoreSql *where,
          const FhirQueryValue *value,
          const char *code,
          const char *system,
          gboolean *known,
          GError **error)
{
  gint64 number = 0;

  if (value->system != NULL && !store_name_lookup (self->connection, value->system, &number, error))
    return FALSE;
  *known = *known && (value->system == NULL || number != 0);
  if (value->value != NULL)
    {
      store_sql_add (where, code);
      store_sql_bind_text (where, value->value);
    }
  if (value->system != NULL || value->has_system)
    {
      store_sql_add (where, system);
      store_sql_bind_integer (where, number);
    }
  return TRUE;
}

static gboolean
add_component (Builder *self, const FhirComposite *composite, GError **error)
{
  g_autoptr (StoreAlternative) one =
      store_alternative_new (self->connection, "composite", self->type, composite->component, NULL,
                             error);
  gboolean known = TRUE;

  if (one == NULL ||
      !add_code (self, one->where, self->value, " AND code = ?", " AND system = ?", &known, error))
    return FALSE;
  if (composite->second_type == FHIR_SEARCH_QUANTITY)
    store_range_add_number (one->where, self->value->second);
  if (!add_code (self, one->where, self->value->second, " AND second = ?", " AND second_system = ?",
                 &known, error))
    return FALSE;
  one->starts = TRUE;
  if (known)
    g_ptr_array_add (self->alternatives, g_steal_pointer (&one));
  return TRUE;
}

/*
 * store_composites_add:
 *
 * As store_alternatives_add(), for one value of a composite parameter.
 */
gboolean
store_composites_add (StoreConnection *connection,
                      const char *type,
                      const FhirQueryParameter *parameter,
                      const FhirQueryValue *value,
                      GPtrArray *alternatives,
                      GError **error)
{
  Builder self = { connection, type, value, alternatives };
  const FhirComposite *composite = fhir_search_parameter_get_composite (type, parameter->name);

  g_return_val_if_fail (composite != NULL && value->second != NULL, FALSE);
  return (composite->token == NULL || add_both (&self, composite, error)) &&
         (composite->component == NULL || add_component (&self, composite, error));
}
