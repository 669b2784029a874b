/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <gst/gst.h>

#include "check-device.h"
#include "check-run.h"
#include "last-reference.h"
#include "media-patient.h"

/* The steps that try devices, with devices that are there, missing, dark, silent, or in a call. */

#define TEST_TYPE_PLUGS (test_plugs_get_type ())
G_DECLARE_FINAL_TYPE (TestPlugs, test_plugs, TEST, PLUGS, MediaSources)

struct _TestPlugs
{
  MediaSources parent_instance;
  const char *camera, *microphone, *speaker; /* in words of gst-launch; NULL: there is none */
};

G_DEFINE_FINAL_TYPE (TestPlugs, test_plugs, MEDIA_TYPE_SOURCES)

static GstElement *
make (const char *words, GError **error)
{
  if (words == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is none.");
      return NULL;
    }
  return gst_parse_bin_from_description (words, TRUE, error);
}

static GstElement *
make_camera (MediaSources *sources, GError **error)
{
  return make (TEST_PLUGS (sources)->camera, error);
}

static GstElement *
make_microphone (MediaSources *sources, GError **error)
{
  return make (TEST_PLUGS (sources)->microphone, error);
}

static GstElement *
make_speaker (MediaSources *sources, GError **error)
{
  return make (TEST_PLUGS (sources)->speaker, error);
}

static void
test_plugs_class_init (TestPlugsClass *klass)
{
  MEDIA_SOURCES_CLASS (klass)->make_camera = make_camera;
  MEDIA_SOURCES_CLASS (klass)->make_microphone = make_microphone;
  MEDIA_SOURCES_CLASS (klass)->make_speaker = make_speaker;
}

static void
test_plugs_init (TestPlugs *self)
{
}

#define CAMERA                                                                                     \
  "videotestsrc is-live=true pattern=smpte ! video/x-raw,width=160,height=120,framerate=30/1 ! "   \
  "identity"
#define DARK                                                                                       \
  "videotestsrc is-live=true pattern=black ! video/x-raw,width=160,height=120,framerate=30/1 ! "   \
  "identity"

typedef struct
{
  TestPlugs *plugs;
  CheckDevices *devices;
  BaseClock *clock;
  CheckRun *run;
  CheckStep *camera, *microphone, *speaker;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->plugs = g_object_new (TEST_TYPE_PLUGS, NULL);
  fixture->plugs->camera = CAMERA;
  fixture->plugs->microphone = "interaudiosrc channel=check";
  fixture->plugs->speaker = "interaudiosink channel=check";
  fixture->devices = check_devices_new ();
  check_devices_set_sources (fixture->devices, MEDIA_SOURCES (fixture->plugs));
  fixture->clock = base_clock_new ();
  fixture->run = check_run_new (fixture->clock);
  check_run_add (fixture->run, fixture->camera = check_camera_new (fixture->devices));
  check_run_add (fixture->run, fixture->microphone = check_microphone_new (fixture->devices));
  check_run_add (fixture->run, fixture->speaker = check_speaker_new (fixture->devices));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  last_reference_drop (fixture->run);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  last_reference_drop (fixture->devices);
  last_reference_drop (fixture->plugs);
  g_object_unref (fixture->clock);
}

static void
answered_cb (GObject *source, GAsyncResult *answer, gpointer data)
{
  *(CheckResult **) data = check_step_run_finish (CHECK_STEP (source), answer, NULL);
}

static gboolean
is_answered (gpointer result)
{
  return *(CheckResult **) result != NULL;
}

/* Without a time limit: what is tried here is not how fast a loaded machine is. */
static void
expect (Fixture *fixture,
        CheckStep *step,
        gboolean by_hand,
        WorkspaceCheckLevel level,
        const char *part)
{
  CheckResult *result = NULL;

  check_step_run_async (step, by_hand, NULL, answered_cb, &result);
  if (!media_test_wait (is_answered, &result, 60))
    g_error ("%s did not end", check_step_get_title (step));
  g_test_message ("%s", result->sentence);
  g_assert_cmpint (result->level, ==, level);
  g_assert_nonnull (strstr (result->sentence, part));
  check_step_take_result (step, result);
}

static void
expect_tried (Fixture *fixture, CheckStep *step, WorkspaceCheckLevel level, const char *part)
{
  expect (fixture, step, TRUE, level, part);
}

static void
test_there (Fixture *fixture, gconstpointer data)
{
  expect (fixture, fixture->camera, FALSE, WORKSPACE_CHECK_GREEN, "not switched on");
  expect (fixture, fixture->microphone, FALSE, WORKSPACE_CHECK_GREEN, "not switched on");
  expect (fixture, fixture->speaker, FALSE, WORKSPACE_CHECK_GREEN, "No tone");
  expect_tried (fixture, fixture->camera, WORKSPACE_CHECK_GREEN, "gives a picture");
  expect_tried (fixture, fixture->speaker, WORKSPACE_CHECK_GREEN, "hears the loudspeaker");
  fixture->plugs->microphone = "audiotestsrc is-live=true wave=pink-noise volume=0.1";
  expect_tried (fixture, fixture->microphone, WORKSPACE_CHECK_GREEN, "hears the room");
}

/* Pulled out between two tests. */
static void
test_gone (Fixture *fixture, gconstpointer data)
{
  expect_tried (fixture, fixture->camera, WORKSPACE_CHECK_GREEN, "gives a picture");
  fixture->plugs->camera = fixture->plugs->microphone = NULL;
  expect (fixture, fixture->camera, FALSE, WORKSPACE_CHECK_RED, "none");
  expect (fixture, fixture->microphone, FALSE, WORKSPACE_CHECK_RED, "none");
  g_assert_nonnull (check_step_get_result (fixture->camera)->advice);
  /* nothing can be said of a loudspeaker that nobody hears */
  expect_tried (fixture, fixture->speaker, WORKSPACE_CHECK_NONE, "needs a microphone");
}

static void
test_useless (Fixture *fixture, gconstpointer data)
{
  fixture->plugs->camera = DARK;
  expect_tried (fixture, fixture->camera, WORKSPACE_CHECK_AMBER, "one colour");
  fixture->plugs->camera = CAMERA " ! identity error-after=1";
  expect_tried (fixture, fixture->camera, WORKSPACE_CHECK_RED, "");
  fixture->plugs->microphone = "audiotestsrc is-live=true wave=silence";
  expect_tried (fixture, fixture->microphone, WORKSPACE_CHECK_RED, "silent");
  /* headphones: never red */
  fixture->plugs->microphone = "audiotestsrc is-live=true wave=pink-noise volume=0.1";
  expect_tried (fixture, fixture->speaker, WORKSPACE_CHECK_AMBER, "did not hear");
}

/* The patient would hear the tone. */
static void
test_in_a_call (Fixture *fixture, gconstpointer data)
{
  check_devices_set_in_call (fixture->devices, TRUE);
  expect (fixture, fixture->camera, TRUE, WORKSPACE_CHECK_NONE, "a call is going on");
  expect (fixture, fixture->speaker, TRUE, WORKSPACE_CHECK_NONE, "a call is going on");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
#define ADD(name, test) g_test_add ("/check-device/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("there", test_there);
  ADD ("gone", test_gone);
  ADD ("useless", test_useless);
  ADD ("in-a-call", test_in_a_call);
#undef ADD
  return g_test_run ();
}
