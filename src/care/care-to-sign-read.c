/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-prescription-private.h"
#include "care-prescription-weight.h"
#include "care-refusal.h"
#include "care-second-factor.h"
#include "care-to-sign-private.h"
#include "clinical-line.h"
#include "clinical-vocabulary.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "store-content.h"
#include "store-resource.h"
#include "store-search.h"

/* What waits for a signature, as it is read: it came from another computer, and is checked here. */

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
  g_clear_pointer (&self->controlled, clinical_controlled_free);
  g_free (self->problem);
  g_free (self->seen);
  g_free (self);
}

char *
care_to_sign_dup_key (const char *task_id, const ClinicalFinding *finding)
{
  g_autofree char *key = clinical_finding_dup_key (finding);

  return g_strconcat (task_id, "|", key, NULL);
}

static const char *
body_of (FhirResource *task)
{
  fhir_element_foreach (input, fhir_resource_path (task, "input"))
    if (fhir_concept_has_code (fhir_element_get (input, "type"), CARE_SYSTEM_TASK, "draft"))
      return fhir_element_path_text (input, "valueString");
  return NULL;
}

gboolean
care_to_sign_is_mine (FhirResource *task, CareContext *context)
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

static gboolean
says (CarePrescriptionDraft *draft, const char *property, const char *expected)
{
  g_autofree char *text = NULL;

  g_object_get (draft, property, &text, NULL);
  return g_strcmp0 (text ? text : "", expected ? expected : "") == 0;
}

/* What the drug is, is asked of the formulary here: another name, strength or form beside its code
 * is no drug at all, and nobody writes brands. What it is made of is taken from here: the checks
 * look at it. So is the code of the route: nobody reads it, and it must say what the words say. */
static gboolean
take_drug (CarePrescriptionDraft *draft, ClinicalContent *content, GError **error)
{
  const char *code = care_prescription_draft_get_drug_code (draft);
  const StoreDrug *drug = code && content && STORE_IS_CONTENT (content)
                              ? store_content_get_drug (STORE_CONTENT (content), code)
                              : NULL;
  g_autofree char *route = NULL;

  if (!drug || !drug->ingredients || !*drug->ingredients)
    return refuse_draft (error);
  g_object_get (draft, "route", &route, NULL);
  if (!says (draft, "drug-name", drug->name) || !says (draft, "strength", drug->strength) ||
      !says (draft, "form", drug->form) || !says (draft, "brand", NULL))
    return refuse_draft (error);
  g_object_set (draft, "ingredients", drug->ingredients, "ingredient-codes", drug->ingredient_codes,
                NULL);
  if (!says (draft, "route-code", NULL))
    g_object_set (draft, "route-code", clinical_vocabulary_get_code_of_route (route), NULL);
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
  return draft && take_drug (draft, content, error) ? g_steal_pointer (&draft) : NULL;
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

/* Without what the checks say: they compare it with the others. */
static CareToSign *
read_item (StoreConnection *connection,
           FhirResource *task,
           CareContext *context,
           ClinicalContent *content)
{
  CareToSign *self = g_new0 (CareToSign, 1);
  const char *when = fhir_resource_path_text (task, "authoredOn");
  g_autoptr (GDateTime) now = base_clock_dup_now (care_context_get_clock (context));
  g_autofree char *today = base_clock_dup_today (care_context_get_clock (context));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = NULL;

  self->task = g_strdup (fhir_resource_get_id (task));
  self->patient_id = care_patient_of (task);
  self->prepared_by = g_strdup (fhir_resource_path_text (task, "requester.display"));
  self->prepared = when ? fhir_date_format (when, g_date_time_get_timezone (now)) : NULL;
  self->prepared_us = when ? fhir_date_begin (when) : 0;
  self->draft = take_over (task, context, content, &error);
  if (self->draft && care_prescription_draft_is_complete (self->draft, &error))
    {
      parts = care_prescription_draft_dup_line (self->draft);
      self->line = clinical_line_dup_text (parts);
      self->words = care_prescription_draft_dup_words (self->draft);
      self->controlled = care_second_factor_of_draft (self->draft, content, today);
    }
  if (error)
    g_set_str (&self->problem, error->message);
  read_patient (connection, self);
  return self;
}

/* (transfer container) (element-type CarePrescriptionDraft): of the patient of @item, itself too.
 * @tasks: (nullable): only of these */
GPtrArray *
care_to_sign_drafts_beside (GPtrArray *items, const CareToSign *item, const char *const *tasks)
{
  GPtrArray *drafts = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    {
      const CareToSign *other = items->pdata[i];

      if (other->line && g_strcmp0 (other->patient_id, item->patient_id) == 0 &&
          (!tasks || g_strv_contains (tasks, other->task)))
        g_ptr_array_add (drafts, other->draft);
    }
  return drafts;
}

/* All that was read of it, in one line of hexadecimal. */
static char *
dup_seen (const CareToSign *self)
{
  const char *visit = self->draft ? care_prescription_draft_get_encounter_id (self->draft) : NULL;
  g_autofree char *body = self->draft ? care_prescription_draft_dup_body (self->draft) : NULL;
  const char *const parts[] = { self->patient_id,
                                self->patient_name,
                                self->patient_born,
                                self->prepared_by,
                                self->prepared,
                                self->problem,
                                self->draft ? care_prescription_draft_get_id (self->draft) : NULL,
                                visit,
                                self->controlled ? self->controlled->sentence : NULL,
                                body };
  g_autoptr (GString) all = g_string_new (self->task);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_string_append_printf (all, "\n%s", parts[i] ? parts[i] : "");
  for (guint i = 0; self->findings && i < self->findings->len; i++)
    {
      const ClinicalFinding *finding = self->findings->pdata[i];
      g_autofree char *key = clinical_finding_dup_key (finding);

      g_string_append_printf (all, "\n%s %d %s", key, finding->answer, finding->sentence);
    }
  return base_sha256_hex (all->str, (gssize) all->len);
}

/* Whether another of @items has its number, and was there first. */
static gboolean
is_second (const CareToSign *self, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const CareToSign *other = items->pdata[i];

      if (other != self && other->draft &&
          g_strcmp0 (care_prescription_draft_get_id (other->draft),
                     care_prescription_draft_get_id (self->draft)) == 0 &&
          (other->prepared_us < self->prepared_us ||
           (other->prepared_us == self->prepared_us && strcmp (other->task, self->task) < 0)))
        return TRUE;
    }
  return FALSE;
}

/* (nullable): a number is signed once: not what has been signed, nor one that waits twice. */
static const char *
problem_of_number (StoreConnection *connection, const CareToSign *self, GPtrArray *items)
{
  g_autoptr (FhirResource) order =
      store_resource_get (connection, "MedicationRequest",
                          care_prescription_draft_get_id (self->draft), NULL);

  if (order)
    return care_prescription_say_signed ();
  return is_second (self, items)
             ? _ ("The same prescription waits for your signature twice. Send this one back.")
             : NULL;
}

/* Compares it with the chart, and with what else waits for the same patient: two that do not go
 * together are both in no chart yet. */
void
care_to_sign_check_item (StoreConnection *connection,
                         CareToSign *self,
                         GPtrArray *items,
                         ClinicalContent *content)
{
  g_autoptr (GPtrArray) beside = care_to_sign_drafts_beside (items, self, NULL);
  g_autoptr (GError) error = NULL;

  if (self->draft && !self->problem)
    self->problem = g_strdup (problem_of_number (connection, self, items));
  if (self->line)
    self->findings =
        care_prescription_check_beside (connection, self->draft, beside, content, &error);
  for (guint i = 0; self->findings && i < self->findings->len; i++)
    if (!self->problem && ((ClinicalFinding *) self->findings->pdata[i])->blocks)
      self->problem = g_strdup (((ClinicalFinding *) self->findings->pdata[i])->sentence);
  if (self->line && self->findings)
    care_prescription_weight_stands (connection, self->draft, &error);
  if (error && !self->problem)
    self->problem = g_strdup (error->message);
  self->seen = dup_seen (self);
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

/* (transfer full) (nullable): what waits for the user's signature, not checked yet */
GPtrArray *
care_to_sign_read_items (StoreConnection *connection,
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

      if (task && care_to_sign_is_mine (task, context))
        g_ptr_array_add (items, read_item (connection, task, context, content));
    }
  g_ptr_array_sort (items, compare);
  return items;
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
  GPtrArray *items = care_to_sign_read_items (connection, context, content, error);

  for (guint i = 0; items && i < items->len; i++)
    care_to_sign_check_item (connection, items->pdata[i], items, content);
  return items;
}
