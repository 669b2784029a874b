/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-export.h"

#include "fhir-builder.h"
#include "store-journal.h"
#include "store-resource.h"

/* The way out when a server stays away: every change that waits, the record as it is here now, in
 * the order in which they were made. */

#define CHANGES_AT_MOST 100000

typedef struct
{
  gint64 now;
  OutboxExport *export;
} Job;

void
outbox_export_free (OutboxExport *self)
{
  g_free (self->text);
  g_ptr_array_unref (self->patients);
  g_free (self);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->export, outbox_export_free);
  g_free (job);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const StoreJournalEntry *first = *(StoreJournalEntry *const *) a;
  const StoreJournalEntry *second = *(StoreJournalEntry *const *) b;

  return (first->sequence > second->sequence) - (first->sequence < second->sequence);
}

static gboolean
collect (StoreConnection *connection, GPtrArray *entries, GError **error)
{
  static const char *const states[] = { "refused", "held", "unknown", "sending", "waiting" };

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      GPtrArray *some = store_journal_list (connection, states[i], CHANGES_AT_MOST, error);
      if (!some)
        return FALSE;
      g_ptr_array_extend_and_steal (entries, some);
    }
  g_ptr_array_sort (entries, compare_entries);
  return TRUE;
}

/* A record that changed twice is one entry, where it changed first. */
static void
add_entry (FhirBuilder *bundle,
           OutboxExport *export,
           const StoreJournalEntry *entry,
           FhirResource *resource)
{
  g_autofree char *path = g_strdup_printf ("entry.%u", export->changes++);
  g_autofree char *record = g_strconcat (path, ".resource", NULL);
  g_autofree char *method = g_strconcat (path, ".request.method", NULL);
  g_autofree char *url = g_strconcat (path, ".request.url", NULL);
  g_autofree char *reference = g_strdup_printf ("%s/%s", entry->type, entry->id);

  if (resource)
    fhir_builder_set_element (bundle, record, fhir_resource_get_root (resource));
  fhir_builder_set (bundle, method, resource ? "PUT" : "DELETE");
  fhir_builder_set (bundle, url, reference);
  if (entry->patient &&
      !g_ptr_array_find_with_equal_func (export->patients, entry->patient, g_str_equal, NULL))
    g_ptr_array_add (export->patients, g_strdup (entry->patient));
}

static gboolean
export_work (StoreConnection *connection, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) store_journal_entry_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (FhirBuilder) bundle = fhir_builder_new ("Bundle", NULL);
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc_usec (job->now);
  g_autofree char *timestamp = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");

  if (!collect (connection, entries, error))
    return FALSE;
  fhir_builder_set_many (bundle, "type", "transaction", "timestamp", timestamp, NULL);
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];
      if (!g_hash_table_add (seen, g_strdup_printf ("%s/%s", entry->type, entry->id)))
        continue;
      g_autoptr (FhirResource) resource =
          store_resource_get (connection, entry->type, entry->id, NULL);
      add_entry (bundle, job->export, entry, resource);
    }
  g_autoptr (FhirResource) whole = fhir_builder_end (bundle);
  job->export->text = g_strdup (fhir_resource_get_text (whole, NULL));
  return TRUE;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    g_task_return_pointer (task, g_steal_pointer (&job->export),
                           (GDestroyNotify) outbox_export_free);
  else
    g_task_return_error (task, error);
}

void
outbox_export_async (StoreDatabase *database,
                     gint64 now,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GTask *task = g_task_new (database, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->now = now;
  job->export = g_new0 (OutboxExport, 1);
  job->export->patients = g_ptr_array_new_with_free_func (g_free);
  g_task_set_source_tag (task, outbox_export_async);
  g_task_set_task_data (task, job, job_free);
  store_database_read_async (database, export_work, job, NULL, cancellable, read_cb, task);
}

/* (transfer full) (nullable) */
OutboxExport *
outbox_export_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
