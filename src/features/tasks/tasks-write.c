/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-write.h"

#include "care-cosign.h"
#include "care-cover.h"
#include "care-review.h"
#include "care-summary.h"
#include "care-supply-ask.h"
#include "care-write.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "store-draft.h"
#include "store-resource.h"

#include "tasks-load.h"

#include <glib/gi18n.h>

/* What a person does to a task: resource, outcome, journal and audit rows in one transaction. */

#define DRAFT_KIND "task"

typedef gboolean (*Work) (StoreConnection *connection, gpointer data, GError **error);

typedef struct
{
  CareContext *context;
  char *id, *patient, *text;
  char *found;
} Command;

static void
command_free (gpointer data)
{
  Command *command = data;

  g_clear_object (&command->context);
  g_free (command->id);
  g_free (command->patient);
  g_free (command->text);
  g_free (command->found);
  g_free (command);
}

/* (transfer full): id of the draft of @kind about @about ("Task/1", "Patient/1") by this author. */
char *
tasks_write_draft_id (CareContext *context, const char *kind, const char *about)
{
  return g_strdup_printf ("task-%s %s %s", kind, about, care_context_get_user_reference (context));
}

static gboolean
is_blank (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text ? text : ""));

  return *stripped == '\0';
}

/* What is not understood is not changed. */
static gboolean
check_shown (FhirResource *task, GError **error)
{
  if (!care_chart_is_opaque (task))
    return TRUE;
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                       _ ("This task carries a modifier that may change its meaning. Close it "
                          "where it was written."));
  return FALSE;
}

static gboolean
check_open (FhirResource *task, const char *outcome, gboolean is_red, GError **error)
{
  const char *status = fhir_resource_path_text (task, "status");

  if (g_strcmp0 (status, "completed") == 0 || g_strcmp0 (status, "cancelled") == 0)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("Somebody else has closed this task already."));
      return FALSE;
    }
  if (fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK, CARE_TASK_COSIGN))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("A note to co-sign is answered under the note: co-sign it there, or "
                              "send it back."));
      return FALSE;
    }
  if (care_supply_ask_is_code (
          fhir_concept_get_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK)))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("Whoever asks waits for an answer: approve it, or refuse it and say "
                              "why."));
      return FALSE;
    }
  if (is_red && is_blank (outcome))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                           _ ("A red task is closed by writing what was done."));
      return FALSE;
    }
  return TRUE;
}

static gboolean
remove_draft (StoreConnection *connection, CareContext *context, const char *about, GError **error)
{
  g_autofree char *id = tasks_write_draft_id (context, "outcome", about);
  g_autoptr (StoreDraft) draft = store_draft_load (connection, id, NULL);

  return !draft || store_draft_remove (connection, id, error);
}

static void
add_outcome (FhirBuilder *builder, const char *outcome)
{
  gsize position = fhir_builder_get_length (builder, "output");
  g_autofree char *type = g_strdup_printf ("output.%" G_GSIZE_FORMAT ".type", position);
  g_autofree char *value = g_strdup_printf ("output.%" G_GSIZE_FORMAT ".valueString", position);
  g_autofree char *text = g_strstrip (g_strdup (outcome));

  fhir_builder_set_coding (builder, type, CARE_SYSTEM_TASK, "outcome", NULL);
  fhir_builder_set (builder, value, text);
}

/* Of what is red it is recorded who answered, and for whom that one stood in. */
static gboolean
put_provenance (CareWrite *write, const TasksFacts *facts, const char *now, GError **error)
{
  g_autoptr (FhirBuilder) builder = care_write_provenance (write->context, facts->reference, now);
  g_autofree char *type = NULL, *id = NULL, *orderer = NULL;
  g_autoptr (FhirResource) focus = NULL;

  if (facts->focus && fhir_reference_split (facts->focus, &type, &id))
    focus = store_resource_get (write->connection, type, id, NULL);
  if (focus)
    orderer = care_cover_dup_orderer (write->connection, focus, NULL);
  if (facts->focus)
    fhir_builder_set_many (builder, "entity.0.role", "source", "entity.0.what.reference",
                           facts->focus, NULL);
  return care_cover_add_behalf (write->connection, write->context, orderer, builder, error) &&
         care_write_put_builder (write, builder, error);
}

/* What was written for the patient follows its task. */
static gboolean
put_told (CareWrite *write, FhirResource *task, gboolean told, GError **error)
{
  return !fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK,
                                 CARE_TASK_TELL) ||
         care_review_put_told (write, fhir_resource_get_id (task), told, error);
}

/**
 * tasks_write_complete:
 * @outcome: (nullable): what was done; a red task cannot be closed without
 *
 * Closes a task, says who did and what came of it. What was typed so far is no longer kept as a
 * draft.
 */
gboolean
tasks_write_complete (StoreConnection *connection,
                      CareContext *context,
                      const char *task_id,
                      const char *outcome,
                      GError **error)
{
  g_autoptr (FhirResource) task = care_read (connection, "Task", task_id, error);
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (TasksFacts) facts = task ? tasks_load_facts (connection, task, zone) : NULL;
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  gboolean is_red = facts && tasks_facts_is_red (facts);
  g_autoptr (FhirBuilder) builder = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!task || !check_shown (task, error) || !check_open (task, outcome, is_red, error))
    return FALSE;
  builder = fhir_builder_new_from (task);
  fhir_builder_set_many (builder, "status", "completed", "lastModified", now, NULL);
  if (!fhir_resource_path (task, "owner"))
    fhir_builder_set (builder, "owner.reference", care_context_get_user_reference (context));
  if (!is_blank (outcome))
    add_outcome (builder, outcome);
  care_write_init (&write, connection, context, facts->patient,
                   is_red ? CARE_PRIORITY_PRESCRIPTION : CARE_PRIORITY_NORMAL);
  return care_write_put_builder (&write, builder, error) && put_told (&write, task, TRUE, error) &&
         (!is_red || put_provenance (&write, facts, now, error)) &&
         care_write_audit (&write, "write", facts->reference,
                           is_red ? "completed with an outcome" : "completed", error) &&
         remove_draft (connection, context, facts->reference, error);
}

/**
 * tasks_write_reopen:
 *
 * Opens again what was closed by mistake. The outcome stays in the record.
 */
gboolean
tasks_write_reopen (StoreConnection *connection,
                    CareContext *context,
                    const char *task_id,
                    GError **error)
{
  g_autoptr (FhirResource) task = care_read (connection, "Task", task_id, error);
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autofree char *patient = task ? care_patient_of (task) : NULL;
  g_autofree char *reference = g_strconcat ("Task/", task_id, NULL);
  g_autoptr (FhirBuilder) builder = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!task || !check_shown (task, error))
    return FALSE;
  builder = fhir_builder_new_from (task);
  fhir_builder_set_many (builder, "status", "requested", "lastModified", now, NULL);
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  return care_write_put_builder (&write, builder, error) && put_told (&write, task, FALSE, error) &&
         care_write_audit (&write, "write", reference, "opened again", error);
}

/* ---- off the main thread ---- */

static gboolean
complete_work (StoreConnection *connection, gpointer data, GError **error)
{
  Command *command = data;

  return tasks_write_complete (connection, command->context, command->id, command->text, error);
}

static gboolean
reopen_work (StoreConnection *connection, gpointer data, GError **error)
{
  Command *command = data;

  return tasks_write_reopen (connection, command->context, command->id, error);
}

static gboolean
draft_work (StoreConnection *connection, gpointer data, GError **error)
{
  Command *command = data;
  g_autoptr (StoreDraft) before = store_draft_load (connection, command->id, NULL);

  if (is_blank (command->text))
    return !before || store_draft_remove (connection, command->id, error);
  return store_draft_save (connection, command->id, DRAFT_KIND, command->patient,
                           care_context_get_user_reference (command->context), NULL, command->text,
                           error);
}

static gboolean
load_draft_work (StoreConnection *connection, gpointer data, GError **error)
{
  Command *command = data;
  g_autoptr (StoreDraft) draft = store_draft_load (connection, command->id, NULL);

  command->found = g_strdup (draft ? draft->body : "");
  return TRUE;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (store_database_write_finish (STORE_DATABASE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Command *command = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    g_task_return_pointer (task, g_steal_pointer (&command->found), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static GTask *
task_new (CareContext *context,
          const char *id,
          const char *patient,
          const char *text,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (context, NULL, callback, user_data);
  Command *command = g_new0 (Command, 1);

  command->context = g_object_ref (context);
  command->id = g_strdup (id);
  command->patient = g_strdup (patient);
  command->text = g_strdup (text);
  g_task_set_task_data (task, command, command_free);
  return task;
}

static void
write_async (GTask *task, Work work)
{
  Command *command = g_task_get_task_data (task);

  store_database_write_async (care_context_get_store (command->context), BASE_LANE_PERSON, work,
                              command, NULL, NULL, written_cb, task);
}

void
tasks_write_complete_async (CareContext *context,
                            const char *task_id,
                            const char *outcome,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  write_async (task_new (context, task_id, NULL, outcome, callback, user_data), complete_work);
}

void
tasks_write_reopen_async (CareContext *context,
                          const char *task_id,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  write_async (task_new (context, task_id, NULL, NULL, callback, user_data), reopen_work);
}

/* @text: empty when there is nothing left to keep */
void
tasks_write_draft_async (CareContext *context,
                         const char *draft_id,
                         const char *patient,
                         const char *text,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  write_async (task_new (context, draft_id, patient, text, callback, user_data), draft_work);
}

void
tasks_write_load_draft_async (CareContext *context,
                              const char *draft_id,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = task_new (context, draft_id, NULL, NULL, callback, user_data);

  store_database_read_async (care_context_get_store (context), load_draft_work,
                             g_task_get_task_data (task), NULL, NULL, read_cb, task);
}

gboolean
tasks_write_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* (transfer full) (nullable): what was typed before; empty when nothing was. */
char *
tasks_write_load_draft_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
