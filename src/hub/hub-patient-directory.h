/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "hub-records.h"

G_BEGIN_DECLS

/* How a pharmacy hands a medicine over. A listed pharmacy says which of them it offers in
 * HealthcareService.characteristic. */
#define HUB_SUPPLY_MODE_SYSTEM "https://bedside.health/fhir/supply-mode"
#define HUB_SUPPLY_PICK_UP     "pick-up"
#define HUB_SUPPLY_DELIVERY    "delivery" /* by courier */
#define HUB_SUPPLY_MAIL        "mail"

#define HUB_ORGANIZATION_TYPE "https://bedside.health/fhir/organization-type"

extern const char *const hub_supply_modes[]; /* ends with NULL */

gboolean hub_patient_write_pharmacies (HubRecords *records,
                                       const char *preferred,
                                       JsonBuilder *out,
                                       GError **error);
gboolean hub_patient_is_listed (FhirResource *organization);
gboolean hub_patient_offers (HubRecords *records, FhirResource *pharmacy, const char *mode);
const char *hub_patient_pharmacy_phone (FhirResource *pharmacy);
char *hub_patient_dup_address (const FhirElement *address);

G_END_DECLS
