/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-cursor.h"

#include <string.h>
#include <time.h>

#include "sync-setting.h"

/* Everything here is in the server's own words and by its own clock, which may be put back or
 * forward: no clock of ours comes in, but for how long ago something was. */

void
sync_cursor_clear (SyncCursor *cursor)
{
  g_free (cursor->from);
  g_free (cursor->high);
  g_free (cursor->next);
}

typedef struct
{
  const char *type;
  char *text;
} CursorRead;

static gboolean
read_cursor (StoreConnection *connection, gpointer data, GError **error)
{
  CursorRead *read = data;

  read->text = sync_setting_get_cursor (connection, read->type);
  return TRUE;
}

gboolean
sync_cursor_load (StoreDatabase *store, const char *type, SyncCursor *cursor, GError **error)
{
  CursorRead read = { .type = type };
  g_auto (GStrv) words = NULL;
  guint count;

  if (!store_database_read (store, read_cursor, &read, error))
    return FALSE;
  words = g_strsplit (read.text != NULL ? read.text : "", " ", 3);
  g_free (read.text);
  count = g_strv_length (words);
  cursor->from = g_strdup (count > 0 && strcmp (words[0], "-") != 0 ? words[0] : NULL);
  cursor->high = g_strdup (count > 1 && strcmp (words[1], "-") != 0 ? words[1] : NULL);
  cursor->next = g_strdup (count > 2 ? words[2] : NULL);
  return TRUE;
}

char *
sync_cursor_format (const SyncCursor *cursor)
{
  return g_strdup_printf ("%s %s%s%s", cursor->from != NULL ? cursor->from : "-",
                          cursor->high != NULL ? cursor->high : "-",
                          cursor->next != NULL ? " " : "",
                          cursor->next != NULL ? cursor->next : "");
}

/* (nullable) */
static GDateTime *
parse (const char *instant)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  return instant != NULL ? g_date_time_new_from_iso8601 (instant, utc) : NULL;
}

static char *
format (gint64 us)
{
  g_autoptr (GDateTime) instant = g_date_time_new_from_unix_utc_usec (us);

  return g_date_time_format (instant, "%Y-%m-%dT%H:%M:%SZ");
}

void
sync_cursor_raise (SyncCursor *cursor, const char *updated)
{
  g_autoptr (GDateTime) left = parse (updated);
  g_autoptr (GDateTime) right = parse (cursor->high);

  if (left != NULL && (right == NULL || g_date_time_compare (left, right) > 0))
    g_set_str (&cursor->high, updated);
}

/**
 * sync_cursor_cap:
 * @server_time: of the answer; 0: not known
 *
 * What is stamped later than the server's own now was written before its clock was put back; what
 * it writes next will be stamped earlier than that.
 */
void
sync_cursor_cap (SyncCursor *cursor, gint64 server_time)
{
  g_autoptr (GDateTime) high = parse (cursor->high);

  if (server_time == 0 || high == NULL ||
      g_date_time_to_unix_usec (high) < server_time + G_USEC_PER_SEC)
    return;
  g_free (cursor->high);
  cursor->high = format (server_time);
}

/**
 * sync_cursor_is_put_back:
 * @cursor: `from` is set to where to begin instead
 * @server_time: of the answer to a question that began at `from`; 0: not known
 * @elapsed: µs since the question before; -1: not known
 *
 * Returns: whether something may have been written since the question before that is stamped too
 *   early for this one
 */
gboolean
sync_cursor_is_put_back (SyncCursor *cursor, gint64 server_time, gint64 elapsed)
{
  g_autoptr (GDateTime) from = parse (cursor->from);
  gint64 earliest = server_time - MAX (elapsed, 0);

  if (server_time == 0 || from == NULL ||
      earliest >= g_date_time_to_unix_usec (from) - SYNC_OVERLAP_US / 2)
    return FALSE;
  g_clear_pointer (&cursor->from, g_free);
  g_clear_pointer (&cursor->high, g_free);
  if (elapsed >= 0)
    {
      cursor->from = format (earliest);
      cursor->high = format (earliest);
    }
  return TRUE;
}

/**
 * sync_cursor_make_query:
 * @from: (nullable): NULL: everything
 *
 * Returns: (transfer full)
 */
char *
sync_cursor_make_query (const char *from, gint64 overlap, SyncQuestion question)
{
  g_autoptr (GDateTime) instant = parse (from);
  g_autoptr (GDateTime) earlier = instant != NULL ? g_date_time_add (instant, -overlap) : NULL;
  g_autoptr (GDateTime) universal = earlier != NULL ? g_date_time_to_utc (earlier) : NULL;
  g_autofree char *text = universal != NULL && question != SYNC_QUESTION_ALL
                              ? g_date_time_format (universal, "_lastUpdated=ge%Y-%m-%dT%H:%M:%SZ&")
                              : NULL;

  return g_strdup_printf ("%s%s_count=500", text != NULL ? text : "",
                          question == SYNC_QUESTION_SORTED_NEWS ? "_sort=_lastUpdated&" : "");
}

/**
 * sync_cursor_uptime:
 *
 * Returns: µs that this computer runs, also asleep: nobody puts that back
 */
gint64
sync_cursor_uptime (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}
