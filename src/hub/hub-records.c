/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-records.h"

#include "hub-records-local.h"
#include "hub-upstream.h"

/* The seam between what patients and visits do and where the records are. */

FhirResource *
hub_records_get (HubRecords *self, const char *type, const char *id, GError **error)
{
  return self->interface->get (self, type, id, error);
}

/**
 * hub_records_find:
 * @out: (out): NULL where there is none, or none any more
 *
 * Returns: FALSE where nobody knows whether there is one
 */
gboolean
hub_records_find (
    HubRecords *self, const char *type, const char *id, FhirResource **out, GError **error)
{
  g_autoptr (GError) problem = NULL;

  *out = hub_records_get (self, type, id, &problem);
  if (*out != NULL || g_error_matches (problem, STORE_ERROR, STORE_ERROR_NOT_FOUND) ||
      g_error_matches (problem, STORE_ERROR, STORE_ERROR_GONE))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/**
 * hub_records_search:
 *
 * Returns: (transfer full) (nullable): of FhirResource, all that match, up to some hundreds
 */
GPtrArray *
hub_records_search (HubRecords *self, const char *type, const char *query, GError **error)
{
  return self->interface->search (self, type, query, error);
}

/**
 * hub_records_put:
 * @before: (nullable): as it was read; NULL makes it
 * @patient: (nullable): whose record it is, for the audit
 * @id: (out) (optional): the id that it has now
 * @error: STORE_ERROR_CONFLICT where somebody changed it, or made it, meanwhile
 *
 * Writes @after and what the audit says of it, unless the same stands there already. What is made
 * has an identifier of HUB_RECORDS_IDENTIFIER as its first.
 */
gboolean
hub_records_put (HubRecords *self,
                 FhirResource *before,
                 FhirResource *after,
                 const char *who,
                 const char *patient,
                 const char *detail,
                 char **id,
                 GError **error)
{
  g_autofree char *given = NULL;
  g_autofree char *reference = NULL;
  gboolean changed = FALSE;

  if (!self->interface->put (self, before, after, &given, &changed, error))
    return FALSE;
  if (before == NULL && !changed)
    {
      g_set_error_literal (error, STORE_ERROR, STORE_ERROR_CONFLICT,
                           "Somebody has made it already");
      return FALSE;
    }
  reference = g_strdup_printf ("%s/%s", fhir_resource_get_type (after), given);
  if (id != NULL)
    g_set_str (id, given);
  return !changed || hub_records_audit (self, "write", who, patient, reference, detail, error);
}

/**
 * hub_records_put_once:
 *
 * As hub_records_put() of what is new, but one that stands there already is as good.
 */
gboolean
hub_records_put_once (HubRecords *self,
                      FhirResource *resource,
                      const char *who,
                      const char *patient,
                      const char *detail,
                      GError **error)
{
  g_autofree char *given = NULL;
  g_autofree char *reference = NULL;
  gboolean changed = FALSE;

  if (!self->interface->put (self, NULL, resource, &given, &changed, error))
    return FALSE;
  reference = g_strdup_printf ("%s/%s", fhir_resource_get_type (resource), given);
  return !changed || hub_records_audit (self, "write", who, patient, reference, detail, error);
}

gboolean
hub_records_audit (HubRecords *self,
                   const char *action,
                   const char *who,
                   const char *patient,
                   const char *reference,
                   const char *detail,
                   GError **error)
{
  return self->interface->audit (self, action, who, patient, reference, detail, error);
}

/* ---- running -------------------------------------------------------------------------------- */

typedef struct
{
  HubRecordsWork work;
  gpointer data;
} Run;

static gboolean
run_local (StoreConnection *connection, gpointer data, GError **error)
{
  Run *run = data;
  HubRecordsLocal records;

  hub_records_local_init (&records, connection);
  return run->work (&records.parent, run->data, error);
}

static void
local_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  gboolean writes = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (task), "writes"));
  GError *error = NULL;
  gboolean done = writes ? store_database_write_finish (STORE_DATABASE (source), result, &error)
                         : store_database_read_finish (STORE_DATABASE (source), result, &error);

  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
upstream_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Run *run = data;
  GError *error = NULL;

  if (hub_upstream_run (source, run->work, run->data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * hub_records_run_async:
 * @writes: whether @work may write
 *
 * Runs @work on a thread and answers on the main loop.
 */
void
hub_records_run_async (HubServer *server,
                       gboolean writes,
                       HubRecordsWork work,
                       gpointer data,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  HubUpstream *upstream = hub_server_get_upstream (server);
  StoreDatabase *store = hub_server_get_store (server);
  g_autoptr (GTask) task = g_task_new (upstream, NULL, callback, user_data);
  Run *run = g_new (Run, 1);

  *run = (Run) { work, data };
  g_task_set_source_tag (task, hub_records_run_async);
  g_task_set_task_data (task, run, g_free);
  g_object_set_data (G_OBJECT (task), "writes", GINT_TO_POINTER (writes));
  if (upstream != NULL)
    g_task_run_in_thread (task, upstream_thread);
  else if (writes)
    store_database_write_async (store, BASE_LANE_PERSON, run_local, run, NULL, NULL, local_done_cb,
                                g_object_ref (task));
  else
    store_database_read_async (store, run_local, run, NULL, NULL, local_done_cb,
                               g_object_ref (task));
}

gboolean
hub_records_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * hub_records_run:
 *
 * Waits: for set-up, commands and tests, not for a handler.
 */
gboolean
hub_records_run (
    HubServer *server, gboolean writes, HubRecordsWork work, gpointer data, GError **error)
{
  HubUpstream *upstream = hub_server_get_upstream (server);
  StoreDatabase *store = hub_server_get_store (server);
  Run run = { work, data };

  if (upstream != NULL)
    return hub_upstream_run (upstream, work, data, error);
  return writes ? store_database_write (store, BASE_LANE_PERSON, run_local, &run, error)
                : store_database_read (store, run_local, &run, error);
}
