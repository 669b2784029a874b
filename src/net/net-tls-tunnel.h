/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NET_TYPE_TLS_TUNNEL (net_tls_tunnel_get_type ())
G_DECLARE_FINAL_TYPE (NetTlsTunnel, net_tls_tunnel, NET, TLS_TUNNEL, GObject)

NetTlsTunnel *
net_tls_tunnel_new (const char *host, guint16 port, GTlsDatabase *trusted, GError **error);
guint16 net_tls_tunnel_get_port (NetTlsTunnel *self);

G_END_DECLS
