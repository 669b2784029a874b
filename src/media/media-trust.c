/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-trust.h"

#include <gst/sdp/sdp.h>
#include <string.h>

/* webrtcbin 1.26 does not compare the certificate that the other side shows with the fingerprint
 * that signalling brought. Without that, whoever sits on the media path could pose as the patient.
 * So it is done here, and nothing is shown or played before. */

G_DEFINE_QUARK (media - trust - error - quark, media_trust_error)

#define SHA256_BYTES 32

static char *
normalize (const char *value, GError **error)
{
  const char *hex;
  GString *out;

  if (value == NULL || g_ascii_strncasecmp (value, "sha-256 ", 8) != 0)
    {
      g_set_error_literal (error, MEDIA_TRUST_ERROR, MEDIA_TRUST_ERROR_BAD_FINGERPRINT,
                           "The fingerprint is not a SHA-256");
      return NULL;
    }
  out = g_string_sized_new (SHA256_BYTES * 2);
  for (hex = value + 8; out->len < SHA256_BYTES * 2; hex += 2)
    {
      if (out->len > 0 && *hex++ != ':')
        break;
      if (!g_ascii_isxdigit (hex[0]) || !g_ascii_isxdigit (hex[1]))
        break;
      g_string_append_c (out, g_ascii_tolower (hex[0]));
      g_string_append_c (out, g_ascii_tolower (hex[1]));
    }
  if (out->len == SHA256_BYTES * 2 && *hex == '\0')
    return g_string_free (out, FALSE);
  g_string_free (out, TRUE);
  g_set_error_literal (error, MEDIA_TRUST_ERROR, MEDIA_TRUST_ERROR_BAD_FINGERPRINT,
                       "The fingerprint is not 32 bytes in hexadecimal");
  return NULL;
}

/* Every fingerprint line must be the same one: two would let a bad one hide behind a good one. */
static gboolean
take (char **known, const char *value, GError **error)
{
  g_autofree char *one = normalize (value, error);

  if (one == NULL)
    return FALSE;
  if (*known != NULL && strcmp (*known, one) != 0)
    {
      g_set_error_literal (error, MEDIA_TRUST_ERROR, MEDIA_TRUST_ERROR_BAD_FINGERPRINT,
                           "The description carries fingerprints that differ");
      return FALSE;
    }
  if (*known == NULL)
    *known = g_steal_pointer (&one);
  return TRUE;
}

static gboolean
take_all (const GstSDPMessage *message, char **known, GError **error)
{
  const char *value;
  gboolean whole;

  for (guint i = 0; (value = gst_sdp_message_get_attribute_val_n (message, "fingerprint", i)); i++)
    if (!take (known, value, error))
      return FALSE;
  whole = *known != NULL;
  for (guint m = 0; m < gst_sdp_message_medias_len (message); m++)
    {
      const GstSDPMedia *media = gst_sdp_message_get_media (message, m);
      guint i;

      for (i = 0; (value = gst_sdp_media_get_attribute_val_n (media, "fingerprint", i)); i++)
        if (!take (known, value, error))
          return FALSE;
      if (i == 0 && !whole)
        {
          g_set_error_literal (error, MEDIA_TRUST_ERROR, MEDIA_TRUST_ERROR_NO_FINGERPRINT,
                               "A stream of the description has no fingerprint");
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * media_trust_fingerprint_of_sdp:
 * @sdp: a session description from signalling, from anybody
 *
 * Returns: (transfer full): the one SHA-256 fingerprint that all its streams carry, 64 lower-case
 *   hexadecimal digits; NULL with a MEDIA_TRUST_ERROR
 */
char *
media_trust_fingerprint_of_sdp (const char *sdp, GError **error)
{
  GstSDPMessage *message = NULL;
  g_autofree char *known = NULL;
  gboolean good;

  if (sdp == NULL || strlen (sdp) > MEDIA_TRUST_MAX_SDP || !g_str_has_prefix (sdp, "v=0") ||
      gst_sdp_message_new_from_text (sdp, &message) != GST_SDP_OK ||
      gst_sdp_message_medias_len (message) == 0)
    {
      g_clear_pointer (&message, gst_sdp_message_free);
      g_set_error_literal (error, MEDIA_TRUST_ERROR, MEDIA_TRUST_ERROR_BAD_DESCRIPTION,
                           "This is not a session description");
      return NULL;
    }
  good = take_all (message, &known, error);
  gst_sdp_message_free (message);
  return good ? g_steal_pointer (&known) : NULL;
}

/**
 * media_trust_fingerprint_of_certificate:
 * @pem: (nullable): a certificate
 *
 * Returns: (transfer full): SHA-256 of its DER form, 64 lower-case hexadecimal digits
 */
char *
media_trust_fingerprint_of_certificate (const char *pem, GError **error)
{
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GByteArray) der = NULL;

  if (pem != NULL)
    certificate = g_tls_certificate_new_from_pem (pem, -1, NULL);
  if (certificate != NULL)
    g_object_get (certificate, "certificate", &der, NULL);
  if (der == NULL || der->len == 0)
    {
      g_set_error_literal (error, MEDIA_TRUST_ERROR, MEDIA_TRUST_ERROR_NO_CERTIFICATE,
                           "The other side showed no certificate");
      return NULL;
    }
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}

/**
 * media_trust_check:
 * @fingerprint: from media_trust_fingerprint_of_sdp ()
 * @pem: (nullable): the certificate that the other side showed
 *
 * Returns: whether both are of one key holder
 */
gboolean
media_trust_check (const char *fingerprint, const char *pem, GError **error)
{
  g_autofree char *shown = media_trust_fingerprint_of_certificate (pem, error);

  if (shown == NULL)
    return FALSE;
  if (fingerprint != NULL && strcmp (shown, fingerprint) == 0)
    return TRUE;
  g_set_error (error, MEDIA_TRUST_ERROR, MEDIA_TRUST_ERROR_MISMATCH,
               "The other side showed certificate %.16s…, signalling said %.16s…", shown,
               fingerprint != NULL ? fingerprint : "none");
  return FALSE;
}
