/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net-session.h"

G_BEGIN_DECLS

/* A WebSocket that comes back by itself.
 * signal "open" (): connected, the first time or again
 * signal "message" (text)
 * signal "closed" (sentence, again): again is FALSE where it will not be tried any more */
#define NET_TYPE_SOCKET (net_socket_get_type ())
G_DECLARE_FINAL_TYPE (NetSocket, net_socket, NET, SOCKET, GObject)

NetSocket *net_socket_new (const char *url, NetSession *session);
void net_socket_set_max_payload (NetSocket *self, gsize bytes);
void net_socket_open (NetSocket *self);
gboolean net_socket_send (NetSocket *self, const char *text);
void net_socket_wake (NetSocket *self);
void net_socket_renew (NetSocket *self);
void net_socket_set_eager (NetSocket *self, gboolean eager);
void net_socket_close (NetSocket *self);
guint net_socket_get_close_code (NetSocket *self);
gboolean net_socket_is_open (NetSocket *self);

G_END_DECLS
