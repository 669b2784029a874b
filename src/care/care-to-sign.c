/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-to-sign.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-prescription-private.h"
#include "care-refusal.h"
#include "clinical-content.h"
#include "clinical-line.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "store-audit.h"
#include "store-draft.h"
#include "store-resource.h"
#include "store-search.h"

/* Assistants prepare, prescribers sign. What was prepared travels as a Task to its prescriber, with
 * the draft in it: no order exists until it is signed, and whoever signs it becomes its author, on
 * record (hazard H9). It keeps the id it was prepared with, so that it is signed once. */

#define BODY_MAX (64u * 1024)

void
care_to_sign_free (CareToSign *self)
{
  g_free (self->task);
  g_free (self->patient_id);
  g_free (self->patient_name);
  g_free (self->patient_born);
  g_free (self->prepared_by);
  g_free (self->prepared);
  g_free (self->line);
  g_free (self->words);
  g_clear_object (&self->draft);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_free (self->problem);
  g_free (self);
}

char *
care_to_sign_dup_key (const char *task_id, const ClinicalFinding *finding)
{
  g_autofree char *key = clinical_finding_dup_key (finding);

  return g_strconcat (task_id, "|", key, NULL);
}

/* ---- preparing ---- */

static gboolean
may_hand_over (CareContext *context,
               CarePrescriptionDraft *draft,
               const char *prescriber,
               GError **error)
{
  static const char *const writers[] = { "prescriber", "nurse", "admin", NULL };

  if (!care_require_role (context, "prepare a prescription", writers, error))
    return FALSE;
  if (g_strcmp0 (care_prescription_draft_get_author (draft),
                 care_context_get_user_reference (context)) != 0)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_AUTHOR,
                   _ ("Somebody else began this prescription."));
      return FALSE;
    }
  if (!g_str_has_prefix (prescriber, "Practitioner/") ||
      g_str_equal (prescriber, care_context_get_user_reference (context)))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING,
                   _ ("Choose the prescriber who is to sign it."));
      return FALSE;
    }
  return care_prescription_draft_is_complete (draft, error);
}

static FhirResource *
new_task (CareContext *context,
          CarePrescriptionDraft *draft,
          const char *prescriber,
          const char *prescriber_name)
{
  BaseClock *clock = care_context_get_clock (context);
  const char *draft_id = care_prescription_draft_get_id (draft),
             *encounter = care_prescription_draft_get_encounter_id (draft);
  g_autofree char *id = base_id_new (base_clock_now (clock)), *now = base_clock_dup_instant (clock);
  g_autofree char *patient =
      g_strconcat ("Patient/", care_prescription_draft_get_patient_id (draft), NULL);
  g_autofree char *visit = encounter ? g_strconcat ("Encounter/", encounter, NULL) : NULL;
  g_autofree char *body = care_prescription_draft_dup_body (draft);
  g_autoptr (GPtrArray) parts = care_prescription_draft_dup_line (draft);
  g_autofree char *line = clinical_line_dup_text (parts);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Task", id);

  fhir_builder_set_many (builder, "identifier.0.system", CARE_SYSTEM_PRESCRIPTION_ID,
                         "identifier.0.value", draft_id, "status", "requested", "intent",
                         "proposal", "priority", "routine", NULL);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, CARE_TASK_TO_SIGN,
                           "Prescription to sign");
  fhir_builder_set_many (builder, "description", line, "for.reference", patient, "authoredOn", now,
                         "requester.reference", care_context_get_user_reference (context),
                         "requester.display", care_context_get_user_name (context),
                         "owner.reference", prescriber, "owner.display", prescriber_name, NULL);
  fhir_builder_set (builder, "encounter.reference", visit);
  fhir_builder_set_coding (builder, "input.0.type", CARE_SYSTEM_TASK, "draft", NULL);
  fhir_builder_set (builder, "input.0.valueString", body);
  return fhir_builder_end (builder);
}

/**
 * care_to_sign_hand_over:
 * @draft: whole, and the user's own
 * @prescriber: reference of the Practitioner who is to sign it
 *
 * Puts it on the prescriber's list. From now on it is there and no longer among the user's drafts.
 */
gboolean
care_to_sign_hand_over (StoreConnection *connection,
                        CareContext *context,
                        CarePrescriptionDraft *draft,
                        const char *prescriber,
                        const char *prescriber_name,
                        GError **error)
{
  const char *id = care_prescription_draft_get_id (draft);
  g_autoptr (StoreDraft) kept = store_draft_load (connection, id, NULL);
  g_autoptr (FhirResource) task = NULL;
  g_autofree char *reference = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!may_hand_over (context, draft, prescriber, error))
    return FALSE;
  task = new_task (context, draft, prescriber, prescriber_name);
  reference = fhir_resource_dup_reference (task);
  care_write_init (&write, connection, context, care_prescription_draft_get_patient_id (draft),
                   CARE_PRIORITY_NORMAL);
  return care_write_put (&write, task, error) &&
         (!kept || store_draft_remove (connection, id, error)) &&
         care_write_audit (&write, "hand-over", reference, "prescription to sign", error);
}

/* ---- reading ---- */

static const char *
body_of (FhirResource *task)
{
  fhir_element_foreach (input, fhir_resource_path (task, "input"))
    if (fhir_concept_has_code (fhir_element_get (input, "type"), CARE_SYSTEM_TASK, "draft"))
      return fhir_element_path_text (input, "valueString");
  return NULL;
}

static gboolean
is_mine (FhirResource *task, CareContext *context)
{
  return fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK,
                                CARE_TASK_TO_SIGN) &&
         g_strcmp0 (fhir_resource_path_text (task, "status"), "requested") == 0 &&
         g_strcmp0 (fhir_resource_path_text (task, "owner.reference"),
                    care_context_get_user_reference (context)) == 0;
}

static gboolean
refuse_draft (GError **error)
{
  g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
               _ ("What was prepared cannot be read. Send it back."));
  return FALSE;
}

/* What a drug is made of is asked here, and not believed: the checks look at it. */
static gboolean
set_ingredients (CarePrescriptionDraft *draft, ClinicalContent *content, GError **error)
{
  const char *code = care_prescription_draft_get_drug_code (draft);
  g_autoptr (GPtrArray) ingredients =
      code ? clinical_content_ingredients_of_drug (content, code) : NULL;
  g_autoptr (GString) names = g_string_new (NULL), codes = g_string_new (NULL);

  if (!ingredients || ingredients->len == 0)
    return refuse_draft (error);
  for (guint i = 0; i < ingredients->len; i++)
    {
      const ClinicalIngredient *one = ingredients->pdata[i];

      g_string_append_printf (names, "%s%s", i > 0 ? "|" : "", one->name);
      g_string_append_printf (codes, "%s%s", i > 0 ? "|" : "", one->code ? one->code : "");
    }
  g_object_set (draft, "ingredients", names->str, "ingredient-codes", codes->str, NULL);
  return TRUE;
}

/* (transfer full) (nullable): the draft as its prescriber takes it over: it came from another
 * computer, so nothing of it is believed but what the form could have written. */
static CarePrescriptionDraft *
take_over (FhirResource *task, CareContext *context, ClinicalContent *content, GError **error)
{
  const char *id = fhir_resource_path_text (task, "identifier.0.value"), *body = body_of (task);
  const char *visit = fhir_resource_path_text (task, "encounter.reference");
  g_autofree char *patient = care_patient_of (task);
  g_autoptr (CarePrescriptionDraft) draft = NULL;

  if (!patient || !body || strlen (body) > BODY_MAX || !id || !fhir_id_is_valid (id) ||
      g_strcmp0 (fhir_resource_path_text (task, "identifier.0.system"),
                 CARE_SYSTEM_PRESCRIPTION_ID) != 0)
    {
      refuse_draft (error);
      return NULL;
    }
  draft =
      care_prescription_draft_new_from_elsewhere (id, patient,
                                                  care_context_get_user_reference (context),
                                                  visit && g_str_has_prefix (visit, "Encounter/")
                                                      ? visit + strlen ("Encounter/")
                                                      : NULL,
                                                  body, error);
  return draft && set_ingredients (draft, content, error) ? g_steal_pointer (&draft) : NULL;
}

static void
read_patient (StoreConnection *connection, CareToSign *self)
{
  g_autoptr (FhirResource) patient =
      self->patient_id ? store_resource_get (connection, "Patient", self->patient_id, NULL) : NULL;
  const char *born = patient ? fhir_resource_path_text (patient, "birthDate") : NULL;

  if (!patient)
    {
      g_set_str (&self->problem, _ ("This chart is not on this computer."));
      return;
    }
  self->patient_name = fhir_human_name_format (fhir_resource_path (patient, "name"));
  self->patient_born = born ? fhir_date_format (born, NULL) : NULL;
}

static void
read_draft (StoreConnection *connection,
            FhirResource *task,
            CareContext *context,
            ClinicalContent *content,
            CareToSign *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = NULL;

  self->draft = take_over (task, context, content, &error);
  if (self->draft && care_prescription_draft_is_complete (self->draft, &error))
    {
      parts = care_prescription_draft_dup_line (self->draft);
      self->line = clinical_line_dup_text (parts);
      self->words = care_prescription_draft_dup_words (self->draft);
      self->findings = care_prescription_check (connection, self->draft, content, &error);
    }
  for (guint i = 0; self->findings && i < self->findings->len; i++)
    if (((ClinicalFinding *) self->findings->pdata[i])->blocks)
      g_set_str (&self->problem, ((ClinicalFinding *) self->findings->pdata[i])->sentence);
  if (error)
    g_set_str (&self->problem, error->message);
}

static CareToSign *
read_item (StoreConnection *connection,
           FhirResource *task,
           CareContext *context,
           ClinicalContent *content)
{
  CareToSign *self = g_new0 (CareToSign, 1);
  const char *when = fhir_resource_path_text (task, "authoredOn");
  g_autoptr (GDateTime) now = base_clock_dup_now (care_context_get_clock (context));

  self->task = g_strdup (fhir_resource_get_id (task));
  self->patient_id = care_patient_of (task);
  self->prepared_by = g_strdup (fhir_resource_path_text (task, "requester.display"));
  self->prepared = when ? fhir_date_format (when, g_date_time_get_timezone (now)) : NULL;
  self->prepared_us = when ? fhir_date_begin (when) : 0;
  read_draft (connection, task, context, content, self);
  read_patient (connection, self);
  return self;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const CareToSign *x = *(CareToSign *const *) a, *y = *(CareToSign *const *) b;
  int order = g_strcmp0 (x->patient_name, y->patient_name);

  if (order == 0)
    order = g_strcmp0 (x->patient_id, y->patient_id);
  return order != 0 ? order : (x->prepared_us > y->prepared_us) - (x->prepared_us < y->prepared_us);
}

/**
 * care_to_sign_list:
 * @content: the clinical content: each is checked as it would be in its form
 *
 * Returns: (transfer full) (element-type CareToSign) (nullable): what waits for the user's
 *   signature, by patient
 */
GPtrArray *
care_to_sign_list (StoreConnection *connection,
                   CareContext *context,
                   ClinicalContent *content,
                   GError **error)
{
  g_autofree char *query =
      g_strdup_printf ("code=%s|%s&status=requested&owner=%s", CARE_SYSTEM_TASK, CARE_TASK_TO_SIGN,
                       care_context_get_user_reference (context));
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Task", query, error);
  GPtrArray *items;

  if (!ids)
    return NULL;
  items = g_ptr_array_new_with_free_func ((GDestroyNotify) care_to_sign_free);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (FhirResource) task = store_resource_get (connection, "Task", ids->pdata[i], NULL);

      if (task && is_mine (task, context))
        g_ptr_array_add (items, read_item (connection, task, context, content));
    }
  g_ptr_array_sort (items, compare);
  return items;
}

/* ---- signing ---- */

static FhirResource *
read_task (StoreConnection *connection, CareContext *context, const char *id, GError **error)
{
  g_autoptr (FhirResource) task = care_read (connection, "Task", id, error);

  if (task && is_mine (task, context))
    return g_steal_pointer (&task);
  if (task)
    g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                 _ ("This does not wait for your signature any more."));
  return NULL;
}

/* @order: (nullable): id of what came of it */
static FhirResource *
end_task (CareContext *context,
          FhirResource *task,
          const char *status,
          const char *order,
          const char *words)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (task);

  g_autofree char *reference = order ? g_strconcat ("MedicationRequest/", order, NULL) : NULL;

  fhir_builder_set_many (builder, "status", status, "lastModified", now, NULL);
  fhir_builder_set (builder, "statusReason.text", words);
  if (order)
    fhir_builder_set_coding (builder, "output.0.type", CARE_SYSTEM_TASK, "prescription", NULL);
  fhir_builder_set (builder, "output.0.valueReference.reference", reference);
  return fhir_builder_end (builder);
}

/* The reasons of one item, as its form would give them. */
static GHashTable *
reasons_of (GHashTable *reasons, const char *task_id)
{
  GHashTable *own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *prefix = g_strconcat (task_id, "|", NULL);
  GHashTableIter iter;
  gpointer key, value;

  if (!reasons)
    return own;
  g_hash_table_iter_init (&iter, reasons);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_str_has_prefix (key, prefix))
      g_hash_table_insert (own, g_strdup ((char *) key + strlen (prefix)), g_strdup (value));
  return own;
}

static gboolean
sign_one (StoreConnection *connection,
          CareContext *context,
          const char *task_id,
          ClinicalContent *content,
          GHashTable *reasons,
          GError **error)
{
  g_autoptr (FhirResource) task = read_task (connection, context, task_id, error), ended = NULL;
  g_autoptr (CarePrescriptionDraft) draft = task ? take_over (task, context, content, error) : NULL;
  g_autoptr (GHashTable) own = reasons_of (reasons, task_id);
  g_autoptr (GError) local = NULL;
  const char *name;

  if (!draft)
    return FALSE;
  ended = end_task (context, task, "completed", care_prescription_draft_get_id (draft), NULL);
  if (care_prescription_sign_for (connection, context, draft, content, own, ended, &local))
    return store_audit_append (connection, "take-over", care_context_get_user_reference (context),
                               care_prescription_draft_get_patient_id (draft), task_id,
                               fhir_resource_path_text (task, "requester.reference"), error);
  /* Which of thirty it is must stand in it. */
  name = care_prescription_draft_get_drug_name (draft);
  g_set_error (error, local->domain, local->code, "%s: %s", name ? name : "?", local->message);
  return FALSE;
}

/**
 * care_to_sign_sign:
 * @tasks: ids of those that were chosen
 * @reasons: (nullable): care_to_sign_dup_key() to the prescriber's reason
 *
 * Signs all of them or none: each is checked again, becomes a prescription of its own with its own
 * audit rows, and rests by itself.
 */
gboolean
care_to_sign_sign (StoreConnection *connection,
                   CareContext *context,
                   const char *const *tasks,
                   ClinicalContent *content,
                   GHashTable *reasons,
                   GError **error)
{
  for (; *tasks; tasks++)
    if (!sign_one (connection, context, *tasks, content, reasons, error))
      return FALSE;
  return TRUE;
}

/**
 * care_to_sign_send_back:
 * @words: why
 *
 * Takes it off the list, and tells who prepared it.
 */
gboolean
care_to_sign_send_back (StoreConnection *connection,
                        CareContext *context,
                        const char *task_id,
                        const char *words,
                        GError **error)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autofree char *id = base_id_new (base_clock_now (clock)), *now = base_clock_dup_instant (clock);
  g_autoptr (FhirResource) task = read_task (connection, context, task_id, error), ended = NULL;
  g_autofree char *patient = task ? care_patient_of (task) : NULL;
  g_autofree char *reference = task ? fhir_resource_dup_reference (task) : NULL, *text = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!task)
    return FALSE;
  if (!words || !*words)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("Write why you send it back."));
      return FALSE;
    }
  text = g_strdup_printf (_ ("Sent back unsigned: %s. %s"),
                          fhir_resource_path_text (task, "description"), words);
  ended = end_task (context, task, "rejected", NULL, words);
  builder = fhir_builder_new ("Task", id);
  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "priority", "routine",
                         "description", text, "authoredOn", now, "requester.reference",
                         care_context_get_user_reference (context), "requester.display",
                         care_context_get_user_name (context), "owner.reference",
                         fhir_resource_path_text (task, "requester.reference"), "for.reference",
                         fhir_resource_path_text (task, "for.reference"), NULL);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, CARE_TASK_TO_SIGN_RETURNED, NULL);
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  return care_write_put (&write, ended, error) && care_write_put_builder (&write, builder, error) &&
         care_write_audit (&write, "send-back", reference, "prescription to sign", error);
}
