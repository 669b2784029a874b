/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-task.h"

#include <glib/gi18n.h>

#include "base-id.h"
#include "care-command.h"
#include "care-cosign.h"
#include "care-supply-ask.h"
#include "care-task-private.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-query.h"
#include "store-search.h"

/* Things that somebody has to do. */

/**
 * care_task_put:
 * @write: the transaction that the task belongs to
 * @code: of CARE_SYSTEM_TASK
 * @due_date: (nullable): YYYY-MM-DD
 * @task_id: (out) (optional): its id
 *
 * Adds a task to what is being written.
 */
gboolean
care_task_put (CareWrite *write,
               const char *code,
               const char *description,
               const char *focus_reference,
               const char *priority,
               const char *due_date,
               char **task_id,
               GError **error)
{
  BaseClock *clock = care_context_get_clock (write->context);
  g_autofree char *id = base_id_new (base_clock_now (clock));
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autofree char *patient = write->patient ? g_strconcat ("Patient/", write->patient, NULL) : NULL;
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Task", id);

  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "priority",
                         priority ? priority : "routine", "code.coding.0.system", CARE_SYSTEM_TASK,
                         "code.coding.0.code", code, "description", description, "authoredOn", now,
                         "requester.reference", care_context_get_user_reference (write->context),
                         NULL);
  fhir_builder_set (builder, "focus.reference", focus_reference);
  fhir_builder_set (builder, "for.reference", patient);
  fhir_builder_set (builder, "restriction.period.end", due_date);
  if (!care_write_put_builder (write, builder, error))
    return FALSE;
  if (task_id)
    *task_id = g_steal_pointer (&id);
  return TRUE;
}

gboolean
care_task_create (StoreConnection *connection,
                  CareContext *context,
                  const char *code,
                  const char *description,
                  const char *patient_id,
                  const char *focus_reference,
                  const char *priority,
                  const char *due_date,
                  char **task_id,
                  GError **error)
{
  g_auto (CareWrite) write = { 0 };
  g_autofree char *id = NULL, *reference = NULL;

  care_write_init (&write, connection, context, patient_id, CARE_PRIORITY_NORMAL);
  if (!care_task_put (&write, code, description, focus_reference, priority, due_date, &id, error))
    return FALSE;
  reference = g_strconcat ("Task/", id, NULL);
  if (!care_write_audit (&write, "write", reference, code, error))
    return FALSE;
  if (task_id)
    *task_id = g_steal_pointer (&id);
  return TRUE;
}

/**
 * care_task_complete:
 *
 * Marks a task as done. A task that is done or withdrawn cannot be completed again.
 */
gboolean
care_task_complete (StoreConnection *connection,
                    CareContext *context,
                    const char *task_id,
                    GError **error)
{
  g_autoptr (FhirResource) task = care_read (connection, "Task", task_id, error);
  const char *status = task ? fhir_resource_path_text (task, "status") : NULL;
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autofree char *patient = task ? care_patient_of (task) : NULL;
  g_autofree char *reference = g_strconcat ("Task/", task_id, NULL);
  g_autoptr (FhirBuilder) builder = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!task)
    return FALSE;
  if (g_strcmp0 (status, "completed") == 0 || g_strcmp0 (status, "cancelled") == 0)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           g_str_equal (status, "completed")
                               ? _ ("This task was completed already.")
                               : _ ("This task was cancelled already."));
      return FALSE;
    }
  if (fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK, CARE_TASK_COSIGN))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                   _ ("A note to co-sign is answered by co-signing it or sending it back."));
      return FALSE;
    }
  if (care_supply_ask_is_code (
          fhir_concept_get_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK)))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                   _ ("Whoever asks waits for an answer: approve it, or refuse it and say why."));
      return FALSE;
    }
  builder = fhir_builder_new_from (task);
  fhir_builder_set_many (builder, "status", "completed", "lastModified", now, NULL);
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  return care_write_put_builder (&write, builder, error) &&
         care_write_audit (&write, "write", reference, "completed", error);
}

static CareRow *
row_of (FhirResource *task, GTimeZone *zone)
{
  g_autofree char *code = fhir_resource_path (task, "code")
                              ? fhir_concept_dup_text (fhir_resource_path (task, "code"))
                              : NULL;
  g_autofree char *reference = fhir_resource_dup_reference (task);
  const char *authored = fhir_resource_path_text (task, "authoredOn"),
             *due = fhir_resource_path_text (task, "restriction.period.end");
  g_autofree char *date = authored ? fhir_date_format (authored, zone) : NULL;
  g_autofree char *end = due ? fhir_date_format (due, zone) : NULL;
  g_autofree char *subtitle = end ? g_strdup_printf ("due %s", end) : NULL;
  const char *description = fhir_resource_path_text (task, "description");
  FhirDate parsed;
  gint64 low = 0, high;

  if (authored && fhir_date_parse (authored, &parsed))
    fhir_date_bounds (&parsed, &low, &high);
  return care_row_new (low, CARE_ROW_TITLE,
                       description ? description
                       : code      ? code
                                   : "Task without a description",
                       CARE_ROW_SUBTITLE, subtitle, CARE_ROW_DATE, date, CARE_ROW_STATUS,
                       fhir_resource_path_text (task, "status"), CARE_ROW_SEVERITY,
                       fhir_resource_path_text (task, "priority"), CARE_ROW_REFERENCE, reference,
                       CARE_ROW_CODE, fhir_resource_path_text (task, "code.coding.0.code"),
                       CARE_ROW_DETAIL, fhir_resource_path_text (task, "for.reference"), 0);
}

static int
compare_newest (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = care_row_get_sort ((CareRow *) a), y = care_row_get_sort ((CareRow *) b);

  return (x < y) - (x > y);
}

/**
 * care_task_list:
 * @patient_id: (nullable): only tasks about this patient
 *
 * Returns: (transfer full) (nullable): the open tasks as CareRow, newest first
 */
GListStore *
care_task_list (StoreConnection *connection,
                const char *patient_id,
                BaseClock *clock,
                GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "status=requested,received,accepted,ready,in-progress,on-hold&_count=500%s%s",
      patient_id ? "&patient=Patient/" : "", patient_id ? patient_id : "");
  g_autoptr (FhirQuery) query = fhir_query_parse ("Task", text, FALSE, error);
  g_autoptr (StoreSearch) search = query ? store_search (connection, query, error) : NULL;
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  g_autoptr (GListStore) rows = g_list_store_new (CARE_TYPE_ROW);

  if (!search)
    return NULL;
  for (guint i = 0; i < search->matches->len; i++)
    {
      g_autoptr (CareRow) row = row_of (search->matches->pdata[i], g_date_time_get_timezone (now));

      g_list_store_append (rows, row);
    }
  g_list_store_sort (rows, compare_newest, NULL);
  return g_steal_pointer (&rows);
}

static gboolean
create_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  char *id = NULL;

  if (!care_task_create (connection, c->context, c->texts[0], c->texts[1], c->texts[2], c->texts[3],
                         c->texts[4], c->texts[5], &id, error))
    return FALSE;
  c->result = id;
  c->free_result = g_free;
  return TRUE;
}

void
care_task_create_async (CareContext *context,
                        const char *code,
                        const char *description,
                        const char *patient_id,
                        const char *focus_reference,
                        const char *priority,
                        const char *due_date,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  CareCommand *command = care_command_new (context, create_work, code, description, NULL);

  command->texts[2] = g_strdup (patient_id);
  command->texts[3] = g_strdup (focus_reference);
  command->texts[4] = g_strdup (priority);
  command->texts[5] = g_strdup (due_date);
  care_command_write (command, care_task_create_async, cancellable, callback, user_data);
}

char *
care_task_create_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
complete_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_task_complete (connection, command->context, command->texts[0], error);
}

void
care_task_complete_async (CareContext *context,
                          const char *task_id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  care_command_write (care_command_new (context, complete_work, task_id, NULL),
                      care_task_complete_async, cancellable, callback, user_data);
}

gboolean
care_task_complete_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}

static gboolean
list_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_object_unref;
  command->result = care_task_list (connection, command->texts[0], command->clock, error);
  return command->result != NULL;
}

void
care_task_list_async (CareContext *context,
                      const char *patient_id,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  care_command_read (care_command_new_read (care_context_get_clock (context), list_work,
                                            patient_id),
                     care_context_get_store (context), care_task_list_async, cancellable, callback,
                     user_data);
}

GListStore *
care_task_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
