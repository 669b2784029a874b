/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-feed.h"

#include "media-link.h"

struct _MediaFeed
{
  GObject parent_instance;
  GstBin *bin; /* the call's pipeline; outlives the feed's use of it */
  GstElement *selector;
  GstPad *replacement_pad;
  char *conversion;
  GstElement *device;
  GstPad *device_pad;
  MediaLink *link;
  gboolean ready; /* the device gave its first buffer */
  gboolean admitted;
  gboolean sending;
};

enum
{
  CHANGED,
  LOST,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaFeed, media_feed, G_TYPE_OBJECT)

static void
update (MediaFeed *self)
{
  gboolean sending = self->device != NULL && self->ready && self->admitted;

  if (sending == self->sending)
    return;
  self->sending = sending;
  g_object_set (self->selector, "active-pad", sending ? self->device_pad : self->replacement_pad,
                NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static GstPad *
plug (MediaFeed *self, GstElement *source)
{
  GstPad *pad = gst_element_request_pad_simple (self->selector, "sink_%u");
  g_autoptr (GstPad) output = gst_element_get_static_pad (source, "src");

  gst_pad_link (output, pad);
  return pad;
}

static void
first_buffer (gpointer object, gpointer pad)
{
  MediaFeed *self = object;

  if (self->device_pad != pad)
    return;
  self->ready = TRUE;
  update (self);
}

static GstPadProbeReturn
first_buffer_probe (GstPad *pad, GstPadProbeInfo *info, gpointer link)
{
  media_link_post (link, first_buffer, g_object_ref (pad), g_object_unref);
  return GST_PAD_PROBE_REMOVE;
}

static void
lost (gpointer object, gpointer pad)
{
  MediaFeed *self = object;

  if (self->device_pad == pad)
    g_signal_emit (self, signals[LOST], 0);
}

/* A device that is pulled out ends its stream. The selector would hold that end back, and the
 * thread with it, until the other stream ends too, which is never. */
static GstPadProbeReturn
end_probe (GstPad *pad, GstPadProbeInfo *info, gpointer link)
{
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_EOS)
    return GST_PAD_PROBE_OK;
  media_link_post (link, lost, g_object_ref (pad), g_object_unref);
  return GST_PAD_PROBE_DROP;
}

static void
unplug_device (MediaFeed *self)
{
  GstElement *device = self->device;

  if (device == NULL)
    return;
  self->device = NULL;
  self->ready = FALSE;
  update (self);
  gst_element_set_locked_state (device, TRUE);
  gst_element_set_state (device, GST_STATE_NULL);
  gst_bin_remove (self->bin, device);
  gst_element_release_request_pad (self->selector, self->device_pad);
  gst_clear_object (&self->device_pad);
}

static void
media_feed_dispose (GObject *object)
{
  MediaFeed *self = MEDIA_FEED (object);

  if (self->link != NULL)
    media_link_cut (self->link);
  g_clear_pointer (&self->link, media_link_unref);
  gst_clear_object (&self->device_pad);
  gst_clear_object (&self->replacement_pad);
  g_clear_pointer (&self->conversion, g_free);
  G_OBJECT_CLASS (media_feed_parent_class)->dispose (object);
}

static void
media_feed_class_init (MediaFeedClass *class)
{
  G_OBJECT_CLASS (class)->dispose = media_feed_dispose;
  signals[CHANGED] = g_signal_new ("changed", MEDIA_TYPE_FEED, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[LOST] = g_signal_new ("lost", MEDIA_TYPE_FEED, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
media_feed_init (MediaFeed *self)
{
  self->link = media_link_new (self);
}

/**
 * media_feed_new:
 * @bin: the pipeline
 * @replacement: (transfer floating): sent while no device is
 * @conversion: what turns a device's format into that of @replacement, as for gst-launch
 */
MediaFeed *
media_feed_new (GstBin *bin, GstElement *replacement, const char *conversion)
{
  MediaFeed *self = g_object_new (MEDIA_TYPE_FEED, NULL);

  self->bin = bin;
  self->conversion = g_strdup (conversion);
  self->selector = gst_element_factory_make ("input-selector", NULL);
  /* Otherwise a live device would be made to wait for the slate's slower frames. */
  g_object_set (self->selector, "sync-streams", FALSE, NULL);
  gst_bin_add_many (bin, self->selector, replacement, NULL);
  self->replacement_pad = plug (self, replacement);
  g_object_set (self->selector, "active-pad", self->replacement_pad, NULL);
  return self;
}

/**
 * media_feed_get_output:
 *
 * Returns: (transfer none): the element to link from
 */
GstElement *
media_feed_get_output (MediaFeed *self)
{
  return self->selector;
}

/**
 * media_feed_set_device:
 * @device: (transfer floating) (nullable): takes the place of the one before, which is closed
 */
void
media_feed_set_device (MediaFeed *self, GstElement *device)
{
  GstElement *bin, *conversion;

  unplug_device (self);
  if (device == NULL)
    return;
  bin = gst_bin_new (NULL);
  conversion = gst_parse_bin_from_description (self->conversion, TRUE, NULL);
  gst_bin_add_many (GST_BIN (bin), device, conversion, NULL);
  gst_element_link (device, conversion);
  {
    g_autoptr (GstPad) output = gst_element_get_static_pad (conversion, "src");

    gst_element_add_pad (bin, gst_ghost_pad_new ("src", output));
  }
  gst_bin_add (self->bin, bin);
  self->device = bin;
  self->device_pad = plug (self, bin);
  gst_pad_add_probe (self->device_pad, GST_PAD_PROBE_TYPE_BUFFER, first_buffer_probe,
                     media_link_ref (self->link), media_link_unref);
  gst_pad_add_probe (self->device_pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, end_probe,
                     media_link_ref (self->link), media_link_unref);
  gst_element_sync_state_with_parent (bin);
}

/**
 * media_feed_set_admitted:
 * @admitted: whether the device may be sent at all
 */
void
media_feed_set_admitted (MediaFeed *self, gboolean admitted)
{
  self->admitted = admitted;
  update (self);
}

gboolean
media_feed_is_sending_device (MediaFeed *self)
{
  return self->sending;
}

/**
 * media_feed_owns:
 *
 * Returns: whether @object is the device or a part of it
 */
gboolean
media_feed_owns (MediaFeed *self, GstObject *object)
{
  return self->device != NULL && (object == GST_OBJECT (self->device) ||
                                  gst_object_has_as_ancestor (object, GST_OBJECT (self->device)));
}
