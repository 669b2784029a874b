/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-check.h"
#include "clinical-dosage.h"
#include "clinical-override.h"
#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

/* The chart as the checks of prescribing see it: read from FHIR, for every check anew. */

/* Finds the resource that a reference leads to, or NULL (transfer full). */
typedef FhirResource *(*CareSafetyResolve) (const char *reference, gpointer data);

ClinicalPatient *care_safety_patient_of (GPtrArray *resources,
                                         const char *own_id,
                                         ClinicalContent *content,
                                         const char *today,
                                         CareSafetyResolve resolve,
                                         gpointer data);
ClinicalPatient *care_safety_read (StoreConnection *connection,
                                   const char *patient_id,
                                   const char *own_id,
                                   ClinicalContent *content,
                                   GError **error);
ClinicalOrder *care_safety_order_of (FhirResource *request,
                                     ClinicalContent *content,
                                     CareSafetyResolve resolve,
                                     gpointer data);
GPtrArray *
care_safety_read_overrides (StoreConnection *connection, const char *patient_id, GError **error);
void care_safety_take_steps (ClinicalOrder *order, GPtrArray *steps);
double care_safety_times_a_day (int frequency, int period, const char *period_unit);
gboolean care_safety_is_taken (FhirResource *medicine, const char *own_id);

#define CARE_SYSTEM_ALERT "https://bedside.health/fhir/alert"
#define CARE_SYSTEM_RULE  "https://bedside.health/fhir/safety-rule"

G_END_DECLS
