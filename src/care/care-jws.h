/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-key.h"

G_BEGIN_DECLS

/* That whoever signed had the telephone, too: the code that it showed, and all that was signed by
 * it. It is in the protected header, so the signature covers it. */
typedef struct
{
  gint64 step; /* of thirty seconds since 1970 */
  char *code;  /* six digits */
  GStrv list;  /* numbers of the prescriptions of one patient */
} CareJwsFactor;

#define CARE_JWS_LIST_MAX 50

/* What the protected header of a signature says. */
typedef struct
{
  char *key_id;          /* "kid" */
  char *when;            /* "sigT": when it was signed, as the signer says */
  char *input;           /* the header as it came: what is signed with the content */
  GBytes *bytes;         /* the signature itself */
  CareJwsFactor *factor; /* "otp"; NULL where it was signed without */
} CareJws;

void care_jws_free (CareJws *self);
CareJwsFactor *care_jws_factor_new (gint64 step, const char *code, const char *const *list);
void care_jws_factor_free (CareJwsFactor *self);
char *care_jws_sign (BaseKey *key,
                     const char *when,
                     const CareJwsFactor *factor,
                     const char *payload,
                     GError **error);
CareJws *care_jws_parse (const char *text);
gboolean care_jws_verify (const CareJws *self, BaseKey *key, const char *payload);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareJws, care_jws_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareJwsFactor, care_jws_factor_free)

G_END_DECLS
