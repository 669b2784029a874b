/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-engine.h"
#include "sync-live.h"
#include "sync-run.h"

G_BEGIN_DECLS

/* One worker that sends. */
typedef struct
{
  SyncEngine *engine;
  SyncLane kind;
  BaseWorker *worker;
  gboolean busy, again;
  guint timer;
  guint failures;
  gint64 not_before; /* monotonic: the server asked for it */
  gboolean paused;
  char *sentence;
} SyncEngineLane;

struct _SyncEngine
{
  GObject parent_instance;
  StoreDatabase *store;
  NetFhirClient *client;
  BaseClock *clock;
  SyncCapability *capability;
  SyncReviewCheck review_check;
  gpointer review_data;
  GDestroyNotify review_destroy;
  SyncStatus *status;

  SyncRun *run; /* set while started */
  BaseWorker *puller;
  SyncLive *live;
  GNetworkMonitor *monitor;

  SyncEngineLane lanes[SYNC_N_LANES];
  guint waiting;
  gsize uploaded, upload; /* bytes of the file that is being sent; 0: none */

  gboolean pulling, pull_again, pulled_once;
  guint pull_timer;
  guint pull_failures;
  guint polls;
  char *pull_sentence;
  gboolean pull_offline;
  gint64 stamped;

  gboolean reconciling, reconcile_now;
  guint reconcile_timer;
  gint64 reconciled; /* µs, when the last pass ended */

  gboolean idle;
  gboolean signed_out;
};

extern const SyncRunEvents sync_engine_events;

void sync_engine_update_status (SyncEngine *self);
guint sync_engine_backoff (guint failures);
void sync_engine_on_group (SyncEngine *self, const SyncPushResult *result, SyncPushed pushed);
void sync_engine_on_pushed (SyncEngine *self, SyncLane lane, const SyncPushRound *round);
void sync_engine_on_uploading (SyncEngine *self, gsize done, gsize size);
void sync_engine_schedule_push (SyncEngine *self, guint milliseconds);
void sync_engine_begin_push (SyncEngine *self);
void sync_engine_start_lanes (SyncEngine *self);
void sync_engine_stop_lanes (SyncEngine *self);
void sync_engine_free_lanes (SyncEngine *self);
gboolean sync_engine_is_paused (SyncEngine *self);
const char *sync_engine_get_pause (SyncEngine *self);
void sync_engine_begin_pull (SyncEngine *self, gboolean full);
void sync_engine_schedule_pull (SyncEngine *self, guint seconds);
void sync_engine_begin_live (SyncEngine *self);
void sync_engine_end_live (SyncEngine *self);
void sync_engine_update_notes (SyncEngine *self);

G_END_DECLS
