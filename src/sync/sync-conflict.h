/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"
#include "sync-difference.h"

G_BEGIN_DECLS

/* A record that two people changed at the same time, as a page shows it side by side. */
typedef struct
{
  char *group; /* as in the journal */
  char *type, *id;
  char *patient;          /* id, or NULL */
  char *sentence;         /* why it waits, for a person */
  FhirResource *base;     /* what both started from, or NULL where it is not known any more */
  FhirResource *mine;     /* NULL: it was deleted here */
  FhirResource *theirs;   /* NULL: it was deleted on the server */
  GPtrArray *differences; /* SyncDifference; empty where one side was deleted: then only keeping
                             mine or theirs as a whole is possible */
  char *mine_who, *theirs_who;   /* a name or a reference, NULL: not known */
  gint64 mine_when, theirs_when; /* µs, 0: not known */
} SyncConflict;

void sync_conflict_free (SyncConflict *self);

/* inside a StoreWork */
GPtrArray *sync_conflict_list (StoreConnection *connection, GError **error);
SyncConflict *sync_conflict_describe (StoreConnection *connection,
                                      const char *group,
                                      const char *type,
                                      const char *id,
                                      GError **error);

/* For one side of a difference, in words: NULL for what is not there. */
char *sync_conflict_dup_text (const FhirElement *element);
char *sync_conflict_dup_side_text (const SyncDifference *difference, SyncSide side);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SyncConflict, sync_conflict_free)

G_END_DECLS
