/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-self-test.h"

#include <glib/gi18n.h>

#include "media-call.h"
#include "media-camera.h"
#include "media-tone-meter.h"

/* What a clinic's devices do when they are tried: a picture that arrives, sound above digital
 * silence, a quiet tone that the microphone hears. How long a device may take is whoever asks to
 * say, by cancelling. */

#define LOOK_MS          50
#define LISTEN_MS        1000 /* of sound, not of time */
#define BACKGROUND_MS    600
#define TONE_MS          1600
#define TONE_VOLUME      0.06
#define TIMES_BACKGROUND 8.0 /* as power: 9 dB */
#define MIN_TONE_POWER   9.0 /* an amplitude of three of 32768 */
#define BLANK_CONTRAST   6   /* of 255, largest minus smallest of any colour */

typedef struct
{
  MediaCamera *camera;
  MediaToneMeter *meter;
  GstElement *player, *tone; /* the loudspeaker's pipeline, and what sounds in it */
  gulong cancelled;
  guint source;
  double background;
  guint heard_from; /* ms of sound */
  gboolean sounding;

  gboolean blank, heard;
  guint peak;
} Test;

static void
test_stop (Test *test)
{
  g_clear_handle_id (&test->source, g_source_remove);
  if (test->camera != NULL)
    {
      g_signal_handlers_disconnect_by_data (test->camera, test);
      media_camera_stop (test->camera);
    }
  g_clear_object (&test->camera);
  g_clear_pointer (&test->meter, media_tone_meter_free);
  if (test->player != NULL)
    gst_element_set_state (test->player, GST_STATE_NULL);
  gst_clear_object (&test->tone);
  gst_clear_object (&test->player);
}

static void
test_free (gpointer data)
{
  test_stop (data);
  g_free (data);
}

/* Takes over @task; its callback runs from the main loop, with the device closed. @error: (transfer
 * full) (nullable) */
static void
end (GTask *task, GError *error)
{
  Test *test = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_clear_signal_handler (&test->cancelled, cancellable);
  test_stop (test);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* Not in the handler itself: whoever cancels may hold what end () lets go. */
static gboolean
cancelled_idle (gpointer data)
{
  GTask *task = data;

  ((Test *) g_task_get_task_data (task))->source = 0;
  end (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled"));
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  Test *test = g_task_get_task_data (data);

  g_clear_handle_id (&test->source, g_source_remove);
  test->source = g_idle_add_full (G_PRIORITY_DEFAULT, cancelled_idle, data, NULL);
}

static GTask *
task_new (gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  Test *test = g_new0 (Test, 1);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, test, test_free);
  if (cancellable != NULL)
    test->cancelled = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), task);
  return task;
}

/* ---- camera ---- */

static gboolean
is_blank (MediaStill *still)
{
  const guint8 *line = g_bytes_get_data (still->pixels, NULL);
  guint8 low[3] = { 255, 255, 255 }, high[3] = { 0 };

  for (int y = 0; y < still->height; y++, line += still->stride)
    for (int x = 0; x < still->width * 3; x++)
      {
        low[x % 3] = MIN (low[x % 3], line[x]);
        high[x % 3] = MAX (high[x % 3], line[x]);
      }
  return high[0] - low[0] < BLANK_CONTRAST && high[1] - low[1] < BLANK_CONTRAST &&
         high[2] - low[2] < BLANK_CONTRAST;
}

/* Told from the main loop: a signal's handlers must outlive what they end. */
typedef struct
{
  GTask *task;
  char *sentence; /* why there is no picture; NULL: one came */
} CameraNews;

static gboolean
camera_news_idle (gpointer data)
{
  CameraNews *news = data;
  Test *test = g_task_get_task_data (news->task);
  g_autoptr (MediaStill) still = NULL;
  GError *error = NULL;

  test->source = 0;
  if (news->sentence != NULL)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, news->sentence);
  else
    still = media_camera_take (test->camera, &error);
  test->blank = still != NULL && is_blank (still);
  end (news->task, error);
  return G_SOURCE_REMOVE;
}

static void
camera_news_free (gpointer data)
{
  CameraNews *news = data;

  g_free (news->sentence);
  g_free (news);
}

static void
tell_camera (GTask *task, const char *sentence)
{
  Test *test = g_task_get_task_data (task);
  CameraNews *news = g_new0 (CameraNews, 1);

  news->task = task;
  news->sentence = g_strdup (sentence);
  g_clear_handle_id (&test->source, g_source_remove);
  test->source = g_idle_add_full (G_PRIORITY_DEFAULT, camera_news_idle, news, camera_news_free);
}

static void
live_cb (GTask *task)
{
  tell_camera (task, NULL);
}

static void
failed_cb (GTask *task, const char *sentence)
{
  tell_camera (task, sentence);
}

/**
 * media_self_test_camera_async:
 *
 * Opens the camera, waits for a picture, closes it. Where parts of GStreamer are missing without
 * which nobody is seen or heard, it says which, whatever the camera does.
 */
void
media_self_test_camera_async (MediaSources *sources,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = task_new (media_self_test_camera_async, cancellable, callback, user_data);
  Test *test = g_task_get_task_data (task);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  GError *error = NULL;

  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  test->camera = media_camera_new (sources);
  g_signal_connect_swapped (test->camera, "live", G_CALLBACK (live_cb), task);
  g_signal_connect_swapped (test->camera, "failed", G_CALLBACK (failed_cb), task);
  if (!media_call_is_possible (&error) || !media_camera_start (test->camera, sink, &error))
    end (task, error);
}

/**
 * media_self_test_camera_finish:
 * @blank: (out): whether the picture is of one colour, as behind a closed cover
 */
gboolean
media_self_test_camera_finish (GAsyncResult *result, gboolean *blank, GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *blank = ((Test *) g_task_get_task_data (G_TASK (result)))->blank;
  return TRUE;
}

/* ---- microphone ---- */

static gboolean
listen_cb (gpointer data)
{
  Test *test = g_task_get_task_data (data);
  GError *error = media_tone_meter_dup_error (test->meter);

  if (error == NULL && media_tone_meter_get_heard_ms (test->meter) < LISTEN_MS)
    return G_SOURCE_CONTINUE;
  test->source = 0;
  test->peak = media_tone_meter_get_peak (test->meter);
  end (data, error);
  return G_SOURCE_REMOVE;
}

/**
 * media_self_test_microphone_async:
 *
 * Listens to a second of sound.
 */
void
media_self_test_microphone_async (MediaSources *sources,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task = task_new (media_self_test_microphone_async, cancellable, callback, user_data);
  Test *test = g_task_get_task_data (task);
  GError *error = NULL;

  test->meter = media_tone_meter_new (sources, &error);
  if (test->meter == NULL)
    end (task, error);
  else
    test->source = g_timeout_add (LOOK_MS, listen_cb, task);
}

/**
 * media_self_test_microphone_finish:
 * @peak: (out): the loudest sample, of 32768; up to 1 is digital silence
 */
gboolean
media_self_test_microphone_finish (GAsyncResult *result, guint *peak, GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *peak = ((Test *) g_task_get_task_data (G_TASK (result)))->peak;
  return TRUE;
}

/* ---- loudspeaker ---- */

static gboolean
build_player (Test *test, MediaSources *sources, GError **error)
{
  GstElement *sink = media_sources_make_speaker (sources, error);
  GstElement *convert = gst_element_factory_make ("audioconvert", NULL);
  GstElement *resample = gst_element_factory_make ("audioresample", NULL);

  if (sink == NULL)
    return FALSE;
  test->tone = gst_object_ref_sink (gst_element_factory_make ("audiotestsrc", NULL));
  test->player = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_object_set (test->tone, "is-live", TRUE, "freq", (double) MEDIA_TONE_METER_HZ, "volume", 0.0,
                NULL);
  gst_bin_add_many (GST_BIN (test->player), test->tone, convert, resample, sink, NULL);
  if (gst_element_link_many (test->tone, convert, resample, sink, NULL) &&
      gst_element_set_state (test->player, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       _ ("The loudspeaker cannot be opened."));
  return FALSE;
}

static GError *
player_error (Test *test)
{
  g_autoptr (GstBus) bus = gst_pipeline_get_bus (GST_PIPELINE (test->player));
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);

  return message == NULL ? NULL
                         : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED,
                                                _ ("The loudspeaker cannot be opened."));
}

/* First the room without the tone, then with it. */
static gboolean
compare_cb (gpointer data)
{
  Test *test = g_task_get_task_data (data);
  guint heard_ms = media_tone_meter_get_heard_ms (test->meter);
  GError *error = media_tone_meter_dup_error (test->meter);

  if (error == NULL)
    error = player_error (test);
  if (error == NULL && !test->sounding && heard_ms >= BACKGROUND_MS)
    {
      test->background = media_tone_meter_steal_tone (test->meter);
      test->heard_from = heard_ms;
      test->sounding = TRUE;
      g_object_set (test->tone, "volume", TONE_VOLUME, NULL);
    }
  if (error == NULL && (!test->sounding || heard_ms - test->heard_from < TONE_MS))
    return G_SOURCE_CONTINUE;
  test->source = 0;
  if (error == NULL)
    {
      double power = media_tone_meter_steal_tone (test->meter);

      test->heard = power > MIN_TONE_POWER && power > TIMES_BACKGROUND * test->background;
    }
  end (data, error);
  return G_SOURCE_REMOVE;
}

/**
 * media_self_test_speaker_async:
 *
 * Plays a quiet tone and listens whether the microphone hears it. With headphones it does not, and
 * with echo cancellation switched on in the system neither.
 */
void
media_self_test_speaker_async (MediaSources *sources,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = task_new (media_self_test_speaker_async, cancellable, callback, user_data);
  Test *test = g_task_get_task_data (task);
  GError *error = NULL;

  test->meter = media_tone_meter_new (sources, &error);
  if (test->meter == NULL || !build_player (test, sources, &error))
    end (task, error);
  else
    test->source = g_timeout_add (LOOK_MS, compare_cb, task);
}

/**
 * media_self_test_speaker_finish:
 * @heard: (out): whether the microphone heard the tone
 */
gboolean
media_self_test_speaker_finish (GAsyncResult *result, gboolean *heard, GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *heard = ((Test *) g_task_get_task_data (G_TASK (result)))->heard;
  return TRUE;
}
