/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"
#include "store-journal.h"
#include "sync-status-private.h"

G_BEGIN_DECLS

/* Reasons of the journal's "held" state. "undo:<µs>": rests until then, so that a person can take
 * it back; "review: …": a prescription that wants a new signature; "conflict: …": somebody else
 * changed the same thing. A "waiting" entry may say "renewed:<µs>": signed again at that time. */
#define SYNC_REASON_UNDO     "undo"
#define SYNC_REASON_UNTIL    "undo:"
#define SYNC_REASON_REVIEW   "review: "
#define SYNC_REASON_CONFLICT "conflict: "
#define SYNC_REASON_RENEWED  "renewed:"

/* The reason of a "sending" or "unknown" entry: "sent:<sequence>" of the local version that left,
 * and ":singly" behind it where the group did not go as a whole. */
#define SYNC_REASON_SENT   "sent:"
#define SYNC_REASON_SINGLY ":singly"

typedef enum
{
  SYNC_GROUP_WAITING,
  SYNC_GROUP_RESTING,
  SYNC_GROUP_UNKNOWN, /* left, and no answer came */
  SYNC_GROUP_REVIEW,
  SYNC_GROUP_CONFLICT,
  SYNC_GROUP_REFUSED,
} SyncGroupState;

typedef enum
{
  SYNC_LANE_ORDINARY,
  SYNC_LANE_BULKY,
  SYNC_N_LANES,
} SyncLane;

/* The changes that go to the server together or not at all. */
typedef struct
{
  char *name;
  GPtrArray *entries; /* StoreJournalEntry, oldest first */
  SyncGroupState state;
  gint64 first; /* sequence of the oldest entry */
  gint64 created_us;
  gint64 rests_until; /* µs */
  int priority;
  gboolean prescribes; /* orders a medicine: the chart is read again before it leaves */
  SyncLane lane;       /* a large file goes last, by a worker and a connection of its own */
  gboolean singly;     /* left one record after the other, not as a whole */
  GHashTable *needs;   /* "Type/id" that its resources refer to */
} SyncGroup;

void sync_group_free (SyncGroup *group);
GPtrArray *sync_group_list (StoreConnection *connection, GError **error);
SyncGroup *sync_group_find (GPtrArray *groups, const char *name);
SyncGroup *sync_group_choose (GPtrArray *groups,
                              SyncLane lane,
                              GHashTable *resting,
                              gint64 now,
                              gint64 monotonic,
                              gint64 *wake);
void sync_group_count (GPtrArray *groups, SyncCounts *counts);
gboolean sync_group_set_state (StoreConnection *connection,
                               SyncGroup *group,
                               const char *state,
                               const char *reason,
                               GError **error);
gboolean sync_group_touches (SyncGroup *group, const char *type, const char *id);
const char *sync_group_get_patient (SyncGroup *group);
const char *sync_group_get_reason (SyncGroup *group);
GHashTable *sync_group_open_resources (GPtrArray *groups);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SyncGroup, sync_group_free)

G_END_DECLS
