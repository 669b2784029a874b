/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-camera.h"

#include "last-reference.h"
#include "media-patient.h"

static gboolean
is_live (gpointer camera)
{
  return media_camera_is_live (camera);
}

static gboolean
is_set (gpointer text)
{
  return *(char **) text != NULL;
}

static void
failed_cb (MediaCamera *camera, const char *sentence, char **said)
{
  g_set_str (said, sentence);
}

static GstElement *
make_sink (void)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);

  g_object_set (sink, "sync", FALSE, NULL);
  return sink;
}

/* A still has the camera's size and something in it, and a second one can be taken after a stop. */
static void
test_take (void)
{
  g_autoptr (MediaSources) sources = MEDIA_SOURCES (media_test_sources_new (TRUE));
  MediaCamera *camera = media_camera_new (sources);
  g_autoptr (GError) error = NULL, stopped = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (MediaStill) still = NULL;
      const guint8 *pixels;
      guint low = 255, high = 0;

      g_assert_true (media_camera_start (camera, make_sink (), &error));
      g_assert_no_error (error);
      g_assert_true (media_test_wait (is_live, camera, 20));
      still = media_camera_take (camera, &error);
      g_assert_no_error (error);
      g_assert_cmpint (still->width, >=, 320);
      g_assert_cmpint (still->stride, >=, 3 * still->width);
      g_assert_cmpuint (g_bytes_get_size (still->pixels), ==,
                        (gsize) still->stride * (gsize) still->height);
      pixels = g_bytes_get_data (still->pixels, NULL);
      for (int n = 0; n < still->stride * still->height; n += 7)
        {
          low = MIN (low, pixels[n]);
          high = MAX (high, pixels[n]);
        }
      g_assert_cmpuint (high - low, >, 50);
      media_camera_stop (camera);
    }
  g_assert_null (media_camera_take (camera, &stopped));
  g_assert_error (stopped, G_IO_ERROR, G_IO_ERROR_FAILED);
  last_reference_drop (camera);
}

static void
test_no_camera (void)
{
  g_autoptr (MediaSources) sources = MEDIA_SOURCES (media_test_sources_new (FALSE));
  MediaCamera *camera = media_camera_new (sources);
  g_autoptr (GError) error = NULL;

  g_assert_false (media_camera_start (camera, make_sink (), &error));
  g_assert_nonnull (error);
  g_assert_false (media_camera_is_live (camera));
  last_reference_drop (camera);
}

/* A camera that breaks says so in a sentence, and nothing is left of it. */
static void
test_breaks (void)
{
  MediaTestSources *breaking = media_test_sources_new (TRUE);
  g_autoptr (MediaSources) sources = MEDIA_SOURCES (breaking);
  MediaCamera *camera = media_camera_new (sources);
  g_autofree char *said = NULL;
  g_autoptr (GError) error = NULL;

  media_test_sources_set_breaking (breaking);
  g_signal_connect (camera, "failed", G_CALLBACK (failed_cb), &said);
  g_assert_true (media_camera_start (camera, make_sink (), &error));
  g_assert_true (media_test_wait (is_set, &said, 20));
  g_assert_true (g_str_has_prefix (said, "The camera gives no picture."));
  g_assert_false (media_camera_is_live (camera));
  last_reference_drop (camera);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("BEDSIDE_TEST_CLOCK");
  gst_init (&argc, &argv);
  g_test_add_func ("/media/camera/take", test_take);
  g_test_add_func ("/media/camera/no-camera", test_no_camera);
  g_test_add_func ("/media/camera/breaks", test_breaks);
  return g_test_run ();
}
