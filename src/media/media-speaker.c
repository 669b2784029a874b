/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-speaker.h"

struct _MediaSpeaker
{
  GstBin parent_instance;
  MediaSources *sources;
  GstPad *exit; /* before the sink */
  GstElement *sink;
  char *probe;      /* (nullable): its name */
  GstElement *next; /* atomic: made on the main thread, put in where the stream stands still */
};

G_DEFINE_FINAL_TYPE (MediaSpeaker, media_speaker, GST_TYPE_BIN)

static GstElement *
make_sink (MediaSpeaker *self)
{
  g_autoptr (GError) error = NULL;
  GstElement *sink = media_sources_make_speaker (self->sources, &error);

  if (sink == NULL)
    {
      /* nobody hears the patient, but the call goes on */
      g_warning ("No speaker: %s", error->message);
      sink = gst_element_factory_make ("fakesink", NULL);
      g_object_set (sink, "sync", TRUE, NULL);
    }
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "async") != NULL)
    g_object_set (sink, "async", FALSE, NULL);
  return g_object_ref_sink (sink);
}

static void
plug (MediaSpeaker *self, GstElement *sink)
{
  g_autoptr (GstPad) entry = NULL;

  self->sink = sink;
  gst_bin_add (GST_BIN (self), sink);
  entry = gst_element_get_static_pad (sink, "sink");
  gst_pad_link (self->exit, entry);
}

/* No buffer is under way: on the main thread where nothing plays, else on the streaming thread. */
static GstPadProbeReturn
idle_cb (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  MediaSpeaker *self = data;
  GstElement *next = g_atomic_pointer_exchange (&self->next, NULL), *before = self->sink;
  g_autoptr (GstPad) entry = NULL;

  if (next == NULL)
    return GST_PAD_PROBE_REMOVE;
  entry = gst_element_get_static_pad (before, "sink");
  gst_pad_unlink (pad, entry);
  gst_element_set_locked_state (before, TRUE);
  gst_element_set_state (before, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self), before);
  plug (self, next);
  gst_element_sync_state_with_parent (next);
  gst_object_unref (next);
  return GST_PAD_PROBE_REMOVE;
}

static void
speaker_changed_cb (MediaSpeaker *self)
{
  GstElement *waiting = g_atomic_pointer_exchange (&self->next, make_sink (self));

  gst_clear_object (&waiting);
  gst_pad_add_probe (self->exit, GST_PAD_PROBE_TYPE_IDLE, idle_cb, gst_object_ref (self),
                     gst_object_unref);
}

static void
media_speaker_dispose (GObject *object)
{
  MediaSpeaker *self = MEDIA_SPEAKER (object);
  GstElement *next = g_atomic_pointer_exchange (&self->next, NULL);

  if (next != NULL)
    gst_element_set_state (next, GST_STATE_NULL);
  gst_clear_object (&next);
  if (self->sources != NULL)
    g_signal_handlers_disconnect_by_data (self->sources, self);
  g_clear_object (&self->sources);
  gst_clear_object (&self->exit);
  g_clear_pointer (&self->probe, g_free);
  G_OBJECT_CLASS (media_speaker_parent_class)->dispose (object);
}

static void
media_speaker_class_init (MediaSpeakerClass *class)
{
  G_OBJECT_CLASS (class)->dispose = media_speaker_dispose;
}

static void
media_speaker_init (MediaSpeaker *self)
{
}

/* Each has a name of its own: a filter finds its probe by name, in all of the program. */
static GstElement *
make_chain (MediaSpeaker *self)
{
  static guint count;
  g_autoptr (GstElementFactory) factory = gst_element_factory_find ("webrtcechoprobe");
  g_autofree char *description = NULL;

  if (factory != NULL)
    self->probe = g_strdup_printf ("bedside-speaker-%u", ++count);
  description = g_strdup_printf ("audioconvert ! audioresample ! "
                                 "audio/x-raw,format=S16LE,rate=48000,layout=interleaved ! %s%s "
                                 "%s audioconvert ! audioresample",
                                 factory != NULL ? "webrtcechoprobe name=" : "",
                                 factory != NULL ? self->probe : "", factory != NULL ? "!" : "");
  return gst_parse_bin_from_description (description, TRUE, NULL);
}

/**
 * media_speaker_new:
 *
 * On the main thread, before the call.
 *
 * Returns: (transfer floating): an element with a static pad "sink" of raw audio
 */
GstElement *
media_speaker_new (MediaSources *sources)
{
  MediaSpeaker *self = g_object_new (MEDIA_TYPE_SPEAKER, NULL);
  GstElement *chain = make_chain (self), *sink;
  g_autoptr (GstPad) entry = gst_element_get_static_pad (chain, "sink");

  self->sources = g_object_ref (sources);
  gst_bin_add (GST_BIN (self), chain);
  self->exit = gst_element_get_static_pad (chain, "src");
  gst_element_add_pad (GST_ELEMENT (self), gst_ghost_pad_new ("sink", entry));
  sink = make_sink (self);
  plug (self, sink);
  gst_object_unref (sink);
  g_signal_connect_swapped (sources, "speaker-changed", G_CALLBACK (speaker_changed_cb), self);
  return GST_ELEMENT (self);
}

/**
 * media_speaker_get_probe:
 *
 * Returns: (nullable): the name of the probe in @speaker, or in the one that @speaker is around;
 * NULL where it is a sink of another make
 */
const char *
media_speaker_get_probe (GstElement *speaker)
{
  if (MEDIA_IS_SPEAKER (speaker))
    return MEDIA_SPEAKER (speaker)->probe;
  if (GST_IS_BIN (speaker))
    for (GList *item = GST_BIN_CHILDREN (speaker); item != NULL; item = item->next)
      if (MEDIA_IS_SPEAKER (item->data))
        return MEDIA_SPEAKER (item->data)->probe;
  return NULL;
}
