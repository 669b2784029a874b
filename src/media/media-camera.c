/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-camera.h"

#include <glib/gi18n.h>

#include "media-link.h"

/* The live picture goes to the sink that is given; beside it the newest picture is kept as it came,
 * and turned into a still only when one is taken. */

struct _MediaCamera
{
  GObject parent_instance;

  MediaSources *sources;
  MediaLink *link;
  GstElement *pipeline;
  GstElement *keeper;  /* the sink that keeps the newest picture; of the pipeline */
  GstElement *waiting; /* the sink, while the system asks whether the camera may be used */
  gulong waiter;
  guint watch;
  gboolean live;
};

enum
{
  LIVE,
  FAILED,
  WAITING,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaCamera, media_camera, G_TYPE_OBJECT)

static void
fail (MediaCamera *self, const char *sentence)
{
  media_camera_stop (self);
  g_signal_emit (self, signals[FAILED], 0, sentence);
}

static gboolean
message_cb (GstBus *bus, GstMessage *message, gpointer data)
{
  MediaCamera *self = data;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR &&
      GST_MESSAGE_TYPE (message) != GST_MESSAGE_EOS)
    return G_SOURCE_CONTINUE;
  /* the watch goes with the pipeline */
  self->watch = 0;
  fail (self,
        _ ("The camera gives no picture. Another program or a call may be using it, or it was "
           "unplugged. Look at that, then try again."));
  return G_SOURCE_REMOVE;
}

static void
first_picture (gpointer object, gpointer data)
{
  MediaCamera *self = object;

  if (self->live || self->pipeline != data)
    return;
  self->live = TRUE;
  g_signal_emit (self, signals[LIVE], 0);
}

/* Told with the second picture: only then has the keeper kept the first, and one can be taken. */
static GstPadProbeReturn
first_buffer_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  if (!g_object_get_data (G_OBJECT (pad), "seen"))
    {
      g_object_set_data (G_OBJECT (pad), "seen", pad);
      return GST_PAD_PROBE_OK;
    }
  GstObject *sink = gst_pad_get_parent (pad);
  GstObject *pipeline = sink ? gst_object_get_parent (sink) : NULL;

  if (pipeline)
    media_link_post (user_data, first_picture, pipeline, gst_object_unref);
  g_clear_object (&sink);
  return GST_PAD_PROBE_REMOVE;
}

static gboolean
build (MediaCamera *self, GstElement *camera, GstElement *sink, GError **error)
{
  GstElement *tee = gst_element_factory_make ("tee", NULL);
  GstElement *shown = gst_element_factory_make ("queue", NULL);
  GstElement *convert = gst_element_factory_make ("videoconvert", NULL);
  GstElement *kept = gst_element_factory_make ("queue", NULL);
  g_autoptr (GstPad) pad = NULL;

  self->pipeline = gst_pipeline_new (NULL);
  self->keeper = gst_element_factory_make ("fakesink", NULL);
  if (!tee || !shown || !convert || !kept || !self->keeper)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("A part that shows camera pictures is not installed."));
      return FALSE;
    }
  /* a picture that nobody took in time is old, and must not hold up the camera */
  g_object_set (shown, "leaky", 2, "max-size-buffers", 2u, NULL);
  g_object_set (kept, "leaky", 2, "max-size-buffers", 1u, NULL);
  g_object_set (self->keeper, "sync", FALSE, "async", FALSE, "enable-last-sample", TRUE, NULL);
  gst_bin_add_many (GST_BIN (self->pipeline), camera, tee, shown, convert, sink, kept, self->keeper,
                    NULL);
  if (!gst_element_link_many (camera, tee, shown, convert, sink, NULL) ||
      !gst_element_link_many (tee, kept, self->keeper, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("The camera’s pictures have a format that cannot be shown."));
      return FALSE;
    }
  pad = gst_element_get_static_pad (self->keeper, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, first_buffer_cb, media_link_ref (self->link),
                     media_link_unref);
  return TRUE;
}

static void
media_camera_dispose (GObject *object)
{
  MediaCamera *self = MEDIA_CAMERA (object);

  media_camera_stop (self);
  if (self->link)
    media_link_cut (self->link);
  g_clear_pointer (&self->link, media_link_unref);
  g_clear_object (&self->sources);
  G_OBJECT_CLASS (media_camera_parent_class)->dispose (object);
}

static void
media_camera_class_init (MediaCameraClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = media_camera_dispose;
  signals[LIVE] = g_signal_new ("live", MEDIA_TYPE_CAMERA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", MEDIA_TYPE_CAMERA, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[WAITING] = g_signal_new ("waiting", MEDIA_TYPE_CAMERA, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
media_camera_init (MediaCamera *self)
{
  self->link = media_link_new (self);
}

/* Which camera is asked of @sources at each start. */
MediaCamera *
media_camera_new (MediaSources *sources)
{
  MediaCamera *self = g_object_new (MEDIA_TYPE_CAMERA, NULL);

  self->sources = g_object_ref (sources);
  return self;
}

static void
again_cb (MediaCamera *self)
{
  g_autoptr (GstElement) sink = g_steal_pointer (&self->waiting);
  g_autoptr (GError) error = NULL;

  if (!media_camera_start (self, sink, &error))
    fail (self, error->message);
}

/* Where the camera is only being looked or asked for, it comes by itself. */
static gboolean
wait_for_camera (MediaCamera *self, GstElement *sink, const GError *why)
{
  if (!g_error_matches (why, G_IO_ERROR, G_IO_ERROR_PENDING))
    return FALSE;
  self->waiting = gst_object_ref (sink);
  self->waiter =
      g_signal_connect_swapped (self->sources, "camera-changed", G_CALLBACK (again_cb), self);
  g_signal_emit (self, signals[WAITING], 0, why->message);
  return TRUE;
}

/**
 * media_camera_start:
 * @sink: (transfer floating): where the live picture goes
 *
 * Returns: FALSE with a sentence where there is no camera, or it cannot be opened. What goes wrong
 * later comes as "failed".
 */
gboolean
media_camera_start (MediaCamera *self, GstElement *sink, GError **error)
{
  g_autoptr (GstElement) owned = gst_object_ref_sink (sink);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GError) why = NULL;
  GstElement *camera;

  media_camera_stop (self);
  camera = media_sources_make_camera (self->sources, &why);
  if (!camera && wait_for_camera (self, owned, why))
    return TRUE;
  if (!camera)
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  if (!build (self, camera, owned, error))
    {
      media_camera_stop (self);
      return FALSE;
    }
  bus = gst_element_get_bus (self->pipeline);
  self->watch = gst_bus_add_watch (bus, message_cb, self);
  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    {
      media_camera_stop (self);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                           _ ("The camera cannot be opened. Another program or a call may be using "
                              "it. Close that, then try again."));
      return FALSE;
    }
  return TRUE;
}

/* The camera's light goes out. */
void
media_camera_stop (MediaCamera *self)
{
  g_clear_signal_handler (&self->waiter, self->sources);
  gst_clear_object (&self->waiting);
  g_clear_handle_id (&self->watch, g_source_remove);
  if (self->pipeline)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_object (&self->pipeline);
  self->keeper = NULL;
  self->live = FALSE;
}

gboolean
media_camera_is_live (MediaCamera *self)
{
  return self->live;
}

/**
 * media_camera_take:
 *
 * Returns: (transfer full) (nullable): the newest picture, in as many pixels as the camera gives;
 *   nothing of what the camera wrote beside its pixels comes with it
 */
MediaStill *
media_camera_take (MediaCamera *self, GError **error)
{
  MediaStill *still = self->keeper ? media_still_new (self->keeper) : NULL;

  if (!still)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         _ ("No picture could be taken. Wait until you see one, then try again."));
  return still;
}
