/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-sources.h"

#include <glib/gi18n.h>

#include "base-portal.h"

#include "media-clock.h"

/* The clinic's cameras, microphones and speakers, as PipeWire, V4L2 or PulseAudio show them. Where
 * they show no camera, the desktop's portal may lend one. */

typedef struct
{
  GstDeviceMonitor *monitor;
  MediaCameraPortal *portal; /* NULL while it is not needed */
  gboolean looked;           /* the monitor has, or cannot */
  gboolean needed, asking;   /* a camera was needed; is being asked for in this very call */
  guint watch;
  MediaDeviceChoice *choices[MEDIA_N_DEVICE_KINDS];
  MediaVoiceCleaning cleaning;
  char *echo_probe; /* hears what is played now; NULL: nothing does */
} MediaSourcesPrivate;

enum
{
  CAMERA_CHANGED, /* in the order of MediaDeviceKind */
  MICROPHONE_CHANGED,
  SPEAKER_CHANGED,
  NOTICE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_TYPE_WITH_PRIVATE (MediaSources, media_sources, G_TYPE_OBJECT)

static gboolean
is_monitor_of_a_speaker (GstDevice *device)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);

  return properties != NULL &&
         g_strcmp0 (gst_structure_get_string (properties, "device.class"), "monitor") == 0;
}

static MediaDeviceKind
kind_of (GstDevice *device)
{
  if (gst_device_has_classes (device, "Video/Source"))
    return MEDIA_DEVICE_CAMERA;
  if (gst_device_has_classes (device, "Audio/Sink"))
    return MEDIA_DEVICE_SPEAKER;
  return is_monitor_of_a_speaker (device) ? MEDIA_N_DEVICE_KINDS : MEDIA_DEVICE_MICROPHONE;
}

/* (transfer full) (element-type GstDevice) */
static GList *
list_devices (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);
  GList *lent = priv->portal != NULL ? media_camera_portal_list (priv->portal) : NULL;

  return g_list_concat (priv->watch != 0 ? gst_device_monitor_get_devices (priv->monitor) : NULL,
                        lent);
}

static void
refresh (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);
  GList *devices = list_devices (self);
  GPtrArray *found[MEDIA_N_DEVICE_KINDS];

  for (guint kind = 0; kind < MEDIA_N_DEVICE_KINDS; kind++)
    found[kind] = g_ptr_array_new_with_free_func (g_object_unref);
  for (GList *l = devices; l != NULL; l = l->next)
    {
      MediaDeviceKind kind = kind_of (l->data);

      if (kind != MEDIA_N_DEVICE_KINDS)
        g_ptr_array_add (found[kind], media_device_new (l->data));
    }
  g_list_free_full (devices, gst_object_unref);
  for (guint kind = 0; kind < MEDIA_N_DEVICE_KINDS; kind++)
    {
      media_device_choice_update (priv->choices[kind], found[kind]);
      g_ptr_array_unref (found[kind]);
    }
}

/* ---- where no camera is seen ---- */

/* Whoever needs a camera tries again, and is told how it stands; what the portal lends is another
 * camera, which the choice tells of. */
static void
portal_changed_cb (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);
  g_autoptr (MediaDevice) before = media_device_choice_pick (priv->choices[MEDIA_DEVICE_CAMERA]);
  g_autoptr (MediaDevice) now = NULL;

  refresh (self);
  now = media_device_choice_pick (priv->choices[MEDIA_DEVICE_CAMERA]);
  if (before == NULL && now == NULL && priv->needed && !priv->asking)
    g_signal_emit (self, signals[CAMERA_CHANGED], 0);
}

static void
take_portal (MediaSources *self, MediaCameraPortal *portal)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  priv->portal = portal;
  g_signal_connect_object (portal, "changed", G_CALLBACK (portal_changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (priv->needed)
    media_camera_portal_ask (portal);
}

static void
look_again (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  refresh (self);
  if (priv->portal == NULL && g_list_model_get_n_items (media_sources_get_cameras (self)) == 0)
    take_portal (self, media_camera_portal_new (NULL, base_portal_is_sandboxed ()));
}

static gboolean
monitor_message (GstBus *bus, GstMessage *message, gpointer data)
{
  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_DEVICE_ADDED:
    case GST_MESSAGE_DEVICE_REMOVED:
    case GST_MESSAGE_DEVICE_CHANGED:
      look_again (data);
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

  priv->looked = TRUE;
  /* else no provider could be started: no devices, and calls say so */
  if (g_task_propagate_boolean (G_TASK (result), NULL))
    priv->watch = gst_bus_add_watch (bus, monitor_message, self);
  look_again (self);
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
  gst_device_monitor_add_filter (priv->monitor, "Audio/Sink", NULL);
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

/* Why there is no camera; a portal is asked for one, once. */
static void
explain_no_camera (MediaSources *self, GError **error)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  if (priv->portal != NULL)
    media_camera_portal_set_error (priv->portal, error);
  else if (priv->monitor != NULL && !priv->looked)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING,
                         _ ("The camera is still being looked for."));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _ ("No camera is connected to this computer."));
}

static void
need_camera (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  priv->needed = TRUE;
  if (priv->portal == NULL)
    return;
  priv->asking = TRUE;
  media_camera_portal_ask (priv->portal);
  priv->asking = FALSE;
}

static GstElement *
media_sources_real_make_camera (MediaSources *self, GError **error)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);
  g_autoptr (MediaDevice) device = NULL;
  GstElement *element;

  if (has_test_clock ())
    return media_clock_source_new (640, 360, 30);
  device = media_device_choice_pick (priv->choices[MEDIA_DEVICE_CAMERA]);
  if (device == NULL)
    {
      need_camera (self);
      explain_no_camera (self, error);
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
  device = media_device_choice_pick (priv->choices[MEDIA_DEVICE_MICROPHONE]);
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
  else
    element = media_voice_filter_new (element, priv->echo_probe, priv->cleaning);
  return element;
}

/* Where nobody chose one, the system's own: it may change by itself. */
static GstElement *
media_sources_real_make_speaker (MediaSources *self, GError **error)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);
  MediaDeviceChoice *choice = priv->choices[MEDIA_DEVICE_SPEAKER];
  g_autoptr (MediaDevice) device = NULL;
  GstElement *element = NULL;

  if (media_device_choice_get_chosen_name (choice) != NULL)
    device = media_device_choice_pick (choice);
  if (device != NULL)
    element = media_device_make_element (device);
  if (element == NULL)
    element = gst_element_factory_make ("autoaudiosink", NULL);
  if (element == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         _ ("Nothing can be played on this computer."));
  return element;
}

static void
device_changed_cb (MediaDeviceChoice *choice, MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  for (guint kind = 0; kind < MEDIA_N_DEVICE_KINDS; kind++)
    if (priv->choices[kind] == choice)
      g_signal_emit (self, signals[CAMERA_CHANGED + kind], 0);
}

static void
notice_cb (MediaSources *self, const char *sentence)
{
  g_signal_emit (self, signals[NOTICE], 0, sentence);
}

static void
media_sources_finalize (GObject *object)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (MEDIA_SOURCES (object));

  g_clear_handle_id (&priv->watch, g_source_remove);
  if (priv->monitor != NULL)
    gst_device_monitor_stop (priv->monitor);
  g_clear_object (&priv->monitor);
  if (priv->portal != NULL)
    media_camera_portal_close (priv->portal);
  g_clear_object (&priv->portal);
  for (guint kind = 0; kind < MEDIA_N_DEVICE_KINDS; kind++)
    g_clear_object (&priv->choices[kind]);
  g_free (priv->echo_probe);
  G_OBJECT_CLASS (media_sources_parent_class)->finalize (object);
}

static void
media_sources_class_init (MediaSourcesClass *class)
{
  G_OBJECT_CLASS (class)->finalize = media_sources_finalize;
  class->make_camera = media_sources_real_make_camera;
  class->make_microphone = media_sources_real_make_microphone;
  class->make_speaker = media_sources_real_make_speaker;
  signals[CAMERA_CHANGED] = g_signal_new ("camera-changed", MEDIA_TYPE_SOURCES, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MICROPHONE_CHANGED] =
      g_signal_new ("microphone-changed", MEDIA_TYPE_SOURCES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  signals[SPEAKER_CHANGED] = g_signal_new ("speaker-changed", MEDIA_TYPE_SOURCES, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[NOTICE] = g_signal_new ("notice", MEDIA_TYPE_SOURCES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
media_sources_init (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  priv->cleaning = MEDIA_VOICE_ALL;
  for (guint kind = 0; kind < MEDIA_N_DEVICE_KINDS; kind++)
    {
      priv->choices[kind] = media_device_choice_new (kind);
      g_signal_connect_object (priv->choices[kind], "changed", G_CALLBACK (device_changed_cb), self,
                               0);
      g_signal_connect_object (priv->choices[kind], "notice", G_CALLBACK (notice_cb), self,
                               G_CONNECT_SWAPPED);
    }
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
 * media_sources_set_portal:
 * @portal: (transfer full): instead of the session's; before media_sources_watch ()
 */
void
media_sources_set_portal (MediaSources *self, MediaCameraPortal *portal)
{
  take_portal (self, portal);
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

  return media_device_choice_get_list (priv->choices[MEDIA_DEVICE_CAMERA]);
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

  return media_device_choice_get_list (priv->choices[MEDIA_DEVICE_MICROPHONE]);
}

/**
 * media_sources_get_choice:
 *
 * Returns: (transfer none): the devices of @kind; what is chosen there, a running call changes over
 *   to
 */
MediaDeviceChoice *
media_sources_get_choice (MediaSources *self, MediaDeviceKind kind)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  return priv->choices[kind];
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

  media_device_choice_choose (priv->choices[MEDIA_DEVICE_CAMERA], id);
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

  media_device_choice_choose (priv->choices[MEDIA_DEVICE_MICROPHONE], id);
}

/**
 * media_sources_make_camera:
 *
 * Returns: (transfer floating) (nullable): a source of raw video, or NULL with the reason in words.
 *   With PENDING "camera-changed" follows when there is a camera, or when it is known why not
 */
GstElement *
media_sources_make_camera (MediaSources *self, GError **error)
{
  return MEDIA_SOURCES_GET_CLASS (self)->make_camera (self, error);
}

/**
 * media_sources_has_camera:
 *
 * Opens nothing and asks nobody.
 *
 * Returns: whether there is a camera, or one that the system may lend; else the reason in words
 */
gboolean
media_sources_has_camera (MediaSources *self, GError **error)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);
  gboolean own = MEDIA_SOURCES_GET_CLASS (self)->make_camera == media_sources_real_make_camera;
  g_autoptr (GstElement) made = NULL;

  if (own && !has_test_clock () && g_list_model_get_n_items (media_sources_get_cameras (self)) == 0)
    {
      MediaCameraPortalState state = priv->portal != NULL
                                         ? media_camera_portal_get_state (priv->portal)
                                         : MEDIA_CAMERA_PORTAL_MISSING;

      if (state == MEDIA_CAMERA_PORTAL_UNASKED || state == MEDIA_CAMERA_PORTAL_ASKING)
        return TRUE;
      explain_no_camera (self, error);
      return FALSE;
    }
  made = media_sources_make_camera (self, error);
  if (made != NULL)
    g_object_ref_sink (made);
  return made != NULL;
}

/**
 * media_sources_try_again:
 *
 * A person wants the camera: where the system refused it before it may be asked once more.
 */
void
media_sources_try_again (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  if (priv->portal != NULL)
    media_camera_portal_forget (priv->portal);
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

/**
 * media_sources_make_speaker:
 *
 * Returns: (transfer floating) (nullable): what plays raw audio, or NULL with the reason in words
 */
GstElement *
media_sources_make_speaker (MediaSources *self, GError **error)
{
  return MEDIA_SOURCES_GET_CLASS (self)->make_speaker (self, error);
}

/**
 * media_sources_set_cleaning:
 * @cleaning: what is done to the own voice, from now on; in a call too
 */
void
media_sources_set_cleaning (MediaSources *self, MediaVoiceCleaning cleaning)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  if (priv->cleaning == cleaning)
    return;
  priv->cleaning = cleaning;
  /* the filter takes its settings when it starts: whoever sends opens the microphone anew */
  g_signal_emit (self, signals[MICROPHONE_CHANGED], 0);
}

MediaVoiceCleaning
media_sources_get_cleaning (MediaSources *self)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  return priv->cleaning;
}

/**
 * media_sources_set_echo_probe:
 * @name: (nullable): of a webrtcechoprobe in front of the speaker
 *
 * Microphones that are made from now on have what it hears taken out of them.
 */
void
media_sources_set_echo_probe (MediaSources *self, const char *name)
{
  MediaSourcesPrivate *priv = media_sources_get_instance_private (self);

  g_set_str (&priv->echo_probe, name);
}
