/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-engine-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "net-error.h"
#include "sync-server.h"

/* When to read and when to send. Two workers, one for each, so that a long first reading never
 * keeps a prescription waiting; the main thread only decides and tells. What a person asks for is
 * in sync-engine-request.c, what the server tells by itself in sync-engine-live.c. */

#define COALESCE_MS    20
#define FULL_SECONDS   300 /* between full readings while changes are pushed to us */
#define POLL_SECONDS   5
#define POLL_IDLE      30
#define POLLS_PER_FULL 6
#define BACKOFF_MAX    30

#define STALE_US             G_TIME_SPAN_MINUTE
#define RECONCILE_US         (60 * G_TIME_SPAN_MINUTE)
#define RECONCILE_LIVE_US    (6 * G_TIME_SPAN_HOUR)
#define RECONCILE_HISTORY_US (5 * G_TIME_SPAN_MINUTE)
#define RECONCILE_STEP_MS    250

G_DEFINE_FINAL_TYPE (SyncEngine, sync_engine, G_TYPE_OBJECT)

/* (nullable): what did not go, and does not go by itself */
static char *
dup_set_aside (SyncEngine *self)
{
  guint aside = sync_status_get_refused (self->status) + sync_status_get_held (self->status) +
                sync_status_get_conflicts (self->status);

  if (aside == 0)
    return NULL;
  return g_strdup_printf (
      ngettext ("%u change is not on the server: it waits for you in the outbox.",
                "%u changes are not on the server: they wait for you in the outbox.", aside),
      aside);
}

/* (nullable): how far a large file is, which may take minutes */
static char *
dup_upload (SyncEngine *self)
{
  g_autofree char *done = g_format_size (self->uploaded);
  g_autofree char *size = g_format_size (self->upload);

  return self->upload > 0
             ? g_strdup_printf (_ ("A large file is on its way: %s of %s."), done, size)
             : NULL;
}

static char *
dup_waiting (SyncEngine *self, const char *aside)
{
  g_autofree char *upload = dup_upload (self);
  g_autofree char *waiting =
      g_strdup_printf (ngettext ("%u change waits to be sent.", "%u changes wait to be sent.",
                                 self->waiting),
                       self->waiting);

  return g_strconcat (waiting, upload != NULL ? " " : "", upload != NULL ? upload : "",
                      aside != NULL ? " " : "", aside, NULL);
}

void
sync_engine_update_status (SyncEngine *self)
{
  g_autofree char *aside = dup_set_aside (self);
  g_autofree char *sentence = NULL;
  SyncState state = SYNC_STATE_IDLE;

  if (self->signed_out)
    {
      state = SYNC_STATE_ERROR;
      sentence = g_strdup (
          _ ("Your sign-in has ended. Sign in again; everything you wrote is kept and sent then."));
    }
  else if (sync_engine_is_paused (self) || self->pull_sentence != NULL)
    {
      const char *said = sync_engine_get_pause (self);

      state = sync_engine_is_paused (self) || self->pull_offline ? SYNC_STATE_OFFLINE
                                                                 : SYNC_STATE_ERROR;
      sentence = g_strdup (said != NULL ? said : self->pull_sentence);
    }
  else if (self->waiting > 0)
    {
      state = SYNC_STATE_SYNCING;
      sentence = dup_waiting (self, aside);
    }
  else if (self->pulling && !self->pulled_once)
    {
      state = SYNC_STATE_SYNCING;
      sentence = g_strdup (_ ("Reading the records from the server."));
    }
  else if (aside != NULL)
    {
      state = SYNC_STATE_ERROR;
      sentence = g_steal_pointer (&aside);
    }
  else
    sentence = g_strdup (_ ("Everything is on the server."));
  sync_status_set_state (self->status, state, sentence);
}

guint
sync_engine_backoff (guint failures)
{
  return MIN (1u << MIN (failures, 5u), BACKOFF_MAX);
}

/* What the server cannot do may have been learned since. */
void
sync_engine_update_notes (SyncEngine *self)
{
  g_auto (GStrv) notes = sync_capability_dup_notes (self->capability);

  sync_status_set_notes (self->status, (const char *const *) notes);
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

void
sync_engine_schedule_pull (SyncEngine *self, guint seconds)
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
  sync_status_set_progress (self->status, round->done, round->total, round->seconds_left);
  sync_engine_update_notes (self);
}

static gint64
reconcile_interval (SyncEngine *self)
{
  if (self->live != NULL && sync_live_is_up (self->live))
    return RECONCILE_LIVE_US;
  return sync_capability_get (self->capability, SYNC_FEATURE_HISTORY, NULL) == SYNC_ANSWER_YES
             ? RECONCILE_HISTORY_US
             : RECONCILE_US;
}

static gboolean
on_reconcile_timer (gpointer data)
{
  SyncEngine *self = data;

  if (self->pulling)
    return G_SOURCE_CONTINUE;
  self->reconcile_timer = 0;
  sync_run_reconcile (self->run, self->puller, &sync_engine_events);
  return G_SOURCE_REMOVE;
}

/* A pass over what was deleted, where one is due: slowly, behind everything else. */
static void
begin_reconcile (SyncEngine *self)
{
  gint64 since = ABS (base_clock_now (self->clock) - self->reconciled);

  if (self->run == NULL || self->reconciling || !self->pulled_once ||
      (!self->reconcile_now && since < reconcile_interval (self)))
    return;
  self->reconciling = TRUE;
  self->reconcile_now = FALSE;
  self->reconcile_timer = g_timeout_add (RECONCILE_STEP_MS, on_reconcile_timer, self);
}

static void
on_reconciled (SyncEngine *self, gboolean finished, const GError *error)
{
  if (!finished && error == NULL)
    {
      self->reconcile_timer = g_timeout_add (RECONCILE_STEP_MS, on_reconcile_timer, self);
      return;
    }
  self->reconciling = FALSE;
  if (finished)
    self->reconciled = base_clock_now (self->clock);
  else
    {
      self->reconcile_now |= !g_error_matches (error, NET_ERROR, NET_ERROR_PROTOCOL);
      sync_engine_begin_pull (self, TRUE); /* which says why, where that still holds */
    }
}

/* What a reading with pauses read first may be old by now: then everything is looked at again. */
static gboolean
is_stale (SyncEngine *self, const SyncPullRound *round)
{
  if (!round->resumed || base_clock_now (self->clock) - round->began < STALE_US)
    return FALSE;
  self->polls = 0;
  return TRUE;
}

static void
on_pulled (SyncEngine *self, const SyncPullRound *round, const GError *error)
{
  gboolean was_offline = self->pull_offline;

  self->pulling = FALSE;
  self->pull_offline = g_error_matches (error, NET_ERROR, NET_ERROR_OFFLINE);
  self->signed_out |= g_error_matches (error, NET_ERROR, NET_ERROR_UNAUTHORIZED);
  g_set_str (&self->pull_sentence, error != NULL ? error->message : NULL);
  sync_status_set_last_error (self->status, error);
  sync_status_set_suspicion (self->status, error != NULL
                                               ? sync_server_find_suspicion (error->message)
                                               : SYNC_SUSPICION_NONE);
  sync_status_set_progress (self->status, round->done, round->total, round->seconds_left);
  if (round->steps > 0)
    self->pull_failures = 0; /* it gets on: no longer and longer pauses */
  if (error != NULL)
    {
      guint pause = sync_engine_backoff (self->pull_failures++);

      sync_engine_schedule_pull (self, MAX (net_error_get_retry_after (error), pause));
    }
  else
    {
      self->pull_failures = 0;
      self->pulled_once |= !round->hot;
      if (!round->hot)
        sync_status_set_last_pull (self->status, round->began);
      sync_engine_schedule_pull (self, self->pull_again || is_stale (self, round)
                                           ? 0
                                           : pull_interval (self));
      self->pull_again = FALSE;
      begin_reconcile (self);
    }
  if (error == NULL && (was_offline || sync_engine_is_paused (self)))
    sync_engine_wake (self);
  sync_engine_update_status (self);
}

const SyncRunEvents sync_engine_events = {
  sync_engine_on_group, sync_engine_on_pushed, sync_engine_on_uploading, on_progress, on_pulled,
  on_reconciled
};

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
  sync_run_pull (self->run, self->puller, &sync_engine_events, !self->pulled_once, !full);
  sync_engine_update_status (self);
}

/* ---- what wakes us */

static void
on_store_changed (StoreDatabase *store, GPtrArray *changes, SyncEngine *self)
{
  sync_engine_schedule_push (self, COALESCE_MS);
}

/* A hint to try now. That it says there is no network decides nothing. */
static void
on_network_changed (GNetworkMonitor *monitor, gboolean available, SyncEngine *self)
{
  if (available)
    sync_engine_wake (self);
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

  g_clear_pointer (&self->capability, sync_capability_unref);
  sync_engine_free_lanes (self);
  if (self->review_destroy != NULL)
    self->review_destroy (self->review_data);
  g_clear_pointer (&self->pull_sentence, g_free);

  G_OBJECT_CLASS (sync_engine_parent_class)->finalize (object);
}

static void
sync_engine_class_init (SyncEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sync_engine_dispose;
  object_class->finalize = sync_engine_finalize;

  g_signal_new ("group-done", SYNC_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                1, G_TYPE_STRING);
  g_signal_new ("group-set-aside", SYNC_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void
sync_engine_init (SyncEngine *self)
{
  self->status = g_object_new (SYNC_TYPE_STATUS, NULL);
  self->capability = sync_capability_new ();
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

/**
 * sync_engine_set_review_check:
 * @check: (nullable): run in a worker each time before an order leaves, on the chart as it has just
 *   been read; what it finds holds the order for a new signature (HAZARDS.md, H2)
 * @destroy: (nullable): called with @data when the engine needs it no longer
 *
 * Before sync_engine_start().
 */
void
sync_engine_set_review_check (SyncEngine *self,
                              SyncReviewCheck check,
                              gpointer data,
                              GDestroyNotify destroy)
{
  g_return_if_fail (self->run == NULL);
  if (self->review_destroy != NULL)
    self->review_destroy (self->review_data);
  self->review_check = check;
  self->review_data = data;
  self->review_destroy = destroy;
}

void
sync_engine_start (SyncEngine *self)
{
  if (self->run != NULL)
    return;
  self->run = sync_run_new (self, self->store, self->client, self->clock, self->capability);
  sync_run_set_review (self->run, self->review_check, self->review_data);
  sync_engine_start_lanes (self);
  self->puller = base_worker_new ("sync-pull");
  self->signed_out = FALSE;
  self->pulling = self->reconciling = FALSE;
  g_signal_connect (self->store, "changed", G_CALLBACK (on_store_changed), self);
  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect (self->monitor, "network-changed", G_CALLBACK (on_network_changed), self);
  sync_engine_begin_live (self);
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
  g_clear_handle_id (&self->pull_timer, g_source_remove);
  g_clear_handle_id (&self->reconcile_timer, g_source_remove);
  sync_engine_end_live (self);
  sync_engine_stop_lanes (self);
  base_worker_stop (self->puller);
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
  for (guint i = 0; i < SYNC_N_LANES; i++)
    self->lanes[i].failures = 0;
  sync_engine_schedule_push (self, COALESCE_MS);
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
    sync_engine_schedule_pull (self, pull_interval (self));
}

/**
 * sync_engine_get_capability_notes:
 *
 * The same as the status' property "notes", which tells when they change.
 *
 * Returns: (transfer full): a sentence for each thing that this server cannot do, with what Bedside
 *   does instead; empty where it can do everything
 */
GStrv
sync_engine_get_capability_notes (SyncEngine *self)
{
  return g_strdupv ((char **) sync_status_get_notes (self->status));
}

/**
 * sync_engine_reconcile:
 *
 * Looks now, not in an hour, for what was deleted on the server.
 */
void
sync_engine_reconcile (SyncEngine *self)
{
  self->reconcile_now = TRUE;
  begin_reconcile (self);
}
