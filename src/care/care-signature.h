/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-key.h"
#include "care-context.h"
#include "care-jws.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* The format of a signature with a key: a detached JWS (RFC 7515, appendix F) by ES256. */
#define CARE_SIGNATURE_FORMAT "application/jose"

typedef enum
{
  CARE_SIGNATURE_NONE,      /* nobody signed it */
  CARE_SIGNATURE_CONFIRMED, /* by somebody who had signed in, without a key */
  CARE_SIGNATURE_GOOD,      /* what stands there is what its prescriber signed, or ended since */
  CARE_SIGNATURE_UNKNOWN,   /* the key is not known here: it can be right or wrong */
  CARE_SIGNATURE_BROKEN,    /* what stands there is not what was signed */
} CareSignatureState;

char *care_signature_dup_payload (FhirResource *resource);
char *
care_signature_dup_jws (BaseKey *key, FhirResource *resource, const char *when, GError **error);
char *care_signature_dup_jws_by (BaseKey *key,
                                 FhirResource *resource,
                                 const char *when,
                                 const CareJwsFactor *factor,
                                 GError **error);
GPtrArray *care_signature_list_factors (StoreConnection *connection, FhirResource *request);
CareSignatureState care_signature_verify (StoreConnection *connection,
                                          FhirResource *provenance,
                                          FhirResource *request);
CareSignatureState
care_signature_check (StoreConnection *connection, FhirResource *request, gboolean renamed);
gboolean care_signature_is_by_ended_key (StoreConnection *connection, FhirResource *provenance);
gboolean care_signature_keeps (FhirResource *as_signed, FhirResource *request, gboolean renamed);
const char *care_signature_words (CareSignatureState state);
void care_signature_check_async (CareContext *context,
                                 const char *request_id,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
CareSignatureState care_signature_check_finish (GAsyncResult *result, GError **error);
const char *care_signature_get_number (FhirResource *request);

G_END_DECLS
