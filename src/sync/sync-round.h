/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-push.h"
#include "sync-status-private.h"

G_BEGIN_DECLS

/* Called in the worker after each group. */
typedef void (*SyncRoundEvent) (const SyncPushResult *result, SyncPushed pushed, gpointer data);

/* Names of the groups that a worker is sending right now: a group whose file was made small while
 * it is under way must not be sent by the other worker as well. */
typedef struct
{
  GMutex mutex;
  GHashTable *names;
  gint outages; /* atomic: how often the server did not answer as it should, to either */
} SyncFlights;

/* What a push worker remembers from round to round. */
typedef struct
{
  SyncLane lane;
  SyncFlights *flights;  /* shared by the workers */
  GHashTable *resting;   /* see sync_group_choose() */
  GHashTable *announced; /* names of held groups that were told */
  gboolean probed;       /* the server was asked what it can do */
  gboolean checked;      /* and is the one that these records came from */
  gint outages;          /* as they stood when that was looked at */
} SyncPushMemory;

typedef struct
{
  SyncCounts counts;
  gboolean paused; /* nothing can go now */
  gboolean signed_out;
  guint retry_after; /* seconds that the server asked for */
  char *sentence;
  gint64 wake; /* monotonic µs at which to look again, G_MAXINT64: never */
} SyncPushRound;

void sync_push_round (SyncContext *context,
                      SyncPushMemory *memory,
                      SyncRoundEvent event,
                      gpointer data,
                      SyncPushRound *round);
void sync_push_round_clear (SyncPushRound *round);

/* Reads everything, one step at a time, so that what a person waits for goes between. */
typedef struct
{
  gboolean day; /* begin with today and the inbox */
  gboolean hot; /* only what changes by the minute */
  GStrv types;  /* kept from round to round */
  guint position;
  gint64 began;      /* µs */
  gboolean checked;  /* it is the server that these records came from */
  gint64 checked_at; /* monotonic µs */
  gboolean count;    /* ask how much there is: it is the first reading */
  guint counted;     /* types whose number is known */
  gboolean broken;   /* a step failed: goes on with it the next time */
  gboolean resumed;  /* so that what came first is older than it seems */
  guint steps;       /* that were done since it began, or went on */
  SyncWalk walk;     /* of the type that is being read */
  guint done, total, news;
  gint64 started;     /* monotonic µs */
  guint seconds_left; /* 0: not known */
} SyncPullRound;

gboolean sync_pull_round_step (SyncContext *context,
                               SyncPullRound *round,
                               gboolean *finished,
                               GError **error);
void sync_pull_round_begin (SyncContext *context, SyncPullRound *round, gboolean day, gboolean hot);

G_END_DECLS
