/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What there is to say against the server. */
typedef enum
{
  SYNC_SUSPICION_NONE,
  SYNC_SUSPICION_LOST,     /* it has most of what is here no longer */
  SYNC_SUSPICION_SET_BACK, /* it has older versions, or other records under the same numbers */
} SyncSuspicion;

typedef enum
{
  SYNC_STATE_OFFLINE, /* the server is not reached; work goes on */
  SYNC_STATE_SYNCING, /* reading or sending */
  SYNC_STATE_IDLE,    /* nothing waits, all read */
  SYNC_STATE_ERROR,   /* a person is needed: see sentence */
} SyncState;

#define SYNC_TYPE_STATUS (sync_status_get_type ())
G_DECLARE_FINAL_TYPE (SyncStatus, sync_status, SYNC, STATUS, GObject)

/* Properties, all with notify, on the main thread:
 *  state (int, SyncState), sentence (string), live (boolean: changes are pushed to us),
 *  waiting, held, refused, conflicts (uint, journal groups), since (int64, µs: the oldest that
 * waits, 0), last-pull (int64, µs: everything read up to then, 0 never), done, total,
 *  seconds-left (uint: records of a pull, 0 unknown),
 *  suspect (boolean: a person has to say whether this is the right server),
 *  notes (strv: what this server cannot do, and what Bedside does instead) */
SyncState sync_status_get_state (SyncStatus *self);
const char *sync_status_get_sentence (SyncStatus *self);
gboolean sync_status_get_live (SyncStatus *self);
guint sync_status_get_waiting (SyncStatus *self);
guint sync_status_get_held (SyncStatus *self);
guint sync_status_get_refused (SyncStatus *self);
guint sync_status_get_conflicts (SyncStatus *self);
gint64 sync_status_get_since (SyncStatus *self);
gint64 sync_status_get_last_pull (SyncStatus *self);
gboolean sync_status_get_suspect (SyncStatus *self);
SyncSuspicion sync_status_get_suspicion (SyncStatus *self);
const char *const *sync_status_get_notes (SyncStatus *self);

/* In place of a NetError. */
#define SYNC_STATUS_NO_ERROR    -1
#define SYNC_STATUS_OTHER_ERROR -2
int sync_status_get_last_error (SyncStatus *self);

G_END_DECLS
