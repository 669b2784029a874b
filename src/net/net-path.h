/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Says when the way to the network may have become another one: a network was changed, or this
 * computer slept or stood still. It never says that there is none: that only trying can tell.
 * signal "changed" (reason): for the log */
#define NET_TYPE_PATH (net_path_get_type ())
G_DECLARE_FINAL_TYPE (NetPath, net_path, NET, PATH, GObject)

/* µs, of a clock that goes on in sleep and of one that does not */
typedef void (*NetPathClock) (gpointer data, gint64 *with_sleep, gint64 *without_sleep);

NetPath *net_path_new (void);
NetPath *net_path_new_with (GNetworkMonitor *monitor, NetPathClock clock, gpointer data);
void net_path_tick (NetPath *self);

G_END_DECLS
