/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <gst/gst.h>
#include <string.h>

#include "media-description.h"
#include "media-trust.h"

/* A session description that a stranger sent, as the workstation reads it before GStreamer's
 * webrtcbin does. An answer that is taken has no more streams than the offer. */

#define OFFER                                                                                      \
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"                                            \
  "m=video 9 UDP/TLS/RTP/SAVPF 96 98\r\nc=IN IP4 0.0.0.0\r\na=mid:video0\r\na=setup:actpass\r\n"   \
  "m=audio 9 UDP/TLS/RTP/SAVPF 97\r\nc=IN IP4 0.0.0.0\r\na=mid:audio1\r\na=setup:actpass\r\n"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *sdp = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) problem = NULL;
  g_autofree char *fingerprint = NULL;
  g_autoptr (GArray) audio = NULL;
  g_autoptr (GArray) video = NULL;
  gboolean fits;

  gst_init (NULL, NULL);
  fits = media_description_check_answer (OFFER, sdp, &error);
  g_assert_true (fits == (error == NULL));
  audio = media_description_get_ssrcs (sdp, "audio");
  video = media_description_get_ssrcs (sdp, "video");
  g_assert_cmpuint (audio->len + video->len, <=, size);
  fingerprint = media_trust_fingerprint_of_sdp (sdp, &problem);
  g_assert_true ((fingerprint == NULL) == (problem != NULL));
  g_assert_true (fingerprint == NULL || strlen (fingerprint) == 64);
  return 0;
}
