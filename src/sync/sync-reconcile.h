/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-context.h"

G_BEGIN_DECLS

/* Finds what was deleted on the server, where nothing else tells: type after type, a page or a few
 * questions at a time. */
typedef struct
{
  GStrv types;      /* of this pass */
  guint position;   /* of the type that is looked at */
  gboolean begun;   /* of this type: the rest is set */
  gboolean changes; /* it is read from the server's history, not by comparing lists */
  char *next;       /* link */
  guint pages;
  char *high;      /* where the history of this type stands */
  GHashTable *ids; /* that the server has */
  GPtrArray *missing;
  GPtrArray *deleted; /* "Type/id" that are gone, until all were asked for */
  guint asked, held;
} SyncReconcile;

void sync_reconcile_clear (SyncReconcile *self);
gboolean
sync_reconcile_step (SyncContext *context, SyncReconcile *self, gboolean *finished, GError **error);

G_END_DECLS
