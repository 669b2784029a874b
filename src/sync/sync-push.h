/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-group.h"
#include "sync-pull.h"

G_BEGIN_DECLS

typedef enum
{
  SYNC_PUSHED_DONE,      /* the server has it */
  SYNC_PUSHED_SET_ASIDE, /* refused, held or in conflict: see sentence */
  SYNC_PUSHED_AGAIN,     /* something was learned or merged: choose again at once */
  SYNC_PUSHED_WAIT,      /* this group waits for a moment, others may go */
  SYNC_PUSHED_PAUSE,     /* nothing can go now: offline, busy or signed out */
} SyncPushed;

typedef struct
{
  char *group;
  char *state;    /* what became of it, where set aside: refused, held, conflict */
  char *sentence; /* for a person */
  guint retry_after;
  gboolean signed_out;
} SyncPushResult;

void sync_push_result_clear (SyncPushResult *result);
SyncPushed sync_push_group (SyncContext *context, SyncGroup *group, SyncPushResult *result);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SyncPushResult, sync_push_result_clear)

G_END_DECLS
