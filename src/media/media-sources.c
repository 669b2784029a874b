/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-sources.h"

#include <glib/gi18n.h>

#include "media-clock.h"

/* The clinic's cameras and microphones, as PipeWire, V4L2 or PulseAudio show them. */

typedef struct
{
  GListStore *devices;
  char *chosen; /* id; NULL: the system's default */
  char *in_use; /* id of what the last question was answered with */
} Kind;

typedef struct
{
  GstDeviceMonitor *monitor;
  guint watch;
  Kind cameras, microphones;
} MediaSourcesPrivate;

enum
{
  CAMERA_CHANGED,
  MICROPHONE_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_TYPE_WITH_PRIVATE (MediaSources, media_sources, G_TYPE_OBJECT)

static MediaDevice *
pick (Kind *kind)
{
  g_autoptr (MediaDevice) best = NULL;
  guint count = g_list_model_get_n_items (G_LIST_MODEL (kind->devices));

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (MediaDevice) device = g_list_model_get_item (G_LIST_MODEL (kind->devices), i);

      if (kind->chosen != NULL && g_str_equal (kind->chosen, media_device_get_id (device)))
        return g_steal_pointer (&device);
      if (best == NULL || (media_device_is_default (device) && !media_device_is_default (best)))
        g_set_object (&best, device);
    }
  return g_steal_pointer (&best);
}

static void
announce (MediaSources *self, Kind *kind, guint signal)
{
  g_autoptr (MediaDevice) device = pick (kind);

  if (g_set_str (&kind->in_use, device != NULL ? media_device_get_id (device) : NULL))
    g_signal_emit (self, signals[signal], 0);
}

static gboolean
is_monitor_of_a_speaker (GstDevice *device)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);

  return properties != NULL &&
         g_strcmp0 (gst_structure_get_string (properties, "device.class"), "monitor") == 0;
}

static void
refresh (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);
  GList *found = gst_device_monitor_get_devices (priv->monitor);

  g_list_store_remove_all (priv->cameras.devices);
  g_list_store_remove_all (priv->microphones.devices);
  for (GList *l = found; l != NULL; l = l->next)
    {
      g_autoptr (MediaDevice) device = media_device_new (l->data);

      if (gst_device_has_classes (l->data, "Video/Source"))
        g_list_store_append (priv->cameras.devices, device);
      else if (!is_monitor_of_a_speaker (l->data))
        g_list_store_append (priv->microphones.devices, device);
    }
  g_list_free_full (found, gst_object_unref);
  announce (self, &priv->cameras, CAMERA_CHANGED);
  announce (self, &priv->microphones, MICROPHONE_CHANGED);
}

static gboolean
monitor_message (GstBus *bus, GstMessage *message, gpointer data)
{
  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_DEVICE_ADDED:
    case GST_MESSAGE_DEVICE_REMOVED:
    case GST_MESSAGE_DEVICE_CHANGED:
      refresh (data);
      break;
    default:
      break;
    }
  return G_SOURCE_CONTINUE;
}

static void
watch_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_boolean (task, gst_device_monitor_start (data));
}

static void
watch_started_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  MediaSources *self = MEDIA_SOURCES (source);
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);
  g_autoptr (GstBus) bus = gst_device_monitor_get_bus (priv->monitor);

  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return; /* no provider could be started: no devices, and calls say so */
  priv->watch = gst_bus_add_watch (bus, monitor_message, self);
  refresh (self);
}

/**
 * media_sources_watch:
 *
 * Starts to look for devices; asking the sound and video servers may take a while, so it happens on
 * a thread and the lists fill later.
 */
void
media_sources_watch (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);
  g_autoptr (GTask) task = NULL;

  if (priv->monitor != NULL)
    return;
  priv->monitor = gst_device_monitor_new ();
  gst_device_monitor_add_filter (priv->monitor, "Video/Source", NULL);
  gst_device_monitor_add_filter (priv->monitor, "Audio/Source", NULL);
  task = g_task_new (self, NULL, watch_started_cb, NULL);
  g_task_set_source_tag (task, media_sources_watch);
  g_task_set_task_data (task, g_object_ref (priv->monitor), g_object_unref);
  g_task_run_in_thread (task, watch_in_thread);
}

static gboolean
has_test_clock (void)
{
  return g_strcmp0 (g_getenv ("BEDSIDE_TEST_CLOCK"), "1") == 0;
}

static GstElement *
media_sources_real_make_camera (MediaSources *self, GError **error)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);
  g_autoptr (MediaDevice) device = NULL;
  GstElement *element;

  if (has_test_clock ())
    return media_clock_source_new (640, 360, 30);
  device = pick (&priv->cameras);
  if (device == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _ ("No camera is connected to this computer."));
      return NULL;
    }
  element = media_device_make_element (device);
  if (element == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The camera “%s” cannot be opened."),
                 media_device_get_name (device));
  return element;
}

static GstElement *
media_sources_real_make_microphone (MediaSources *self, GError **error)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);
  g_autoptr (MediaDevice) device = NULL;
  GstElement *element;

  if (has_test_clock ())
    return gst_parse_bin_from_description (
        "audiotestsrc is-live=true samplesperbuffer=960 freq=440 volume=0.3", TRUE, NULL);
  device = pick (&priv->microphones);
  if (device == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _ ("No microphone is connected to this computer."));
      return NULL;
    }
  element = media_device_make_element (device);
  if (element == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The microphone “%s” cannot be opened."),
                 media_device_get_name (device));
  return element;
}

static void
kind_clear (Kind *kind)
{
  g_clear_object (&kind->devices);
  g_clear_pointer (&kind->chosen, g_free);
  g_clear_pointer (&kind->in_use, g_free);
}

static void
media_sources_finalize (GObject *object)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (MEDIA_SOURCES (object));

  g_clear_handle_id (&priv->watch, g_source_remove);
  if (priv->monitor != NULL)
    gst_device_monitor_stop (priv->monitor);
  g_clear_object (&priv->monitor);
  kind_clear (&priv->cameras);
  kind_clear (&priv->microphones);
  G_OBJECT_CLASS (media_sources_parent_class)->finalize (object);
}

static void
media_sources_class_init (MediaSourcesClass *class)
{
  G_OBJECT_CLASS (class)->finalize = media_sources_finalize;
  class->make_camera = media_sources_real_make_camera;
  class->make_microphone = media_sources_real_make_microphone;
  signals[CAMERA_CHANGED] = g_signal_new ("camera-changed", MEDIA_TYPE_SOURCES, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MICROPHONE_CHANGED] =
      g_signal_new ("microphone-changed", MEDIA_TYPE_SOURCES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
}

static void
media_sources_init (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  priv->cameras.devices = g_list_store_new (MEDIA_TYPE_DEVICE);
  priv->microphones.devices = g_list_store_new (MEDIA_TYPE_DEVICE);
}

/**
 * media_sources_new:
 *
 * Needs gst_init (). Nothing is looked for before media_sources_watch ().
 */
MediaSources *
media_sources_new (void)
{
  return g_object_new (MEDIA_TYPE_SOURCES, NULL);
}

/**
 * media_sources_get_cameras:
 *
 * Returns: (transfer none): a list of MediaDevice that follows what is plugged in
 */
GListModel *
media_sources_get_cameras (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  return G_LIST_MODEL (priv->cameras.devices);
}

/**
 * media_sources_get_microphones:
 *
 * Returns: (transfer none): a list of MediaDevice that follows what is plugged in
 */
GListModel *
media_sources_get_microphones (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  return G_LIST_MODEL (priv->microphones.devices);
}

/**
 * media_sources_choose_camera:
 * @id: (nullable): of a MediaDevice; NULL for the system's default
 *
 * A running call changes over.
 */
void
media_sources_choose_camera (MediaSources *self, const char *id)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  if (g_set_str (&priv->cameras.chosen, id))
    announce (self, &priv->cameras, CAMERA_CHANGED);
}

/**
 * media_sources_choose_microphone:
 * @id: (nullable): of a MediaDevice; NULL for the system's default
 *
 * A running call changes over.
 */
void
media_sources_choose_microphone (MediaSources *self, const char *id)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  if (g_set_str (&priv->microphones.chosen, id))
    announce (self, &priv->microphones, MICROPHONE_CHANGED);
}

/**
 * media_sources_make_camera:
 *
 * Returns: (transfer floating) (nullable): a source of raw video, or NULL with the reason in words
 */
GstElement *
media_sources_make_camera (MediaSources *self, GError **error)
{
  return MEDIA_SOURCES_GET_CLASS (self)->make_camera (self, error);
}

/**
 * media_sources_make_microphone:
 *
 * Returns: (transfer floating) (nullable): a source of raw audio, or NULL with the reason in words
 */
GstElement *
media_sources_make_microphone (MediaSources *self, GError **error)
{
  return MEDIA_SOURCES_GET_CLASS (self)->make_microphone (self, error);
}
