/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-patient-api.h"

G_BEGIN_DECLS

gboolean hub_patient_answer_medicines (HubRecords *records,
                                       HubPatientCall *self,
                                       HubJoin *join,
                                       GError **error);

/* Whether a prescription is of the visit that the link opens; or of its patient, and of another
 * one. */
gboolean hub_patient_is_of_visit (FhirResource *request, HubJoin *join);
gboolean hub_patient_is_current_order (FhirResource *request, HubJoin *join);
gboolean hub_patient_is_active (FhirResource *request);

G_END_DECLS
