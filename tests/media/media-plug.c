/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-plug.h"

/* ---- a device ---- */

#define TEST_TYPE_PLUG_DEVICE (test_plug_device_get_type ())
G_DECLARE_FINAL_TYPE (TestPlugDevice, test_plug_device, TEST, PLUG_DEVICE, GstDevice)

struct _TestPlugDevice
{
  GstDevice parent_instance;
};

G_DEFINE_FINAL_TYPE (TestPlugDevice, test_plug_device, GST_TYPE_DEVICE)

static GMutex lock;
static GHashTable *counts; /* id to how many buffers it played */

static GstPadProbeReturn
played_probe (GstPad *pad, GstPadProbeInfo *info, gpointer id)
{
  g_mutex_lock (&lock);
  g_hash_table_insert (counts, g_strdup (id),
                       GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (counts, id)) + 1));
  g_mutex_unlock (&lock);
  return GST_PAD_PROBE_OK;
}

static GstElement *
test_plug_device_create_element (GstDevice *device, const char *name)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);
  const char *id = gst_structure_get_string (properties, "node.name");
  g_autoptr (GstPad) pad = NULL;
  GstElement *sink;

  if (gst_device_has_classes (device, "Video/Source"))
    return gst_parse_bin_from_description (
        "videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=30/1", TRUE, NULL);
  if (gst_device_has_classes (device, "Audio/Source"))
    return gst_parse_bin_from_description ("audiotestsrc is-live=true samplesperbuffer=480", TRUE,
                                           NULL);
  sink = gst_element_factory_make ("fakesink", NULL);
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, played_probe, g_strdup (id), g_free);
  return sink;
}

static void
test_plug_device_class_init (TestPlugDeviceClass *class)
{
  GST_DEVICE_CLASS (class)->create_element = test_plug_device_create_element;
}

static void
test_plug_device_init (TestPlugDevice *self)
{
}

/* ---- who finds it ---- */

#define TEST_TYPE_PLUG_PROVIDER (test_plug_provider_get_type ())
G_DECLARE_FINAL_TYPE (TestPlugProvider, test_plug_provider, TEST, PLUG_PROVIDER, GstDeviceProvider)

struct _TestPlugProvider
{
  GstDeviceProvider parent_instance;
};

G_DEFINE_FINAL_TYPE (TestPlugProvider, test_plug_provider, GST_TYPE_DEVICE_PROVIDER)

static gboolean
test_plug_provider_start (GstDeviceProvider *provider)
{
  return TRUE;
}

static void
test_plug_provider_stop (GstDeviceProvider *provider)
{
}

static void
test_plug_provider_class_init (TestPlugProviderClass *class)
{
  GstDeviceProviderClass *provider_class = GST_DEVICE_PROVIDER_CLASS (class);

  provider_class->start = test_plug_provider_start;
  provider_class->stop = test_plug_provider_stop;
  gst_device_provider_class_set_static_metadata (provider_class, "Test devices",
                                                 "Source/Sink/Audio/Video",
                                                 "Devices that a test plugs in", "Bedside");
}

static void
test_plug_provider_init (TestPlugProvider *self)
{
}

static GstDeviceProvider *provider;

/* Once, after gst_init (). */
void
media_plug_register (void)
{
  g_autoptr (GstDeviceProviderFactory) factory = NULL;

  counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gst_device_provider_register (NULL, "bedsideplug", GST_RANK_PRIMARY, TEST_TYPE_PLUG_PROVIDER);
  factory = gst_device_provider_factory_find ("bedsideplug");
  provider = gst_device_provider_factory_get (factory);
}

GstDevice *
media_plug_in (const char *class_, const char *id, const char *name)
{
  g_autoptr (GstCaps) caps = gst_caps_new_any ();
  g_autoptr (GstStructure) properties =
      gst_structure_new ("properties", "node.name", G_TYPE_STRING, id, NULL);
  GstDevice *device = g_object_new (TEST_TYPE_PLUG_DEVICE, "display-name", name, "device-class",
                                    class_, "caps", caps, "properties", properties, NULL);

  gst_device_provider_device_add (provider, gst_object_ref_sink (device));
  return device;
}

void
media_plug_out (GstDevice *device)
{
  gst_device_provider_device_remove (provider, device);
}

guint
media_plug_count (const char *id)
{
  guint count;

  g_mutex_lock (&lock);
  count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, id));
  g_mutex_unlock (&lock);
  return count;
}
