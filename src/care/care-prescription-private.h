/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-journal.h"
#include "care-prescription.h"
#include "care-write.h"

G_BEGIN_DECLS

#define CARE_DRAFT_PRESCRIPTION "prescription"
#define CARE_DRAFT_SIGNED       "prescription-signed" /* kept for Undo until it may leave */

GPtrArray *care_prescription_check_order (StoreConnection *connection,
                                          const char *patient_id,
                                          const char *request_id,
                                          ClinicalOrder *order,
                                          ClinicalContent *content,
                                          GError **error);
gboolean care_prescription_sign_beside (StoreConnection *connection,
                                        CareContext *context,
                                        CarePrescriptionDraft *draft,
                                        GPtrArray *beside,
                                        ClinicalContent *content,
                                        GHashTable *reasons,
                                        char **request_id,
                                        GError **error);
GPtrArray *care_prescription_read_steps (const FhirElement *dosages, char **problem);
CarePrescriptionDraft *care_prescription_copy_draft (CarePrescriptionDraft *draft);
FhirResource *care_prescription_outline (CarePrescriptionDraft *draft);
FhirResource *care_prescription_request (CareContext *context,
                                         CarePrescriptionDraft *draft,
                                         GPtrArray *issues,
                                         GError **error);
FhirResource *care_prescription_issue (CareContext *context,
                                       const char *patient_id,
                                       const char *request_id,
                                       const ClinicalFinding *finding,
                                       const char *reason);
gboolean care_prescription_sign_for (StoreConnection *connection,
                                     CareContext *context,
                                     CarePrescriptionDraft *draft,
                                     GPtrArray *beside,
                                     ClinicalContent *content,
                                     GHashTable *reasons,
                                     FhirResource *task,
                                     GError **error);
const char *care_prescription_say_signed (void);
FhirResource *care_prescription_provenance (CareContext *context,
                                            FhirResource *request,
                                            const char *when,
                                            GError **error);
gboolean care_prescription_write_signature (CareWrite *write,
                                            FhirResource *request,
                                            ClinicalContent *content,
                                            const char *when,
                                            const char *what,
                                            GError **error);
gboolean care_prescription_write_signed (CareWrite *write,
                                         FhirResource *request,
                                         GPtrArray *issues,
                                         ClinicalContent *content,
                                         const char *what,
                                         GError **error);
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
