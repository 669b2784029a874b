/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-checkpointer.h"
#include "store-database.h"
#include "store-job.h"

G_BEGIN_DECLS

#define STORE_READERS 2

typedef struct
{
  BaseWorker *worker;
  StoreConnection *connection;
} StoreReader;

struct _StoreDatabase
{
  GObject parent_instance;
  char *path;
  BaseWorker *writer;
  StoreConnection *connection; /* the writer's */
  StoreReader readers[STORE_READERS];
  StoreCheckpointer *checkpointer; /* NULL where nothing is written */
  gboolean read_only;
  GMainContext *context; /* the one on which it was opened: where changes are told */
  GMutex mutex;          /* guards what follows */
  GQueue person_jobs;
  GPtrArray *changes; /* committed, not yet told */
  GQueue done;        /* StoreJob*, not yet returned to whoever asked on that context */
  GSource *teller;
};

void store_database_tell (StoreDatabase *self, GPtrArray *changes);
void store_database_finish_job (StoreDatabase *self, StoreJob *job);
/* store-database-write.c */
gboolean store_database_person_waits (gpointer data);
void store_database_push_write (StoreDatabase *self, BaseLane lane, StoreJob *job);

G_END_DECLS
