/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  BASE_LANE_PERSON, /* what a person waits for */
  BASE_LANE_BATCH,  /* sync, import, upkeep */
} BaseLane;

typedef void (*BaseWork) (gpointer data);

#define BASE_TYPE_WORKER (base_worker_get_type ())
G_DECLARE_FINAL_TYPE (BaseWorker, base_worker, BASE, WORKER, GObject)

BaseWorker *base_worker_new (const char *name);
void base_worker_push (BaseWorker *self, BaseLane lane, BaseWork work, gpointer data);
gboolean base_worker_is_current (BaseWorker *self);
guint base_worker_get_waiting (BaseWorker *self, BaseLane lane);
void base_worker_stop (BaseWorker *self);

G_END_DECLS
