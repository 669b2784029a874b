/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-information.h"

#include <string.h>

#include "care-types.h"
#include "fhir-concept.h"
#include "hub-reply.h"
#include "store-content-information.h"

/* What a patient is told of a medicine beside how to take it: what it is for, and what to watch
 * for, each row whole in one language (hazard H20). What is not known is named, never left out. */

#define DATA_KEY       "hub-patient-content"
#define FALLBACK       "en"
#define MAX_SUBSTANCES 8

/**
 * hub_patient_set_content:
 * @content: (nullable): the tables that drug information is read from; not read before the first
 *   patient asks
 *
 * Before hub_server_start().
 */
void
hub_patient_set_content (HubServer *server, StoreContent *content)
{
  if (content != NULL)
    g_object_set_data_full (G_OBJECT (server), DATA_KEY, g_object_ref (content), g_object_unref);
}

/* (transfer none) (nullable) */
StoreContent *
hub_patient_get_content (HubServer *server)
{
  return g_object_get_data (G_OBJECT (server), DATA_KEY);
}

/* (transfer full) (nullable): by its code; else what its name says */
static GPtrArray *
find_substances (StoreContent *content, FhirResource *request)
{
  const FhirElement *concept = fhir_resource_path (request, "medicationCodeableConcept");
  const char *code = fhir_concept_get_code (concept, CARE_SYSTEM_RXNORM);
  g_autofree char *text = fhir_concept_dup_text (concept);
  const char *name =
      text != NULL ? text : fhir_resource_path_text (request, "medicationReference.display");
  g_autoptr (GPtrArray) found =
      code != NULL ? clinical_content_ingredients_of_drug (CLINICAL_CONTENT (content), code) : NULL;

  if (found != NULL && found->len > 0)
    return g_steal_pointer (&found);
  return name != NULL ? clinical_content_ingredients_in_text (CLINICAL_CONTENT (content), name)
                      : NULL;
}

static void
write_part (StoreDrugInformation *part, JsonBuilder *out)
{
  json_builder_begin_object (out);
  hub_reply_add_text (out, "name", part->name);
  hub_reply_add_text (out, "language", part->language);
  hub_reply_add_text (out, "what", part->what);
  hub_reply_add_text (out, "how", part->how);
  hub_reply_add_text (out, "watch", part->watch);
  json_builder_set_member_name (out, "unchecked");
  json_builder_add_boolean_value (out, part->unchecked);
  json_builder_end_object (out);
}

/* @late: (inout): the first day that a part was good until and is past */
static gboolean
write_substance (StoreContent *content,
                 ClinicalIngredient *substance,
                 const char *language,
                 const char *today,
                 char **late,
                 JsonBuilder *out)
{
  g_autoptr (StoreDrugInformation) part =
      substance->code != NULL ? store_content_find_information (content, substance->code, language)
                              : NULL;

  if (part == NULL && substance->code != NULL && strcmp (language, FALLBACK) != 0)
    part = store_content_find_information (content, substance->code, FALLBACK);
  if (part == NULL)
    return FALSE;
  if (part->until != NULL && strcmp (part->until, today) < 0)
    g_set_str (late, part->until);
  write_part (part, out);
  return TRUE;
}

/**
 * hub_patient_write_information:
 * @content: (nullable): without it nothing is known
 * @today: as in "2026-11-29"
 * @out: in an object
 *
 * Adds `about`: `parts` of what is known of its substances, `missing` with the names of those of
 * which nothing is, and `late` where the table is past its date.
 */
void
hub_patient_write_information (StoreContent *content,
                               FhirResource *request,
                               const char *language,
                               const char *today,
                               JsonBuilder *out)
{
  g_autoptr (GPtrArray) substances = content != NULL ? find_substances (content, request) : NULL;
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  g_autofree char *late = NULL;

  json_builder_set_member_name (out, "about");
  json_builder_begin_object (out);
  json_builder_set_member_name (out, "parts");
  json_builder_begin_array (out);
  for (guint i = 0; substances != NULL && i < MIN (substances->len, MAX_SUBSTANCES); i++)
    if (!write_substance (content, substances->pdata[i], language, today, &late, out))
      g_ptr_array_add (missing, ((ClinicalIngredient *) substances->pdata[i])->name);
  json_builder_end_array (out);
  json_builder_set_member_name (out, "missing");
  json_builder_begin_array (out);
  for (guint i = 0; i < missing->len; i++)
    json_builder_add_string_value (out, missing->pdata[i]);
  json_builder_end_array (out);
  hub_reply_add_text (out, "late", late);
  json_builder_end_object (out);
}
