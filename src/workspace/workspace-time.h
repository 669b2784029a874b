/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Instants are microseconds since 1970 UTC; 0 is "never". */
char *workspace_time_of_day (gint64 instant, GTimeZone *zone);
char *workspace_time_moment (gint64 instant, gint64 now, GTimeZone *zone);
gboolean workspace_time_is_fresh (gint64 pulled, gint64 now);
char *workspace_time_span (gint64 span);
char *workspace_time_as_of (gint64 pulled, gint64 now, GTimeZone *zone);
char *workspace_time_status (
    gboolean connected, gint64 since, gint64 now, guint waiting, guint refused, GTimeZone *zone);

G_END_DECLS
