/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-worker.h"

/* One thread with a queue of two lanes: what a person waits for goes before batches. Whoever pushes
 * work owns its data; work pushed before base_worker_stop() is always done. */

typedef struct
{
  BaseWork work;
  gpointer data;
} Job;

struct _BaseWorker
{
  GObject parent_instance;
  GMutex mutex;
  GCond cond;
  GQueue lanes[2];
  gboolean stopping;
  GThread *thread;
};

G_DEFINE_FINAL_TYPE (BaseWorker, base_worker, G_TYPE_OBJECT)

static gpointer
base_worker_run (gpointer data)
{
  BaseWorker *self = data;

  g_mutex_lock (&self->mutex);
  for (;;)
    {
      Job *job = g_queue_pop_head (&self->lanes[BASE_LANE_PERSON]);

      if (job == NULL)
        job = g_queue_pop_head (&self->lanes[BASE_LANE_BATCH]);
      if (job == NULL && self->stopping)
        break;
      if (job == NULL)
        {
          g_cond_wait (&self->cond, &self->mutex);
          continue;
        }
      g_mutex_unlock (&self->mutex);
      job->work (job->data);
      g_free (job);
      g_mutex_lock (&self->mutex);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

static void
base_worker_finalize (GObject *object)
{
  BaseWorker *self = BASE_WORKER (object);

  base_worker_stop (self);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);

  G_OBJECT_CLASS (base_worker_parent_class)->finalize (object);
}

static void
base_worker_class_init (BaseWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = base_worker_finalize;
}

static void
base_worker_init (BaseWorker *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  g_queue_init (&self->lanes[BASE_LANE_PERSON]);
  g_queue_init (&self->lanes[BASE_LANE_BATCH]);
}

/**
 * base_worker_new:
 * @name: the thread's name, at most 15 characters
 *
 * Returns: (transfer full): a running worker
 */
BaseWorker *
base_worker_new (const char *name)
{
  BaseWorker *self = g_object_new (BASE_TYPE_WORKER, NULL);

  self->thread = g_thread_new (name, base_worker_run, self);
  return self;
}

/**
 * base_worker_push:
 * @work: runs on the worker's thread
 * @data: handed to @work, which frees it
 */
void
base_worker_push (BaseWorker *self, BaseLane lane, BaseWork work, gpointer data)
{
  Job *job = g_new (Job, 1);

  job->work = work;
  job->data = data;
  g_mutex_lock (&self->mutex);
  g_assert (!self->stopping);
  g_queue_push_tail (&self->lanes[lane], job);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

gboolean
base_worker_is_current (BaseWorker *self)
{
  return g_thread_self () == self->thread;
}

/**
 * base_worker_get_waiting:
 *
 * Returns: how many jobs wait in @lane; a long batch asks this to know when to let a person through
 */
guint
base_worker_get_waiting (BaseWorker *self, BaseLane lane)
{
  guint waiting;

  g_mutex_lock (&self->mutex);
  waiting = g_queue_get_length (&self->lanes[lane]);
  g_mutex_unlock (&self->mutex);
  return waiting;
}

/**
 * base_worker_stop:
 *
 * Does what was pushed, then ends the thread. Call it from another thread than the worker's own.
 */
void
base_worker_stop (BaseWorker *self)
{
  if (self->thread == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  /* Only then: until it ends, its jobs ask where they run. */
  g_thread_join (self->thread);
  self->thread = NULL;
}
