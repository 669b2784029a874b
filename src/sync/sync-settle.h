/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-bundle.h"

G_BEGIN_DECLS

/* What the server says of one item: after sending it, or when asked. */
typedef struct
{
  char *id, *version, *updated;
  FhirResource *resource; /* NULL: there is none, or it was not sent along */
} SyncTheirs;

/* A group on its way out. */
typedef struct
{
  const char *name;
  const char *base_url;
  SyncCapability *capability;
  GPtrArray *items;     /* SyncItem, in the order in which they go */
  FhirResource *bundle; /* NULL: nothing is left to send, or each goes by itself */
  gboolean left;        /* it is marked as sending */
  gboolean singly;      /* each goes by itself */
  gboolean too_large;   /* neither as a whole nor in parts */
  char *reason;         /* why it did not leave, from the journal */
} SyncDeparture;

void sync_theirs_free (SyncTheirs *theirs);
void sync_departure_clear (SyncDeparture *departure);
gboolean sync_settle_depart (StoreDatabase *store, SyncDeparture *departure, GError **error);
gboolean sync_settle_load (StoreDatabase *store, SyncDeparture *departure, GError **error);
gboolean sync_settle_state (
    StoreDatabase *store, const char *group, const char *state, const char *reason, GError **error);
gboolean sync_settle_done (
    StoreDatabase *store, const char *group, GPtrArray *items, GPtrArray *theirs, GError **error);
gboolean sync_settle_one (StoreDatabase *store,
                          const char *group,
                          SyncItem *item,
                          SyncTheirs *theirs,
                          gboolean *left,
                          GError **error);
GHashTable *sync_settle_dup_aliases (StoreDatabase *store, GError **error);
gboolean sync_settle_conflict (StoreDatabase *store,
                               const char *group,
                               GPtrArray *items,
                               GPtrArray *theirs,
                               const char *sentence,
                               char **state,
                               char **reason,
                               GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SyncDeparture, sync_departure_clear)

G_END_DECLS
