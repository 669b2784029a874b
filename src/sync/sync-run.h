/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-worker.h"
#include "sync-engine.h"
#include "sync-reconcile.h"
#include "sync-round.h"

G_BEGIN_DECLS

/* One for each start: whatever a worker still holds when the engine stops ends with it. */
typedef struct
{
  gatomicrefcount count;
  GWeakRef engine;                    /* turned into a reference on the main thread only */
  SyncContext context;                /* the workers' */
  GMutex mutex;                       /* over stopped */
  gboolean stopped;                   /* nothing more may be queued */
  SyncContext contexts[SYNC_N_LANES]; /* the push workers': that of files sends in small parts */
  SyncPushMemory memories[SYNC_N_LANES];
  SyncFlights flights;
  GCond calm;   /* with mutex */
  guint urgent; /* with mutex: rounds of the ordinary lane that are sending */
  const struct _SyncRunEvents *upload_events; /* the worker's that sends files */
  gint64 told_upload;                         /* monotonic, the same worker's */
  SyncPullRound pull;                         /* the pull worker's, while a round runs */
  SyncReconcile reconcile;                    /* the pull worker's */
} SyncRun;

SyncRun *sync_run_new (SyncEngine *engine,
                       StoreDatabase *store,
                       NetFhirClient *client,
                       BaseClock *clock,
                       SyncCapability *capability);
void sync_run_set_review (SyncRun *run, SyncReviewCheck check, gpointer data);
SyncRun *sync_run_ref (SyncRun *run);
void sync_run_unref (SyncRun *run);
void sync_run_stop (SyncRun *run);

/* Told on the main thread, and only while the engine lives and this run is the one that counts. */
typedef struct _SyncRunEvents
{
  void (*group) (SyncEngine *engine, const SyncPushResult *result, SyncPushed pushed);
  void (*pushed) (SyncEngine *engine, SyncLane lane, const SyncPushRound *round);
  void (*uploading) (SyncEngine *engine, gsize done, gsize size);
  void (*progress) (SyncEngine *engine, const SyncPullRound *round);
  void (*pulled) (SyncEngine *engine, const SyncPullRound *round, const GError *error);
  void (*reconciled) (SyncEngine *engine, gboolean finished, const GError *error);
} SyncRunEvents;

void sync_run_push (SyncRun *run, BaseWorker *worker, const SyncRunEvents *events, SyncLane lane);
void sync_run_pull (
    SyncRun *run, BaseWorker *worker, const SyncRunEvents *events, gboolean day, gboolean hot);
void sync_run_reconcile (SyncRun *run, BaseWorker *worker, const SyncRunEvents *events);
void sync_run_apply (SyncRun *run, BaseWorker *worker, GPtrArray *resources, GPtrArray *references);
void sync_run_stamp (SyncRun *run, BaseWorker *worker, gint64 as_of);

typedef gboolean (*SyncRunWork) (SyncRun *run, GTask *task, GError **error);

void sync_run_task (SyncRun *run, BaseWorker *worker, GTask *task, SyncRunWork work);

G_END_DECLS
