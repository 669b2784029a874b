/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-resource.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fhir-date.h"
#include "store-connection-private.h"
#include "store-index.h"
#include "store-text.h"

/* Resources: the version that stands and those before it. Versions are counted here; what a server
 * said about its own version is kept beside, as the opaque text that it is. */

typedef struct
{
  gint64 type, number;
  gboolean exists, deleted;
  gint64 version;
  char *version_text, *updated_text; /* the latter NULL where no server said it */
  gint64 updated, sequence;          /* µs */
  FhirResource *resource;
} Head;

static void
head_clear (Head *self)
{
  g_free (self->version_text);
  g_free (self->updated_text);
  g_clear_pointer (&self->resource, fhir_resource_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Head, head_clear)

void
store_put_clear (StorePut *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->updated, g_free);
  g_clear_pointer (&self->text, g_free);
}

void
store_version_free (StoreVersion *self)
{
  g_free (self->type);
  g_free (self->id);
  g_free (self->version);
  g_free (self->updated);
  g_clear_pointer (&self->resource, fhir_resource_unref);
  g_clear_pointer (&self->before, fhir_resource_unref);
  g_free (self);
}

/**
 * store_resource_dup_updated:
 * @us: when a version was stored, microseconds of UTC
 * @kept: (nullable): what a server said instead
 */
char *
store_resource_dup_updated (gint64 us, const char *kept)
{
  return kept != NULL ? g_strdup (kept) : base_clock_format_instant (us);
}

static char *
dup_updated (StoreStatement *statement, int us, int text)
{
  return store_resource_dup_updated (sqlite3_column_int64 (statement, us),
                                     store_statement_text (statement, text));
}

static char *
dup_version (StoreStatement *statement, int version, int text)
{
  const char *kept = store_statement_text (statement, text);

  return g_strdup (kept != NULL ? kept : store_statement_text (statement, version));
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
read_head (StoreConnection *connection, Head *head, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "resource.head", error, "i", head->number);
  gboolean row;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  if (!row)
    return TRUE;
  head->exists = TRUE;
  head->version = sqlite3_column_int64 (statement, 0);
  head->version_text = dup_version (statement, 0, 1);
  head->deleted = sqlite3_column_int (statement, 2) != 0;
  head->updated = sqlite3_column_int64 (statement, 3);
  head->updated_text = g_strdup (store_statement_text (statement, 4));
  head->sequence = sqlite3_column_int64 (statement, 5);
  if (!head->deleted)
    head->resource = parse_stored (store_statement_text (statement, 7), error);
  return head->deleted || head->resource != NULL;
}

/* What stands for type/id. With @make whatever is missing gets its number. */
static gboolean
find_head (StoreConnection *connection,
           const char *type,
           const char *id,
           gboolean make,
           Head *head,
           GError **error)
{
  if (make)
    {
      if (!store_name_intern (connection, type, &head->type, error) ||
          !store_identity_intern (connection, head->type, id, &head->number, error))
        return FALSE;
    }
  else if (!store_name_lookup (connection, type, &head->type, error) ||
           (head->type != 0 &&
            !store_identity_lookup (connection, head->type, id, &head->number, error)))
    return FALSE;
  return head->number == 0 || read_head (connection, head, error);
}

static gboolean
set_missing (const char *type, const char *id, const Head *head, GError **error)
{
  if (head->exists)
    g_set_error (error, STORE_ERROR, STORE_ERROR_GONE, _ ("%s/%s was deleted"), type, id);
  else
    g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("There is no %s/%s here"), type, id);
  return FALSE;
}

static gboolean
check_match (const Head *head, const char *if_match, GError **error)
{
  gboolean stands = head->exists && !head->deleted;

  if (if_match == NULL || (stands && strcmp (if_match, head->version_text) == 0))
    return TRUE;
  g_set_error (
      error, STORE_ERROR, STORE_ERROR_CONFLICT,
      _ ("Someone else has changed this: the version here is %s, the change was made to %s"),
      stands ? head->version_text : _ ("none"), if_match);
  return FALSE;
}

static void
announce (StoreConnection *connection,
          FhirResource *resource,
          char *patient,
          gint64 version,
          gboolean deleted,
          gint64 sequence)
{
  StoreChange *change = g_new0 (StoreChange, 1);

  change->type = g_strdup (fhir_resource_get_type (resource));
  change->id = g_strdup (fhir_resource_get_id (resource));
  change->patient = patient;
  change->version = version;
  change->deleted = deleted;
  change->sequence = sequence;
  store_connection_add_change (connection, change);
}

/* Whoever shows the patient that a record was moved away from must hear of it too. */
static void
announce_all (StoreConnection *connection,
              const Head *head,
              FhirResource *after,
              const StorePut *put)
{
  char *before = head->resource != NULL ? store_index_dup_patient (head->resource) : NULL;
  char *now = after != NULL ? store_index_dup_patient (after) : NULL;

  if (before != NULL && (after == NULL || g_strcmp0 (before, now) != 0))
    announce (connection, head->resource, g_steal_pointer (&before), put->version, after == NULL,
              put->sequence);
  else if (after == NULL)
    announce (connection, head->resource, NULL, put->version, TRUE, put->sequence);
  if (after != NULL)
    announce (connection, after, now, put->version, FALSE, put->sequence);
  g_free (before);
}

static gint64
instant_us (const char *text, gint64 fallback)
{
  FhirDate date;
  gint64 low, high;

  if (text == NULL || !fhir_date_parse (text, &date))
    return fallback;
  fhir_date_bounds (&date, &low, &high);
  return low;
}

static gboolean
same_content (FhirResource *a, FhirResource *b)
{
  g_autofree char *one = store_text_canonical (fhir_resource_get_text (a, NULL));
  g_autofree char *other = store_text_canonical (fhir_resource_get_text (b, NULL));

  return strcmp (one, other) == 0;
}

/* The same content: at most what the server calls this version is noted. */
static gboolean
keep_unchanged (StoreConnection *connection,
                const Head *head,
                FhirResource *resource,
                StorePutFlags flags,
                StorePut *out,
                GError **error)
{
  const char *version = fhir_resource_get_version (resource);
  const char *updated = fhir_resource_get_updated (resource);

  out->unchanged = TRUE;
  out->id = g_strdup (fhir_resource_get_id (resource));
  out->version = head->version;
  out->sequence = head->sequence;
  out->updated = store_resource_dup_updated (head->updated, head->updated_text);
  if (!(flags & STORE_PUT_KEEP_META) ||
      (g_strcmp0 (version, head->version_text) == 0 && g_strcmp0 (updated, out->updated) == 0))
    return TRUE;
  return store_connection_run (connection, "resource.restamp", error, "isiss", head->number,
                               version, instant_us (updated, store_connection_stamp (connection)),
                               updated, fhir_resource_get_text (resource, NULL));
}

static gboolean
intern_patient (StoreConnection *connection, FhirResource *resource, gint64 *number, GError **error)
{
  g_autofree char *id = store_index_dup_patient (resource);
  gint64 type;

  *number = 0;
  return id == NULL || (store_name_intern (connection, "Patient", &type, error) &&
                        store_identity_intern (connection, type, id, number, error));
}

static gboolean
write_row (StoreConnection *connection,
           const Head *head,
           FhirResource *resource,
           gboolean keep_meta,
           StorePut *put,
           gint64 us,
           GError **error)
{
  g_autofree char *version = g_strdup_printf ("%" G_GINT64_FORMAT, put->version);
  const char *text = fhir_resource_get_text (resource, NULL);
  const char *version_text = keep_meta ? fhir_resource_get_version (resource) : NULL;
  const char *updated_text = keep_meta ? fhir_resource_get_updated (resource) : NULL;
  gint64 patient;

  if (!keep_meta)
    text = put->text = store_text_stamp (text, version, put->updated);
  if (!intern_patient (connection, resource, &patient, error))
    return FALSE;
  if (!head->exists)
    return store_connection_run (connection, "resource.insert", error, "iisisisiiiis", head->number,
                                 head->type, put->id, put->version, version_text, us, updated_text,
                                 put->sequence, (gint64) 0, (gint64) keep_meta, patient, text);
  return store_connection_run (connection, "history.keep", error, "i", head->number) &&
         store_connection_run (connection, "resource.replace", error, "iisisiiiis", head->number,
                               put->version, version_text, us, updated_text, put->sequence,
                               (gint64) 0, (gint64) keep_meta, patient, text);
}

/**
 * store_resource_put:
 * @resource: has an id
 * @if_match: (nullable): the versionId that must be the stored one
 * @out: (out) (optional): what became of it; cleared with store_put_clear()
 *
 * Stores a resource as its next version, with its index rows, and announces it when the transaction
 * is durable. The text is kept as it came but for meta.versionId and meta.lastUpdated.
 *
 * Returns: FALSE with @error set: %STORE_ERROR_CONFLICT where @if_match names another version
 */
gboolean
store_resource_put (StoreConnection *connection,
                    FhirResource *resource,
                    StorePutFlags flags,
                    const char *if_match,
                    StorePut *out,
                    GError **error)
{
  const char *type = fhir_resource_get_type (resource), *id = fhir_resource_get_id (resource);
  gboolean keep_meta = (flags & STORE_PUT_KEEP_META) != 0;
  g_auto (Head) head = { 0 };
  g_auto (StorePut) put = { 0 };
  gint64 us;

  g_return_val_if_fail (id != NULL, FALSE);
  if (!find_head (connection, type, id, TRUE, &head, error) ||
      !check_match (&head, if_match, error))
    return FALSE;
  if ((flags & STORE_PUT_SKIP_EQUAL) && head.resource != NULL &&
      same_content (head.resource, resource))
    {
      if (!keep_unchanged (connection, &head, resource, flags, &put, error))
        return FALSE;
    }
  else
    {
      us = store_connection_stamp (connection);
      if (keep_meta)
        us = instant_us (fhir_resource_get_updated (resource), us);
      put.id = g_strdup (id);
      put.created = !head.exists || head.deleted;
      put.version = head.version + 1;
      put.sequence = store_connection_next (connection, "sequence");
      put.updated = keep_meta && fhir_resource_get_updated (resource) != NULL
                        ? g_strdup (fhir_resource_get_updated (resource))
                        : base_clock_format_instant (us);
      if (!write_row (connection, &head, resource, keep_meta, &put, us, error) ||
          !store_index_update (connection, head.number, head.type, head.resource, resource, error))
        return FALSE;
      announce_all (connection, &head, resource, &put);
    }
  if (out != NULL)
    {
      *out = put;
      put = (StorePut) { 0 };
    }
  return TRUE;
}

/**
 * store_resource_delete:
 *
 * Leaves a tombstone as the next version; the versions before stay readable.
 *
 * Returns: FALSE with @error set: %STORE_ERROR_NOT_FOUND, %STORE_ERROR_GONE, %STORE_ERROR_CONFLICT
 */
gboolean
store_resource_delete (StoreConnection *connection,
                       const char *type,
                       const char *id,
                       const char *if_match,
                       StorePut *out,
                       GError **error)
{
  g_auto (Head) head = { 0 };
  g_auto (StorePut) put = { 0 };
  gint64 patient_number = 0, us;

  if (!find_head (connection, type, id, FALSE, &head, error))
    return FALSE;
  if (!head.exists || head.deleted)
    return set_missing (type, id, &head, error);
  if (!check_match (&head, if_match, error))
    return FALSE;
  us = store_connection_stamp (connection);
  put.id = g_strdup (id);
  put.version = head.version + 1;
  put.updated = base_clock_format_instant (us);
  put.sequence = store_connection_next (connection, "sequence");
  if (!intern_patient (connection, head.resource, &patient_number, error) ||
      !store_connection_run (connection, "history.keep", error, "i", head.number) ||
      !store_connection_run (connection, "resource.replace", error, "iisisiiiis", head.number,
                             put.version, (char *) NULL, us, (char *) NULL, put.sequence,
                             (gint64) 1, (gint64) 0, patient_number, (char *) NULL) ||
      !store_index_update (connection, head.number, head.type, head.resource, NULL, error))
    return FALSE;
  announce_all (connection, &head, NULL, &put);
  if (out != NULL)
    {
      *out = put;
      put = (StorePut) { 0 };
    }
  return TRUE;
}

/**
 * store_resource_get:
 *
 * Returns: (transfer full) (nullable): the version that stands; NULL with %STORE_ERROR_NOT_FOUND or
 *   %STORE_ERROR_GONE
 */
FhirResource *
store_resource_get (StoreConnection *connection, const char *type, const char *id, GError **error)
{
  g_auto (Head) head = { 0 };

  if (!find_head (connection, type, id, FALSE, &head, error))
    return NULL;
  if (head.resource == NULL)
    set_missing (type, id, &head, error);
  return g_steal_pointer (&head.resource);
}

/**
 * store_resource_get_version:
 * @version: a versionId, the server's or the one counted here
 *
 * Returns: (transfer full) (nullable): that version; %STORE_ERROR_GONE where it is a deletion
 */
FhirResource *
store_resource_get_version (StoreConnection *connection,
                            const char *type,
                            const char *id,
                            const char *version,
                            GError **error)
{
  g_auto (Head) head = { 0 };
  g_autoptr (StoreStatement) statement = NULL;
  gboolean row;

  if (!find_head (connection, type, id, FALSE, &head, error))
    return NULL;
  statement =
      store_connection_query (connection, "history.version", error, "is", head.number, version);
  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return NULL;
  if (row && sqlite3_column_int (statement, 0) == 0)
    return parse_stored (store_statement_text (statement, 1), error);
  head.exists = row;
  set_missing (type, id, &head, error);
  return NULL;
}

/**
 * store_resource_history:
 *
 * Returns: (transfer full) (element-type StoreVersion) (nullable): the newest @limit versions,
 * newest first; %STORE_ERROR_NOT_FOUND where there never was one
 */
GPtrArray *
store_resource_history (
    StoreConnection *connection, const char *type, const char *id, guint limit, GError **error)
{
  g_autoptr (GPtrArray) versions =
      g_ptr_array_new_with_free_func ((GDestroyNotify) store_version_free);
  g_autoptr (StoreStatement) statement = NULL;
  g_auto (Head) head = { 0 };
  gboolean row;

  if (!find_head (connection, type, id, FALSE, &head, error))
    return NULL;
  if (!head.exists)
    {
      set_missing (type, id, &head, error);
      return NULL;
    }
  statement = store_connection_query (connection, "history.resource", error, "ii", head.number,
                                      (gint64) limit);
  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      StoreVersion *version;

      if (!row)
        return g_steal_pointer (&versions);
      version = g_new0 (StoreVersion, 1);
      g_ptr_array_add (versions, version);
      version->type = g_strdup (type);
      version->id = g_strdup (id);
      version->version = dup_version (statement, 0, 1);
      version->updated = dup_updated (statement, 2, 3);
      version->sequence = sqlite3_column_int64 (statement, 4);
      version->deleted = sqlite3_column_int (statement, 5) != 0;
      if (!version->deleted &&
          (version->resource = parse_stored (store_statement_text (statement, 6), error)) == NULL)
        return NULL;
    }
  return NULL;
}

/**
 * store_resource_list:
 * @patient: a patient's id
 * @type: (nullable): only resources of this type
 *
 * Returns: (transfer full) (element-type FhirResource) (nullable): what is in the patient's
 *   compartment, the Patient included
 */
GPtrArray *
store_resource_list (StoreConnection *connection,
                     const char *patient,
                     const char *type,
                     GError **error)
{
  g_autoptr (GPtrArray) found =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (StoreStatement) statement = NULL;
  gint64 patient_type, number = 0, wanted = 0;
  gboolean row;

  if (!store_name_lookup (connection, "Patient", &patient_type, error) ||
      (patient_type != 0 &&
       !store_identity_lookup (connection, patient_type, patient, &number, error)) ||
      (type != NULL && !store_name_lookup (connection, type, &wanted, error)))
    return NULL;
  if (number == 0 || (type != NULL && wanted == 0))
    return g_steal_pointer (&found);
  statement = store_connection_query (connection, "resource.patient", error, "ii", number, wanted);
  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      FhirResource *resource;

      if (!row)
        return g_steal_pointer (&found);
      resource = parse_stored (store_statement_text (statement, 2), error);
      if (resource == NULL)
        return NULL;
      g_ptr_array_add (found, resource);
    }
  return NULL;
}
