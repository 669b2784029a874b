/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-engine-private.h"

#include <glib/gi18n-lib.h>

#include "net-error.h"
#include "store-setting.h"
#include "sync-decide.h"
#include "sync-live.h"
#include "sync-run.h"
#include "sync-setting.h"

/* When to read and when to send. Two workers, one for each, so that a long first reading never
 * keeps a prescription waiting; the main thread only decides and tells. */

#define COALESCE_MS    20
#define FULL_SECONDS   300 /* between full readings while changes are pushed to us */
#define POLL_SECONDS   5
#define POLL_IDLE      30
#define POLLS_PER_FULL 6
#define BACKOFF_MAX    30
#define STAMP_US       (20 * G_USEC_PER_SEC)
#define SUBSCRIPTION   "sync.subscription"

struct _SyncEngine
{
  GObject parent_instance;
  StoreDatabase *store;
  NetFhirClient *client;
  BaseClock *clock;
  SyncStatus *status;

  SyncRun *run; /* set while started */
  BaseWorker *pusher;
  BaseWorker *puller;
  SyncLive *live;
  GNetworkMonitor *monitor;

  gboolean pushing, push_again;
  guint push_timer;
  guint push_failures;
  gint64 push_not_before; /* monotonic: the server asked for it */
  gboolean push_paused;
  char *push_sentence;
  guint waiting;

  gboolean pulling, pull_again, pulled_once;
  guint pull_timer;
  guint pull_failures;
  guint polls;
  char *pull_sentence;
  gboolean pull_offline;
  gint64 stamped;

  gboolean idle;
  gboolean signed_out;
};

enum
{
  SIGNAL_GROUP_DONE,
  SIGNAL_GROUP_SET_ASIDE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SyncEngine, sync_engine, G_TYPE_OBJECT)

static void
update_status (SyncEngine *self)
{
  g_autofree char *sentence = NULL;
  SyncState state = SYNC_STATE_IDLE;

  if (self->signed_out)
    {
      state = SYNC_STATE_ERROR;
      sentence = g_strdup (
          _ ("Your sign-in has ended. Sign in again; everything you wrote is kept and sent then."));
    }
  else if (self->push_paused || self->pull_sentence != NULL)
    {
      state = self->push_paused || self->pull_offline ? SYNC_STATE_OFFLINE : SYNC_STATE_ERROR;
      sentence = g_strdup (self->push_paused && self->push_sentence != NULL ? self->push_sentence
                                                                            : self->pull_sentence);
    }
  else if (self->waiting > 0)
    {
      state = SYNC_STATE_SYNCING;
      sentence = g_strdup_printf (ngettext ("%u change waits to be sent.",
                                            "%u changes wait to be sent.", self->waiting),
                                  self->waiting);
    }
  else if (self->pulling && !self->pulled_once)
    {
      state = SYNC_STATE_SYNCING;
      sentence = g_strdup (_ ("Reading the records from the server."));
    }
  else
    sentence = g_strdup (_ ("Everything is on the server."));
  sync_status_set_state (self->status, state, sentence);
}

static guint
backoff_seconds (guint failures)
{
  return MIN (1u << MIN (failures, 5u), BACKOFF_MAX);
}

/* ---- sending */

static gboolean
on_push_timer (gpointer data)
{
  SyncEngine *self = data;

  self->push_timer = 0;
  sync_engine_begin_push (self);
  return G_SOURCE_REMOVE;
}

/* The nearest of what is asked for counts, but never before the server wants to hear again. */
static void
schedule_push (SyncEngine *self, guint milliseconds)
{
  gint64 not_before = (self->push_not_before - g_get_monotonic_time ()) / 1000;

  g_clear_handle_id (&self->push_timer, g_source_remove);
  if (self->run != NULL && !self->signed_out)
    self->push_timer =
        g_timeout_add ((guint) MAX ((gint64) milliseconds, not_before), on_push_timer, self);
}

static void
on_group (SyncEngine *self, const SyncPushResult *result, SyncPushed pushed)
{
  if (pushed == SYNC_PUSHED_DONE)
    g_signal_emit (self, signals[SIGNAL_GROUP_DONE], 0, result->group);
  else if (pushed == SYNC_PUSHED_SET_ASIDE)
    g_signal_emit (self, signals[SIGNAL_GROUP_SET_ASIDE], 0, result->group, result->state,
                   result->sentence);
}

static void
on_pushed (SyncEngine *self, const SyncPushRound *round)
{
  gint64 wait = round->wake - g_get_monotonic_time ();
  guint seconds;

  self->pushing = FALSE;
  self->push_paused = round->paused;
  self->signed_out |= round->signed_out;
  self->waiting = round->counts.waiting;
  g_set_str (&self->push_sentence, round->sentence);
  sync_status_set_counts (self->status, &round->counts);
  self->push_failures = round->paused ? self->push_failures + 1 : 0;
  if (round->paused)
    {
      seconds = MAX (round->retry_after, backoff_seconds (self->push_failures - 1));
      if (round->retry_after > 0)
        self->push_not_before = g_get_monotonic_time () + round->retry_after * G_USEC_PER_SEC;
      schedule_push (self, seconds * 1000);
    }
  else if (self->push_again)
    schedule_push (self, COALESCE_MS);
  else if (round->wake != G_MAXINT64)
    schedule_push (self, (guint) CLAMP (wait / 1000 + 1, 1, 60000));
  self->push_again = FALSE;
  update_status (self);
}

/* ---- reading */

static gboolean
on_pull_timer (gpointer data)
{
  SyncEngine *self = data;
  gboolean live = self->live != NULL && sync_live_is_up (self->live);

  self->pull_timer = 0;
  sync_engine_begin_pull (self,
                          live || self->pull_failures > 0 || self->polls++ % POLLS_PER_FULL == 0);
  return G_SOURCE_REMOVE;
}

static void
schedule_pull (SyncEngine *self, guint seconds)
{
  g_clear_handle_id (&self->pull_timer, g_source_remove);
  if (self->run != NULL && !self->signed_out)
    self->pull_timer = g_timeout_add_seconds (seconds, on_pull_timer, self);
}

static guint
pull_interval (SyncEngine *self)
{
  if (self->live != NULL && sync_live_is_up (self->live))
    return FULL_SECONDS;
  return self->idle ? POLL_IDLE : POLL_SECONDS;
}

static void
on_progress (SyncEngine *self, const SyncPullRound *round)
{
  sync_status_set_progress (self->status, round->position, round->total);
}

static void
on_pulled (SyncEngine *self, const SyncPullRound *round, const GError *error)
{
  gboolean was_offline = self->pull_offline;

  self->pulling = FALSE;
  self->pull_offline = g_error_matches (error, NET_ERROR, NET_ERROR_OFFLINE);
  self->signed_out |= g_error_matches (error, NET_ERROR, NET_ERROR_UNAUTHORIZED);
  g_set_str (&self->pull_sentence, error != NULL ? error->message : NULL);
  sync_status_set_progress (self->status, round->position, round->total);
  if (error != NULL)
    schedule_pull (self, MAX (net_error_get_retry_after (error),
                              backoff_seconds (self->pull_failures++)));
  else
    {
      self->pull_failures = 0;
      self->pulled_once |= !round->hot;
      if (!round->hot)
        sync_status_set_last_pull (self->status, round->began);
      schedule_pull (self, self->pull_again ? 0 : pull_interval (self));
      self->pull_again = FALSE;
    }
  if (error == NULL && (was_offline || self->push_paused))
    sync_engine_wake (self);
  update_status (self);
}

static const SyncRunEvents events = { on_group, on_pushed, on_progress, on_pulled };

void
sync_engine_begin_push (SyncEngine *self)
{
  if (self->run == NULL)
    return;
  self->push_again = self->pushing;
  if (self->pushing)
    return;
  self->pushing = TRUE;
  sync_run_push (self->run, self->pusher, &events);
}

void
sync_engine_begin_pull (SyncEngine *self, gboolean full)
{
  if (self->run == NULL)
    return;
  self->pull_again |= self->pulling;
  if (self->pulling)
    return;
  g_clear_handle_id (&self->pull_timer, g_source_remove);
  self->pulling = TRUE;
  sync_run_pull (self->run, self->puller, &events, !self->pulled_once, !full);
  update_status (self);
}

/* ---- what wakes us */

static void
on_store_changed (StoreDatabase *store, GPtrArray *changes, SyncEngine *self)
{
  if (self->pushing)
    self->push_again = TRUE;
  else
    schedule_push (self, COALESCE_MS);
}

/* A hint to try now. That it says there is no network decides nothing. */
static void
on_network_changed (GNetworkMonitor *monitor, gboolean available, SyncEngine *self)
{
  if (available)
    sync_engine_wake (self);
}

static gboolean
keep_subscription (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_set (connection, SUBSCRIPTION, data, error);
}

static void
on_live_up (SyncLive *live, SyncEngine *self)
{
  sync_status_set_live (self->status, TRUE);
  store_database_write_async (self->store, BASE_LANE_BATCH, keep_subscription,
                              g_strdup (sync_live_get_subscription (live)), g_free, NULL, NULL,
                              NULL);
  sync_engine_begin_pull (self, TRUE);
  if (self->push_paused)
    sync_engine_begin_push (self);
}

static void
on_live_down (SyncLive *live, SyncEngine *self)
{
  sync_status_set_live (self->status, FALSE);
  if (!self->pulling)
    schedule_pull (self, 1);
}

/* Nothing was missed up to now: so everything here is as of now. */
static void
on_live_heard (SyncLive *live, SyncEngine *self)
{
  gint64 now = base_clock_now (self->clock);

  if (self->pulling || !self->pulled_once || self->pull_sentence != NULL)
    return;
  sync_status_set_last_pull (self->status, now);
  if (ABS (now - self->stamped) < STAMP_US)
    return;
  self->stamped = now;
  sync_run_stamp (self->run, self->puller, now);
}

static void
on_live_changed (SyncLive *live, GPtrArray *resources, GPtrArray *references, SyncEngine *self)
{
  sync_run_apply (self->run, self->puller, resources, references);
}

typedef struct
{
  char *subscription;
  gint64 last_pull;
} Remembered;

static gboolean
remember (StoreConnection *connection, gpointer data, GError **error)
{
  Remembered *remembered = data;

  remembered->subscription = store_setting_get (connection, SUBSCRIPTION);
  remembered->last_pull = sync_setting_get_as_of (connection, NULL);
  return TRUE;
}

static void
remembered_free (gpointer data)
{
  Remembered *remembered = data;

  g_free (remembered->subscription);
  g_free (remembered);
}

static void
start_remembered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SyncEngine) self = data;
  Remembered *remembered = g_object_get_data (G_OBJECT (self), "remembered");

  if (!store_database_read_finish (STORE_DATABASE (source), result, NULL) || self->run == NULL ||
      self->live != NULL)
    return;
  if (remembered->last_pull > sync_status_get_last_pull (self->status))
    sync_status_set_last_pull (self->status, remembered->last_pull);
  self->live = sync_live_new (self->client, remembered->subscription);
  g_signal_connect (self->live, "up", G_CALLBACK (on_live_up), self);
  g_signal_connect (self->live, "down", G_CALLBACK (on_live_down), self);
  g_signal_connect (self->live, "heard", G_CALLBACK (on_live_heard), self);
  g_signal_connect (self->live, "changed", G_CALLBACK (on_live_changed), self);
  sync_live_start (self->live);
}

static void
sync_engine_dispose (GObject *object)
{
  SyncEngine *self = SYNC_ENGINE (object);

  sync_engine_stop (self);
  g_clear_object (&self->status);
  g_clear_object (&self->clock);
  g_clear_object (&self->client);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (sync_engine_parent_class)->dispose (object);
}

static void
sync_engine_finalize (GObject *object)
{
  SyncEngine *self = SYNC_ENGINE (object);

  g_clear_pointer (&self->push_sentence, g_free);
  g_clear_pointer (&self->pull_sentence, g_free);

  G_OBJECT_CLASS (sync_engine_parent_class)->finalize (object);
}

static void
sync_engine_class_init (SyncEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sync_engine_dispose;
  object_class->finalize = sync_engine_finalize;

  signals[SIGNAL_GROUP_DONE] = g_signal_new ("group-done", SYNC_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0,
                                             NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_GROUP_SET_ASIDE] =
      g_signal_new ("group-set-aside", SYNC_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void
sync_engine_init (SyncEngine *self)
{
  self->status = g_object_new (SYNC_TYPE_STATUS, NULL);
}

/**
 * sync_engine_new:
 *
 * Returns: (transfer full): an engine at rest, on the main thread
 */
SyncEngine *
sync_engine_new (StoreDatabase *store, NetFhirClient *client, BaseClock *clock)
{
  SyncEngine *self = g_object_new (SYNC_TYPE_ENGINE, NULL);

  self->store = g_object_ref (store);
  self->client = g_object_ref (client);
  self->clock = g_object_ref (clock);
  return self;
}

void
sync_engine_start (SyncEngine *self)
{
  Remembered *remembered;

  if (self->run != NULL)
    return;
  self->run = sync_run_new (self, self->store, self->client, self->clock);
  self->pusher = base_worker_new ("sync-push");
  self->puller = base_worker_new ("sync-pull");
  self->signed_out = FALSE;
  self->pushing = self->pulling = FALSE;
  g_signal_connect (self->store, "changed", G_CALLBACK (on_store_changed), self);
  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect (self->monitor, "network-changed", G_CALLBACK (on_network_changed), self);
  remembered = g_new0 (Remembered, 1);
  g_object_set_data_full (G_OBJECT (self), "remembered", remembered, remembered_free);
  store_database_read_async (self->store, remember, remembered, NULL, NULL, start_remembered_cb,
                             g_object_ref (self));
  sync_engine_begin_push (self);
  sync_engine_begin_pull (self, TRUE);
}

/**
 * sync_engine_stop:
 *
 * Returns when nothing of it runs any more. What was under way is asked for at the next start.
 */
void
sync_engine_stop (SyncEngine *self)
{
  if (self->run == NULL)
    return;
  sync_run_stop (self->run);
  g_signal_handlers_disconnect_by_data (self->store, self);
  g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  g_clear_handle_id (&self->push_timer, g_source_remove);
  g_clear_handle_id (&self->pull_timer, g_source_remove);
  if (self->live != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->live, self);
      sync_live_stop (self->live);
    }
  g_clear_object (&self->live);
  base_worker_stop (self->pusher);
  base_worker_stop (self->puller);
  g_clear_object (&self->pusher);
  g_clear_object (&self->puller);
  g_clear_pointer (&self->run, sync_run_unref);
  sync_status_set_live (self->status, FALSE);
}

SyncStatus *
sync_engine_get_status (SyncEngine *self)
{
  return self->status;
}

/**
 * sync_engine_wake:
 *
 * Tries again now, where it waits after a fault: the network seems to be back, or a person asks.
 */
void
sync_engine_wake (SyncEngine *self)
{
  if (self->run == NULL)
    return;
  self->push_failures = 0;
  schedule_push (self, COALESCE_MS);
  if (self->live != NULL)
    sync_live_wake (self->live);
  if (!self->pulling && self->pull_sentence != NULL)
    sync_engine_begin_pull (self, TRUE);
}

/**
 * sync_engine_set_idle:
 * @idle: nobody works here now: poll less often, where the server does not tell by itself
 */
void
sync_engine_set_idle (SyncEngine *self, gboolean idle)
{
  if (self->idle == idle)
    return;
  self->idle = idle;
  if (self->pull_timer != 0 && self->pull_failures == 0)
    schedule_pull (self, pull_interval (self));
}

static gboolean
pull_patient_work (SyncRun *run, GTask *task, GError **error)
{
  SyncContext context = run->context;

  if (g_task_get_cancellable (task) != NULL)
    context.cancellable = g_task_get_cancellable (task);
  return sync_pull_patient (&context, g_task_get_task_data (task), FALSE, error);
}

static gboolean
return_if_stopped (SyncEngine *self, GTask *task)
{
  if (self->run == NULL)
    g_task_return_new_error (task, NET_ERROR, NET_ERROR_OFFLINE, "%s",
                             _ ("Bedside is not connected to the server."));
  return self->run == NULL;
}

/**
 * sync_engine_pull_patient_async:
 * @patient: an id
 *
 * Reads one chart before anything else: it is being opened.
 */
void
sync_engine_pull_patient_async (SyncEngine *self,
                                const char *patient,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, sync_engine_pull_patient_async);
  g_task_set_task_data (task, g_strdup (patient), g_free);
  if (!return_if_stopped (self, task))
    sync_run_task (self->run, self->puller, task, pull_patient_work);
}

gboolean
sync_engine_pull_patient_finish (SyncEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
decide_work (SyncRun *run, GTask *task, GError **error)
{
  SyncDecision decision = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (task), "decision"));

  return sync_decide (&run->context, g_task_get_task_data (task), decision, error);
}

static void
decide_woken_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  sync_engine_wake (SYNC_ENGINE (source));
  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * sync_engine_decide_async:
 * @group: as in the journal
 *
 * Works with the engine started; keeping theirs needs the server where its side is not here yet.
 */
void
sync_engine_decide_async (SyncEngine *self,
                          const char *group,
                          SyncDecision decision,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *outer = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GTask) task = g_task_new (self, NULL, decide_woken_cb, outer);

  g_task_set_source_tag (task, sync_engine_decide_async);
  g_task_set_task_data (task, g_strdup (group), g_free);
  g_object_set_data (G_OBJECT (task), "decision", GINT_TO_POINTER (decision));
  if (!return_if_stopped (self, task))
    sync_run_task (self->run, self->puller, task, decide_work);
}

gboolean
sync_engine_decide_finish (SyncEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sync_as_of:
 * @patient: (nullable): an id
 *
 * Returns: µs at which the newest complete reading of this patient, or of everything, began; 0:
 * never. Older than 15 minutes is shown beside allergies, medicines and results (HAZARDS.md, H6)
 */
gint64
sync_as_of (StoreConnection *connection, const char *patient)
{
  gint64 all = sync_setting_get_as_of (connection, NULL);

  return patient != NULL ? MAX (all, sync_setting_get_as_of (connection, patient)) : all;
}

/**
 * sync_conflict_theirs:
 *
 * Returns: (transfer full) (nullable): the server's side of a conflict; ours is the record itself
 */
FhirResource *
sync_conflict_theirs (StoreConnection *connection, const char *type, const char *id)
{
  return sync_setting_get_theirs (connection, type, id);
}
