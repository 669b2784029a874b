/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check-device.h"

#include <glib/gi18n.h>

#include "media-self-test.h"

/* Without somebody's wish no device is opened: then it is only seen whether there is one. Nor is
 * one opened during a call, whose patient would hear the tone. */

#define CAMERA_SECONDS 10
#define SOUND_SECONDS  6
#define LOOK_MS        250
#define LOOKS          10 /* the lists of devices fill within two seconds */
#define SILENCE        1  /* the loudest sample of digital silence, of 32768 */
#define LANE           "devices"

struct _CheckDevices
{
  GObject parent_instance;
  MediaSources *sources; /* NULL: they are still being looked for */
  gboolean in_call;
};

G_DEFINE_FINAL_TYPE (CheckDevices, check_devices, G_TYPE_OBJECT)

static void
check_devices_finalize (GObject *object)
{
  g_clear_object (&CHECK_DEVICES (object)->sources);
  G_OBJECT_CLASS (check_devices_parent_class)->finalize (object);
}

static void
check_devices_class_init (CheckDevicesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = check_devices_finalize;
}

static void
check_devices_init (CheckDevices *self)
{
}

CheckDevices *
check_devices_new (void)
{
  return g_object_new (CHECK_TYPE_DEVICES, NULL);
}

void
check_devices_set_sources (CheckDevices *self, MediaSources *sources)
{
  g_set_object (&self->sources, sources);
}

MediaSources *
check_devices_get_sources (CheckDevices *self)
{
  return self->sources;
}

void
check_devices_set_in_call (CheckDevices *self, gboolean in_call)
{
  self->in_call = in_call;
}

/* ---- a step ---- */

typedef enum
{
  DEVICE_CAMERA,
  DEVICE_MICROPHONE,
  DEVICE_SPEAKER,
} DeviceKind;

#define CHECK_TYPE_DEVICE (check_device_get_type ())
G_DECLARE_FINAL_TYPE (CheckDevice, check_device, CHECK, DEVICE, CheckStep)

struct _CheckDevice
{
  CheckStep parent_instance;
  CheckDevices *devices;
  DeviceKind kind;
};

G_DEFINE_FINAL_TYPE (CheckDevice, check_device, CHECK_TYPE_STEP)

/* One run of a step, on its task. */
typedef struct
{
  gboolean by_hand;
  guint source, looks;
} Run;

static void
run_free (gpointer data)
{
  g_clear_handle_id (&((Run *) data)->source, g_source_remove);
  g_free (data);
}

/* Takes over @task and @result. */
static void
end (GTask *task, CheckResult *result)
{
  g_task_return_pointer (task, result, (GDestroyNotify) check_result_free);
  g_object_unref (task);
}

static const char *
advice_of (DeviceKind kind)
{
  switch (kind)
    {
    case DEVICE_CAMERA:
      return _ (
          "Plug a camera in, or open its cover, and close other programs that use it. Without "
          "one patients hear you and see a sign.");
    case DEVICE_MICROPHONE:
      return _ ("Plug a microphone or a headset in, look for a mute switch on it, and choose it in "
                "the sound settings. Without one patients do not hear you.");
    case DEVICE_SPEAKER:
      break;
    }
  return _ ("Plug loudspeakers or a headset in and choose them in the sound settings.");
}

static CheckResult *
broken (CheckDevice *self, const char *sentence)
{
  return check_result_new (WORKSPACE_CHECK_RED, sentence, advice_of (self->kind));
}

/* ---- opened ---- */

static CheckResult *
judge_camera (CheckDevice *self, GAsyncResult *answer, GError **error)
{
  gboolean blank;

  if (!media_self_test_camera_finish (answer, &blank, error))
    return NULL;
  if (blank)
    return check_result_new (WORKSPACE_CHECK_AMBER, _ ("The camera’s picture is of one colour."),
                             _ ("Open its cover, or switch on a light."));
  return check_result_new (WORKSPACE_CHECK_GREEN, _ ("The camera gives a picture."), NULL);
}

static CheckResult *
judge_microphone (CheckDevice *self, GAsyncResult *answer, GError **error)
{
  guint peak;

  if (!media_self_test_microphone_finish (answer, &peak, error))
    return NULL;
  if (peak <= SILENCE)
    return broken (self, _ ("The microphone is silent: nothing at all comes from it."));
  return check_result_new (WORKSPACE_CHECK_GREEN, _ ("The microphone hears the room."), NULL);
}

static CheckResult *
judge_speaker (CheckDevice *self, GAsyncResult *answer, GError **error)
{
  gboolean heard;

  if (!media_self_test_speaker_finish (answer, &heard, error))
    return NULL;
  if (heard)
    return check_result_new (WORKSPACE_CHECK_GREEN, _ ("The microphone hears the loudspeaker."),
                             NULL);
  return check_result_new (
      WORKSPACE_CHECK_AMBER, _ ("A tone was played; the microphone did not hear it."),
      _ ("With headphones that is right: only you can say whether you heard it. Otherwise look at "
         "the volume, and which loudspeaker the sound settings name."));
}

static void
tried_cb (GObject *source, GAsyncResult *answer, gpointer user_data)
{
  GTask *task = user_data;
  CheckDevice *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  CheckResult *result = NULL;

  switch (self->kind)
    {
    case DEVICE_CAMERA:
      result = judge_camera (self, answer, &error);
      break;
    case DEVICE_MICROPHONE:
      result = judge_microphone (self, answer, &error);
      break;
    case DEVICE_SPEAKER:
      result = judge_speaker (self, answer, &error);
      break;
    }
  if (result == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }
  /* a loudspeaker cannot be judged by a microphone that is not there; that step is red by itself */
  if (result == NULL && self->kind == DEVICE_SPEAKER &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    result = check_result_new_untried (_ ("Not tested: that needs a microphone."));
  end (task, result != NULL ? result : broken (self, error->message));
}

static void
open_device (GTask *task)
{
  CheckDevice *self = g_task_get_source_object (task);
  CheckDevices *devices = self->devices;
  GCancellable *cancellable = g_task_get_cancellable (task);

  switch (self->kind)
    {
    case DEVICE_CAMERA:
      media_self_test_camera_async (devices->sources, cancellable, tried_cb, task);
      break;
    case DEVICE_MICROPHONE:
      media_self_test_microphone_async (devices->sources, cancellable, tried_cb, task);
      break;
    case DEVICE_SPEAKER:
      media_self_test_speaker_async (devices->sources, cancellable, tried_cb, task);
      break;
    }
}

/* ---- only looked for ---- */

/* An element that is made and never started opens nothing. */
static gboolean
is_present (CheckDevice *self, GError **error)
{
  MediaSources *sources = self->devices->sources;
  GstElement *element = NULL;

  switch (self->kind)
    {
    case DEVICE_CAMERA:
      return media_sources_has_camera (sources, error);
    case DEVICE_MICROPHONE:
      element = media_sources_make_microphone (sources, error);
      break;
    case DEVICE_SPEAKER:
      element = media_sources_make_speaker (sources, error);
      break;
    }
  if (element == NULL)
    return FALSE;
  gst_object_unref (gst_object_ref_sink (element));
  return TRUE;
}

static CheckResult *
present (CheckDevice *self)
{
  switch (self->kind)
    {
    case DEVICE_CAMERA:
      return check_result_new_present (_ ("There is a camera. It was not switched on."));
    case DEVICE_MICROPHONE:
      return check_result_new_present (_ ("There is a microphone. It was not switched on."));
    case DEVICE_SPEAKER:
      break;
    }
  return check_result_new_present (_ ("No tone was played."));
}

static gboolean
look_cb (gpointer data)
{
  GTask *task = data;
  CheckDevice *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gboolean there = self->devices->sources != NULL && is_present (self, &error);
  gboolean late = ++run->looks >= LOOKS;

  if (!there && !late && !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return G_SOURCE_CONTINUE;
  run->source = 0;
  if (g_task_return_error_if_cancelled (task))
    g_object_unref (task);
  else if (there && run->by_hand)
    open_device (task);
  else if (there)
    end (task, present (self));
  else
    end (task, error != NULL ? check_result_new_absent (error->message, advice_of (self->kind))
                             : check_result_new_untried (
                                   _ ("Not tested: the devices are still being looked for.")));
  return G_SOURCE_REMOVE;
}

static void
check_device_run_async (CheckStep *step,
                        gboolean by_hand,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  CheckDevice *self = CHECK_DEVICE (step);
  GTask *task = g_task_new (step, cancellable, callback, user_data);
  Run *run = g_new0 (Run, 1);

  g_task_set_source_tag (task, check_device_run_async);
  g_task_set_task_data (task, run, run_free);
  run->by_hand = by_hand;
  if (by_hand && self->devices->in_call)
    end (task, check_result_new_untried (_ ("Not tested: a call is going on.")));
  else
    {
      /* a person may have allowed by now what was refused before */
      if (by_hand && self->kind == DEVICE_CAMERA && self->devices->sources != NULL)
        media_sources_try_again (self->devices->sources);
      run->source = g_timeout_add (by_hand ? 1 : LOOK_MS, look_cb, task);
    }
}

static void
check_device_finalize (GObject *object)
{
  g_object_unref (CHECK_DEVICE (object)->devices);
  G_OBJECT_CLASS (check_device_parent_class)->finalize (object);
}

static void
check_device_class_init (CheckDeviceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = check_device_finalize;
  CHECK_STEP_CLASS (klass)->run_async = check_device_run_async;
}

static void
check_device_init (CheckDevice *self)
{
}

static CheckStep *
device_new (CheckDevices *devices, DeviceKind kind, const char *title)
{
  CheckDevice *self = g_object_new (CHECK_TYPE_DEVICE, NULL);

  self->devices = g_object_ref (devices);
  self->kind = kind;
  check_step_set_up (CHECK_STEP (self), title,
                     kind == DEVICE_CAMERA ? CAMERA_SECONDS : SOUND_SECONDS,
                     kind == DEVICE_CAMERA ? NULL : LANE);
  return CHECK_STEP (self);
}

CheckStep *
check_camera_new (CheckDevices *devices)
{
  return device_new (devices, DEVICE_CAMERA, _ ("Camera"));
}

CheckStep *
check_microphone_new (CheckDevices *devices)
{
  return device_new (devices, DEVICE_MICROPHONE, _ ("Microphone"));
}

/* After the microphone, which it needs: they share a lane. */
CheckStep *
check_speaker_new (CheckDevices *devices)
{
  return device_new (devices, DEVICE_SPEAKER, _ ("Loudspeaker"));
}
