/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "care-visit-people.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* A guest or an interpreter, as the record knows them. NULL where it is not known. */
typedef struct
{
  CareVisitRole role;
  const char *name, *number, *language;
  const char *relation; /* of v3-RoleCode, "carer" or "guardian" */
  const char *person; /* "RelatedPerson/1": a guest who is on record as speaking for the patient */
  const char *agreed; /* to a guest: "patient", or "RelatedPerson/1" who speaks for the patient */
  gboolean speakerphone; /* an interpreter on a telephone beside the clinician */
} CareVisitGuest;

/* Inside a write transaction; each writes resources, journal and audit together. */
gboolean care_visit_guest_join (StoreConnection *connection,
                                CareContext *context,
                                const char *encounter_id,
                                const CareVisitGuest *guest,
                                GError **error);
gboolean care_visit_guest_leave (StoreConnection *connection,
                                 CareContext *context,
                                 const char *encounter_id,
                                 CareVisitRole role,
                                 gboolean speakerphone,
                                 GError **error);
gboolean care_visit_guest_is_one (const FhirElement *participant);
const char *care_visit_guest_get_speakerphone (FhirResource *encounter);

void care_visit_guest_join_async (CareContext *context,
                                  const char *encounter_id,
                                  const CareVisitGuest *guest,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
void care_visit_guest_leave_async (CareContext *context,
                                   const char *encounter_id,
                                   CareVisitRole role,
                                   gboolean speakerphone,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);

G_END_DECLS
