/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-self-test.h"

#include "media-patient.h"

/* Devices as a clinic has them, and as it finds them broken. */

#define SECONDS 60

/* What a clinic has, in words of gst-launch; NULL: nothing. */
#define TEST_TYPE_DEVICES (test_devices_get_type ())
G_DECLARE_FINAL_TYPE (TestDevices, test_devices, TEST, DEVICES, MediaSources)

struct _TestDevices
{
  MediaSources parent_instance;
  const char *camera, *microphone, *speaker;
};

G_DEFINE_FINAL_TYPE (TestDevices, test_devices, MEDIA_TYPE_SOURCES)

static GstElement *
make (const char *words, GError **error)
{
  if (words != NULL)
    return gst_parse_bin_from_description (words, TRUE, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is none.");
  return NULL;
}

static GstElement *
make_camera (MediaSources *sources, GError **error)
{
  return make (TEST_DEVICES (sources)->camera, error);
}

static GstElement *
make_microphone (MediaSources *sources, GError **error)
{
  return make (TEST_DEVICES (sources)->microphone, error);
}

static GstElement *
make_speaker (MediaSources *sources, GError **error)
{
  return make (TEST_DEVICES (sources)->speaker, error);
}

static void
test_devices_class_init (TestDevicesClass *klass)
{
  MEDIA_SOURCES_CLASS (klass)->make_camera = make_camera;
  MEDIA_SOURCES_CLASS (klass)->make_microphone = make_microphone;
  MEDIA_SOURCES_CLASS (klass)->make_speaker = make_speaker;
}

static void
test_devices_init (TestDevices *self)
{
}

static MediaSources *
devices (const char *camera, const char *microphone)
{
  TestDevices *self = g_object_new (TEST_TYPE_DEVICES, NULL);

  self->camera = camera;
  self->microphone = microphone;
  return MEDIA_SOURCES (self);
}

static void
keep_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
is_here (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  if (!media_test_wait (is_here, result, SECONDS))
    g_error ("the test did not end");
  return *result;
}

/* ---- camera ---- */

static gboolean
look (const char *camera, gboolean *blank, GError **error)
{
  g_autoptr (MediaSources) sources = devices (camera, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  media_self_test_camera_async (sources, NULL, keep_cb, &result);
  return media_self_test_camera_finish (wait_for (&result), blank, error);
}

#define SIZE "! video/x-raw,width=320,height=240,framerate=30/1 ! identity"

static void
test_cameras (void)
{
  g_autoptr (GError) error = NULL;
  gboolean blank;

  look ("videotestsrc is-live=true pattern=smpte " SIZE, &blank, &error);
  g_assert_no_error (error);
  g_assert_false (blank);
  g_assert_true (look ("videotestsrc is-live=true pattern=black " SIZE, &blank, &error));
  g_assert_true (blank);
  g_assert_false (look (NULL, &blank, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (
      look ("videotestsrc is-live=true " SIZE " ! identity error-after=1", &blank, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

/* Without GTK's sink a call has no picture, and no linker misses it: it is named. */
static void
test_missing_part (void)
{
  GstRegistry *registry = gst_registry_get ();
  g_autoptr (GstPluginFeature) sink = gst_registry_lookup_feature (registry, "gtk4paintablesink");
  g_autoptr (GError) error = NULL;
  gboolean blank;

  g_assert_nonnull (sink);
  gst_registry_remove_feature (registry, sink);
  g_assert_false (look ("videotestsrc is-live=true " SIZE, &blank, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "gtk4paintablesink"));
  gst_registry_add_feature (registry, g_steal_pointer (&sink));
}

/* ---- microphone ---- */

static gboolean
hear (const char *microphone, guint *peak, GError **error)
{
  g_autoptr (MediaSources) sources = devices (NULL, microphone);
  g_autoptr (GAsyncResult) result = NULL;

  media_self_test_microphone_async (sources, NULL, keep_cb, &result);
  return media_self_test_microphone_finish (wait_for (&result), peak, error);
}

static void
test_microphones (void)
{
  g_autoptr (GError) error = NULL;
  guint peak = 0;

  g_assert_true (hear ("audiotestsrc is-live=true wave=pink-noise volume=0.05", &peak, &error));
  g_assert_cmpuint (peak, >, 100);
  g_assert_true (hear ("audiotestsrc is-live=true wave=silence", &peak, &error));
  g_assert_cmpuint (peak, <=, 1);
  g_assert_false (hear (NULL, &peak, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (hear ("audiotestsrc is-live=true ! identity error-after=1", &peak, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

/* ---- loudspeaker ---- */

static gboolean
listen (const char *speaker, const char *microphone, gboolean *heard, GError **error)
{
  g_autoptr (MediaSources) sources = devices (NULL, microphone);
  g_autoptr (GAsyncResult) result = NULL;

  TEST_DEVICES (sources)->speaker = speaker;
  media_self_test_speaker_async (sources, NULL, keep_cb, &result);
  return media_self_test_speaker_finish (wait_for (&result), heard, error);
}

/* A room in which the microphone hears the loudspeaker, and one in which it does not. */
static void
test_loudspeakers (void)
{
  g_autoptr (GError) error = NULL;
  gboolean heard = FALSE;

  g_assert_true (
      listen ("interaudiosink channel=room", "interaudiosrc channel=room", &heard, &error));
  g_assert_true (heard);
  g_assert_true (listen ("interaudiosink channel=head",
                         "audiotestsrc is-live=true wave=pink-noise volume=0.05", &heard, &error));
  g_assert_false (heard);
  /* one who hums the tone is not taken for the loudspeaker */
  g_assert_true (listen ("interaudiosink channel=head",
                         "audiotestsrc is-live=true freq=1000 volume=0.3", &heard, &error));
  g_assert_false (heard);
  g_assert_false (
      listen ("identity error-after=1 ! fakesink", "audiotestsrc is-live=true", &heard, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_false (listen ("fakesink", NULL, &heard, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* ---- cancelling ---- */

static void
test_cancelled (void)
{
  g_autoptr (MediaSources) sources =
      devices ("videotestsrc is-live=true " SIZE " ! valve drop=true",
               "audiotestsrc is-live=true ! valve drop=true");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) camera = NULL, microphone = NULL;
  g_autoptr (GError) error = NULL;
  gboolean blank;
  guint peak;

  media_self_test_camera_async (sources, cancellable, keep_cb, &camera);
  media_self_test_microphone_async (sources, cancellable, keep_cb, &microphone);
  g_cancellable_cancel (cancellable);
  g_assert_false (media_self_test_camera_finish (wait_for (&camera), &blank, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (media_self_test_microphone_finish (wait_for (&microphone), &peak, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/media-self-test/cameras", test_cameras);
  g_test_add_func ("/media-self-test/missing-part", test_missing_part);
  g_test_add_func ("/media-self-test/microphones", test_microphones);
  g_test_add_func ("/media-self-test/loudspeakers", test_loudspeakers);
  g_test_add_func ("/media-self-test/cancelled", test_cancelled);
  return g_test_run ();
}
