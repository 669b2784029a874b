/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"
#include "net-fhir-client.h"
#include "pharmacy-network.h"

G_BEGIN_DECLS

/* Plain FHIR R4: Task, MedicationRequest, MedicationDispense at any server that has them. */
#define PHARMACY_TYPE_FHIR (pharmacy_fhir_get_type ())
G_DECLARE_FINAL_TYPE (PharmacyFhir, pharmacy_fhir, PHARMACY, FHIR, GObject)

PharmacyFhir *pharmacy_fhir_new (NetFhirClient *client, BaseClock *clock, const char *owner);
void pharmacy_fhir_set_lose_answers (PharmacyFhir *self, gboolean lose);

G_END_DECLS
