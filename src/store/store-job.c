/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-job.h"

StoreJob *
store_job_new (StoreDatabase *database, GMutex *mutex, StoreWork work, gpointer data)
{
  StoreJob *self = g_new0 (StoreJob, 1);

  g_cond_init (&self->cond);
  self->database = database;
  self->mutex = mutex;
  self->work = work;
  self->data = data;
  return self;
}

static void
job_free (StoreJob *self)
{
  g_cond_clear (&self->cond);
  g_free (self);
}

/* Answers whoever asked, on their own context, so that the data is freed where it was made. */
void
store_job_return (StoreJob *self)
{
  g_autoptr (GTask) task = self->task;

  if (self->ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&self->error));
  if (self->destroy != NULL)
    self->destroy (self->data);
  job_free (self);
}

static gboolean
return_cb (gpointer data)
{
  store_job_return (data);
  return G_SOURCE_REMOVE;
}

/* Does the work; a cancelled job does nothing. */
void
store_job_run (StoreJob *self, StoreConnection *connection)
{
  GCancellable *cancellable = self->task != NULL ? g_task_get_cancellable (self->task) : NULL;

  self->ok = !g_cancellable_set_error_if_cancelled (cancellable, &self->error) &&
             self->work (connection, self->data, &self->error);
  if (!self->ok && self->error == NULL)
    self->error = g_error_new (STORE_ERROR, STORE_ERROR_SQL, "The work failed without a reason");
}

/* What it did is lost with the transaction that it was part of. */
void
store_job_fail (StoreJob *self, const GError *error)
{
  self->ok = FALSE;
  if (self->error == NULL)
    self->error = g_error_copy (error);
}

/* Tells whoever waits. The job is not touched afterwards. */
void
store_job_finish (StoreJob *self)
{
  g_autoptr (GSource) source = NULL;

  if (self->task == NULL)
    {
      GMutex *mutex = self->mutex;

      g_mutex_lock (mutex);
      self->done = TRUE;
      g_cond_signal (&self->cond);
      g_mutex_unlock (mutex);
      return;
    }
  source = g_idle_source_new ();
  g_source_set_priority (source, g_task_get_priority (self->task));
  g_source_set_callback (source, return_cb, self, NULL);
  g_source_attach (source, g_task_get_context (self->task));
}

/* Blocks until the job is done, and frees it. */
gboolean
store_job_wait (StoreJob *self, GError **error)
{
  gboolean ok;

  g_mutex_lock (self->mutex);
  while (!self->done)
    g_cond_wait (&self->cond, self->mutex);
  g_mutex_unlock (self->mutex);
  ok = self->ok;
  if (!ok)
    g_propagate_error (error, g_steal_pointer (&self->error));
  job_free (self);
  return ok;
}
