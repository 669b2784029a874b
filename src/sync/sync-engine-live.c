/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-engine-private.h"

#include "store-setting.h"
#include "sync-setting.h"

/* What the server tells by itself, and how far that makes everything here as of now. */

#define STAMP_US     (20 * G_USEC_PER_SEC)
#define SUBSCRIPTION "sync.subscription"

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
  if (sync_engine_is_paused (self))
    sync_engine_begin_push (self);
  /* What was deleted while nobody listened stands in the history. */
  if (sync_capability_get (self->capability, SYNC_FEATURE_HISTORY, NULL) == SYNC_ANSWER_YES)
    sync_engine_reconcile (self);
}

static void
on_live_down (SyncLive *live, SyncEngine *self)
{
  sync_status_set_live (self->status, FALSE);
  if (!self->pulling)
    sync_engine_schedule_pull (self, 1);
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
  SyncCapability *capability;
  char *subscription;
  gint64 last_pull;
  gint64 reconciled;
} Remembered;

static gboolean
remember (StoreConnection *connection, gpointer data, GError **error)
{
  Remembered *remembered = data;

  remembered->subscription = store_setting_get (connection, SUBSCRIPTION);
  remembered->last_pull = sync_setting_get_as_of (connection, NULL);
  remembered->reconciled = sync_setting_get_reconciled (connection);
  sync_capability_load (remembered->capability, connection);
  return TRUE;
}

static void
remembered_free (gpointer data)
{
  Remembered *remembered = data;

  sync_capability_unref (remembered->capability);
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
  sync_engine_update_notes (self);
  self->reconciled = MAX (self->reconciled, remembered->reconciled);
  if (remembered->last_pull > sync_status_get_last_pull (self->status))
    sync_status_set_last_pull (self->status, remembered->last_pull);
  self->live = sync_live_new (self->client, self->capability, remembered->subscription);
  g_signal_connect (self->live, "up", G_CALLBACK (on_live_up), self);
  g_signal_connect (self->live, "down", G_CALLBACK (on_live_down), self);
  g_signal_connect (self->live, "heard", G_CALLBACK (on_live_heard), self);
  g_signal_connect (self->live, "changed", G_CALLBACK (on_live_changed), self);
  sync_live_start (self->live);
}

/* Goes on with the subscription of the last run, where there was one. */
void
sync_engine_begin_live (SyncEngine *self)
{
  Remembered *remembered = g_new0 (Remembered, 1);

  remembered->capability = sync_capability_ref (self->capability);
  g_object_set_data_full (G_OBJECT (self), "remembered", remembered, remembered_free);
  store_database_read_async (self->store, remember, remembered, NULL, NULL, start_remembered_cb,
                             g_object_ref (self));
}

void
sync_engine_end_live (SyncEngine *self)
{
  if (self->live != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->live, self);
      sync_live_stop (self->live);
    }
  g_clear_object (&self->live);
}
