/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a content file holds, table by table. */
typedef struct
{
  char *name, *label, *date, *expires, *version; /* the last three may be NULL */
  guint rows, unverified;                        /* rows whose source is "unverified" */
  guint reviewed;                                /* rows that name who reviewed them */
  gboolean known;                                /* a table that some code reads */
} StoreContentSummary;

void store_content_summary_free (StoreContentSummary *self);
GPtrArray *store_content_make (const char *folder, const char *path, GError **error);
GPtrArray *store_content_summarize (const char *path, GError **error);

G_END_DECLS
