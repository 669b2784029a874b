/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-sources.h"

#include "last-reference.h"
#include "media-call.h"
#include "media-patient.h"

static gboolean
never (gpointer data)
{
  return FALSE;
}

static void
test_no_devices_are_named (void)
{
  MediaSources *sources = media_sources_new ();
  g_autoptr (GError) camera = NULL;
  g_autoptr (GError) microphone = NULL;

  g_assert_null (media_sources_make_camera (sources, &camera));
  g_assert_null (media_sources_make_microphone (sources, &microphone));
  g_assert_cmpstr (camera->message, ==, "No camera is connected to this computer.");
  g_assert_cmpstr (microphone->message, ==, "No microphone is connected to this computer.");
  last_reference_drop (sources);
}

/* Whatever this machine has: the lists fill or stay empty, and what is in them can be chosen. */
static void
test_watch (void)
{
  MediaSources *sources = media_sources_new ();
  GListModel *cameras = media_sources_get_cameras (sources);
  guint count;

  media_sources_watch (sources);
  media_sources_watch (sources);
  media_test_wait (never, NULL, 2);
  count = g_list_model_get_n_items (cameras);
  g_test_message ("%u cameras, %u microphones", count,
                  g_list_model_get_n_items (media_sources_get_microphones (sources)));
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (MediaDevice) device = g_list_model_get_item (cameras, i);

      g_assert_nonnull (media_device_get_id (device));
      g_assert_nonnull (media_device_get_name (device));
      media_sources_choose_camera (sources, media_device_get_id (device));
    }
  media_sources_choose_camera (sources, "one that is not there");
  media_sources_choose_camera (sources, NULL);
  while (G_OBJECT (sources)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  last_reference_drop (sources);
}

static void
test_painted_clock (void)
{
  MediaSources *sources = media_sources_new ();
  g_autoptr (GstElement) camera = NULL;
  g_autoptr (GstElement) microphone = NULL;

  g_setenv ("BEDSIDE_TEST_CLOCK", "1", TRUE);
  camera = g_object_ref_sink (media_sources_make_camera (sources, NULL));
  microphone = g_object_ref_sink (media_sources_make_microphone (sources, NULL));
  g_unsetenv ("BEDSIDE_TEST_CLOCK");
  g_assert_nonnull (camera);
  g_assert_nonnull (microphone);
  last_reference_drop (sources);
}

static void
test_all_parts_are_installed (void)
{
  g_autoptr (GError) error = NULL;

  media_call_is_possible (&error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("BEDSIDE_TEST_CLOCK");
  gst_init (&argc, &argv);
  g_test_add_func ("/media/sources/no-devices", test_no_devices_are_named);
  g_test_add_func ("/media/sources/watch", test_watch);
  g_test_add_func ("/media/sources/painted-clock", test_painted_clock);
  g_test_add_func ("/media/sources/all-parts-are-installed", test_all_parts_are_installed);
  return g_test_run ();
}
