/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-camera-portal.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "base-portal.h"

/* Two calls: AccessCamera, which a person answers, and OpenPipeWireRemote, which gives a way to the
 * cameras alone. GStreamer's own list of PipeWire's devices works on that way, so that what is
 * plugged in and pulled out is noticed as elsewhere (org.freedesktop.portal.Camera). */

#define CAMERA     "org.freedesktop.portal.Camera"
#define PATIENCE_S 5

/* Below what a process may have open at most, which is 1024 where nobody said otherwise. */
#define FIRST_NUMBER 300
#define MOST_NUMBERS 500

struct _MediaCameraPortal
{
  GObject parent_instance;

  GDBusConnection *bus;
  gboolean sandboxed, wanted, present;
  MediaCameraPortalState state;
  GCancellable *life, *asking;
  guint watching, bus_watch;
  guint patience; /* source: the cameras are being listed */
  int remote;     /* -1: none */
  GstDeviceProvider *provider;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (MediaCameraPortal, media_camera_portal, G_TYPE_OBJECT)

static void
set_state (MediaCameraPortal *self, MediaCameraPortalState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit (self, changed_signal, 0);
}

/* ---- the cameras ---- */

static void
close_remote (MediaCameraPortal *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  if (self->provider != NULL)
    gst_device_provider_stop (self->provider);
  gst_clear_object (&self->provider);
  g_clear_fd (&self->remote, NULL);
}

static gboolean
device_message (GstBus *bus, GstMessage *message, gpointer data)
{
  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_DEVICE_ADDED:
    case GST_MESSAGE_DEVICE_REMOVED:
    case GST_MESSAGE_DEVICE_CHANGED:
      g_signal_emit (data, changed_signal, 0);
      break;
    default:
      break;
    }
  return G_SOURCE_CONTINUE;
}

/* (transfer full) (nullable): one of its own; the factory's is shared with whoever looks without a
 * portal */
static GstDeviceProvider *
make_provider (int remote)
{
  g_autoptr (GstDeviceProviderFactory) factory =
      gst_device_provider_factory_find ("pipewiredeviceprovider");
  g_autoptr (GstPluginFeature) loaded =
      factory != NULL ? gst_plugin_feature_load (GST_PLUGIN_FEATURE (factory)) : NULL;
  GstDeviceProvider *provider;

  if (loaded == NULL)
    return NULL;
  provider =
      gst_object_ref_sink (g_object_new (gst_device_provider_factory_get_device_provider_type (
                                             GST_DEVICE_PROVIDER_FACTORY (loaded)),
                                         NULL));
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (provider), "fd") == NULL)
    gst_clear_object (&provider);
  else
    g_object_set (provider, "fd", remote, NULL);
  return provider;
}

/* PipeWire answers in milliseconds; what somebody else holds out may never do so. */
static void
start_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_boolean (task, gst_device_provider_start (data));
}

/* (transfer full) (element-type GstDevice) */
static GList *
list_cameras (GstDeviceProvider *provider)
{
  g_autolist (GstDevice) devices = gst_device_provider_get_devices (provider);
  GList *cameras = NULL;

  for (GList *l = devices; l != NULL; l = l->next)
    if (gst_device_has_classes (l->data, "Video/Source"))
      cameras = g_list_append (cameras, gst_object_ref (l->data));
  return cameras;
}

/* One that is no PipeWire at all starts as well, and then shows nothing. */
static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MediaCameraPortal *self = MEDIA_CAMERA_PORTAL (source);
  GstDeviceProvider *provider = g_task_get_task_data (G_TASK (result));
  gboolean started = g_task_propagate_boolean (G_TASK (result), NULL);
  gboolean late = self->patience == 0; /* or closed */
  g_autolist (GstDevice) cameras = started ? list_cameras (provider) : NULL;
  g_autoptr (GstBus) bus = NULL;

  g_clear_handle_id (&self->patience, g_source_remove);
  if (started && (late || cameras == NULL))
    gst_device_provider_stop (provider);
  if (late)
    return;
  if (cameras == NULL)
    {
      close_remote (self);
      set_state (self, MEDIA_CAMERA_PORTAL_FAILED);
      return;
    }
  self->provider = gst_object_ref (provider);
  bus = gst_device_provider_get_bus (provider);
  self->bus_watch = gst_bus_add_watch (bus, device_message, self);
  set_state (self, MEDIA_CAMERA_PORTAL_OPEN);
}

static void
late_cb (gpointer user_data)
{
  MediaCameraPortal *self = user_data;

  self->patience = 0;
  close_remote (self);
  set_state (self, MEDIA_CAMERA_PORTAL_FAILED);
}

static gboolean
open_remote (MediaCameraPortal *self)
{
  GstDeviceProvider *provider = make_provider (self->remote);
  g_autoptr (GTask) task = NULL;

  if (provider == NULL)
    return FALSE;
  self->patience = g_timeout_add_seconds_once (PATIENCE_S, late_cb, self);
  task = g_task_new (self, NULL, started_cb, NULL);
  g_task_set_source_tag (task, open_remote);
  g_task_set_task_data (task, provider, gst_object_unref);
  g_task_run_in_thread (task, start_thread);
  return TRUE;
}

/* GStreamer's plugin shares connections by the number of their descriptor, and keeps one for as
 * long as anything uses it: a number that was used before would lead to one that is broken.
 *
 * Returns: -1 where there is none */
static int
take_remote (GUnixFDList *files, int index)
{
  static int used;
  g_autofd int fd = g_unix_fd_list_get (files, index, NULL);

  return fd >= 0 ? fcntl (fd, F_DUPFD_CLOEXEC, FIRST_NUMBER + used++ % MOST_NUMBERS) : -1;
}

static void
remote_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MediaCameraPortal) self = user_data;
  g_autoptr (GUnixFDList) files = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &files, result,
                                                       NULL);
  gint32 index = -1;

  if (g_cancellable_is_cancelled (self->life))
    return;
  if (answer != NULL && files != NULL)
    g_variant_get (answer, "(h)", &index);
  if (index >= 0 && index < g_unix_fd_list_get_length (files))
    self->remote = take_remote (files, index);
  if (self->remote >= 0 && open_remote (self))
    return;
  close_remote (self);
  set_state (self, MEDIA_CAMERA_PORTAL_FAILED);
}

/* ---- the question ---- */

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MediaCameraPortal) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) results = base_portal_request_finish (result, &error);

  g_clear_object (&self->asking);
  if (g_cancellable_is_cancelled (self->life))
    return;
  if (results != NULL)
    g_dbus_connection_call_with_unix_fd_list (self->bus, BASE_PORTAL_NAME, BASE_PORTAL_PATH, CAMERA,
                                              "OpenPipeWireRemote", g_variant_new ("(a{sv})", NULL),
                                              G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NONE, -1,
                                              NULL, self->life, remote_cb, g_object_ref (self));
  else if (base_portal_is_missing (error))
    set_state (self, MEDIA_CAMERA_PORTAL_MISSING);
  else
    set_state (self, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
                         ? MEDIA_CAMERA_PORTAL_REFUSED
                         : MEDIA_CAMERA_PORTAL_FAILED);
}

static void
ask_now (MediaCameraPortal *self)
{
  self->asking = g_cancellable_new ();
  set_state (self, MEDIA_CAMERA_PORTAL_ASKING);
  base_portal_request_async (self->bus, CAMERA, "AccessCamera", NULL, NULL, self->asking,
                             answered_cb, g_object_ref (self));
}

static void
set_present (MediaCameraPortal *self, gboolean present)
{
  self->present = present;
  if (self->state > MEDIA_CAMERA_PORTAL_UNASKED)
    return;
  if (present && self->wanted)
    ask_now (self);
  else
    set_state (self, present ? MEDIA_CAMERA_PORTAL_UNASKED : MEDIA_CAMERA_PORTAL_ABSENT);
}

/* ---- whether there is anything to ask for ---- */

static void
properties_cb (GDBusConnection *bus,
               const char *sender,
               const char *path,
               const char *interface,
               const char *signal,
               GVariant *parameters,
               gpointer user_data)
{
  MediaCameraPortal *self = user_data;
  g_autoptr (GVariant) changed = NULL;
  gboolean present;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  changed = g_variant_get_child_value (parameters, 1);
  if (g_variant_lookup (changed, "IsCameraPresent", "b", &present))
    set_present (self, present);
}

static void
present_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MediaCameraPortal) self = user_data;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariant) value = NULL;

  if (g_cancellable_is_cancelled (self->life))
    return;
  if (answer != NULL)
    g_variant_get (answer, "(v)", &value);
  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    set_present (self, g_variant_get_boolean (value));
  else
    set_state (self, MEDIA_CAMERA_PORTAL_MISSING);
}

static void
look (MediaCameraPortal *self)
{
  self->watching =
      g_dbus_connection_signal_subscribe (self->bus, BASE_PORTAL_NAME,
                                          "org.freedesktop.DBus.Properties", "PropertiesChanged",
                                          BASE_PORTAL_PATH, CAMERA, G_DBUS_SIGNAL_FLAGS_NONE,
                                          properties_cb, self, NULL);
  g_dbus_connection_call (self->bus, BASE_PORTAL_NAME, BASE_PORTAL_PATH,
                          "org.freedesktop.DBus.Properties", "Get",
                          g_variant_new ("(ss)", CAMERA, "IsCameraPresent"), G_VARIANT_TYPE ("(v)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, self->life, present_cb, g_object_ref (self));
}

static void
bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MediaCameraPortal) self = user_data;

  self->bus = g_bus_get_finish (result, NULL);
  if (g_cancellable_is_cancelled (self->life))
    return;
  if (self->bus != NULL)
    look (self);
  else
    set_state (self, MEDIA_CAMERA_PORTAL_MISSING);
}

/* ---- the object ---- */

static void
media_camera_portal_dispose (GObject *object)
{
  MediaCameraPortal *self = MEDIA_CAMERA_PORTAL (object);

  close_remote (self);
  if (self->watching > 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->watching);
  self->watching = 0;
  g_clear_object (&self->bus);
  g_clear_object (&self->life);
  g_clear_object (&self->asking);
  G_OBJECT_CLASS (media_camera_portal_parent_class)->dispose (object);
}

static void
media_camera_portal_class_init (MediaCameraPortalClass *class)
{
  G_OBJECT_CLASS (class)->dispose = media_camera_portal_dispose;
  changed_signal = g_signal_new ("changed", MEDIA_TYPE_CAMERA_PORTAL, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
media_camera_portal_init (MediaCameraPortal *self)
{
  self->remote = -1;
  self->life = g_cancellable_new ();
}

/**
 * media_camera_portal_new:
 * @bus: (nullable): the session's
 * @sandboxed: whether there is no other way to a camera
 *
 * Needs gst_init (). It is seen at once whether there is a camera; nobody is asked.
 */
MediaCameraPortal *
media_camera_portal_new (GDBusConnection *bus, gboolean sandboxed)
{
  MediaCameraPortal *self = g_object_new (MEDIA_TYPE_CAMERA_PORTAL, NULL);

  self->sandboxed = sandboxed;
  if (bus != NULL)
    {
      self->bus = g_object_ref (bus);
      look (self);
    }
  else
    g_bus_get (G_BUS_TYPE_SESSION, self->life, bus_cb, g_object_ref (self));
  return self;
}

/**
 * media_camera_portal_close:
 *
 * Takes the question from the screen and lets the cameras go. Nothing follows.
 */
void
media_camera_portal_close (MediaCameraPortal *self)
{
  g_cancellable_cancel (self->life);
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  close_remote (self);
}

/**
 * media_camera_portal_ask:
 *
 * A camera is needed: asks for it, unless that was done before.
 */
void
media_camera_portal_ask (MediaCameraPortal *self)
{
  self->wanted = TRUE;
  if (self->state == MEDIA_CAMERA_PORTAL_UNASKED)
    ask_now (self);
}

/**
 * media_camera_portal_forget:
 *
 * A person wants to try again: what failed or was refused may be asked for once more.
 */
void
media_camera_portal_forget (MediaCameraPortal *self)
{
  g_autolist (GstDevice) cameras = NULL;

  switch (self->state)
    {
    case MEDIA_CAMERA_PORTAL_REFUSED:
    case MEDIA_CAMERA_PORTAL_FAILED:
      self->state = MEDIA_CAMERA_PORTAL_UNASKED;
      break;
    case MEDIA_CAMERA_PORTAL_MISSING:
      if (self->bus == NULL || self->watching == 0)
        break;
      g_dbus_connection_signal_unsubscribe (self->bus, self->watching);
      self->state = MEDIA_CAMERA_PORTAL_LOOKING;
      look (self);
      break;
    case MEDIA_CAMERA_PORTAL_OPEN:
      /* PipeWire began anew, and this way leads to the one that ended */
      cameras = media_camera_portal_list (self);
      if (cameras != NULL)
        break;
      close_remote (self);
      self->state = self->present ? MEDIA_CAMERA_PORTAL_UNASKED : MEDIA_CAMERA_PORTAL_ABSENT;
      break;
    case MEDIA_CAMERA_PORTAL_LOOKING:
    case MEDIA_CAMERA_PORTAL_ABSENT:
    case MEDIA_CAMERA_PORTAL_UNASKED:
    case MEDIA_CAMERA_PORTAL_ASKING:
      break;
    }
}

MediaCameraPortalState
media_camera_portal_get_state (MediaCameraPortal *self)
{
  return self->state;
}

/**
 * media_camera_portal_set_error:
 *
 * Why there is no picture, or none yet: PENDING where it comes by itself.
 */
void
media_camera_portal_set_error (MediaCameraPortal *self, GError **error)
{
  const struct
  {
    GIOErrorEnum code;
    const char *sentence;
  } reasons[] = {
    [MEDIA_CAMERA_PORTAL_LOOKING] = { G_IO_ERROR_PENDING,
                                      _ ("The camera is still being looked for.") },
    [MEDIA_CAMERA_PORTAL_MISSING] = { G_IO_ERROR_NOT_SUPPORTED,
                                      _ ("This desktop cannot lend Bedside a camera. Ask whoever "
                                         "looks after this computer to "
                                         "install PipeWire and the desktop portal.") },
    [MEDIA_CAMERA_PORTAL_ABSENT] = { G_IO_ERROR_NOT_FOUND,
                                     _ ("No camera is connected to this computer.") },
    [MEDIA_CAMERA_PORTAL_UNASKED] = { G_IO_ERROR_PENDING,
                                      _ ("The camera is still being looked for.") },
    [MEDIA_CAMERA_PORTAL_ASKING] = { G_IO_ERROR_PENDING,
                                     _ ("The system asks whether Bedside may use the camera. Allow "
                                        "it there, and your picture "
                                        "comes by itself.") },
    [MEDIA_CAMERA_PORTAL_REFUSED] = { G_IO_ERROR_PERMISSION_DENIED,
                                      _ ("The system does not let Bedside use the camera. Allow it "
                                         "in the system’s settings, "
                                         "where the permissions of programs are, then switch the "
                                         "camera on again.") },
    [MEDIA_CAMERA_PORTAL_FAILED] = { G_IO_ERROR_FAILED,
                                     _ ("The system did not hand the camera over. Switch the "
                                        "camera on again; if that does not "
                                        "help, log out of this computer and in again.") },
    [MEDIA_CAMERA_PORTAL_OPEN] = { G_IO_ERROR_NOT_FOUND,
                                   _ ("No camera is connected to this computer.") },
  };
  /* elsewhere a desktop without the portal has hidden nothing */
  MediaCameraPortalState state = self->state == MEDIA_CAMERA_PORTAL_MISSING && !self->sandboxed
                                     ? MEDIA_CAMERA_PORTAL_ABSENT
                                     : self->state;

  g_set_error_literal (error, G_IO_ERROR, reasons[state].code, reasons[state].sentence);
}

/**
 * media_camera_portal_list:
 *
 * Returns: (transfer full) (element-type GstDevice): the cameras that are lent now
 */
GList *
media_camera_portal_list (MediaCameraPortal *self)
{
  return self->provider != NULL ? list_cameras (self->provider) : NULL;
}
