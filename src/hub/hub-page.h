/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The most that one page holds, whatever _count asks for; and where a page ends before. */
#define HUB_PAGE_COUNT 50u
#define HUB_PAGE_LIMIT 1000u
#define HUB_PAGE_BYTES (16u * 1024 * 1024)

GHashTable *
hub_page_read_query (const char *query, const char *const *known, const char *what, GError **error);
gboolean hub_page_read_count (GHashTable *query, guint *count, GError **error);
gboolean hub_page_read_since (GHashTable *query, gint64 *since_us, GError **error);
char *hub_page_seal (const char *first, ...) G_GNUC_NULL_TERMINATED;
GStrv hub_page_open (const char *word, guint n, GError **error);
void hub_page_append_quoted (GString *out, const char *text);
void hub_page_append_link (GString *out, const char *relation, const char *url, const char *query);

G_END_DECLS
