/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-engine-private.h"

/* When to send, for each of the two workers that do: one for what people wait for, one for large
 * files, which give way. */

#define COALESCE_MS 20

static void
begin_lane (SyncEngineLane *lane)
{
  SyncEngine *self = lane->engine;

  if (self->run == NULL)
    return;
  lane->again = lane->busy;
  if (lane->busy)
    return;
  lane->busy = TRUE;
  sync_run_push (self->run, lane->worker, &sync_engine_events, lane->kind);
}

static gboolean
on_timer (gpointer data)
{
  SyncEngineLane *lane = data;

  lane->timer = 0;
  begin_lane (lane);
  return G_SOURCE_REMOVE;
}

/* The nearest of what is asked for counts, but never before the server wants to hear again. */
static void
schedule (SyncEngineLane *lane, guint milliseconds)
{
  gint64 not_before = (lane->not_before - g_get_monotonic_time ()) / 1000;

  g_clear_handle_id (&lane->timer, g_source_remove);
  if (lane->engine->run != NULL && !lane->engine->signed_out)
    lane->timer = g_timeout_add ((guint) MAX ((gint64) milliseconds, not_before), on_timer, lane);
}

void
sync_engine_schedule_push (SyncEngine *self, guint milliseconds)
{
  for (guint i = 0; i < SYNC_N_LANES; i++)
    {
      if (self->lanes[i].busy)
        self->lanes[i].again = TRUE;
      else
        schedule (&self->lanes[i], milliseconds);
    }
}

void
sync_engine_begin_push (SyncEngine *self)
{
  for (guint i = 0; i < SYNC_N_LANES; i++)
    begin_lane (&self->lanes[i]);
}

void
sync_engine_on_group (SyncEngine *self, const SyncPushResult *result, SyncPushed pushed)
{
  if (pushed == SYNC_PUSHED_DONE)
    {
      /* What others make of it is near: do not wait for the next poll. */
      if (self->pull_timer != 0 && self->pull_failures == 0 &&
          !(self->live != NULL && sync_live_is_up (self->live)))
        sync_engine_schedule_pull (self, 1);
      g_signal_emit_by_name (self, "group-done", result->group);
    }
  else if (pushed == SYNC_PUSHED_SET_ASIDE)
    g_signal_emit_by_name (self, "group-set-aside", result->group, result->state, result->sentence);
}

void
sync_engine_on_uploading (SyncEngine *self, gsize done, gsize size)
{
  self->uploaded = done;
  self->upload = size;
  sync_engine_update_status (self);
}

/* A server that asks to wait means everybody. */
static void
hold_off (SyncEngine *self, guint seconds)
{
  for (guint i = 0; i < SYNC_N_LANES; i++)
    self->lanes[i].not_before = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
}

void
sync_engine_on_pushed (SyncEngine *self, SyncLane kind, const SyncPushRound *round)
{
  SyncEngineLane *lane = &self->lanes[kind];
  gint64 wait = round->wake - g_get_monotonic_time ();
  guint seconds;

  if (kind == SYNC_LANE_BULKY)
    self->uploaded = self->upload = 0;
  lane->busy = FALSE;
  lane->paused = round->paused;
  self->signed_out |= round->signed_out;
  self->waiting = round->counts.waiting;
  g_set_str (&lane->sentence, round->sentence);
  sync_status_set_counts (self->status, &round->counts);
  lane->failures = round->paused ? lane->failures + 1 : 0;
  if (round->paused)
    {
      seconds = MAX (round->retry_after, sync_engine_backoff (lane->failures - 1));
      if (round->retry_after > 0)
        hold_off (self, round->retry_after);
      schedule (lane, seconds * 1000);
    }
  else if (lane->again)
    schedule (lane, COALESCE_MS);
  else if (round->wake != G_MAXINT64)
    schedule (lane, (guint) CLAMP (wait / 1000 + 1, 1, 60000));
  lane->again = FALSE;
  sync_engine_update_notes (self);
  sync_engine_update_status (self);
}

gboolean
sync_engine_is_paused (SyncEngine *self)
{
  for (guint i = 0; i < SYNC_N_LANES; i++)
    if (self->lanes[i].paused)
      return TRUE;
  return FALSE;
}

/* (nullable): why nothing can go now */
const char *
sync_engine_get_pause (SyncEngine *self)
{
  for (guint i = 0; i < SYNC_N_LANES; i++)
    if (self->lanes[i].paused && self->lanes[i].sentence != NULL)
      return self->lanes[i].sentence;
  return NULL;
}

void
sync_engine_start_lanes (SyncEngine *self)
{
  static const char *const names[SYNC_N_LANES] = { "sync-push", "sync-files" };

  for (guint i = 0; i < SYNC_N_LANES; i++)
    {
      self->lanes[i].engine = self;
      self->lanes[i].kind = i;
      self->lanes[i].busy = FALSE;
      self->lanes[i].worker = base_worker_new (names[i]);
    }
}

/* After sync_run_stop(). */
void
sync_engine_stop_lanes (SyncEngine *self)
{
  for (guint i = 0; i < SYNC_N_LANES; i++)
    {
      g_clear_handle_id (&self->lanes[i].timer, g_source_remove);
      base_worker_stop (self->lanes[i].worker);
      g_clear_object (&self->lanes[i].worker);
    }
}

void
sync_engine_free_lanes (SyncEngine *self)
{
  for (guint i = 0; i < SYNC_N_LANES; i++)
    g_clear_pointer (&self->lanes[i].sentence, g_free);
}
