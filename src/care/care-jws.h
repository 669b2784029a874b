/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-key.h"

G_BEGIN_DECLS

/* What the protected header of a signature says. */
typedef struct
{
  char *key_id;  /* "kid" */
  char *when;    /* "sigT": when it was signed, as the signer says */
  char *input;   /* the header as it came: what is signed with the content */
  GBytes *bytes; /* the signature itself */
} CareJws;

void care_jws_free (CareJws *self);
char *care_jws_sign (BaseKey *key, const char *when, const char *payload, GError **error);
CareJws *care_jws_parse (const char *text);
gboolean care_jws_verify (const CareJws *self, BaseKey *key, const char *payload);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareJws, care_jws_free)

G_END_DECLS
