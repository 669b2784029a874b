/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-camera-portal.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake-portal.h"
#include "last-reference.h"
#include "media-camera.h"
#include "media-patient.h"
#include "media-self-test.h"
#include "real-pipewire.h"

/* A camera that the desktop lends: how it is asked for, and a real PipeWire behind it. */

typedef struct
{
  FakePortal portal;
  RealPipewire pipewire;
  MediaSources *sources;
  guint changed;
  GError *error;
} Fixture;

static void
changed_cb (Fixture *fixture)
{
  fixture->changed++;
}

static void
make_sources (Fixture *fixture, gboolean sandboxed)
{
  fixture->sources = media_sources_new ();
  media_sources_set_portal (fixture->sources,
                            media_camera_portal_new (fixture->portal.ours, sandboxed));
  g_signal_connect_swapped (fixture->sources, "camera-changed", G_CALLBACK (changed_cb), fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fake_portal_set_up (&fixture->portal);
}

static void
drop_sources (Fixture *fixture)
{
  if (fixture->sources == NULL)
    return;
  while (G_OBJECT (fixture->sources)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  last_reference_drop (g_steal_pointer (&fixture->sources));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  drop_sources (fixture);
  g_clear_error (&fixture->error);
  fake_portal_settle (&fixture->portal);
  real_pipewire_stop (&fixture->pipewire);
  fake_portal_tear_down (&fixture->portal);
}

/* Returns: with what a camera cannot be had; -1: it can */
static int
need (Fixture *fixture)
{
  g_autoptr (GstElement) camera = NULL;

  g_clear_error (&fixture->error);
  camera = media_sources_make_camera (fixture->sources, &fixture->error);
  if (camera != NULL)
    g_object_ref_sink (camera);
  g_assert_true ((camera == NULL) == (fixture->error != NULL));
  return fixture->error != NULL ? fixture->error->code : -1;
}

/* Until the camera cannot be had for the reason @code. */
static void
wait_for (Fixture *fixture, int code)
{
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (need (fixture) != code)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      fake_portal_settle (&fixture->portal);
    }
}

/* Until the portal was asked @times times; a settled bus does not say that the thread that asks was
 * there. */
static void
wait_asked (Fixture *fixture, guint times)
{
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (fixture->portal.asked < times && g_get_monotonic_time () < end)
    fake_portal_settle (&fixture->portal);
  fake_portal_settle (&fixture->portal);
  g_assert_cmpuint (fixture->portal.asked, ==, times);
}

/* ---- the question ---- */

/* Looking is no question, and one need is one question. */
static void
test_asked_once (Fixture *fixture, gconstpointer data)
{
  make_sources (fixture, TRUE);
  fake_portal_settle (&fixture->portal);
  g_assert_true (media_sources_has_camera (fixture->sources, NULL));
  g_assert_cmpuint (fixture->portal.asked, ==, 0);
  fixture->portal.mood = FAKE_PORTAL_WAIT;
  g_assert_cmpint (need (fixture), ==, G_IO_ERROR_PENDING);
  fake_portal_settle (&fixture->portal);
  g_assert_cmpint (need (fixture), ==, G_IO_ERROR_PENDING);
  g_assert_nonnull (strstr (fixture->error->message, "The system asks whether"));
  wait_asked (fixture, 1);
  g_assert_cmpstr (fixture->portal.method, ==, "AccessCamera");
}

/* Needed before anybody knows whether there is a camera. */
static void
test_needed_at_once (Fixture *fixture, gconstpointer data)
{
  fixture->portal.mood = FAKE_PORTAL_WAIT;
  make_sources (fixture, TRUE);
  g_assert_cmpint (need (fixture), ==, G_IO_ERROR_PENDING);
  g_assert_nonnull (strstr (fixture->error->message, "looked for"));
  wait_asked (fixture, 1);
}

/* A refusal is told, and stands until a person tries again. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  fixture->portal.mood = FAKE_PORTAL_REFUSE;
  make_sources (fixture, TRUE);
  need (fixture);
  wait_for (fixture, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_nonnull (strstr (fixture->error->message, "does not let Bedside use the camera"));
  g_assert_cmpuint (fixture->changed, >=, 1);
  fixture->changed = 0;
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (need (fixture), ==, G_IO_ERROR_PERMISSION_DENIED);
      g_assert_false (media_sources_has_camera (fixture->sources, NULL));
      fake_portal_settle (&fixture->portal);
    }
  g_assert_cmpuint (fixture->portal.asked, ==, 1);
  g_assert_cmpuint (fixture->changed, ==, 0);
  media_sources_try_again (fixture->sources);
  g_assert_cmpint (need (fixture), ==, G_IO_ERROR_PENDING);
  wait_for (fixture, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_cmpuint (fixture->portal.asked, ==, 2);
}

/* Whatever is no answer ends with a sentence that says what to do. */
static void
test_no_answer (Fixture *fixture, gconstpointer data)
{
  static const FakePortalMood moods[] = { FAKE_PORTAL_END, FAKE_PORTAL_GARBAGE, FAKE_PORTAL_ERROR,
                                          FAKE_PORTAL_GRANT /* and nothing to hand out */ };

  for (gsize i = 0; i < G_N_ELEMENTS (moods); i++)
    {
      fixture->portal.mood = moods[i];
      make_sources (fixture, TRUE);
      need (fixture);
      wait_for (fixture, G_IO_ERROR_FAILED);
      g_assert_nonnull (strstr (fixture->error->message, "did not hand the camera over"));
      drop_sources (fixture);
    }
  g_assert_cmpuint (fixture->portal.asked, ==, G_N_ELEMENTS (moods));
  g_assert_cmpuint (fixture->portal.opened, ==, 1);
}

/* Old portals answer at another place than the one that was asked for. */
static void
test_elsewhere (Fixture *fixture, gconstpointer data)
{
  fixture->portal.mood = FAKE_PORTAL_WAIT;
  make_sources (fixture, TRUE);
  need (fixture);
  fixture->portal.mood = FAKE_PORTAL_ELSEWHERE;
  media_sources_try_again (fixture->sources);
  wait_asked (fixture, 1);
  fake_portal_answer (&fixture->portal, 1);
  wait_for (fixture, G_IO_ERROR_PERMISSION_DENIED);
}

/* Another program on the bus cannot answer. */
static void
test_stranger (Fixture *fixture, gconstpointer data)
{
  FakePortal *portal = &fixture->portal;
  g_autoptr (GDBusConnection) stranger =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (portal->bus),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, NULL);

  portal->mood = FAKE_PORTAL_WAIT;
  make_sources (fixture, TRUE);
  need (fixture);
  wait_asked (fixture, 1);
  g_dbus_connection_emit_signal (stranger, NULL, portal->handle, "org.freedesktop.portal.Request",
                                 "Response", g_variant_new ("(ua{sv})", 0, NULL), NULL);
  g_dbus_connection_flush_sync (stranger, NULL, NULL);
  fake_portal_settle (portal);
  g_assert_cmpuint (portal->opened, ==, 0);
  g_assert_cmpint (need (fixture), ==, G_IO_ERROR_PENDING);
  g_dbus_connection_close_sync (stranger, NULL, NULL);
}

/* Nobody answers any more: the portal is gone. */
static void
test_crash (Fixture *fixture, gconstpointer data)
{
  fixture->portal.mood = FAKE_PORTAL_WAIT;
  make_sources (fixture, TRUE);
  need (fixture);
  fake_portal_settle (&fixture->portal);
  fake_portal_leave (&fixture->portal);
  wait_for (fixture, G_IO_ERROR_FAILED);
}

/* What is asked on the screen goes with whoever wanted it. */
static void
test_closed (Fixture *fixture, gconstpointer data)
{
  fixture->portal.mood = FAKE_PORTAL_WAIT;
  make_sources (fixture, TRUE);
  need (fixture);
  fake_portal_settle (&fixture->portal);
  drop_sources (fixture);
  fake_portal_settle (&fixture->portal);
  g_assert_cmpint (g_atomic_int_get (&fixture->portal.closed), ==, 1);
}

/* Without a portal a sandbox has no camera at all; elsewhere there just is none. */
static void
test_missing (Fixture *fixture, gconstpointer data)
{
  fake_portal_leave (&fixture->portal);
  make_sources (fixture, TRUE);
  wait_for (fixture, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (fixture->error->message, "Ask whoever looks after this computer"));
  drop_sources (fixture);
  make_sources (fixture, FALSE);
  wait_for (fixture, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpstr (fixture->error->message, ==, "No camera is connected to this computer.");
  g_assert_false (media_sources_has_camera (fixture->sources, NULL));
}

/* Nobody is asked for a camera that is not there; one that is plugged in is asked for. */
static void
test_absent (Fixture *fixture, gconstpointer data)
{
  fixture->portal.present = FALSE;
  fixture->portal.mood = FAKE_PORTAL_REFUSE;
  make_sources (fixture, TRUE);
  wait_for (fixture, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpstr (fixture->error->message, ==, "No camera is connected to this computer.");
  fake_portal_settle (&fixture->portal);
  g_assert_cmpuint (fixture->portal.asked, ==, 0);
  fake_portal_set_present (&fixture->portal, TRUE);
  wait_asked (fixture, 1);
  wait_for (fixture, G_IO_ERROR_PERMISSION_DENIED);
}

/* ---- what is handed out ---- */

/* It is no PipeWire: one that is closed, one that is a file, one that never says a word. */
static void
test_no_pipewire (Fixture *fixture, gconstpointer data)
{
  int pair[2];

  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
      fixture->portal.remote = i == 1 ? open ("/dev/null", O_RDWR) : pair[0];
      if (i != 2)
        close (pair[1]);
      make_sources (fixture, TRUE);
      need (fixture);
      wait_for (fixture, G_IO_ERROR_FAILED);
      if (i == 2)
        close (pair[1]);
      drop_sources (fixture);
      close (fixture->portal.remote);
      if (i == 1)
        close (pair[0]);
      fixture->portal.remote = -1;
    }
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static gboolean
is_positive (gpointer data)
{
  return *(guint *) data > 0;
}

/* The camera outside of a call: it waits while a person is asked, and is live by itself. */
static void
test_picture (Fixture *fixture, gconstpointer data)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (MediaCamera) camera = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaStill) still = NULL;
  guint live = 0, waiting = 0, failed = 0;

  real_pipewire_start (&fixture->pipewire, TRUE);
  fixture->portal.remote = real_pipewire_connect (&fixture->pipewire);
  fixture->portal.mood = FAKE_PORTAL_WAIT;
  make_sources (fixture, TRUE);
  camera = media_camera_new (fixture->sources);
  g_signal_connect_swapped (camera, "live", G_CALLBACK (count_cb), &live);
  g_signal_connect_swapped (camera, "waiting", G_CALLBACK (count_cb), &waiting);
  g_signal_connect_swapped (camera, "failed", G_CALLBACK (count_cb), &failed);
  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  g_assert_true (media_camera_start (camera, sink, &error));
  g_assert_no_error (error);
  fake_portal_settle (&fixture->portal);
  g_assert_cmpuint (waiting, >, 0);
  g_assert_cmpuint (live, ==, 0);
  fake_portal_answer (&fixture->portal, 0);
  media_test_wait (is_positive, &live, 60);
  g_assert_cmpuint (live, ==, 1);
  g_assert_cmpuint (failed, ==, 0);
  still = media_camera_take (camera, &error);
  g_assert_no_error (error);
  g_assert_cmpint (still->width, >, 100);
  g_assert_cmpuint (g_list_model_get_n_items (media_sources_get_cameras (fixture->sources)), ==, 1);
  g_assert_cmpuint (fixture->portal.asked, ==, 1);
  media_camera_stop (camera);
}

/* A refusal ends the waiting, with its sentence. */
static void
failed_cb (MediaCamera *camera, const char *sentence, char **said)
{
  g_set_str (said, sentence);
}

static gboolean
is_said (gpointer data)
{
  return *(char **) data != NULL;
}

static void
test_picture_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MediaCamera) camera = NULL;
  g_autofree char *said = NULL;

  fixture->portal.mood = FAKE_PORTAL_REFUSE;
  make_sources (fixture, TRUE);
  camera = media_camera_new (fixture->sources);
  g_signal_connect (camera, "failed", G_CALLBACK (failed_cb), &said);
  g_assert_true (media_camera_start (camera, gst_element_factory_make ("fakesink", NULL), NULL));
  media_test_wait (is_said, &said, 30);
  g_assert_nonnull (said);
  g_assert_nonnull (strstr (said, "does not let Bedside use the camera"));
}

static void
tested_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  gboolean blank;
  GError *error = NULL;

  media_self_test_camera_finish (result, &blank, &error);
  g_assert_no_error (error);
  g_assert_false (blank);
  (*(guint *) data)++;
}

static void
test_self_test (Fixture *fixture, gconstpointer data)
{
  guint done = 0;

  real_pipewire_start (&fixture->pipewire, TRUE);
  fixture->portal.remote = real_pipewire_connect (&fixture->pipewire);
  make_sources (fixture, TRUE);
  media_self_test_camera_async (fixture->sources, NULL, tested_cb, &done);
  media_test_wait (is_positive, &done, 60);
}

/* ---- in a call ---- */

static GstElement *
make_sink (gpointer data)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);

  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  return sink;
}

static gboolean
is_live (gpointer call)
{
  return media_call_get_state (call) == MEDIA_CALL_LIVE;
}

static gboolean
sends_camera (gpointer call)
{
  return media_call_get_slate (call) == NULL;
}

static gboolean
has_colours (gpointer patient)
{
  return g_atomic_int_get (&((MediaPatient *) patient)->contrast) > 150;
}

/* The call is there with a sign for a picture; the camera comes in when somebody allows it, in the
 * same connection. */
static void
test_call (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MediaCall) call = NULL;
  MediaPatient *patient;

  real_pipewire_start (&fixture->pipewire, TRUE);
  fixture->portal.remote = real_pipewire_connect (&fixture->pipewire);
  fixture->portal.mood = FAKE_PORTAL_WAIT;
  make_sources (fixture, TRUE);
  call = media_call_new (fixture->sources, make_sink, NULL, NULL);
  media_call_set_speaker (call, make_sink, NULL, NULL);
  media_call_set_loopback (call, TRUE);
  patient = media_patient_new (call);
  media_call_start (call, 1);
  media_test_wait (is_live, call, 60);
  g_assert_nonnull (strstr (media_call_get_slate (call), "The system asks whether"));
  g_assert_cmpuint (fixture->portal.asked, ==, 1);
  fake_portal_answer (&fixture->portal, 0);
  media_test_wait (sends_camera, call, 60);
  media_test_wait (has_colours, patient, 60);
  g_assert_cmpuint (patient->offers, ==, 1);
  g_assert_cmpuint (media_call_get_epoch (call), ==, 1);
  g_assert_cmpint (media_call_get_state (call), ==, MEDIA_CALL_LIVE);
  media_call_stop (call);
  media_patient_drop (patient);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("BEDSIDE_TEST_CLOCK");
  gst_init (&argc, &argv);
#define ADD(name, test)                                                                            \
  g_test_add ("/media/camera-portal/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("asked-once", test_asked_once);
  ADD ("needed-at-once", test_needed_at_once);
  ADD ("refused", test_refused);
  ADD ("no-answer", test_no_answer);
  ADD ("elsewhere", test_elsewhere);
  ADD ("stranger", test_stranger);
  ADD ("crash", test_crash);
  ADD ("closed", test_closed);
  ADD ("missing", test_missing);
  ADD ("absent", test_absent);
  ADD ("no-pipewire", test_no_pipewire);
  ADD ("picture", test_picture);
  ADD ("picture-refused", test_picture_refused);
  ADD ("self-test", test_self_test);
  ADD ("call", test_call);
#undef ADD
  return g_test_run ();
}
