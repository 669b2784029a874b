/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

typedef enum
{
  CARE_IDENTITY_NAME = 1 << 0,
  CARE_IDENTITY_BIRTH_DATE = 1 << 1,
  CARE_IDENTITY_SEX = 1 << 2,
  CARE_IDENTITY_IDENTIFIER = 1 << 3,
} CareIdentityPart;

/* Whose a document says it is, held against a patient. A part is in neither where one of the two
 * does not say; identifiers are never other, for each place gives its own. */
typedef struct
{
  CareIdentityPart same, other;
} CareIdentity;

CareIdentity care_identity_compare (FhirResource *said, FhirResource *patient);
gboolean care_identity_is_sure (CareIdentity identity);
char *care_identity_dup_doubt (FhirResource *said, FhirResource *patient);
FhirResource *
care_identity_propose (StoreConnection *connection, FhirResource *said, GError **error);

/* From the main thread. Propose answers NULL without an error where nobody is proposed. */
void care_identity_propose_async (CareContext *context,
                                  FhirResource *said,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
FhirResource *care_identity_propose_finish (GAsyncResult *result, GError **error);
void care_identity_read_async (CareContext *context,
                               const char *patient_id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
FhirResource *care_identity_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
