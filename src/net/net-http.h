/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define NET_HTTP_MAX_BODY ((gsize) 64 * 1024 * 1024)

gboolean net_http_set_authority (const char *path, GError **error);
SoupSession *net_http_session_new (void);
GUri *net_http_parse_url (const char *url, GError **error);
gboolean net_http_same_origin (GUri *a, GUri *b);
GBytes *net_http_send (SoupSession *session,
                       SoupMessage *message,
                       gsize limit,
                       GCancellable *cancellable,
                       GError **error);
GBytes *net_http_fetch (SoupSession *session,
                        SoupMessage *message,
                        gsize limit,
                        GCancellable *cancellable,
                        GError **error);

G_END_DECLS
