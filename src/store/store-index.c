/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-index.h"

#include <string.h>

#include "fhir-index.h"
#include "fhir-reference.h"
#include "fhir-text.h"
#include "store-connection-private.h"
#include "store-fulltext.h"

/* The rows by which a resource is found. What a version leaves behind is told by the values of the
 * text it had, so that no table needs a second index by resource and an update touches only what
 * changed. */

typedef struct
{
  StoreConnection *connection;
  gint64 number;
  const char *type;
} Indexer;

static gboolean
system_id (Indexer *self, const char *system, gboolean make, gint64 *id, GError **error)
{
  *id = 0;
  if (system == NULL || *system == '\0')
    return TRUE;
  return make ? store_name_intern (self->connection, system, id, error)
              : store_name_lookup (self->connection, system, id, error);
}

static gboolean
write_reference (
    Indexer *self, const FhirIndexValue *value, gint64 parameter, gboolean add, GError **error)
{
  gint64 type, target;

  return system_id (self, value->system, TRUE, &type, error) &&
         store_identity_intern (self->connection, type, value->value, &target, error) &&
         store_connection_run (self->connection, add ? "reference.insert" : "reference.delete",
                               error, "iii", parameter, target, self->number);
}

/* The text itself is kept beside its folded form where they differ, for exact searches. */
static gboolean
write_string (
    Indexer *self, const FhirIndexValue *value, gint64 parameter, gboolean add, GError **error)
{
  const char *exact = g_strcmp0 (value->system, value->value) != 0 ? value->system : NULL;

  return store_connection_run (self->connection, add ? "string.insert" : "string.delete", error,
                               "iiss", self->number, parameter, value->value,
                               exact != NULL ? exact : "");
}

/* Words that nothing has any more are forgotten: what was deleted shall not be read in the file. */
static gboolean
write_words (
    Indexer *self, const FhirIndexValue *value, gint64 parameter, gboolean add, GError **error)
{
  gint64 phrase;

  if (!store_phrase_intern (self->connection, value->value, &phrase, error))
    return FALSE;
  if (add)
    return store_connection_run (self->connection, "wording.insert", error, "iii", phrase,
                                 parameter, self->number);
  store_phrase_forget (self->connection, value->value);
  return store_connection_run (self->connection, "wording.delete", error, "iii", phrase, parameter,
                               self->number) &&
         store_connection_run (self->connection, "phrase.forget", error, "i", phrase);
}

static gboolean
write_composite (
    Indexer *self, const FhirIndexValue *value, gint64 parameter, gboolean add, GError **error)
{
  gint64 system, second_system;

  return system_id (self, value->system, TRUE, &system, error) &&
         system_id (self, value->second_system, TRUE, &second_system, error) &&
         store_connection_run (self->connection, add ? "composite.insert" : "composite.delete",
                               error, "isidsii", parameter, value->value, system, value->number,
                               value->second != NULL ? value->second : "", second_system,
                               self->number);
}

static gboolean
write_value (
    Indexer *self, const FhirIndexValue *value, gint64 parameter, gboolean add, GError **error)
{
  const char *text = value->value != NULL ? value->value : "";
  gint64 system = 0;

  switch (value->type)
    {
    case FHIR_SEARCH_TOKEN:
      return system_id (self, value->system, TRUE, &system, error) &&
             store_connection_run (self->connection, add ? "token.insert" : "token.delete", error,
                                   "isii", parameter, text, system, self->number);
    case FHIR_SEARCH_STRING:
      return value->value == NULL || write_string (self, value, parameter, add, error);
    case FHIR_SEARCH_DATE:
      return store_connection_run (self->connection, add ? "date.insert" : "date.delete", error,
                                   "iiii", self->number, parameter, value->low, value->high);
    case FHIR_SEARCH_REFERENCE:
      return value->value == NULL || write_reference (self, value, parameter, add, error);
    case FHIR_SEARCH_QUANTITY:
    case FHIR_SEARCH_NUMBER:
      return system_id (self, value->system, TRUE, &system, error) &&
             store_connection_run (self->connection, add ? "quantity.insert" : "quantity.delete",
                                   error, "idsii", parameter, value->number, text, system,
                                   self->number);
    case FHIR_SEARCH_URI:
      return store_connection_run (self->connection, add ? "uri.insert" : "uri.delete", error,
                                   "isi", parameter, text, self->number);
    case FHIR_SEARCH_COMPOSITE:
      return write_composite (self, value, parameter, add, error);
    case FHIR_SEARCH_SPECIAL:
      return write_words (self, value, parameter, add, error);
    }
  return TRUE;
}

static gboolean
write_row (Indexer *self, const FhirIndexValue *value, gboolean add, GError **error)
{
  char name[160];
  gint64 parameter;

  /* These two are columns of the resource's own row. */
  if (strcmp (value->parameter, "_id") == 0 || strcmp (value->parameter, "_lastUpdated") == 0)
    return TRUE;
  g_snprintf (name, sizeof name, "%s.%s", self->type, value->parameter);
  return store_name_intern (self->connection, name, &parameter, error) &&
         write_value (self, value, parameter, add, error);
}

static guint
value_hash (gconstpointer key)
{
  const FhirIndexValue *value = key;

  return g_str_hash (value->parameter) * 31 +
         (value->value != NULL ? g_str_hash (value->value) : 0) + (guint) value->low * 17 +
         (guint) (value->low >> 32);
}

static gboolean
value_equal (gconstpointer a, gconstpointer b)
{
  const FhirIndexValue *one = a, *other = b;

  return one->type == other->type && one->low == other->low && one->high == other->high &&
         one->number == other->number && strcmp (one->parameter, other->parameter) == 0 &&
         g_strcmp0 (one->value, other->value) == 0 && g_strcmp0 (one->system, other->system) == 0 &&
         g_strcmp0 (one->second, other->second) == 0 &&
         g_strcmp0 (one->second_system, other->second_system) == 0;
}

static GHashTable *
value_set (GPtrArray *values)
{
  GHashTable *set = g_hash_table_new (value_hash, value_equal);

  for (guint i = 0; i < values->len; i++)
    g_hash_table_add (set, values->pdata[i]);
  return set;
}

static gboolean
write_difference (Indexer *self, GPtrArray *values, GPtrArray *others, gboolean add, GError **error)
{
  g_autoptr (GHashTable) known = others != NULL ? value_set (others) : NULL;

  for (guint i = 0; i < values->len; i++)
    if ((known == NULL || !g_hash_table_contains (known, values->pdata[i])) &&
        !write_row (self, values->pdata[i], add, error))
      return FALSE;
  return TRUE;
}

/* Where records name the patient they are about. */
static const char *const patient_paths[] = { "subject", "patient", "beneficiary", "for",
                                             "individual" };

static char *
patient_of (const FhirElement *reference)
{
  const char *text = fhir_element_path_text (reference, "reference");
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;

  if (text == NULL || !fhir_reference_split (text, &type, &id) || strcmp (type, "Patient") != 0)
    return NULL;
  return g_steal_pointer (&id);
}

/**
 * store_index_dup_patient:
 *
 * Returns: (transfer full) (nullable): the id of the patient in whose compartment @resource is
 */
char *
store_index_dup_patient (FhirResource *resource)
{
  const FhirElement *participants = fhir_resource_path (resource, "participant");

  if (strcmp (fhir_resource_get_type (resource), "Patient") == 0)
    return g_strdup (fhir_resource_get_id (resource));
  for (gsize i = 0; i < G_N_ELEMENTS (patient_paths); i++)
    {
      char *id = patient_of (fhir_resource_path (resource, patient_paths[i]));

      if (id != NULL)
        return id;
    }
  fhir_element_foreach (participant, participants)
    {
      char *id = patient_of (fhir_element_get (participant, "actor"));

      if (id != NULL)
        return id;
    }
  return NULL;
}

/*
 * store_index_update:
 * @before: (nullable): the version whose rows are there
 * @after: (nullable): the version that is to be found from now on
 */
gboolean
store_index_update (StoreConnection *connection,
                    gint64 number,
                    gint64 type,
                    FhirResource *before,
                    FhirResource *after,
                    GError **error)
{
  Indexer self = { connection, number, fhir_resource_get_type (after != NULL ? after : before) };
  g_autoptr (GPtrArray) old = before != NULL ? fhir_index_values (before) : NULL;
  g_autoptr (GPtrArray) new = after != NULL ? fhir_index_values (after) : NULL;

  return (old == NULL || write_difference (&self, old, new, FALSE, error)) &&
         (new == NULL || write_difference (&self, new, old, TRUE, error)) &&
         store_fulltext_update (connection, number, type, before, after, error);
}

static gboolean
fill_one (StoreConnection *connection, gint64 number, const char *json, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (FhirResource) resource = fhir_resource_parse (json, -1, &local);
  g_autoptr (GPtrArray) values = resource != NULL ? fhir_index_values (resource) : NULL;
  Indexer self = { connection, number, resource != NULL ? fhir_resource_get_type (resource) : "" };

  if (resource == NULL)
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "A stored record cannot be read: %s",
                   local->message);
      return FALSE;
    }
  for (guint i = 0; i < values->len; i++)
    {
      const FhirIndexValue *value = values->pdata[i];

      if ((value->type == FHIR_SEARCH_COMPOSITE || value->type == FHIR_SEARCH_SPECIAL) &&
          !write_row (&self, value, TRUE, error))
        return FALSE;
    }
  return TRUE;
}

/* The second schema's rows of everything that stands, one resource in memory at a time. */
gboolean
store_index_fill_words_and_composites (StoreConnection *connection, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "resource.all", error, "");
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      if (!row)
        return TRUE;
      if (!fill_one (connection, sqlite3_column_int64 (statement, 0),
                     store_statement_text (statement, 1), error))
        return FALSE;
    }
  return FALSE;
}
