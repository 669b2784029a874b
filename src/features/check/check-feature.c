/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check-feature.h"

#include <glib/gi18n.h>
#include <gst/gst.h>

#include "check-computer.h"
#include "check-device.h"
#include "check-dialog.h"
#include "check-near.h"
#include "check-relay.h"
#include "check-server.h"
#include "workspace-session.h"

/* The self-test of this workplace: in the background after the first frame, again when something
 * changed, and whole when somebody asks. */

#define FIRST_SECONDS 3
#define FIRST_TRIES   10
#define SETTLE_MS     1500
#define WATCH_SECONDS 10
#define JUMP_US       (20 * G_USEC_PER_SEC)
#define AGAIN_SECONDS 600
#define NEAR_TICKS    6 /* once a minute it is looked whether a visit is near */

struct _CheckFeature
{
  WorkspaceFeature parent_instance;

  WorkspaceSession *session; /* not owned: it owns this; NULL once it is gone */
  BaseClock *clock;          /* this computer's own time */
  CheckServer *server;
  CheckDevices *devices;
  CheckRun *run;
  GPtrArray *device_steps; /* not owned */
  gint64 offset;           /* of the clock from the monotonic one, when it was last looked at */
  guint first_source, first_tries, settle_source, watch_source, ticks;
};

G_DEFINE_FINAL_TYPE (CheckFeature, check_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceCommand commands[] = {
  { WORKSPACE_SCOPE_CLINIC, "win.self-test", N_ ("Test This Workplace"), NULL },
};

/* ---- whether a visit is near ---- */

/* What cannot be found out is near: better once too red. */
static void
near_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CheckFeature) self = data;
  g_autoptr (GError) error = NULL;
  gboolean near = TRUE;

  if (!check_near_look_finish (result, &near, &error))
    near = TRUE;
  if (self->run != NULL)
    check_run_set_visit_near (self->run, near);
}

static void
look_near (CheckFeature *self)
{
  if (self->session != NULL)
    check_near_look_async (workspace_session_get_database (self->session),
                           workspace_session_get_clock (self->session), NULL, near_cb,
                           g_object_ref (self));
}

static void
store_changed_cb (CheckFeature *self, GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const StoreChange *change = changes->pdata[i];

      if (!g_str_equal (change->type, "Encounter") && !g_str_equal (change->type, "Appointment"))
        continue;
      look_near (self);
      return;
    }
}

/* ---- the steps ---- */

static void
add_device (CheckFeature *self, CheckStep *step)
{
  g_ptr_array_add (self->device_steps, step);
  check_run_add (self->run, step);
}

static char *
dup_store_folder (CheckFeature *self)
{
  return g_path_get_dirname (
      store_database_get_path (workspace_session_get_database (self->session)));
}

static void
add_steps (CheckFeature *self)
{
  g_autofree char *folder = dup_store_folder (self);

  add_device (self, check_camera_new (self->devices));
  add_device (self, check_microphone_new (self->devices));
  add_device (self, check_speaker_new (self->devices));
  check_run_add (self->run, check_hub_new (self->server));
  check_run_add (self->run, check_relay_new (self->server, TRUE, NET_STUN_UDP));
  check_run_add (self->run, check_relay_new (self->server, TRUE, NET_STUN_TCP));
  check_run_add (self->run, check_relay_new (self->server, TRUE, NET_STUN_TLS));
  check_run_add (self->run, check_relay_new (self->server, FALSE, NET_STUN_UDP));
  check_run_add (self->run, check_certificate_new (self->server));
  check_run_add (self->run, check_clock_new (self->server));
  check_run_add (self->run, check_disk_new (folder));
  check_run_add (self->run,
                 check_content_new (workspace_session_get_content (self->session), self->clock));
}

static void
run_changed_cb (CheckFeature *self)
{
  g_autofree char *sentence = check_run_dup_sentence (self->run);

  if (self->session == NULL)
    return;
  workspace_check_set (workspace_session_get_check (self->session), check_run_get_level (self->run),
                       sentence);
}

static CheckRun *
ensure_run (CheckFeature *self)
{
  if (self->run != NULL)
    return self->run;
  self->run = check_run_new (self->clock);
  add_steps (self);
  g_signal_connect_swapped (self->run, "changed", G_CALLBACK (run_changed_cb), self);
  look_near (self);
  return self->run;
}

/* ---- when ---- */

static void
take_server (CheckFeature *self)
{
  GObject *net = workspace_session_get_net (self->session);

  check_server_set (self->server, workspace_session_get_server (self->session),
                    net != NULL ? NET_SESSION (net) : NULL);
}

static void
settled (gpointer data)
{
  CheckFeature *self = data;

  self->settle_source = 0;
  if (self->session == NULL)
    return;
  take_server (self);
  check_run_start (ensure_run (self), FALSE);
}

/* Several things change at once when a server is found or lost. */
static void
run_soon (CheckFeature *self)
{
  if (self->first_source != 0)
    return;
  g_clear_handle_id (&self->settle_source, g_source_remove);
  self->settle_source = g_timeout_add_once (SETTLE_MS, settled, self);
}

/* Not before GStreamer is there, unless it never comes. */
static gboolean
first_cb (gpointer data)
{
  CheckFeature *self = data;

  if (check_devices_get_sources (self->devices) == NULL && ++self->first_tries < FIRST_TRIES)
    return G_SOURCE_CONTINUE;
  self->first_source = 0;
  settled (self);
  return G_SOURCE_REMOVE;
}

static void
devices_changed_cb (CheckFeature *self)
{
  for (guint i = 0; i < self->device_steps->len && self->run != NULL; i++)
    check_run_repeat (self->run, self->device_steps->pdata[i], FALSE);
}

static gint64
clock_offset (CheckFeature *self)
{
  return base_clock_now (self->clock) - base_clock_monotonic (self->clock);
}

/* A clock that was set, or a computer that slept: and in any case now and then. */
static gboolean
watch_cb (gpointer data)
{
  CheckFeature *self = data;
  gint64 offset = clock_offset (self);

  if (ABS (offset - self->offset) > JUMP_US || ++self->ticks * WATCH_SECONDS >= AGAIN_SECONDS)
    {
      self->ticks = 0;
      run_soon (self);
    }
  self->offset = offset;
  if (self->ticks % NEAR_TICKS == 0)
    look_near (self);
  return G_SOURCE_CONTINUE;
}

static void
call_changed_cb (CheckFeature *self)
{
  gboolean in_call = workspace_session_get_call_patient (self->session) != NULL;

  check_devices_set_in_call (self->devices, in_call);
  /* a patient hears no tone of a test, and has the camera */
  if (in_call && check_run_is_running (self->run))
    {
      check_run_cancel (self->run);
      run_soon (self);
    }
}

/* ---- devices ---- */

/* GStreamer takes a moment to look at its plugins. */
static void
prepare_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  gst_init (NULL, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  CheckFeature *self = CHECK_FEATURE (source);
  g_autoptr (MediaSources) sources = NULL;

  if (self->session == NULL)
    return;
  sources = media_sources_new ();
  g_signal_connect_object (sources, "camera-changed", G_CALLBACK (devices_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (sources, "microphone-changed", G_CALLBACK (devices_changed_cb), self,
                           G_CONNECT_SWAPPED);
  media_sources_watch (sources);
  check_devices_set_sources (self->devices, sources);
}

static void
prepare_devices (CheckFeature *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, prepared_cb, NULL);

  g_task_set_source_tag (task, prepare_devices);
  g_task_run_in_thread (task, prepare_thread);
}

/* ---- the feature ---- */

static void
start (WorkspaceFeature *feature, WorkspaceSession *session)
{
  CheckFeature *self = CHECK_FEATURE (feature);

  g_set_weak_pointer (&self->session, session);
  prepare_devices (self);
  g_signal_connect_object (session, "notify::server", G_CALLBACK (run_soon), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::connected", G_CALLBACK (run_soon), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::call-patient", G_CALLBACK (call_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);
  self->offset = clock_offset (self);
  self->first_source = g_timeout_add_seconds (FIRST_SECONDS, first_cb, self);
  self->watch_source = g_timeout_add_seconds (WATCH_SECONDS, watch_cb, self);
}

static void
self_test_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CheckFeature *self = user_data;
  GtkWidget *window = g_object_get_data (G_OBJECT (action), "window");

  adw_dialog_present (check_dialog_new (ensure_run (self)), window);
}

static void
add_clinic_actions (WorkspaceFeature *feature, GActionMap *window, WorkspaceSession *session)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("self-test", NULL);

  g_set_weak_pointer (&CHECK_FEATURE (feature)->session, session);
  g_object_set_data (G_OBJECT (action), "window", window); /* which owns the action */
  g_signal_connect_object (action, "activate", G_CALLBACK (self_test_cb), feature, 0);
  g_action_map_add_action (window, G_ACTION (action));
}

static void
check_feature_dispose (GObject *object)
{
  CheckFeature *self = CHECK_FEATURE (object);

  g_clear_handle_id (&self->first_source, g_source_remove);
  g_clear_handle_id (&self->settle_source, g_source_remove);
  g_clear_handle_id (&self->watch_source, g_source_remove);
  g_clear_weak_pointer (&self->session);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
  G_OBJECT_CLASS (check_feature_parent_class)->dispose (object);
}

static void
check_feature_finalize (GObject *object)
{
  CheckFeature *self = CHECK_FEATURE (object);

  g_ptr_array_unref (self->device_steps);
  g_object_unref (self->devices);
  g_object_unref (self->server);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (check_feature_parent_class)->finalize (object);
}

static void
check_feature_class_init (CheckFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = check_feature_dispose;
  G_OBJECT_CLASS (klass)->finalize = check_feature_finalize;
  feature_class->id = "check";
  feature_class->commands = commands;
  feature_class->n_commands = G_N_ELEMENTS (commands);
  feature_class->add_clinic_actions = add_clinic_actions;
  feature_class->start = start;
}

static void
check_feature_init (CheckFeature *self)
{
  self->clock = base_clock_new ();
  self->server = check_server_new (self->clock);
  self->devices = check_devices_new ();
  self->device_steps = g_ptr_array_new ();
}
