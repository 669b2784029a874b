/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "base-id.h"
#include "care-prescription-private.h"
#include "care-prescription-weight.h"
#include "care-supply-ask-private.h"
#include "fhir-concept.h"
#include "store-content.h"

/* A draft that begins with what a signed prescription says: what the form cannot hold of it is left
 * to be written, and nothing of it is signed before somebody has looked. */

static void
take_dosage (CarePrescriptionDraft *draft, FhirResource *request)
{
  const FhirElement *dosages = fhir_resource_path (request, "dosageInstruction");
  g_autofree char *problem = NULL, *weight = NULL;
  g_autoptr (GPtrArray) steps = dosages ? care_prescription_read_steps (dosages, &problem) : NULL;

  if (steps && steps->len > 0)
    care_prescription_draft_take (draft, steps, NULL);
  weight = care_prescription_dup_weight_of (request, TRUE);
  g_object_set (draft, "by-weight", weight != NULL, "weight-reference", weight, NULL);
}

static void
take_supply (CarePrescriptionDraft *draft, FhirResource *request)
{
  gint64 repeats =
      fhir_element_get_integer (fhir_resource_path (request,
                                                    "dispenseRequest.numberOfRepeatsAllowed"),
                                0);

  g_object_set (draft, "quantity",
                fhir_resource_path_text (request, "dispenseRequest.quantity.value"),
                "quantity-unit", fhir_resource_path_text (request, "dispenseRequest.quantity.unit"),
                "repeats", (int) CLAMP (repeats, 0, 12), "reason",
                fhir_resource_path_text (request, "reasonCode.0.text"), NULL);
}

/**
 * care_supply_ask_draft:
 *
 * Returns: (transfer full) (nullable): a draft of who acts, not on disk yet; CARE_ERROR_STATE where
 *   the medicine is not in the formulary
 */
CarePrescriptionDraft *
care_supply_ask_draft (CareContext *context,
                       FhirResource *request,
                       ClinicalContent *content,
                       GError **error)
{
  const char *code =
      fhir_concept_get_code (fhir_resource_path (request, "medicationCodeableConcept"),
                             CARE_SYSTEM_RXNORM);
  const StoreDrug *drug = code && content && STORE_IS_CONTENT (content)
                              ? store_content_get_drug (STORE_CONTENT (content), code)
                              : NULL;
  g_autofree char *id = base_id_new (base_clock_now (care_context_get_clock (context)));
  g_autofree char *patient = care_patient_of (request);
  g_autofree char *prior = fhir_resource_dup_reference (request);
  CarePrescriptionDraft *draft;

  if (!drug || !patient)
    {
      g_set_error (
          error, CARE_ERROR, CARE_ERROR_STATE,
          _ ("Its medicine is not in the list of medicines here. Open the chart, and write "
             "it anew."));
      return NULL;
    }
  draft =
      care_prescription_draft_new (id, patient, care_context_get_user_reference (context), NULL);
  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  take_dosage (draft, request);
  take_supply (draft, request);
  g_object_set (draft, "prior", prior, NULL);
  return draft;
}
