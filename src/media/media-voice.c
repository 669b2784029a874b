/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-voice.h"

/* A sound is speech, and not a chair or a breath, when it is this loud for most of a second. */
#define SPEECH_LEVEL  0.05
#define SPEECH_LOOKS  6
#define REMIND_AGAIN  (20 * MEDIA_VOICE_LOOKS_A_SECOND)
#define WATCHED_LOOKS ((1u << MEDIA_VOICE_LOOKS_A_SECOND) - 1)

struct _MediaVoice
{
  gint peak; /* atomic: the loudest sample since it was last taken */
};

/**
 * media_voice_filter_new:
 * @device: (transfer floating): a microphone
 * @echo_probe: (nullable): the name of the webrtcechoprobe that hears the speaker
 * @cleaning: what is done; nothing: the microphone's own sound is sent
 *
 * Returns: (transfer floating): @device without echo, noise and rumble, and with an even loudness;
 *   as it is where the filter is not installed
 */
GstElement *
media_voice_filter_new (GstElement *device, const char *echo_probe, MediaVoiceCleaning cleaning)
{
  GstElement *filter = cleaning != 0 ? gst_element_factory_make ("webrtcdsp", NULL) : NULL;
  GstElement *bin, *entry;
  gboolean echo = echo_probe != NULL && (cleaning & MEDIA_VOICE_ECHO) != 0;
  g_autoptr (GstPad) output = NULL;

  if (filter == NULL)
    return device;
  bin = gst_bin_new (NULL);
  entry = gst_parse_bin_from_description (
      "audioconvert ! audioresample ! capsfilter "
      "caps=\"audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved\"",
      TRUE, NULL);
  g_object_set (filter, "echo-cancel", echo, "noise-suppression",
                (cleaning & MEDIA_VOICE_NOISE) != 0, "gain-control",
                (cleaning & MEDIA_VOICE_GAIN) != 0, "high-pass-filter", TRUE, NULL);
  if (echo)
    g_object_set (filter, "probe", echo_probe, NULL);
  gst_bin_add_many (GST_BIN (bin), device, entry, filter, NULL);
  gst_element_link_many (device, entry, filter, NULL);
  output = gst_element_get_static_pad (filter, "src");
  gst_element_add_pad (bin, gst_ghost_pad_new ("src", output));
  return bin;
}

/* ---- how loud it is ---- */

static void
voice_free (gpointer voice)
{
  g_atomic_rc_box_release (voice);
}

static int
find_peak (GstBuffer *buffer)
{
  GstMapInfo map;
  const gint16 *samples;
  int peak = 0;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return 0;
  samples = (const gint16 *) (gconstpointer) map.data;
  for (gsize i = 0; i < map.size / sizeof *samples; i++)
    peak = MAX (peak, ABS ((int) samples[i]));
  gst_buffer_unmap (buffer, &map);
  return peak;
}

/* Streaming thread. A peak that is lost between two threads is one of fifty a second. */
static GstPadProbeReturn
level_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  MediaVoice *self = data;
  int peak = find_peak (GST_PAD_PROBE_INFO_BUFFER (info));

  if (peak > g_atomic_int_get (&self->peak))
    g_atomic_int_set (&self->peak, peak);
  return GST_PAD_PROBE_OK;
}

/**
 * media_voice_new:
 * @pad: of audio/x-raw, S16LE, on this machine's own byte order
 *
 * Returns: (transfer full): a meter of what goes through @pad
 */
MediaVoice *
media_voice_new (GstPad *pad)
{
  MediaVoice *self = g_atomic_rc_box_new0 (MediaVoice);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, level_probe, g_atomic_rc_box_acquire (self),
                     voice_free);
  return self;
}

void
media_voice_unref (MediaVoice *self)
{
  g_atomic_rc_box_release (self);
}

/**
 * media_voice_take_level:
 *
 * Returns: the loudest moment since the last question, from 0 to 1
 */
double
media_voice_take_level (MediaVoice *self)
{
  int peak = g_atomic_int_exchange (&self->peak, 0);

  return MIN (peak / (double) G_MAXINT16, 1.0);
}

/**
 * media_voice_watch_take:
 * @level: from media_voice_take_level (), MEDIA_VOICE_LOOKS_A_SECOND times a second
 *
 * Returns: whether to say now that nobody hears this; it is not said again for a while
 */
gboolean
media_voice_watch_take (MediaVoiceWatch *self, double level, gboolean muted)
{
  guint loud = 0;

  if (!muted)
    {
      *self = (MediaVoiceWatch) { 0 };
      return FALSE;
    }
  self->loud = ((self->loud << 1) | (level >= SPEECH_LEVEL)) & WATCHED_LOOKS;
  if (self->quiet > 0)
    self->quiet--;
  for (guint bits = self->loud; bits != 0; bits >>= 1)
    loud += bits & 1;
  if (loud < SPEECH_LOOKS || self->quiet > 0)
    return FALSE;
  self->quiet = REMIND_AGAIN;
  return TRUE;
}
