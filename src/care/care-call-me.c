/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-call-me.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-write.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "store-resource.h"
#include "store-search.h"

static const char *const callers[] = { "prescriber", "nurse", "reception", "admin", NULL };

static const struct
{
  const char *code, *display;
} outcomes[] = {
  { CARE_CALL_ME_REACHED, "reached by telephone" },
  { CARE_CALL_ME_NO_ANSWER, "no answer" },
  { CARE_CALL_ME_WRONG, "wrong number" },
};

void
care_call_me_free (CareCallMe *self)
{
  g_free (self->task);
  g_free (self->patient_id);
  g_free (self->name);
  g_free (self->number);
  g_free (self->step);
  g_free (self->taken_by);
  g_free (self);
}

/* Returns: (nullable): what was said with the request, as "number" */
const char *
care_call_me_get_input (FhirResource *task, const char *code)
{
  fhir_element_foreach (input, fhir_resource_path (task, "input"))
    if (fhir_concept_has_code (fhir_element_get (input, "type"), CARE_CALL_ME_INPUT, code))
      return fhir_element_path_text (input, "valueString");
  return NULL;
}

static CareCallMe *
call_of (StoreConnection *connection, FhirResource *task)
{
  CareCallMe *self = g_new0 (CareCallMe, 1);
  const char *status = fhir_resource_path_text (task, "status");
  g_autoptr (FhirResource) patient = NULL;

  self->task = g_strdup (fhir_resource_get_id (task));
  self->patient_id = care_patient_of (task);
  self->number = g_strdup (care_call_me_get_input (task, "number"));
  self->step = g_strdup (care_call_me_get_input (task, "step"));
  self->known = g_strcmp0 (care_call_me_get_input (task, "identity"), "date-of-birth-typed") == 0;
  self->taken = g_strcmp0 (status, "accepted") == 0 || g_strcmp0 (status, "in-progress") == 0;
  self->taken_by = g_strdup (fhir_resource_path_text (task, "owner.display"));
  self->asked = fhir_date_begin (fhir_resource_path_text (task, "authoredOn"));
  if (self->patient_id)
    patient = store_resource_get (connection, "Patient", self->patient_id, NULL);
  if (patient)
    self->name = fhir_human_name_format (fhir_resource_path (patient, "name"));
  return self;
}

static int
compare_oldest (gconstpointer a, gconstpointer b)
{
  const CareCallMe *x = *(CareCallMe *const *) a, *y = *(CareCallMe *const *) b;

  return (x->asked > y->asked) - (x->asked < y->asked);
}

/**
 * care_call_me_list:
 *
 * Returns: (transfer full) (nullable): of CareCallMe, those that are open, longest waiting first
 */
GPtrArray *
care_call_me_list (StoreConnection *connection, GError **error)
{
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "Task",
                        "code=" CARE_SYSTEM_TASK "|" CARE_TASK_CALL_ME
                        "&status=requested,received,ready,accepted,in-progress",
                        error);
  g_autoptr (GPtrArray) calls = NULL;

  if (!ids)
    return NULL;
  calls = g_ptr_array_new_with_free_func ((GDestroyNotify) care_call_me_free);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (FhirResource) task = store_resource_get (connection, "Task", ids->pdata[i], NULL);

      if (task)
        g_ptr_array_add (calls, call_of (connection, task));
    }
  g_ptr_array_sort (calls, compare_oldest);
  return g_steal_pointer (&calls);
}

/* ---- taking and ending ---- */

static gboolean
is_ended (FhirResource *task)
{
  static const char *const ends[] = { "completed", "cancelled",        "rejected",
                                      "failed",    "entered-in-error", NULL };
  const char *status = fhir_resource_path_text (task, "status");

  return !status || g_strv_contains (ends, status);
}

static FhirResource *
read_open (StoreConnection *connection, CareContext *context, const char *task_id, GError **error)
{
  g_autoptr (FhirResource) task = NULL;

  if (!care_require_role (context, "call patients back", callers, error) ||
      !(task = care_read (connection, "Task", task_id, error)))
    return NULL;
  if (!is_ended (task) && fhir_concept_has_code (fhir_resource_path (task, "code"),
                                                 CARE_SYSTEM_TASK, CARE_TASK_CALL_ME))
    return g_steal_pointer (&task);
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                       _ ("This request to be called has ended already."));
  return NULL;
}

static gboolean
put (StoreConnection *connection,
     CareContext *context,
     FhirResource *task,
     FhirBuilder *builder,
     const char *act,
     GError **error)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autofree char *patient = care_patient_of (task);
  g_autofree char *reference = fhir_resource_dup_reference (task);
  g_auto (CareWrite) write = { 0 };

  fhir_builder_set_many (builder, "lastModified", now, "owner.reference",
                         care_context_get_user_reference (context), "owner.display",
                         care_context_get_user_name (context), NULL);
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_VISIT);
  return care_write_put_builder (&write, builder, error) &&
         care_write_audit (&write, "write", reference, act, error);
}

/* Somebody is about to call: the others see it, and the patient reads that they will be called. */
gboolean
care_call_me_take (StoreConnection *connection,
                   CareContext *context,
                   const char *task_id,
                   GError **error)
{
  g_autoptr (FhirResource) task = read_open (connection, context, task_id, error);
  g_autoptr (FhirBuilder) builder = NULL;

  if (!task)
    return FALSE;
  builder = fhir_builder_new_from (task);
  fhir_builder_set (builder, "status", "in-progress");
  return put (connection, context, task, builder, "call taken", error);
}

/**
 * care_call_me_end:
 * @outcome: one of CARE_CALL_ME_…
 *
 * Ends a request with what came of it. Whoever was not reached may ask again.
 */
gboolean
care_call_me_end (StoreConnection *connection,
                  CareContext *context,
                  const char *task_id,
                  const char *outcome,
                  GError **error)
{
  g_autoptr (FhirResource) task = read_open (connection, context, task_id, error);
  g_autoptr (FhirBuilder) builder = NULL;

  if (!task)
    return FALSE;
  builder = fhir_builder_new_from (task);
  fhir_builder_set (builder, "status", "completed");
  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (g_strcmp0 (outcomes[i].code, outcome) == 0)
      {
        fhir_builder_set_coding (builder, "businessStatus", CARE_CALL_ME_OUTCOME, outcome,
                                 outcomes[i].display);
        return put (connection, context, task, builder, outcome, error);
      }
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("Say what came of the call."));
  return FALSE;
}

/* ---- from the main thread ---- */

static gboolean
list_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = (GDestroyNotify) g_ptr_array_unref;
  c->result = care_call_me_list (connection, error);
  return c->result != NULL;
}

void
care_call_me_list_async (CareContext *context,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  care_command_read (care_command_new (context, list_work, NULL), care_context_get_store (context),
                     care_call_me_list_async, cancellable, callback, user_data);
}

/* Returns: (transfer full) (nullable): of CareCallMe */
GPtrArray *
care_call_me_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
end_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return c->texts[1] ? care_call_me_end (connection, c->context, c->texts[0], c->texts[1], error)
                     : care_call_me_take (connection, c->context, c->texts[0], error);
}

void
care_call_me_end_async (CareContext *context,
                        const char *task_id,
                        const char *outcome,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  CareCommand *command = care_command_new (context, end_work, task_id, NULL);

  command->texts[1] = g_strdup (outcome);
  care_command_write (command, care_call_me_end_async, NULL, callback, user_data);
}

gboolean
care_call_me_end_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
