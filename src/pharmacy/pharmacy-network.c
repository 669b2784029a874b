/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pharmacy-network.h"

#include "care-supply.h"
#include "fhir-concept.h"

/* What every network of pharmacies does for Bedside. */

G_DEFINE_INTERFACE (BedsidePharmacyNetwork, bedside_pharmacy_network, G_TYPE_OBJECT)

static void
bedside_pharmacy_network_default_init (BedsidePharmacyNetworkInterface *interface)
{
}

void
pharmacy_order_free (PharmacyOrder *self)
{
  g_clear_pointer (&self->task, fhir_resource_unref);
  g_clear_pointer (&self->request, fhir_resource_unref);
  g_clear_pointer (&self->cancel, fhir_resource_unref);
  g_free (self->patient);
  g_free (self);
}

/**
 * pharmacy_order_get_answer:
 *
 * Returns: what a prescriber has said to what was asked about it
 */
PharmacyAnswer
pharmacy_order_get_answer (const PharmacyOrder *self)
{
  const FhirElement *status = fhir_resource_path (self->task, "businessStatus");

  if (fhir_concept_has_code (status, CARE_SYSTEM_TASK, CARE_SUPPLY_APPROVED))
    return PHARMACY_APPROVED;
  return fhir_concept_has_code (status, CARE_SYSTEM_TASK, CARE_SUPPLY_DECLINED)
             ? PHARMACY_DECLINED
             : PHARMACY_UNANSWERED;
}

/**
 * bedside_pharmacy_network_list:
 *
 * Returns: (transfer full) (element-type PharmacyOrder) (nullable): what waits for this pharmacy
 */
GPtrArray *
bedside_pharmacy_network_list (BedsidePharmacyNetwork *self,
                               GCancellable *cancellable,
                               GError **error)
{
  return BEDSIDE_PHARMACY_NETWORK_GET_IFACE (self)->list (self, cancellable, error);
}

/**
 * bedside_pharmacy_network_answer:
 * @reason: (nullable): for people, of PHARMACY_HOLD, PHARMACY_REJECT, PHARMACY_NOT_STOP and what is
 *   asked
 *
 * Says what becomes of an order.
 */
gboolean
bedside_pharmacy_network_answer (BedsidePharmacyNetwork *self,
                                 const PharmacyOrder *order,
                                 PharmacyWord word,
                                 const char *reason,
                                 GCancellable *cancellable,
                                 GError **error)
{
  return BEDSIDE_PHARMACY_NETWORK_GET_IFACE (self)->answer (self, order, word, reason, cancellable,
                                                            error);
}

/**
 * bedside_pharmacy_network_hand_out:
 *
 * Says that an order, or a part of it, was handed out.
 */
gboolean
bedside_pharmacy_network_hand_out (BedsidePharmacyNetwork *self,
                                   const PharmacyOrder *order,
                                   const PharmacySupply *supply,
                                   GCancellable *cancellable,
                                   GError **error)
{
  return BEDSIDE_PHARMACY_NETWORK_GET_IFACE (self)->hand_out (self, order, supply, cancellable,
                                                              error);
}

/**
 * bedside_pharmacy_network_collect:
 * @number: of a prescription, and @token, as a patient's code has them
 *
 * Shows the token, once: the prescription is among those that wait from then on.
 */
gboolean
bedside_pharmacy_network_collect (BedsidePharmacyNetwork *self,
                                  const char *number,
                                  const char *token,
                                  GCancellable *cancellable,
                                  GError **error)
{
  return BEDSIDE_PHARMACY_NETWORK_GET_IFACE (self)->collect (self, number, token, cancellable,
                                                             error);
}
