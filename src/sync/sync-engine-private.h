/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-engine.h"
#include "sync-live.h"
#include "sync-run.h"

G_BEGIN_DECLS

struct _SyncEngine
{
  GObject parent_instance;
  StoreDatabase *store;
  NetFhirClient *client;
  BaseClock *clock;
  SyncCapability *capability;
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

void sync_engine_begin_push (SyncEngine *self);
void sync_engine_begin_pull (SyncEngine *self, gboolean full);
void sync_engine_schedule_pull (SyncEngine *self, guint seconds);
void sync_engine_begin_live (SyncEngine *self);
void sync_engine_end_live (SyncEngine *self);
void sync_engine_update_notes (SyncEngine *self);

G_END_DECLS
