/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  MEDIA_TRUST_ERROR_NO_FINGERPRINT,  /* the description carries none, or one of its streams none */
  MEDIA_TRUST_ERROR_BAD_FINGERPRINT, /* not a sha-256 of 32 bytes in hex, or several that differ */
  MEDIA_TRUST_ERROR_BAD_DESCRIPTION, /* not SDP, too long, no streams */
  MEDIA_TRUST_ERROR_NO_CERTIFICATE,  /* the other side showed none */
  MEDIA_TRUST_ERROR_MISMATCH,        /* it showed another one than signalling said */
} MediaTrustError;
#define MEDIA_TRUST_ERROR (media_trust_error_quark ())
GQuark media_trust_error_quark (void);

#define MEDIA_TRUST_MAX_SDP (64 * 1024)

char *media_trust_fingerprint_of_sdp (const char *sdp, GError **error);
char *media_trust_fingerprint_of_certificate (const char *pem, GError **error);
gboolean media_trust_check (const char *fingerprint, const char *pem, GError **error);

G_END_DECLS
