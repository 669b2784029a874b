/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-tone-meter.h"

#include <glib/gi18n.h>
#include <math.h>

/* The streaming thread adds up under the lock; whoever asks reads. How strong one tone is comes
 * from Goertzel's filter over windows of 50 ms. */

#define RATE   48000
#define WINDOW (RATE / 20)

struct _MediaToneMeter
{
  GstElement *pipeline;
  GMutex lock;
  guint64 samples;
  guint peak;
  guint filled; /* of this window */
  double before, before_that;
  double power; /* added up over whole windows */
  guint windows;
};

static double
coefficient (void)
{
  return 2 * cos (2 * G_PI * MEDIA_TONE_METER_HZ / RATE);
}

static void
add_sample (MediaToneMeter *self, int sample, double factor)
{
  double now = sample + factor * self->before - self->before_that;

  self->peak = MAX (self->peak, (guint) ABS (sample));
  self->before_that = self->before;
  self->before = now;
  if (++self->filled < WINDOW)
    return;
  /* the power of a tone of amplitude A is A squared */
  self->power += (self->before * self->before + self->before_that * self->before_that -
                  factor * self->before * self->before_that) *
                 4 / ((double) WINDOW * WINDOW);
  self->windows++;
  self->filled = 0;
  self->before = self->before_that = 0;
}

static GstPadProbeReturn
sound_cb (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  MediaToneMeter *self = data;
  double factor = coefficient ();
  GstMapInfo map;

  if (!gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  g_mutex_lock (&self->lock);
  for (gsize i = 0; i + 1 < map.size; i += 2)
    add_sample (self, (gint16) (map.data[i] | map.data[i + 1] << 8), factor);
  self->samples += map.size / 2;
  g_mutex_unlock (&self->lock);
  gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
  return GST_PAD_PROBE_OK;
}

static gboolean
build (MediaToneMeter *self, GstElement *microphone)
{
  GstElement *chain = gst_parse_bin_from_description (
      "audioconvert ! audioresample ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! fakesink "
      "name=end sync=false async=false",
      TRUE, NULL);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;

  gst_bin_add (GST_BIN (self->pipeline), microphone);
  if (chain == NULL)
    return FALSE;
  gst_bin_add (GST_BIN (self->pipeline), chain);
  sink = gst_bin_get_by_name (GST_BIN (chain), "end");
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, sound_cb, self, NULL);
  return gst_element_link (microphone, chain) &&
         gst_element_set_state (self->pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

static void
set_unusable (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       _ ("The microphone gives no sound. Another program may be using it, or it "
                          "was unplugged."));
}

/**
 * media_tone_meter_new:
 *
 * Returns: (transfer full) (nullable): a meter that listens until it is freed
 */
MediaToneMeter *
media_tone_meter_new (MediaSources *sources, GError **error)
{
  GstElement *microphone = media_sources_make_microphone (sources, error);
  MediaToneMeter *self;

  if (microphone == NULL)
    return NULL;
  self = g_new0 (MediaToneMeter, 1);
  g_mutex_init (&self->lock);
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  if (build (self, microphone))
    return self;
  media_tone_meter_free (self);
  set_unusable (error);
  return NULL;
}

void
media_tone_meter_free (MediaToneMeter *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint
media_tone_meter_get_heard_ms (MediaToneMeter *self)
{
  guint heard;

  g_mutex_lock (&self->lock);
  heard = (guint) (self->samples * 1000 / RATE);
  g_mutex_unlock (&self->lock);
  return heard;
}

/**
 * media_tone_meter_get_peak:
 *
 * Returns: the loudest sample since the beginning, of 32768
 */
guint
media_tone_meter_get_peak (MediaToneMeter *self)
{
  guint peak;

  g_mutex_lock (&self->lock);
  peak = self->peak;
  g_mutex_unlock (&self->lock);
  return peak;
}

/**
 * media_tone_meter_steal_tone:
 *
 * Returns: the mean power of MEDIA_TONE_METER_HZ since it was last asked: the square of an
 * amplitude of 32768
 */
double
media_tone_meter_steal_tone (MediaToneMeter *self)
{
  double power;

  g_mutex_lock (&self->lock);
  power = self->windows > 0 ? self->power / self->windows : 0;
  self->power = 0;
  self->windows = 0;
  g_mutex_unlock (&self->lock);
  return power;
}

/**
 * media_tone_meter_dup_error:
 *
 * Returns: (transfer full) (nullable): why nothing is heard any more
 */
GError *
media_tone_meter_dup_error (MediaToneMeter *self)
{
  g_autoptr (GstBus) bus = gst_pipeline_get_bus (GST_PIPELINE (self->pipeline));
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  GError *error = NULL;

  if (message != NULL)
    set_unusable (&error);
  return error;
}
