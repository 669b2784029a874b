/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  NET_STUN_ERROR_ADDRESS,     /* not the address of such a server, or its name is not known */
  NET_STUN_ERROR_SILENT,      /* nothing answered in time */
  NET_STUN_ERROR_UNREACHABLE, /* the connection was refused or broke */
  NET_STUN_ERROR_CERTIFICATE, /* the server could not prove who it is */
  NET_STUN_ERROR_CREDENTIALS, /* name and password are wrong, or have run out */
  NET_STUN_ERROR_REFUSED,     /* it answered, and will not: its own number is in the message */
  NET_STUN_ERROR_PROTOCOL,    /* what came is not STUN */
} NetStunError;

#define NET_STUN_ERROR (net_stun_error_quark ())
GQuark net_stun_error_quark (void);

/* How a server is reached. */
typedef enum
{
  NET_STUN_UDP,
  NET_STUN_TCP,
  NET_STUN_TLS,
} NetStunTransport;

/* Where a server is, out of "turns:relay.example.org:443?transport=tcp" and the like. */
typedef struct
{
  char *host;
  guint16 port;
  gboolean is_turn;
  NetStunTransport transport;
} NetStunServer;

gboolean net_stun_server_parse (const char *url, NetStunServer *server, GError **error);
void net_stun_server_clear (NetStunServer *server);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NetStunServer, net_stun_server_clear)

void net_stun_probe_async (const char *url,
                           const char *user,
                           const char *password,
                           GTlsDatabase *trusted,
                           guint seconds,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean net_stun_probe_finish (GAsyncResult *result, guint *round_trip_ms, GError **error);

G_END_DECLS
