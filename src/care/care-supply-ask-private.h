/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-prescription-draft.h"
#include "care-supply-ask.h"
#include "care-write.h"

G_BEGIN_DECLS

const char *care_supply_ask_problem_of_successor (StoreConnection *connection,
                                                  FhirResource *request);
CarePrescriptionDraft *care_supply_ask_draft (CareContext *context,
                                              FhirResource *request,
                                              ClinicalContent *content,
                                              GError **error);
FhirResource *care_supply_ask_renewed (CareContext *context,
                                       FhirResource *request,
                                       const char *id,
                                       GPtrArray *issues);
gboolean care_supply_ask_send (
    CareWrite *write, FhirResource *ask, FhirResource *last, FhirResource *renewed, GError **error);
GPtrArray *care_supply_ask_check (StoreConnection *connection,
                                  FhirResource *request,
                                  ClinicalContent *content,
                                  GError **error);

G_END_DECLS
