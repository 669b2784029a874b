/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-database-private.h"

#include <glib/gi18n.h>

#include "store-connection-private.h"

/* What the writer does. What people write goes before batches, and what several of them write
 * shares a commit: that encrypts whole pages and waits for the disk, so it costs more than the
 * writing. */

#define STORE_GROUP_JOBS 64
#define STORE_GROUP_US   (20 * 1000)

static gboolean
commit (StoreDatabase *self, GError **error)
{
  if (!store_connection_commit (self->connection, error))
    {
      store_connection_rollback (self->connection);
      return FALSE;
    }
  store_database_tell (self, store_connection_steal_changes (self->connection));
  store_checkpointer_note (self->checkpointer, store_connection_wal_pages (self->connection));
  return TRUE;
}

/* The database ends a transaction by itself where it must, as on a full disk. Whatever the work
 * says, that is no success. */
static void
fail_without_transaction (StoreJob *job)
{
  store_job_fail (job,
                  &(GError) { STORE_ERROR, STORE_ERROR_SQL, (char *) "The transaction was lost" });
}

/* Begins a transaction with @job. Where it fails nothing of it is left, it is answered, and there
 * is no transaction. */
static gboolean
begin_with (StoreDatabase *self, StoreJob *job)
{
  if (self->read_only)
    g_set_error (&job->error, STORE_ERROR, STORE_ERROR_READ_ONLY,
                 _ ("Nothing can be written here: these records were written by a newer Bedside. "
                    "Update Bedside on this computer"));
  else if (store_connection_begin (self->connection, &job->error))
    {
      store_job_run (job, self->connection);
      if (job->ok && store_connection_in_transaction (self->connection))
        return TRUE;
      if (job->ok)
        fail_without_transaction (job);
      store_connection_rollback (self->connection);
    }
  job->ok = FALSE;
  store_database_finish_job (self, job);
  return FALSE;
}

gboolean
store_database_person_waits (gpointer data)
{
  StoreDatabase *self = data;
  gboolean waits;

  g_mutex_lock (&self->mutex);
  waits = !g_queue_is_empty (&self->person_jobs);
  g_mutex_unlock (&self->mutex);
  return waits;
}

static void
shorten_log (StoreDatabase *self)
{
  g_autoptr (GError) error = NULL;
  int left;

  if (!self->read_only && !store_database_person_waits (self) &&
      store_checkpointer_take_rest (self->checkpointer) &&
      !store_connection_checkpoint (self->connection, &left, &error))
    g_warning ("A checkpoint of the store failed: %s", error->message);
}

static void
write_batch_job (gpointer data)
{
  StoreJob *job = data;
  StoreDatabase *self = job->database;

  if (begin_with (self, job))
    {
      job->ok = commit (self, &job->error);
      store_database_finish_job (self, job);
    }
  shorten_log (self);
}

static StoreJob *
take_person_job (StoreDatabase *self)
{
  StoreJob *job;

  g_mutex_lock (&self->mutex);
  job = g_queue_pop_head (&self->person_jobs);
  g_mutex_unlock (&self->mutex);
  return job;
}

/* One job among others: what it did is undone alone. FALSE where the transaction is gone. */
static gboolean
run_in_group (StoreDatabase *self, StoreJob *job, GError **error)
{
  if (!store_connection_savepoint (self->connection, error))
    return FALSE;
  store_job_run (job, self->connection);
  if (store_connection_in_transaction (self->connection))
    return store_connection_release (self->connection, job->ok, error);
  fail_without_transaction (job);
  g_propagate_error (error, g_error_copy (job->error));
  return FALSE;
}

/* Goes on with @first, which has begun a transaction: whatever came meanwhile shares its commit,
 * and so does what comes while that is done. Nobody is answered before. */
static void
write_group (StoreDatabase *self, StoreJob *first)
{
  g_autoptr (GPtrArray) group = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  gint64 deadline = g_get_monotonic_time () + STORE_GROUP_US;
  gboolean good = TRUE;

  for (StoreJob *job = first; job != NULL;)
    {
      g_ptr_array_add (group, job);
      good = job == first || run_in_group (self, job, &error);
      job = good && group->len < STORE_GROUP_JOBS && g_get_monotonic_time () < deadline
                ? take_person_job (self)
                : NULL;
    }
  if (good)
    good = commit (self, &error);
  else
    store_connection_rollback (self->connection);
  for (guint i = 0; i < group->len; i++)
    {
      if (!good)
        store_job_fail (group->pdata[i], error);
      store_database_finish_job (self, group->pdata[i]);
    }
}

static void
write_person_jobs (gpointer data)
{
  StoreDatabase *self = data;
  StoreJob *job = take_person_job (self);

  /* Without a job a group took it along. */
  if (job != NULL && begin_with (self, job))
    write_group (self, job);
}

void
store_database_push_write (StoreDatabase *self, BaseLane lane, StoreJob *job)
{
  g_assert (self->writer != NULL);
  if (lane == BASE_LANE_BATCH)
    {
      base_worker_push (self->writer, lane, write_batch_job, job);
      return;
    }
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->person_jobs, job);
  g_mutex_unlock (&self->mutex);
  base_worker_push (self->writer, lane, write_person_jobs, self);
}
