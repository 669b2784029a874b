/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

/* A piece of work on its way to a thread of the store and back. Whoever asked either blocks for it
 * or hears of it on the main context that was its own when it asked. */
typedef struct
{
  StoreDatabase *database;
  StoreWork work;
  gpointer data;
  GDestroyNotify destroy;
  GTask *task;   /* NULL: someone blocks until it is done */
  GMutex *mutex; /* guards done */
  GCond cond;
  gboolean ok, done;
  GError *error;
} StoreJob;

StoreJob *store_job_new (StoreDatabase *database, GMutex *mutex, StoreWork work, gpointer data);
void store_job_run (StoreJob *self, StoreConnection *connection);
void store_job_fail (StoreJob *self, const GError *error);
void store_job_finish (StoreJob *self);
void store_job_return (StoreJob *self);
gboolean store_job_wait (StoreJob *self, GError **error);

G_END_DECLS
