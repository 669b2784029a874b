/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-description.h"

#include <gst/sdp/sdp.h>
#include <string.h>

/* What is read of session descriptions before webrtcbin sees them: it aborts on some that do not
 * fit the offer, and an answer comes from outside. */

static GstSDPMessage *
parse (const char *sdp)
{
  GstSDPMessage *message = NULL;

  if (*sdp != '\0' && gst_sdp_message_new_from_text (sdp, &message) == GST_SDP_OK)
    return message;
  if (message != NULL)
    gst_sdp_message_free (message);
  return NULL;
}

static gboolean
fits (const GstSDPMedia *offered, const GstSDPMedia *answered)
{
  const char *setup = gst_sdp_media_get_attribute_val (answered, "setup");

  return g_strcmp0 (gst_sdp_media_get_media (offered), gst_sdp_media_get_media (answered)) == 0 &&
         g_strcmp0 (gst_sdp_media_get_proto (offered), gst_sdp_media_get_proto (answered)) == 0 &&
         g_strcmp0 (gst_sdp_media_get_attribute_val (offered, "mid"),
                    gst_sdp_media_get_attribute_val (answered, "mid")) == 0 &&
         (g_strcmp0 (setup, "active") == 0 || g_strcmp0 (setup, "passive") == 0) &&
         gst_sdp_media_formats_len (answered) > 0;
}

static gboolean
formats_were_offered (const GstSDPMedia *offered, const GstSDPMedia *answered)
{
  for (guint i = 0; i < gst_sdp_media_formats_len (answered); i++)
    {
      gboolean known = FALSE;

      for (guint j = 0; j < gst_sdp_media_formats_len (offered) && !known; j++)
        known = g_strcmp0 (gst_sdp_media_get_format (answered, i),
                           gst_sdp_media_get_format (offered, j)) == 0;
      if (!known)
        return FALSE;
    }
  return TRUE;
}

/**
 * media_description_check_answer:
 * @offer: what was sent
 * @answer: what came back, from anybody
 *
 * Returns: whether @answer has the streams of @offer in their order, with formats that were offered
 */
gboolean
media_description_check_answer (const char *offer, const char *answer, GError **error)
{
  g_autoptr (GstSDPMessage) offered = parse (offer), answered = parse (answer);
  gboolean good = offered != NULL && answered != NULL &&
                  gst_sdp_message_medias_len (offered) == gst_sdp_message_medias_len (answered);

  for (guint i = 0; good && i < gst_sdp_message_medias_len (offered); i++)
    {
      const GstSDPMedia *ours = gst_sdp_message_get_media (offered, i);
      const GstSDPMedia *theirs = gst_sdp_message_get_media (answered, i);

      good = fits (ours, theirs) && formats_were_offered (ours, theirs);
    }
  if (!good)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         "The answer does not fit the offer");
  return good;
}

/**
 * media_description_get_ssrcs:
 * @kind: "audio" or "video"
 *
 * Returns: (transfer full): array of guint32, the stream numbers announced for @kind
 */
GArray *
media_description_get_ssrcs (const char *sdp, const char *kind)
{
  GArray *ssrcs = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GstSDPMessage) message = parse (sdp);

  for (guint m = 0; message != NULL && m < gst_sdp_message_medias_len (message); m++)
    {
      const GstSDPMedia *media = gst_sdp_message_get_media (message, m);
      const char *value;

      if (g_strcmp0 (gst_sdp_media_get_media (media), kind) != 0)
        continue;
      for (guint i = 0; (value = gst_sdp_media_get_attribute_val_n (media, "ssrc", i)); i++)
        {
          guint32 ssrc = (guint32) g_ascii_strtoull (value, NULL, 10);

          g_array_append_val (ssrcs, ssrc);
        }
    }
  return ssrcs;
}
