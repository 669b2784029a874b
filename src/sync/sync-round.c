/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-round.h"

#include <string.h>

#include "net-error.h"
#include "sync-probe.h"
#include "sync-server.h"

/* What the two workers do each time they are woken. */

#define WAIT_US     (2 * G_USEC_PER_SEC)
#define RECHECK_US  (10 * G_USEC_PER_SEC)
#define WAIT_MAX_US (60 * G_USEC_PER_SEC)

static const char *const hot_types[] = {
  "Appointment", "Encounter",          "Task", "MedicationRequest", "Communication",
  "Observation", "AllergyIntolerance", NULL
};

typedef struct
{
  GPtrArray *groups;
  SyncSuspicion suspicion;
} List;

static gboolean
list (StoreConnection *connection, gpointer data, GError **error)
{
  List *read = data;

  read->suspicion = sync_server_get_suspicion (connection);
  read->groups = sync_group_list (connection, error);
  return read->groups != NULL;
}

static GPtrArray *
list_groups (SyncContext *context, SyncPushRound *round)
{
  List read = { 0 };
  g_autoptr (GError) error = NULL;

  if (!store_database_read (context->store, list, &read, &error))
    {
      round->paused = TRUE;
      g_set_str (&round->sentence, error->message);
      return NULL;
    }
  sync_group_count (read.groups, &round->counts);
  if (read.suspicion != SYNC_SUSPICION_NONE)
    {
      round->paused = TRUE;
      g_set_str (&round->sentence, sync_server_get_sentence (read.suspicion));
      g_clear_pointer (&read.groups, g_ptr_array_unref);
    }
  return read.groups;
}

/* Longer from time to time, while others go on. */
static void
let_rest (GHashTable *resting, SyncGroup *group)
{
  StoreJournalEntry *first = group->entries->pdata[0];
  gint64 until = g_get_monotonic_time () + MIN (WAIT_US << MIN (first->attempts, 5), WAIT_MAX_US);

  g_hash_table_replace (resting, g_strdup (group->name), g_memdup2 (&until, sizeof until));
}

/* What the reading worker held, because of what it read, is told here. */
static void
announce_held (SyncPushMemory *memory, GPtrArray *groups, SyncRoundEvent event, gpointer data)
{
  for (guint i = 0; i < groups->len; i++)
    {
      SyncGroup *group = groups->pdata[i];
      const char *reason = sync_group_get_reason (group);
      g_auto (SyncPushResult) result = { 0 };

      if (group->state != SYNC_GROUP_REVIEW)
        {
          g_hash_table_remove (memory->announced, group->name);
          continue;
        }
      if (!g_hash_table_add (memory->announced, g_strdup (group->name)))
        continue;
      result.group = g_strdup (group->name);
      result.state = g_strdup ("held");
      result.sentence = g_strdup (reason != NULL && g_str_has_prefix (reason, SYNC_REASON_REVIEW)
                                      ? reason + strlen (SYNC_REASON_REVIEW)
                                      : reason);
      event (&result, SYNC_PUSHED_SET_ASIDE, data);
    }
}

/* The first to go must not be the one to find out what the server has already said. */
static void
probe_once (SyncContext *context, SyncPushMemory *memory)
{
  g_autoptr (FhirResource) statement = sync_capability_dup_statement (context->capability);

  if (memory->probed)
    return;
  memory->probed = statement != NULL || sync_probe (context, NULL);
}

static gboolean
take_off (SyncFlights *flights, const char *name)
{
  gboolean taken;

  g_mutex_lock (&flights->mutex);
  taken = g_hash_table_add (flights->names, g_strdup (name));
  g_mutex_unlock (&flights->mutex);
  return taken;
}

static void
land (SyncFlights *flights, const char *name)
{
  g_mutex_lock (&flights->mutex);
  g_hash_table_remove (flights->names, name);
  g_mutex_unlock (&flights->mutex);
}

static SyncPushed
send_one (SyncContext *context, SyncPushMemory *memory, SyncGroup *group, SyncPushResult *result)
{
  SyncPushed pushed;

  if (!take_off (memory->flights, group->name))
    {
      *result = (SyncPushResult) { .group = g_strdup (group->name) };
      return SYNC_PUSHED_WAIT;
    }
  pushed = sync_push_group (context, group, result);
  land (memory->flights, group->name);
  return pushed;
}

/* Nothing leaves before it is known that the server is still the one that it was. Whoever answers
 * after an outage may have other records: a server goes away before it is restored. */
static gboolean
check_once (SyncContext *context, SyncPushMemory *memory, SyncPushRound *round)
{
  gint outages = g_atomic_int_get (&memory->flights->outages);
  g_autoptr (GError) error = NULL;

  if (memory->checked && memory->outages == outages)
    return TRUE;
  memory->outages = outages;
  memory->checked = sync_server_check (context, FALSE, &error);
  if (memory->checked)
    return TRUE;
  round->paused = TRUE;
  round->signed_out = g_error_matches (error, NET_ERROR, NET_ERROR_UNAUTHORIZED);
  round->retry_after = net_error_get_retry_after (error);
  g_set_str (&round->sentence, error->message);
  return FALSE;
}

/**
 * sync_push_round:
 * @round: (out caller-allocates): cleared with sync_push_round_clear()
 *
 * Sends everything that can go now.
 */
void
sync_push_round (SyncContext *context,
                 SyncPushMemory *memory,
                 SyncRoundEvent event,
                 gpointer data,
                 SyncPushRound *round)
{
  *round = (SyncPushRound) { 0 };
  while (!round->paused && !g_cancellable_is_cancelled (context->cancellable))
    {
      g_autoptr (GPtrArray) groups = list_groups (context, round);
      g_auto (SyncPushResult) result = { 0 };
      SyncGroup *group;
      SyncPushed pushed;

      round->wake = G_MAXINT64;
      if (groups == NULL)
        break;
      if (memory->lane == SYNC_LANE_ORDINARY)
        announce_held (memory, groups, event, data);
      group =
          sync_group_choose (groups, memory->lane, memory->resting, base_clock_now (context->clock),
                             g_get_monotonic_time (), &round->wake);
      if (group == NULL)
        break;
      probe_once (context, memory);
      if (!check_once (context, memory, round))
        break;
      pushed = send_one (context, memory, group, &result);
      if (pushed == SYNC_PUSHED_WAIT)
        let_rest (memory->resting, group);
      else
        g_hash_table_remove (memory->resting, group->name);
      if (pushed == SYNC_PUSHED_PAUSE)
        {
          round->paused = TRUE;
          g_atomic_int_inc (&memory->flights->outages);
          round->signed_out = result.signed_out;
          round->retry_after = result.retry_after;
          g_set_str (&round->sentence, result.sentence);
        }
      if (pushed == SYNC_PUSHED_SET_ASIDE && strcmp (result.state, "held") == 0)
        g_hash_table_add (memory->announced, g_strdup (group->name));
      event (&result, pushed, data);
    }
}

void
sync_push_round_clear (SyncPushRound *round)
{
  g_clear_pointer (&round->sentence, g_free);
}

static void
begin_walk (SyncPullRound *round)
{
  g_hash_table_remove_all (round->walk.visited);
  round->walk.restarts = 0;
  round->walk.begun = 0;
}

/* Goes on where it broke off. The server may have been set back since, so it is looked at again; no
 * back-up is restored in ten seconds. */
static void
resume (SyncPullRound *round)
{
  round->broken = FALSE;
  round->resumed = TRUE;
  round->checked =
      round->hot || (round->checked && g_get_monotonic_time () - round->checked_at < RECHECK_US);
  round->started += g_get_monotonic_time ();
}

/**
 * sync_pull_round_begin:
 *
 * A reading that broke off goes on where it was, where it is of the same kind.
 */
void
sync_pull_round_begin (SyncContext *context, SyncPullRound *round, gboolean day, gboolean hot)
{
  hot = hot && round->types != NULL;
  round->steps = 0;
  if (round->broken && round->hot == hot)
    {
      resume (round);
      return;
    }
  round->broken = round->resumed = FALSE;
  round->day = day;
  round->hot = hot;
  round->position = 0;
  round->done = 0;
  round->news = 0;
  round->total = 0;
  round->seconds_left = 0;
  round->checked = round->hot;
  round->count = day;
  round->counted = 0;
  round->began = base_clock_now (context->clock);
  round->started = g_get_monotonic_time ();
  if (round->walk.visited == NULL)
    round->walk.visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  begin_walk (round);
}

/* A type that this account may not read, or that the server does not search, is passed over. */
static gboolean
may_pass_over (const GError *error)
{
  return g_error_matches (error, NET_ERROR, NET_ERROR_FORBIDDEN) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_NOT_FOUND) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_REFUSED);
}

/* From how long the part took that is here; never at an end before it is. */
static void
estimate (SyncPullRound *round)
{
  gint64 spent = g_get_monotonic_time () - round->started;

  round->seconds_left = 0;
  if (round->total == 0 || round->done == 0)
    return;
  round->total = MAX (round->total, round->done);
  round->seconds_left =
      (guint) (1 + spent * (round->total - round->done) / round->done / G_USEC_PER_SEC);
}

static gboolean
pull_type (SyncContext *context, SyncPullRound *round, GError **error)
{
  g_autoptr (GError) problem = NULL;
  SyncPulled pulled = { 0 };

  if (!sync_pull_page (context, round->types[round->position], &round->walk, &pulled, &problem) &&
      !may_pass_over (problem))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  round->done += pulled.seen;
  round->news += pulled.stored;
  estimate (round);
  if (pulled.more)
    return TRUE;
  begin_walk (round);
  round->position++;
  return TRUE;
}

/* How much there is of one more type; an estimate needs all of them. */
static gboolean
count_type (SyncContext *context, SyncPullRound *round, GError **error)
{
  const char *type = round->types[round->counted];
  gint64 count = 0;

  if (type != NULL && !sync_pull_count (context, type, &count, error))
    return FALSE;
  round->counted++;
  if (count < 0)
    round->total = 0;
  else
    round->total += (guint) MIN (count, (gint64) G_MAXINT32);
  round->count = type != NULL && count >= 0;
  return TRUE;
}

static gboolean
step (SyncContext *context, SyncPullRound *round, gboolean *finished, GError **error)
{
  if (round->types == NULL)
    return (round->types = sync_pull_list_types (context, error)) != NULL;
  if (!round->checked)
    {
      round->checked = sync_server_check (context, round->resumed, error);
      round->checked_at = g_get_monotonic_time ();
      return round->checked;
    }
  if (round->day)
    {
      round->day = !sync_pull_day (context, error);
      return !round->day;
    }
  if (round->count)
    return count_type (context, round, error);
  while (round->hot && round->types[round->position] != NULL &&
         !g_strv_contains (hot_types, round->types[round->position]))
    round->position++;
  if (round->types[round->position] != NULL && !pull_type (context, round, error))
    return FALSE;
  *finished = round->types[round->position] == NULL;
  if (*finished)
    round->seconds_left = 0;
  if (*finished && !round->hot)
    return sync_pull_stamp (context, NULL, round->began, error);
  return TRUE;
}

/**
 * sync_pull_round_step:
 * @finished: (out): TRUE when all is read
 */
gboolean
sync_pull_round_step (SyncContext *context,
                      SyncPullRound *round,
                      gboolean *finished,
                      GError **error)
{
  *finished = FALSE;
  round->broken = !step (context, round, finished, error);
  if (round->broken)
    round->started -= g_get_monotonic_time (); /* only what it spent counts for the estimate */
  else
    round->steps++;
  return !round->broken;
}
