/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-journal.h"
#include "care-prescription.h"
#include "care-write.h"

G_BEGIN_DECLS

#define CARE_DRAFT_PRESCRIPTION "prescription"
#define CARE_DRAFT_SIGNED       "prescription-signed" /* kept for Undo until it may leave */

/* One drug for one patient, as the checks need it. */
typedef struct
{
  const char *patient_id;
  const char *request_id; /* not a medicine beside itself */
  const char *drug_name;
  GPtrArray *ingredients; /* ClinicalIngredient */
} CarePrescriptionCheck;

GPtrArray *care_prescription_check_drug (StoreConnection *connection,
                                         const CarePrescriptionCheck *check,
                                         ClinicalContent *content,
                                         GError **error);
FhirResource *care_prescription_request (CareContext *context,
                                         CarePrescriptionDraft *draft,
                                         GPtrArray *issues,
                                         GError **error);
FhirResource *care_prescription_issue (CareContext *context,
                                       const char *patient_id,
                                       const char *request_id,
                                       const ClinicalFinding *finding,
                                       const char *reason);
FhirResource *
care_prescription_provenance (CareContext *context, FhirResource *request, const char *when);
gboolean care_prescription_end (CareWrite *write,
                                FhirResource *request,
                                const char *status,
                                const char *reason,
                                GError **error);
gboolean care_prescription_is_order (FhirResource *resource);
CareDelivery *care_delivery_of (StoreConnection *connection,
                                FhirResource *request,
                                GPtrArray *entries,
                                gint64 now);

G_END_DECLS
