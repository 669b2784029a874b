/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

/* Asked for again each time, for stamps are given before they are visible. */
#define SYNC_OVERLAP_US (10 * G_USEC_PER_SEC)
/* And where it is not known how long ago the last question was. */
#define SYNC_FIRST_OVERLAP_US (10 * 60 * G_USEC_PER_SEC)

/* Where the reading of one type stands: "<from> <high> <url>" within a search, "<from> <high>" or
 * less after it. @from is where the search began, to begin again where the link has died. */
typedef struct
{
  char *from, *high, *next;
} SyncCursor;

/* What a server is asked for, less from time to time where it refuses the question: then more comes
 * than is news, and is recognized. */
typedef enum
{
  SYNC_QUESTION_SORTED_NEWS,
  SYNC_QUESTION_NEWS,
  SYNC_QUESTION_ALL,
  SYNC_N_QUESTIONS,
} SyncQuestion;

void sync_cursor_clear (SyncCursor *cursor);
gboolean
sync_cursor_load (StoreDatabase *store, const char *type, SyncCursor *cursor, GError **error);
char *sync_cursor_format (const SyncCursor *cursor);
void sync_cursor_raise (SyncCursor *cursor, const char *updated);
void sync_cursor_cap (SyncCursor *cursor, gint64 server_time);
gboolean sync_cursor_is_put_back (SyncCursor *cursor, gint64 server_time, gint64 elapsed);
char *sync_cursor_make_query (const char *from, gint64 overlap, SyncQuestion question);
gint64 sync_cursor_uptime (void);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SyncCursor, sync_cursor_clear)

G_END_DECLS
