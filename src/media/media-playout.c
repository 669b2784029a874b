/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-playout.h"

#include <gst/rtp/gstrtphdrext.h>

/* The header extension playout-delay of libwebrtc: two numbers of 12 bits, the least and the most
 * that a picture may wait, in units of 10 ms. 0 and 0: shown at once. 0 and 10 s, which is what
 * libwebrtc begins with: as its jitter buffer thinks best. */

#define SIZE        3
#define AT_ONCE     0
#define AS_IT_LIKES 1000
/* Of packets. What is asked for again within a round trip arrives in a bunch. */
#define LOSS_PERCENT 1.0
/* Calls of media_playout_set_loss, two a second, without loss before pictures are asked at once
 * again: going to and fro would itself be seen. */
#define CALM_TICKS 20

struct _MediaPlayout
{
  GstRTPHeaderExtension parent_instance;

  gint may_wait; /* atomic */
  guint calm;
};

#define MEDIA_TYPE_PLAYOUT (media_playout_get_type ())
G_DECLARE_FINAL_TYPE (MediaPlayout, media_playout, MEDIA, PLAYOUT, GstRTPHeaderExtension)
G_DEFINE_FINAL_TYPE (MediaPlayout, media_playout, GST_TYPE_RTP_HEADER_EXTENSION)

static GstRTPHeaderExtensionFlags
media_playout_get_supported_flags (GstRTPHeaderExtension *extension)
{
  return GST_RTP_HEADER_EXTENSION_ONE_BYTE | GST_RTP_HEADER_EXTENSION_TWO_BYTE;
}

static gsize
media_playout_get_max_size (GstRTPHeaderExtension *extension, const GstBuffer *buffer)
{
  return SIZE;
}

static gssize
media_playout_write (GstRTPHeaderExtension *extension,
                     const GstBuffer *input,
                     GstRTPHeaderExtensionFlags flags,
                     GstBuffer *output,
                     guint8 *data,
                     gsize size)
{
  guint most = g_atomic_int_get (&MEDIA_PLAYOUT (extension)->may_wait) ? AS_IT_LIKES : AT_ONCE;

  if (size < SIZE)
    return -1;
  data[0] = 0;
  data[1] = most >> 8;
  data[2] = most & 0xff;
  return SIZE;
}

/* Nothing is sent to us by this. */
static gboolean
media_playout_read (GstRTPHeaderExtension *extension,
                    GstRTPHeaderExtensionFlags flags,
                    const guint8 *data,
                    gsize size,
                    GstBuffer *buffer)
{
  return TRUE;
}

static void
media_playout_class_init (MediaPlayoutClass *klass)
{
  GstRTPHeaderExtensionClass *extension = GST_RTP_HEADER_EXTENSION_CLASS (klass);

  extension->get_supported_flags = media_playout_get_supported_flags;
  extension->get_max_size = media_playout_get_max_size;
  extension->write = media_playout_write;
  extension->read = media_playout_read;
  gst_rtp_header_extension_class_set_uri (extension, MEDIA_PLAYOUT_URI);
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass), "Playout delay",
                                         GST_RTP_HDREXT_ELEMENT_CLASS,
                                         "Asks the receiver to show pictures at once", "Bedside");
}

static void
media_playout_init (MediaPlayout *self)
{
  gst_rtp_header_extension_set_id (GST_RTP_HEADER_EXTENSION (self), MEDIA_PLAYOUT_ID);
}

/**
 * media_playout_new:
 *
 * Returns: (transfer floating): for a payloader's "add-extension"
 */
GstElement *
media_playout_new (void)
{
  return g_object_new (MEDIA_TYPE_PLAYOUT, NULL);
}

/**
 * media_playout_set_loss:
 * @percent: of what was sent; -1 unknown, which is not a loss
 *
 * To be called twice a second.
 */
void
media_playout_set_loss (GstElement *playout, double percent)
{
  MediaPlayout *self = MEDIA_PLAYOUT (playout);

  self->calm = percent >= LOSS_PERCENT ? 0 : MIN (self->calm + 1, CALM_TICKS);
  if (percent >= LOSS_PERCENT)
    g_atomic_int_set (&self->may_wait, TRUE);
  else if (self->calm == CALM_TICKS)
    g_atomic_int_set (&self->may_wait, FALSE);
}

/* Whether pictures are to be shown at once. */
gboolean
media_playout_is_prompt (GstElement *playout)
{
  return !g_atomic_int_get (&MEDIA_PLAYOUT (playout)->may_wait);
}
