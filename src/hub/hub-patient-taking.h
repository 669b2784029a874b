/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-patient-api.h"

G_BEGIN_DECLS

/* What a patient said of the medicines that they have, by the prescription that each is about. */
typedef struct
{
  GPtrArray *statements; /* FhirResource */
  GPtrArray *renewals;
} HubPatientSaid;

void hub_patient_said_clear (HubPatientSaid *self);
gboolean
hub_patient_load_said (HubRecords *records, HubJoin *join, HubPatientSaid *out, GError **error);
void hub_patient_write_said (const HubPatientSaid *self, FhirResource *request, JsonBuilder *out);

gboolean
hub_patient_taking (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error);
gboolean
hub_patient_renewal (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error);

/* hub-patient-renewal.c */
gboolean hub_patient_renewal_is_of (FhirResource *task, FhirResource *request);
void hub_patient_write_renewal (GPtrArray *tasks, FhirResource *request, JsonBuilder *out);
GPtrArray *hub_patient_load_renewals (HubRecords *records, HubJoin *join, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HubPatientSaid, hub_patient_said_clear)

G_END_DECLS
