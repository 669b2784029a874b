/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* A real coturn (Debian's package) on the loopback device, with certificates of a test authority.
 */
typedef struct
{
  GSubprocess *process;
  char *folder;
  guint port, tls_port;
  GTlsDatabase *trusted; /* the test authority alone */
} RelayServer;

#define RELAY_SECRET "a-secret-of-the-tests-only"

RelayServer *relay_server_new (void);
RelayServer *relay_server_new_expired (void);
void relay_server_free (RelayServer *self);
char *relay_server_dup_url (RelayServer *self, const char *scheme, const char *transport);
char *relay_server_dup_user (int seconds);
char *relay_server_dup_password (const char *user, const char *secret);
char *relay_server_dup_log (RelayServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayServer, relay_server_free)
