/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-database-private.h"

#include "store-connection-private.h"

/* The store of one account: one writer thread, two reader threads, and a thread that tidies the
 * log. */

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StoreDatabase, store_database, G_TYPE_OBJECT)

/* ---- telling what changed, and what is done ---- */

/* Tells what was changed and returns one job; FALSE where there is none, or another source does it.
 */
static gboolean
tell_next (StoreDatabase *self)
{
  g_autoptr (GPtrArray) changes = NULL;
  StoreJob *job = NULL;

  g_mutex_lock (&self->mutex);
  if (self->teller == g_main_current_source ())
    {
      changes = g_steal_pointer (&self->changes);
      job = g_queue_pop_head (&self->done);
    }
  g_mutex_unlock (&self->mutex);
  if (changes != NULL)
    g_signal_emit (self, signals[CHANGED], 0, changes);
  if (job != NULL)
    store_job_return (job);
  return changes != NULL || job != NULL;
}

/* What a job changed is told before the job is returned. One source tells whatever came together:
 * waking the main loop for each costs it more than many an answer. What comes meanwhile waits for
 * the next turn. Whoever is told may run a main loop within: that one goes on here. */
static gboolean
tell_cb (gpointer data)
{
  g_autoptr (StoreDatabase) self = g_object_ref (data);
  gboolean mine, more;
  guint left;

  g_mutex_lock (&self->mutex);
  left = MAX (1, g_queue_get_length (&self->done));
  g_mutex_unlock (&self->mutex);
  while (left > 0 && tell_next (self))
    left--;
  g_mutex_lock (&self->mutex);
  mine = self->teller == g_main_current_source ();
  more = mine && (self->changes != NULL || !g_queue_is_empty (&self->done));
  if (mine && !more)
    g_clear_pointer (&self->teller, g_source_unref);
  g_mutex_unlock (&self->mutex);
  return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* With the mutex held. */
static void
wake_teller (StoreDatabase *self)
{
  if (self->teller != NULL)
    return;
  self->teller = g_idle_source_new ();
  g_source_set_priority (self->teller, G_PRIORITY_DEFAULT);
  g_source_set_can_recurse (self->teller, TRUE);
  g_source_set_callback (self->teller, tell_cb, self, NULL);
  g_source_attach (self->teller, self->context);
}

void
store_database_tell (StoreDatabase *self, GPtrArray *changes)
{
  if (changes->len == 0)
    {
      g_ptr_array_unref (changes);
      return;
    }
  g_mutex_lock (&self->mutex);
  if (self->changes == NULL)
    self->changes = changes;
  else
    g_ptr_array_extend_and_steal (self->changes, changes);
  wake_teller (self);
  g_mutex_unlock (&self->mutex);
}

void
store_database_finish_job (StoreDatabase *self, StoreJob *job)
{
  if (job->task == NULL || g_task_get_context (job->task) != self->context)
    {
      store_job_finish (job);
      return;
    }
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->done, job);
  wake_teller (self);
  g_mutex_unlock (&self->mutex);
}

/* ---- reading ---- */

static StoreReader *
reader_of_thread (StoreDatabase *self)
{
  for (gsize i = 0; i < STORE_READERS; i++)
    if (base_worker_is_current (self->readers[i].worker))
      return &self->readers[i];
  return NULL;
}

static void
read_job (gpointer data)
{
  StoreJob *job = data;
  StoreConnection *connection = reader_of_thread (job->database)->connection;

  if (!store_connection_run (connection, "transaction.read", &job->error, ""))
    job->ok = FALSE;
  else
    {
      store_job_run (job, connection);
      store_connection_run (connection, "transaction.rollback", NULL, "");
    }
  store_database_finish_job (job->database, job);
}

static void
push_read (StoreDatabase *self, StoreJob *job)
{
  static guint turn;
  guint first = (guint) g_atomic_int_add (&turn, 1) % STORE_READERS, best = first;

  g_assert (self->writer != NULL);
  for (guint i = 0; i < STORE_READERS; i++)
    if (base_worker_get_waiting (self->readers[i].worker, BASE_LANE_PERSON) <
        base_worker_get_waiting (self->readers[best].worker, BASE_LANE_PERSON))
      best = i;
  base_worker_push (self->readers[best].worker, BASE_LANE_PERSON, read_job, job);
}

/* ---- the object ---- */

static void
store_database_finalize (GObject *object)
{
  StoreDatabase *self = STORE_DATABASE (object);

  store_database_close (self);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_main_context_unref (self->context);
  g_free (self->path);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (store_database_parent_class)->finalize (object);
}

static void
store_database_class_init (StoreDatabaseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = store_database_finalize;

  /**
   * StoreDatabase::changed:
   * @changes: (element-type StoreChange): what was committed, in its order
   *
   * Emitted once a commit is durable, on the main context that was the default of the thread that
   * opened the store.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
}

static void
store_database_init (StoreDatabase *self)
{
  g_mutex_init (&self->mutex);
  g_queue_init (&self->person_jobs);
  g_queue_init (&self->done);
  self->context = g_main_context_ref_thread_default ();
}

static void
adopt_connection (gpointer data)
{
  store_connection_set_thread (data, g_thread_self ());
}

static BaseWorker *
start_worker (const char *name, StoreConnection *connection)
{
  BaseWorker *worker = base_worker_new (name);

  base_worker_push (worker, BASE_LANE_PERSON, adopt_connection, connection);
  return worker;
}

/* @connections: the readers', as many as there are, and then the writer's */
static StoreDatabase *
make (const char *path, StoreConnection **connections)
{
  StoreDatabase *self = g_object_new (STORE_TYPE_DATABASE, NULL);

  self->path = g_strdup (path);
  self->connection = connections[STORE_READERS];
  store_connection_set_person_waits (self->connection, store_database_person_waits, self);
  self->writer = start_worker ("store-writer", self->connection);
  for (gsize i = 0; i < STORE_READERS; i++)
    {
      self->readers[i].connection = connections[i];
      self->readers[i].worker = start_worker ("store-reader", connections[i]);
    }
  return self;
}

/* Opens all of @connections from @first down, or none. */
static gboolean
open_all (StoreConnection **connections,
          gsize n,
          const char *path,
          GBytes *key,
          BaseClock *clock,
          gboolean write,
          GError **error)
{
  for (gsize i = 0; i < n; i++)
    {
      connections[i] = write ? store_connection_open (path, key, clock, FALSE, error)
                             : store_connection_open_to_read (path, key, clock, error);
      if (connections[i] != NULL)
        continue;
      for (gsize j = 0; j < i; j++)
        store_connection_close (connections[j]);
      return FALSE;
    }
  return TRUE;
}

/**
 * store_database_open:
 * @path: the store's file, made where there is none
 * @key: %STORE_KEY_BYTES bytes that encrypt it
 * @clock: stamps what is written
 *
 * Returns: (transfer full) (nullable): the open store; NULL with %STORE_ERROR_KEY,
 *   %STORE_ERROR_CIPHER, %STORE_ERROR_VERSION_NEWER or %STORE_ERROR_CORRUPT, and the file untouched
 */
StoreDatabase *
store_database_open (const char *path, GBytes *key, BaseClock *clock, GError **error)
{
  g_autoptr (StoreConnection) writer = store_connection_open (path, key, clock, TRUE, error);
  g_autoptr (StoreConnection) log = NULL;
  StoreConnection *connections[STORE_READERS + 1] = { NULL };
  StoreDatabase *self;

  if (writer == NULL || (log = store_connection_open (path, key, clock, FALSE, error)) == NULL ||
      !open_all (connections, STORE_READERS, path, key, clock, TRUE, error))
    return NULL;
  connections[STORE_READERS] = g_steal_pointer (&writer);
  self = make (path, connections);
  self->checkpointer = store_checkpointer_new (g_steal_pointer (&log));
  return self;
}

/**
 * store_database_open_to_read:
 *
 * For a file that store_database_open() refused with %STORE_ERROR_VERSION_NEWER: what the newer
 * version wrote can be read, as far as this one knows its tables. Every write fails with
 * %STORE_ERROR_READ_ONLY, and the file stays as it is, byte by byte.
 */
StoreDatabase *
store_database_open_to_read (const char *path, GBytes *key, BaseClock *clock, GError **error)
{
  StoreConnection *connections[STORE_READERS + 1] = { NULL };
  StoreDatabase *self;

  if (!open_all (connections, G_N_ELEMENTS (connections), path, key, clock, FALSE, error))
    return NULL;
  self = make (path, connections);
  self->read_only = TRUE;
  return self;
}

/**
 * store_database_is_read_only:
 *
 * Returns: whether a newer version wrote the file, and nothing is written to it here
 */
gboolean
store_database_is_read_only (StoreDatabase *self)
{
  return self->read_only;
}

const char *
store_database_get_path (StoreDatabase *self)
{
  return self->path;
}

/**
 * store_database_close:
 *
 * Does what was asked for before, ends the threads and closes the file. Nothing may be asked for
 * afterwards.
 */
void
store_database_close (StoreDatabase *self)
{
  if (self->writer == NULL)
    return;
  base_worker_stop (self->writer);
  g_clear_pointer (&self->checkpointer, store_checkpointer_free);
  /* all of them first: a job on one looks at the others to find out where it runs */
  for (gsize i = 0; i < STORE_READERS; i++)
    base_worker_stop (self->readers[i].worker);
  for (gsize i = 0; i < STORE_READERS; i++)
    {
      g_clear_object (&self->readers[i].worker);
      g_clear_pointer (&self->readers[i].connection, store_connection_close);
    }
  g_clear_object (&self->writer);
  g_clear_pointer (&self->connection, store_connection_close);
  /* Nobody listens any more; but whoever asked is answered, and holds the object until then. */
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  if (self->teller != NULL && g_queue_is_empty (&self->done))
    {
      g_source_destroy (self->teller);
      g_clear_pointer (&self->teller, g_source_unref);
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * store_database_write:
 * @work: runs on the writer's thread in one transaction, undone where it returns FALSE
 *
 * Blocks until the work is durable: not for the main thread.
 *
 * Returns: what @work returned, or FALSE where the commit failed
 */
gboolean
store_database_write (
    StoreDatabase *self, BaseLane lane, StoreWork work, gpointer data, GError **error)
{
  StoreJob *job = store_job_new (self, &self->mutex, work, data);

  g_assert (!base_worker_is_current (self->writer));
  store_database_push_write (self, lane, job);
  return store_job_wait (job, error);
}

/**
 * store_database_write_async:
 * @destroy: (nullable): frees @data, after @callback was called or in its turn
 * @cancellable: (nullable): keeps work that has not begun from being done
 *
 * As store_database_write(), without blocking.
 */
void
store_database_write_async (StoreDatabase *self,
                            BaseLane lane,
                            StoreWork work,
                            gpointer data,
                            GDestroyNotify destroy,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  StoreJob *job = store_job_new (self, &self->mutex, work, data);

  job->destroy = destroy;
  job->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_check_cancellable (job->task, FALSE);
  g_task_set_source_tag (job->task, store_database_write_async);
  store_database_push_write (self, lane, job);
}

gboolean
store_database_write_finish (StoreDatabase *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * store_database_read:
 * @work: runs on a reader's thread, and sees one state of the store throughout
 *
 * Blocks until it is done: not for the main thread.
 */
gboolean
store_database_read (StoreDatabase *self, StoreWork work, gpointer data, GError **error)
{
  StoreJob *job = store_job_new (self, &self->mutex, work, data);

  g_assert (reader_of_thread (self) == NULL);
  push_read (self, job);
  return store_job_wait (job, error);
}

/**
 * store_database_read_async:
 *
 * As store_database_read(), without blocking.
 */
void
store_database_read_async (StoreDatabase *self,
                           StoreWork work,
                           gpointer data,
                           GDestroyNotify destroy,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  StoreJob *job = store_job_new (self, &self->mutex, work, data);

  job->destroy = destroy;
  job->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_check_cancellable (job->task, FALSE);
  g_task_set_source_tag (job->task, store_database_read_async);
  push_read (self, job);
}

gboolean
store_database_read_finish (StoreDatabase *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
