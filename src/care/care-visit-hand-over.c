/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-hand-over.h"

#include <glib/gi18n.h>

#include "base-id.h"
#include "care-command.h"
#include "care-visit-phone.h"
#include "care-visit-private.h"
#include "fhir-concept.h"
#include "fhir-name.h"
#include "fhir-query.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* A visit is handed over: one asks, the other accepts, and only then does it change hands. The
 * question is a Task of the colleague's, so that it reaches them wherever they work, and stays in
 * the record. */

#define CODE               "hand-over"
#define PARTICIPATION_TYPE "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE, sentence);
  return FALSE;
}

static gboolean
is_asked (FhirResource *task)
{
  return g_strcmp0 (fhir_resource_path_text (task, "status"), "requested") == 0 &&
         fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK, CODE);
}

/*
 * care_visit_withdraw_hand_over:
 *
 * Takes an open question back: there is a second one, or the visit ends.
 */
gboolean
care_visit_withdraw_hand_over (CareVisitChange *change, GError **error)
{
  g_autofree char *query = g_strdup_printf ("focus=%s&code=%s|" CODE "&status=requested",
                                            change->reference, CARE_SYSTEM_TASK);
  g_autoptr (GPtrArray) ids = store_search_ids (change->write.connection, "Task", query, error);

  for (guint i = 0; ids && i < ids->len; i++)
    {
      g_autoptr (FhirResource) task =
          store_resource_get (change->write.connection, "Task", ids->pdata[i], NULL);
      g_autoptr (FhirBuilder) builder = task ? fhir_builder_new_from (task) : NULL;

      if (!builder)
        continue;
      fhir_builder_set_many (builder, "status", "cancelled", "lastModified", change->now, NULL);
      if (!care_write_put_builder (&change->write, builder, error))
        return FALSE;
    }
  return ids != NULL;
}

static gboolean
put_question (CareVisitChange *change, const char *colleague, GError **error)
{
  CareContext *context = change->write.context;
  g_autofree char *id = base_id_new (base_clock_now (care_context_get_clock (context)));
  g_autofree char *patient = g_strconcat ("Patient/", change->write.patient, NULL);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Task", id);

  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "priority", "urgent",
                         "description", "Take over this visit", "authoredOn", change->now,
                         "lastModified", change->now, "requester.reference",
                         care_context_get_user_reference (context), "requester.display",
                         care_context_get_user_name (context), "owner.reference", colleague,
                         "focus.reference", change->reference, "for.reference", patient, NULL);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, CODE, NULL);
  return care_write_put_builder (&change->write, builder, error);
}

/**
 * care_visit_ask_hand_over:
 * @colleague: "Practitioner/1"
 *
 * Asks a colleague to take a visit over. Nothing changes hands before they accept.
 */
gboolean
care_visit_ask_hand_over (StoreConnection *connection,
                          CareContext *context,
                          const char *encounter_id,
                          const char *colleague,
                          GError **error)
{
  g_auto (CareVisitChange) change = { 0 };
  g_autofree char *detail = g_strdup_printf ("to %s", colleague);

  if (g_strcmp0 (colleague, care_context_get_user_reference (context)) == 0)
    return refuse (error, _ ("A visit is handed over to somebody else."));
  if (!care_visit_change_begin (&change, connection, context, encounter_id, error))
    return FALSE;
  if (change.state == CARE_VISIT_SCHEDULED || change.state == CARE_VISIT_ENDED)
    return refuse (error, _ ("There is nobody to hand over: the visit has not begun, or is over."));
  return care_visit_withdraw_hand_over (&change, error) &&
         put_question (&change, colleague, error) &&
         care_write_audit (&change.write, "visit-hand-over-asked", change.reference, detail, error);
}

/* ---- the answer ---- */

/* Who was to see the patient, or is with them, is so no more from now on. */
static void
change_participants (CareVisitChange *change)
{
  CareContext *context = change->write.context;
  gboolean begun = change->state != CARE_VISIT_WAITING;
  const char *came = fhir_resource_path_text (change->encounter, "period.start");
  gsize at = 0;

  fhir_element_foreach (item, fhir_resource_path (change->encounter, "participant"))
    {
      g_autofree char *start = g_strdup_printf ("participant.%" G_GSIZE_FORMAT ".period.start", at);
      g_autofree char *end = g_strdup_printf ("participant.%" G_GSIZE_FORMAT ".period.end", at++);
      const char *who = fhir_element_path_text (item, "individual.reference");

      if (!who || !g_str_has_prefix (who, "Practitioner/") ||
          fhir_element_path_text (item, "period.end"))
        continue;
      if (!fhir_element_path_text (item, "period.start"))
        fhir_builder_set (change->builder, start, came ? came : change->now);
      fhir_builder_set (change->builder, end, change->now);
    }
  {
    g_autofree char *path = g_strdup_printf ("participant.%" G_GSIZE_FORMAT, at);
    g_autofree char *type = g_strconcat (path, ".type.0", NULL);
    g_autofree char *reference = g_strconcat (path, ".individual.reference", NULL);
    g_autofree char *display = g_strconcat (path, ".individual.display", NULL);
    g_autofree char *start = g_strconcat (path, ".period.start", NULL);

    fhir_builder_set_coding (change->builder, type, PARTICIPATION_TYPE, "PPRF",
                             "primary performer");
    fhir_builder_set (change->builder, reference, care_context_get_user_reference (context));
    fhir_builder_set (change->builder, display, care_context_get_user_name (context));
    if (begun)
      fhir_builder_set (change->builder, start, change->now);
  }
}

/* The booking is theirs too: the day's list, the turns and the patient's page go by it. */
static gboolean
change_booking (CareVisitChange *change, GError **error)
{
  CareContext *context = change->write.context;
  const char *reference = fhir_resource_path_text (change->encounter, "appointment.0.reference");
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) appointment = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  gsize at = 0;

  if (!reference || !fhir_reference_split (reference, &type, &id))
    return TRUE;
  appointment = store_resource_get (change->write.connection, "Appointment", id, NULL);
  fhir_element_foreach (item, appointment ? fhir_resource_path (appointment, "participant") : NULL)
    {
      const char *who = fhir_element_path_text (item, "actor.reference");
      g_autofree char *actor = g_strdup_printf ("participant.%" G_GSIZE_FORMAT ".actor", at++);
      g_autofree char *who_path = g_strconcat (actor, ".reference", NULL);
      g_autofree char *name_path = g_strconcat (actor, ".display", NULL);

      if (!who || !g_str_has_prefix (who, "Practitioner/"))
        continue;
      builder = fhir_builder_new_from (appointment);
      fhir_builder_set (builder, who_path, care_context_get_user_reference (context));
      fhir_builder_set (builder, name_path, care_context_get_user_name (context));
      return care_write_put_builder (&change->write, builder, error);
    }
  return TRUE;
}

static gboolean
answer_task (CareVisitChange *change, FhirResource *task, const char *status, GError **error)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (task);

  fhir_builder_set_many (builder, "status", status, "lastModified", change->now, NULL);
  return care_write_put_builder (&change->write, builder, error);
}

static char *
dup_visit (FhirResource *task)
{
  const char *focus = fhir_resource_path_text (task, "focus.reference");
  g_autofree char *type = NULL;
  char *id = NULL;

  return focus && fhir_reference_split (focus, &type, &id) ? id : NULL;
}

/**
 * care_visit_answer_hand_over:
 *
 * Takes the visit over, or says no. Only who was asked may answer, and only once.
 */
gboolean
care_visit_answer_hand_over (StoreConnection *connection,
                             CareContext *context,
                             const char *task_id,
                             gboolean accept,
                             GError **error)
{
  g_autoptr (FhirResource) task = care_read (connection, "Task", task_id, error);
  g_autofree char *encounter = task ? dup_visit (task) : NULL;
  g_auto (CareVisitChange) change = { 0 };

  if (!task)
    return FALSE;
  if (!encounter || !is_asked (task))
    return refuse (error, _ ("This was answered already, or taken back."));
  if (g_strcmp0 (fhir_resource_path_text (task, "owner.reference"),
                 care_context_get_user_reference (context)) != 0)
    return refuse (error, _ ("Somebody else was asked to take this visit over."));
  if (!care_visit_change_begin (&change, connection, context, encounter, error))
    return FALSE;
  if (!accept)
    return answer_task (&change, task, "rejected", error) &&
           care_write_audit (&change.write, "visit-hand-over-declined", change.reference, NULL,
                             error);
  if (change.state == CARE_VISIT_SCHEDULED || change.state == CARE_VISIT_ENDED)
    return refuse (error, _ ("The patient has left, or the visit is over."));
  change_participants (&change);
  care_visit_phone_close (change.builder, change.encounter, change.now);
  return answer_task (&change, task, "completed", error) && change_booking (&change, error) &&
         care_visit_change_write (&change, "visit-hand-over", NULL, error);
}

/* ---- the list ---- */

static CareRow *
row_of (StoreConnection *connection, FhirResource *task)
{
  g_autofree char *id = care_patient_of (task);
  g_autoptr (FhirResource) patient =
      id ? store_resource_get (connection, "Patient", id, NULL) : NULL;
  g_autofree char *name =
      patient ? fhir_human_name_format (fhir_resource_path (patient, "name")) : NULL;
  const char *from = fhir_resource_path_text (task, "requester.display");

  return care_row_new (0, CARE_ROW_TITLE, name ? name : "", CARE_ROW_SUBTITLE, from ? from : "",
                       CARE_ROW_REFERENCE, fhir_resource_get_id (task), 0);
}

/**
 * care_visit_list_hand_overs:
 *
 * Returns: (transfer full) (nullable): CareRow of what this clinician was asked to take over: title
 *   the patient, subtitle who asks, reference the Task's id
 */
GListStore *
care_visit_list_hand_overs (StoreConnection *connection, CareContext *context, GError **error)
{
  g_autoptr (GListStore) rows = g_list_store_new (CARE_TYPE_ROW);
  g_autofree char *query =
      g_strdup_printf ("owner=%s&code=%s|" CODE "&status=requested&_sort=authored-on&_count=20",
                       care_context_get_user_reference (context), CARE_SYSTEM_TASK);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Task", query, error);

  for (guint i = 0; ids && i < ids->len; i++)
    {
      g_autoptr (FhirResource) task = store_resource_get (connection, "Task", ids->pdata[i], NULL);
      g_autofree char *id = task ? dup_visit (task) : NULL;
      g_autoptr (FhirResource) visit =
          id ? store_resource_get (connection, "Encounter", id, NULL) : NULL;
      g_autoptr (CareRow) row = NULL;

      /* nobody is asked about a visit that is over */
      if (!visit || care_visit_state_of (visit) == CARE_VISIT_ENDED)
        continue;
      row = row_of (connection, task);
      g_list_store_append (rows, row);
    }
  return ids ? g_steal_pointer (&rows) : NULL;
}

/* ---- from the main thread ---- */

static gboolean
ask_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_ask_hand_over (connection, command->context, command->texts[0],
                                   command->texts[1], error);
}

void
care_visit_ask_hand_over_async (CareContext *context,
                                const char *encounter_id,
                                const char *colleague,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  care_command_write (care_command_new (context, ask_work, encounter_id, colleague, NULL),
                      care_visit_ask_hand_over_async, NULL, callback, user_data);
}

static gboolean
answer_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_answer_hand_over (connection, command->context, command->texts[0],
                                      command->number != 0, error);
}

void
care_visit_answer_hand_over_async (CareContext *context,
                                   const char *task_id,
                                   gboolean accept,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  CareCommand *command = care_command_new (context, answer_work, task_id, NULL);

  command->number = accept;
  care_command_write (command, care_visit_answer_hand_over_async, NULL, callback, user_data);
}

static gboolean
list_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_object_unref;
  command->result = care_visit_list_hand_overs (connection, command->context, error);
  return command->result != NULL;
}

void
care_visit_list_hand_overs_async (CareContext *context,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  care_command_read (care_command_new (context, list_work, NULL), care_context_get_store (context),
                     care_visit_list_hand_overs_async, cancellable, callback, user_data);
}

GListStore *
care_visit_list_hand_overs_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
