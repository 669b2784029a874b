/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-checkpointer.h"

#include "store-connection-private.h"

/* A checkpoint inside a commit costs up to 150 ms, so none ever is: the log is copied into the file
 * here, when nothing was written for a moment, or while writing goes on once the log is long. */

#define STORE_IDLE_US        (G_USEC_PER_SEC / 2)
#define STORE_LONG_LOG_PAGES 8192 /* 64 MiB */
#define STORE_MIN_LOG_PAGES  128  /* 1 MiB: less is left for later */

struct _StoreCheckpointer
{
  GMutex mutex;
  GCond cond;
  gboolean stopping;
  gint64 pages;    /* in the log, as of the last commit */
  gint64 done;     /* of those, as of the last checkpoint */
  gint64 noted;    /* when the last commit was, on the monotonic clock */
  gboolean behind; /* a long log was copied, but for what is being written meanwhile */
  GThread *thread;
  StoreConnection *connection;
};

/* With the mutex held: sleeps until there is work. FALSE when it is time to end. */
static gboolean
wait_for_work (StoreCheckpointer *self)
{
  while (!self->stopping)
    {
      gint64 idle_at = self->noted + STORE_IDLE_US;

      if (self->pages - self->done >= STORE_LONG_LOG_PAGES)
        return TRUE;
      if (self->pages - self->done < STORE_MIN_LOG_PAGES)
        g_cond_wait (&self->cond, &self->mutex);
      else if (!g_cond_wait_until (&self->cond, &self->mutex, idle_at) &&
               g_get_monotonic_time () >= self->noted + STORE_IDLE_US)
        return !self->stopping;
    }
  return FALSE;
}

static gpointer
checkpointer_run (gpointer data)
{
  StoreCheckpointer *self = data;

  store_connection_set_thread (self->connection, g_thread_self ());
  g_mutex_lock (&self->mutex);
  while (wait_for_work (self))
    {
      g_autoptr (GError) error = NULL;
      gint64 pages = self->pages;
      int left = 0;

      g_mutex_unlock (&self->mutex);
      if (!store_connection_checkpoint (self->connection, &left, &error))
        g_warning ("A checkpoint of the store failed: %s", error->message);
      g_mutex_lock (&self->mutex);
      /* What a reader held back is tried again after the next commit. */
      self->done = pages;
      self->behind = pages >= STORE_LONG_LOG_PAGES;
    }
  g_mutex_unlock (&self->mutex);
  store_connection_close (self->connection);
  return NULL;
}

/* Takes @connection, which is used on the new thread only. */
StoreCheckpointer *
store_checkpointer_new (StoreConnection *connection)
{
  StoreCheckpointer *self = g_new0 (StoreCheckpointer, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->connection = connection;
  self->thread = g_thread_new ("store-log", checkpointer_run, self);
  return self;
}

/* Tells that a commit left @wal_pages in the log. */
void
store_checkpointer_note (StoreCheckpointer *self, gint64 wal_pages)
{
  g_mutex_lock (&self->mutex);
  if (wal_pages < self->done)
    self->done = 0; /* the log began anew */
  self->pages = wal_pages;
  self->noted = g_get_monotonic_time ();
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* Whether the writer should copy the rest itself, once: the log begins anew only after a moment in
 * which all of it is copied, and while batches follow each other there is none. */
gboolean
store_checkpointer_take_rest (StoreCheckpointer *self)
{
  gboolean behind;

  g_mutex_lock (&self->mutex);
  behind = self->behind;
  self->behind = FALSE;
  g_mutex_unlock (&self->mutex);
  return behind;
}

void
store_checkpointer_free (StoreCheckpointer *self)
{
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}
