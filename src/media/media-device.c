/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-device.h"

struct _MediaDevice
{
  GObject parent_instance;
  GstDevice *device;
  char *id;
  char *name;
  gboolean is_default;
};

typedef enum
{
  PROP_ID = 1,
  PROP_NAME,
} MediaDeviceProperty;

G_DEFINE_FINAL_TYPE (MediaDevice, media_device, G_TYPE_OBJECT)

/* GstDevice has no id; what survives unplugging depends on who found the device. */
static char *
find_id (GstDevice *device, gboolean *is_default)
{
  static const char *const fields[] = { "node.name", "device.path", "api.v4l2.path",
                                        "device.string", "object.path" };
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);

  *is_default = FALSE;
  if (properties != NULL)
    {
      gst_structure_get_boolean (properties, "is-default", is_default);
      for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
        if (gst_structure_get_string (properties, fields[i]) != NULL)
          return g_strdup (gst_structure_get_string (properties, fields[i]));
    }
  return gst_device_get_display_name (device);
}

static void
media_device_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  MediaDevice *self = MEDIA_DEVICE (object);

  switch ((MediaDeviceProperty) property)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    }
}

static void
media_device_finalize (GObject *object)
{
  MediaDevice *self = MEDIA_DEVICE (object);

  g_clear_object (&self->device);
  g_free (self->id);
  g_free (self->name);
  G_OBJECT_CLASS (media_device_parent_class)->finalize (object);
}

static void
media_device_class_init (MediaDeviceClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = media_device_get_property;
  object_class->finalize = media_device_finalize;
  g_object_class_install_property (object_class, PROP_ID,
                                   g_param_spec_string ("id", NULL, NULL, NULL,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_NAME,
                                   g_param_spec_string ("name", NULL, NULL, NULL,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
media_device_init (MediaDevice *self)
{
}

MediaDevice *
media_device_new (GstDevice *device)
{
  MediaDevice *self = g_object_new (MEDIA_TYPE_DEVICE, NULL);

  self->device = g_object_ref (device);
  self->id = find_id (device, &self->is_default);
  self->name = gst_device_get_display_name (device);
  return self;
}

const char *
media_device_get_id (MediaDevice *self)
{
  return self->id;
}

const char *
media_device_get_name (MediaDevice *self)
{
  return self->name;
}

gboolean
media_device_is_default (MediaDevice *self)
{
  return self->is_default;
}

/**
 * media_device_make_element:
 *
 * Returns: (transfer floating) (nullable): a source that opens the device when it is started
 */
GstElement *
media_device_make_element (MediaDevice *self)
{
  GstElement *source = gst_device_create_element (self->device, NULL);

  /* PipeWire takes the memory of its pictures back when its stream ends or is negotiated anew, also
   * of one that is read just now: pipewiresrc 1.4 hands out copies where it has no pool */
  if (source && g_object_class_find_property (G_OBJECT_GET_CLASS (source), "use-bufferpool"))
    g_object_set (source, "use-bufferpool", FALSE, NULL);
  return source;
}
