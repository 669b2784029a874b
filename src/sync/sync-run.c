/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-run.h"

#include "net-error.h"
#include "sync-search.h"
#include "sync-server.h"
#include "sync-setting.h"

#define GIVE_WAY_US (2 * G_USEC_PER_SEC)
#define TELL_US     (G_USEC_PER_SEC / 2)

/* What the workers do for the engine, and how they tell it. A worker never holds the engine: it may
 * be let go at any time, and then nobody is told. */

static void
count_urgent (SyncRun *run, SyncLane lane, int by)
{
  if (lane != SYNC_LANE_ORDINARY)
    return;
  g_mutex_lock (&run->mutex);
  run->urgent = (guint) ((int) run->urgent + by);
  g_cond_broadcast (&run->calm);
  g_mutex_unlock (&run->mutex);
}

/* @data is the engine's, which outlives the workers. */
void
sync_run_set_review (SyncRun *run, SyncReviewCheck check, gpointer data)
{
  for (guint i = 0; i < SYNC_N_LANES; i++)
    {
      run->contexts[i].review_check = check;
      run->contexts[i].review_data = data;
    }
}

SyncRun *
sync_run_ref (SyncRun *run)
{
  g_atomic_ref_count_inc (&run->count);
  return run;
}

void
sync_run_unref (SyncRun *run)
{
  if (!g_atomic_ref_count_dec (&run->count))
    return;
  g_weak_ref_clear (&run->engine);
  g_mutex_clear (&run->mutex);
  g_object_unref (run->context.store);
  g_object_unref (run->context.client);
  g_object_unref (run->context.clock);
  g_object_unref (run->context.cancellable);
  sync_capability_unref (run->context.capability);
  g_object_unref (run->contexts[SYNC_LANE_BULKY].client);
  for (guint i = 0; i < SYNC_N_LANES; i++)
    {
      g_hash_table_unref (run->memories[i].resting);
      g_hash_table_unref (run->memories[i].announced);
    }
  g_hash_table_unref (run->flights.names);
  g_mutex_clear (&run->flights.mutex);
  g_cond_clear (&run->calm);
  g_strfreev (run->pull.types);
  g_clear_pointer (&run->pull.walk.visited, g_hash_table_unref);
  g_clear_pointer (&run->pull.walk.asked, g_hash_table_unref);
  sync_reconcile_clear (&run->reconcile);
  g_free (run);
}

/* Cancels what is under way; the workers can then be stopped. */
void
sync_run_stop (SyncRun *run)
{
  g_cancellable_cancel (run->context.cancellable);
  g_mutex_lock (&run->mutex);
  run->stopped = TRUE;
  g_cond_broadcast (&run->calm);
  g_mutex_unlock (&run->mutex);
}

/* A word from a worker to the engine. */
typedef struct
{
  SyncRun *run;
  const SyncRunEvents *events;
  enum
  {
    NOTE_GROUP,
    NOTE_PUSHED,
    NOTE_UPLOADING,
    NOTE_PROGRESS,
    NOTE_PULLED,
    NOTE_RECONCILED,
  } kind;
  gboolean finished;
  SyncPushResult result;
  SyncPushed pushed;
  SyncLane lane;
  SyncPushRound push;
  gsize position, size; /* bytes of a file that is being sent */
  SyncPullRound pull;   /* without its types */
  GError *error;
} Note;

static void
note_free (gpointer data)
{
  Note *note = data;

  sync_push_result_clear (&note->result);
  sync_push_round_clear (&note->push);
  g_clear_error (&note->error);
  sync_run_unref (note->run);
  g_free (note);
}

static gboolean
tell (gpointer data)
{
  Note *note = data;
  g_autoptr (SyncEngine) engine = g_weak_ref_get (&note->run->engine);

  if (engine == NULL || g_cancellable_is_cancelled (note->run->context.cancellable))
    return G_SOURCE_REMOVE;
  switch (note->kind)
    {
    case NOTE_GROUP:
      note->events->group (engine, &note->result, note->pushed);
      break;
    case NOTE_PUSHED:
      note->events->pushed (engine, note->lane, &note->push);
      break;
    case NOTE_UPLOADING:
      note->events->uploading (engine, note->position, note->size);
      break;
    case NOTE_PROGRESS:
      note->events->progress (engine, &note->pull);
      break;
    case NOTE_PULLED:
      note->events->pulled (engine, &note->pull, note->error);
      break;
    case NOTE_RECONCILED:
      note->events->reconciled (engine, note->finished, note->error);
      break;
    }
  return G_SOURCE_REMOVE;
}

static Note *
note_new (SyncRun *run, const SyncRunEvents *events)
{
  Note *note = g_new0 (Note, 1);

  note->run = sync_run_ref (run);
  note->events = events;
  return note;
}

static void
post (Note *note)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, tell, note, note_free);
}

/* How far a file is, now and then. */
static void
tell_upload (SyncRun *run, gsize position, gsize size)
{
  gint64 now = g_get_monotonic_time ();
  Note *note;

  if (run->upload_events == NULL || now - run->told_upload < TELL_US)
    return;
  run->told_upload = now;
  note = note_new (run, run->upload_events);
  note->kind = NOTE_UPLOADING;
  note->position = position;
  note->size = size;
  post (note);
}

/* A file gives way while the other worker sends; not for ever, or the server would hang up. */
static void
give_way (gsize position, gsize size, GCancellable *cancellable, gpointer data)
{
  SyncRun *run = data;
  gint64 end = g_get_monotonic_time () + GIVE_WAY_US;

  g_mutex_lock (&run->mutex);
  while (run->urgent > 0 && !run->stopped && g_cond_wait_until (&run->calm, &run->mutex, end))
    ;
  g_mutex_unlock (&run->mutex);
  tell_upload (run, position, size);
}

SyncRun *
sync_run_new (SyncEngine *engine,
              StoreDatabase *store,
              NetFhirClient *client,
              BaseClock *clock,
              SyncCapability *capability)
{
  SyncRun *run = g_new0 (SyncRun, 1);

  g_atomic_ref_count_init (&run->count);
  g_weak_ref_init (&run->engine, engine);
  g_mutex_init (&run->mutex);
  run->context = (SyncContext) { .store = g_object_ref (store),
                                 .client = g_object_ref (client),
                                 .clock = g_object_ref (clock),
                                 .cancellable = g_cancellable_new (),
                                 .capability = sync_capability_ref (capability) };
  g_cond_init (&run->calm);
  g_mutex_init (&run->flights.mutex);
  run->flights.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < SYNC_N_LANES; i++)
    {
      run->contexts[i] = run->context;
      run->memories[i].lane = i;
      run->memories[i].flights = &run->flights;
      run->memories[i].resting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      run->memories[i].announced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    }
  run->contexts[SYNC_LANE_BULKY].client = net_fhir_client_new_paced (client, give_way, run);
  return run;
}

typedef struct
{
  SyncRun *run;
  BaseWorker *worker;
  const SyncRunEvents *events;
  SyncLane lane;
} Job;

static Job *
job_new (SyncRun *run, BaseWorker *worker, const SyncRunEvents *events)
{
  Job *job = g_new0 (Job, 1);

  job->run = sync_run_ref (run);
  job->worker = worker; /* the engine keeps it until its queue is empty */
  job->events = events;
  return job;
}

static void
job_free (Job *job)
{
  sync_run_unref (job->run);
  g_free (job);
}

static void
on_group (const SyncPushResult *result, SyncPushed pushed, gpointer data)
{
  Job *job = data;
  Note *note = note_new (job->run, job->events);

  note->kind = NOTE_GROUP;
  note->pushed = pushed;
  note->result = *result;
  note->result.group = g_strdup (result->group);
  note->result.state = g_strdup (result->state);
  note->result.sentence = g_strdup (result->sentence);
  post (note);
}

static void
push_work (gpointer data)
{
  Job *job = data;
  Note *note = note_new (job->run, job->events);

  note->kind = NOTE_PUSHED;
  note->lane = job->lane;
  if (job->lane == SYNC_LANE_BULKY)
    job->run->upload_events = job->events;
  count_urgent (job->run, job->lane, 1);
  sync_push_round (&job->run->contexts[job->lane], &job->run->memories[job->lane], on_group, job,
                   &note->push);
  count_urgent (job->run, job->lane, -1);
  post (note);
  job_free (job);
}

void
sync_run_push (SyncRun *run, BaseWorker *worker, const SyncRunEvents *events, SyncLane lane)
{
  Job *job = job_new (run, worker, events);

  job->lane = lane;
  base_worker_push (worker, BASE_LANE_BATCH, push_work, job);
}

/* One step, then behind whatever a person waits for. */
static void
pull_work (gpointer data)
{
  Job *job = data;
  SyncRun *run = sync_run_ref (job->run); /* the next worker's turn may end the job at once */
  SyncPullRound *round = &run->pull;
  gboolean again;
  GError *error = NULL;
  gboolean finished = FALSE;
  gboolean ok = !g_cancellable_set_error_if_cancelled (job->run->context.cancellable, &error) &&
                sync_pull_round_step (&job->run->context, round, &finished, &error);
  Note *note = note_new (job->run, job->events);

  if (!ok)
    g_atomic_int_inc (&run->flights.outages);
  note->kind = ok && !finished ? NOTE_PROGRESS : NOTE_PULLED;
  note->error = error;
  note->pull = *round;
  note->pull.types = NULL;
  note->pull.walk.visited = note->pull.walk.asked = NULL;
  post (note);
  again = ok && !finished;
  g_mutex_lock (&job->run->mutex);
  again = again && !job->run->stopped;
  if (again)
    base_worker_push (job->worker, BASE_LANE_BATCH, pull_work, job);
  g_mutex_unlock (&run->mutex);
  if (!again)
    job_free (job);
  sync_run_unref (run);
}

void
sync_run_pull (
    SyncRun *run, BaseWorker *worker, const SyncRunEvents *events, gboolean day, gboolean hot)
{
  sync_pull_round_begin (&run->context, &run->pull, day, hot);
  base_worker_push (worker, BASE_LANE_BATCH, pull_work, job_new (run, worker, events));
}

static gboolean
write_reconciled (StoreConnection *connection, gpointer data, GError **error)
{
  return sync_setting_set_reconciled (connection, *(gint64 *) data, error);
}

static void
reconcile_work (gpointer data)
{
  Job *job = data;
  SyncContext *context = &job->run->context;
  Note *note = note_new (job->run, job->events);
  gint64 now = base_clock_now (context->clock);
  GError *error = NULL;

  note->kind = NOTE_RECONCILED;
  /* A lost answer is asked for again the next time, at the same place. */
  if (!sync_reconcile_step (context, &job->run->reconcile, &note->finished, &error))
    {
      if (g_error_matches (error, NET_ERROR, NET_ERROR_PROTOCOL))
        sync_reconcile_clear (&job->run->reconcile);
    }
  else if (note->finished)
    store_database_write (context->store, BASE_LANE_BATCH, write_reconciled, &now, NULL);
  note->error = error;
  post (note);
  job_free (job);
}

/* One step, in the worker that reads. */
void
sync_run_reconcile (SyncRun *run, BaseWorker *worker, const SyncRunEvents *events)
{
  base_worker_push (worker, BASE_LANE_BATCH, reconcile_work, job_new (run, worker, events));
}

typedef struct
{
  SyncRun *run;
  GPtrArray *resources, *references;
} Apply;

static void
apply_work (gpointer data)
{
  Apply *apply = data;
  g_autoptr (GPtrArray) deleted = g_ptr_array_new_with_free_func (g_free);
  SyncApply came = { .resources = apply->resources,
                     .deleted = deleted,
                     .notice = TRUE,
                     .doubtful = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (GError) error = NULL;

  /* What fails here comes again with the next round, which reads from the last mark. */
  if (!sync_server_is_trusted (&apply->run->context, &error) ||
      !sync_search_put (&apply->run->context, &came, &error) ||
      !sync_pull_references (&apply->run->context, apply->references, &error))
    g_debug ("A notice could not be followed: %s", error->message);
  g_ptr_array_unref (came.doubtful);
  g_ptr_array_unref (apply->resources);
  g_ptr_array_unref (apply->references);
  sync_run_unref (apply->run);
  g_free (apply);
}

void
sync_run_apply (SyncRun *run, BaseWorker *worker, GPtrArray *resources, GPtrArray *references)
{
  Apply *apply = g_new0 (Apply, 1);

  apply->run = sync_run_ref (run);
  apply->resources = g_ptr_array_ref (resources);
  apply->references = g_ptr_array_ref (references);
  base_worker_push (worker, BASE_LANE_PERSON, apply_work, apply);
}

typedef struct
{
  SyncRun *run;
  gint64 as_of;
} Stamp;

static void
stamp_work (gpointer data)
{
  Stamp *stamp = data;

  sync_pull_stamp (&stamp->run->context, NULL, stamp->as_of, NULL);
  sync_run_unref (stamp->run);
  g_free (stamp);
}

void
sync_run_stamp (SyncRun *run, BaseWorker *worker, gint64 as_of)
{
  Stamp *stamp = g_new0 (Stamp, 1);

  stamp->run = sync_run_ref (run);
  stamp->as_of = as_of;
  base_worker_push (worker, BASE_LANE_BATCH, stamp_work, stamp);
}

typedef struct
{
  SyncRun *run;
  GTask *task;
  SyncRunWork work;
} TaskJob;

static void
task_work (gpointer data)
{
  TaskJob *job = data;
  GError *error = NULL;

  if (job->work (job->run, job->task, &error))
    g_task_return_boolean (job->task, TRUE);
  else
    g_task_return_error (job->task, error);
  g_object_unref (job->task);
  sync_run_unref (job->run);
  g_free (job);
}

/* The task is answered on the thread that made it. */
void
sync_run_task (SyncRun *run, BaseWorker *worker, GTask *task, SyncRunWork work)
{
  TaskJob *job = g_new0 (TaskJob, 1);

  job->run = sync_run_ref (run);
  job->task = g_object_ref (task);
  job->work = work;
  base_worker_push (worker, BASE_LANE_PERSON, task_work, job);
}
