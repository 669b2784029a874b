/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-compartment.h"

#include "fhir-compartment.h"
#include "store-connection-private.h"

/* What belongs to one patient, found by the references that the official compartment names. */

struct _StoreCompartment
{
  StoreConnection *connection;
  GArray *numbers; /* gint64, growing, each once */
};

static gboolean
add_rows (StoreCompartment *self, StoreStatement *statement, GError **error)
{
  gboolean row;

  while (statement != NULL && store_statement_step (self->connection, statement, &row, error))
    {
      gint64 number;

      if (!row)
        return TRUE;
      number = sqlite3_column_int64 (statement, 0);
      g_array_append_val (self->numbers, number);
    }
  return FALSE;
}

static gboolean
add_by_reference (
    StoreCompartment *self, const char *type, const char *parameter, gint64 patient, GError **error)
{
  g_autofree char *name = g_strconcat (type, ".", parameter, NULL);
  g_autoptr (StoreStatement) statement = NULL;
  gint64 number;

  if (!store_name_lookup (self->connection, name, &number, error))
    return FALSE;
  if (number == 0) /* no resource of this kind was ever stored */
    return TRUE;
  statement = store_connection_query (self->connection, "compartment.reference", error, "ii",
                                      number, patient);
  return add_rows (self, statement, error);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return one < other ? -1 : one > other;
}

static void
drop_doubles (GArray *numbers)
{
  guint kept = 0;

  g_array_sort (numbers, compare_numbers);
  for (guint i = 0; i < numbers->len; i++)
    {
      gint64 number = g_array_index (numbers, gint64, i);

      if (kept == 0 || g_array_index (numbers, gint64, kept - 1) != number)
        g_array_index (numbers, gint64, kept++) = number;
    }
  g_array_set_size (numbers, kept);
}

static gboolean
add_all (StoreCompartment *self, gint64 patient, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (self->connection, "compartment.patient", error, "i", patient);
  const FhirCompartment *entries;
  gsize n;

  if (!add_rows (self, statement, error))
    return FALSE;
  entries = fhir_compartment_list (&n);
  for (gsize i = 0; i < n; i++)
    {
      g_auto (GStrv) parameters = g_strsplit (entries[i].parameters, " ", -1);

      for (char **parameter = parameters; *parameter != NULL; parameter++)
        if (!add_by_reference (self, entries[i].type, *parameter, patient, error))
          return FALSE;
    }
  drop_doubles (self->numbers);
  return TRUE;
}

/**
 * store_compartment_new:
 * @patient: an id
 *
 * Runs in a StoreWork, and is used there only.
 *
 * Returns: (transfer full) (nullable): what belongs to the patient, empty where nobody has this id
 */
StoreCompartment *
store_compartment_new (StoreConnection *connection, const char *patient, GError **error)
{
  g_autoptr (StoreCompartment) self = g_new0 (StoreCompartment, 1);
  gint64 type, number = 0;

  self->connection = connection;
  self->numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!store_name_lookup (connection, "Patient", &type, error) ||
      (type != 0 && !store_identity_lookup (connection, type, patient, &number, error)))
    return NULL;
  if (number != 0 && !add_all (self, number, error))
    return NULL;
  return g_steal_pointer (&self);
}

static guint
first_after (StoreCompartment *self, gint64 after)
{
  guint low = 0, high = self->numbers->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->numbers, gint64, middle) <= after)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * store_compartment_next:
 * @since_us: pass over what was stored before, microseconds of UTC; G_MININT64: nothing
 * @after: (inout): the number of the last one, 0 to begin; becomes that of @resource
 * @resource: (out) (transfer full) (nullable): the next one that is not deleted; NULL at the end
 *
 * A number keeps its place whatever is stored meanwhile, so a walk can go on another day.
 */
gboolean
store_compartment_next (
    StoreCompartment *self, gint64 since_us, gint64 *after, FhirResource **resource, GError **error)
{
  *resource = NULL;
  for (guint i = first_after (self, *after); i < self->numbers->len; i++)
    {
      gint64 number = g_array_index (self->numbers, gint64, i);
      g_autoptr (StoreStatement) statement =
          store_connection_query (self->connection, "compartment.row", error, "ii", number,
                                  since_us);
      gboolean row;

      if (statement == NULL || !store_statement_step (self->connection, statement, &row, error))
        return FALSE;
      if (!row)
        continue;
      *resource = fhir_resource_parse (store_statement_text (statement, 0), -1, error);
      *after = number;
      return *resource != NULL;
    }
  return TRUE;
}

/**
 * store_compartment_has:
 *
 * Returns: whether this resource is one of those that the walk passes
 */
gboolean
store_compartment_has (StoreCompartment *self, const char *type, const char *id)
{
  gint64 type_number, number = 0;
  guint place;

  if (!store_name_lookup (self->connection, type, &type_number, NULL) || type_number == 0 ||
      !store_identity_lookup (self->connection, type_number, id, &number, NULL) || number == 0)
    return FALSE;
  place = first_after (self, number - 1);
  return place < self->numbers->len && g_array_index (self->numbers, gint64, place) == number;
}

void
store_compartment_free (StoreCompartment *self)
{
  g_array_unref (self->numbers);
  g_free (self);
}
