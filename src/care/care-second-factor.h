/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-jws.h"
#include "care-prescription-draft.h"
#include "care-write.h"
#include "clinical-controlled.h"

G_BEGIN_DECLS

/* What is kept beside the records: the guard of the codes, and since when there is a second factor.
 */
#define CARE_SETTING_FACTOR_GUARD "second-factor.guard"
#define CARE_SETTING_FACTOR_SINCE "second-factor.since"

/* A code that was taken: for one list of prescriptions of one patient, which is fixed when the
 * first of it is signed. */
struct _CareSecondFactor
{
  CareJwsFactor *proof; /* its list is empty at first */
  char *patient;        /* id; NULL at first */
};

void care_second_factor_free (CareSecondFactor *self);
CareSecondFactor *
care_second_factor_accept (CareContext *context, const char *code, GError **error);
gboolean care_second_factor_set_list (CareContext *context,
                                      const char *patient,
                                      const char *const *numbers,
                                      GError **error);
gboolean care_second_factor_allows (CareWrite *write,
                                    FhirResource *request,
                                    ClinicalContent *content,
                                    GError **error);
const CareJwsFactor *care_second_factor_proof_for (CareContext *context, FhirResource *request);

ClinicalControlled *care_second_factor_of_request (StoreConnection *connection,
                                                   FhirResource *request,
                                                   ClinicalContent *content,
                                                   const char *today);
ClinicalControlled *care_second_factor_of_draft (CarePrescriptionDraft *draft,
                                                 ClinicalContent *content,
                                                 const char *today);

char *care_second_factor_dup_since (StoreConnection *connection);
gboolean care_second_factor_enrol (CareContext *context,
                                   const char *secret,
                                   const char *code,
                                   const char *old,
                                   gboolean allowed,
                                   GError **error);
void care_second_factor_enrol_async (CareContext *context,
                                     const char *secret,
                                     const char *code,
                                     const char *old,
                                     gboolean allowed,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean care_second_factor_enrol_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareSecondFactor, care_second_factor_free)

G_END_DECLS
