/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-hearing.h"

#include <gst/audio/audio.h>
#include <math.h>

/* The loudest since it was last asked for, of 16-bit samples; written by a streaming thread. */
#define LEVEL_KEY "media-hearing-level"

static GstPadProbeReturn
level_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  gint *level = data;
  GstMapInfo map;
  guint64 sum = 0;
  gsize count;
  gint loud;

  if (!gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  count = map.size / sizeof (gint16);
  for (gsize i = 0; i < count; i++)
    {
      gint32 sample = ((const gint16 *) map.data)[i];

      sum += (guint64) (sample * sample);
    }
  gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
  loud = count > 0 ? (gint) sqrt ((double) sum / (double) count) : 0;
  if (loud > g_atomic_int_get (level))
    g_atomic_int_set (level, loud);
  return GST_PAD_PROBE_OK;
}

/**
 * media_hearing_new:
 * @sink: (transfer floating): what plays the voice
 *
 * Returns: (transfer floating): a sink around @sink
 */
GstElement *
media_hearing_new (GstElement *sink)
{
  GstElement *self = gst_bin_new (NULL);
  GstElement *in = gst_element_factory_make ("audioconvert", NULL);
  GstElement *filter = gst_element_factory_make ("capsfilter", NULL);
  GstElement *volume = gst_element_factory_make ("volume", "volume");
  GstElement *out = gst_element_factory_make ("audioconvert", NULL);
  GstElement *rate = gst_element_factory_make ("audioresample", NULL);
  g_autoptr (GstCaps) caps =
      gst_caps_from_string ("audio/x-raw,format=" GST_AUDIO_NE (S16) ",layout=interleaved");
  g_autoptr (GstPad) pad = NULL;
  g_autoptr (GstPad) heard = NULL;
  gint *level = g_new0 (gint, 1);

  g_object_set (filter, "caps", caps, NULL);
  gst_bin_add_many (GST_BIN (self), in, filter, volume, out, rate, sink, NULL);
  gst_element_link_many (in, filter, volume, out, rate, sink, NULL);
  pad = gst_element_get_static_pad (in, "sink");
  gst_element_add_pad (self, gst_ghost_pad_new ("sink", pad));
  g_object_set_data_full (G_OBJECT (self), LEVEL_KEY, level, g_free);
  heard = gst_element_get_static_pad (filter, "src");
  gst_pad_add_probe (heard, GST_PAD_PROBE_TYPE_BUFFER, level_probe, level, NULL);
  return self;
}

/**
 * media_hearing_set_muted:
 * @muted: whether nothing is played here; the others still hear it
 */
void
media_hearing_set_muted (GstElement *self, gboolean muted)
{
  g_autoptr (GstElement) volume = gst_bin_get_by_name (GST_BIN (self), "volume");

  g_object_set (volume, "mute", muted, NULL);
}

/**
 * media_hearing_take_level:
 *
 * Returns: how loud the voice was since the last time, from 0 to 1, muted or not; as it is heard,
 *   60 dB below the loudest is 0
 */
double
media_hearing_take_level (GstElement *self)
{
  gint *level = g_object_get_data (G_OBJECT (self), LEVEL_KEY);
  gint loud = g_atomic_int_exchange (level, 0);

  return loud > 0 ? CLAMP (1 + 20 * log10 (loud / 32768.0) / 60, 0, 1) : 0;
}
