/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-people.h"

#include <string.h>

#include "store-connection-private.h"
#include "store-plan.h"

/* Lists of patients as sets of numbers: who has a record that a search finds. No record is read for
 * it, so that a set of 20,000 is made by walking indexes. */

/* @self: (nullable) */
void
store_person_free (StorePerson *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

static StorePerson *
person_of_row (StoreStatement *statement)
{
  StorePerson *person = g_new0 (StorePerson, 1);

  person->number = sqlite3_column_int64 (statement, 0);
  person->id = g_strdup (store_statement_text (statement, 1));
  person->name = g_strdup (store_statement_text (statement, 2));
  return person;
}

/**
 * store_people_list:
 *
 * Returns: (transfer full) (element-type StorePerson) (nullable): every patient, by name
 */
GPtrArray *
store_people_list (StoreConnection *connection, GError **error)
{
  g_autoptr (GPtrArray) people =
      g_ptr_array_new_with_free_func ((GDestroyNotify) store_person_free);
  g_autoptr (StoreStatement) statement = NULL;
  gint64 type;
  gboolean row;

  if (!store_name_lookup (connection, "Patient", &type, error))
    return NULL;
  statement = store_connection_query (connection, "person.list", error, "i", type);
  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      if (!row)
        return g_steal_pointer (&people);
      g_ptr_array_add (people, person_of_row (statement));
    }
  return NULL;
}

/**
 * store_people_get:
 *
 * Returns: (transfer full) (nullable): one of them; NULL without @error where there is none
 */
StorePerson *
store_people_get (StoreConnection *connection, gint64 number, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "person.one", error, "i", number);
  gboolean row;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return NULL;
  return row ? person_of_row (statement) : NULL;
}

/* The query, narrowed to these patients. */
static char *
narrow (const char *type, const char *query, const char *const *only)
{
  g_autofree char *ids = only != NULL ? g_strjoinv (",", (char **) only) : NULL;
  const char *parameter = strcmp (type, "Patient") == 0 ? "_id" : "patient";

  return ids != NULL
             ? g_strdup_printf ("%s%s%s=%s", query, *query != '\0' ? "&" : "", parameter, ids)
             : g_strdup (query);
}

/**
 * store_people_search:
 * @query_string: what is not supported is refused
 * @only: (nullable): ids of the patients who are asked about; NULL: all
 * @doubtful: (out) (optional) (transfer full) (element-type gint64): numbers of those who have only
 *   such as carry a modifier that may mean the opposite, ascending; without it they count as others
 *
 * Returns: (transfer full) (element-type gint64) (nullable): numbers of the patients who have a
 *   resource of @type that the query finds, ascending
 */
GArray *
store_people_search (StoreConnection *connection,
                     const char *type,
                     const char *query_string,
                     const char *const *only,
                     GArray **doubtful,
                     GError **error)
{
  g_autofree char *text = narrow (type, query_string, only);
  g_autoptr (FhirQuery) query = fhir_query_parse (type, text, FALSE, error);
  g_autoptr (StorePlan) plan = query != NULL ? store_plan_new (connection, query, error) : NULL;

  g_autoptr (GArray) unsure = g_array_new (FALSE, FALSE, sizeof (gint64));
  GArray *found =
      plan != NULL ? store_plan_patients (plan, doubtful != NULL ? unsure : NULL, error) : NULL;

  if (found != NULL && doubtful != NULL)
    *doubtful = g_steal_pointer (&unsure);
  return found;
}

/**
 * store_people_lookup:
 * @number: (out): 0: nobody of this id was ever heard of
 */
gboolean
store_people_lookup (StoreConnection *connection,
                     const char *patient,
                     gint64 *number,
                     GError **error)
{
  gint64 type;

  *number = 0;
  return store_name_lookup (connection, "Patient", &type, error) &&
         (type == 0 || store_identity_lookup (connection, type, patient, number, error));
}
