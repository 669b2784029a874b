/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Keeps a refresh token where it survives the program. Runs in a worker thread and may block; the
 * access token that came with it is not used before this answered TRUE. */
typedef gboolean (*NetSessionSave) (const char *refresh_token, gpointer data, GError **error);

#define NET_TYPE_SESSION (net_session_get_type ())
G_DECLARE_FINAL_TYPE (NetSession, net_session, NET, SESSION, GObject)

/* signal "ended": the server no longer takes the sign-in; emitted on the main context */
NetSession *net_session_new (const char *base_url, const char *access_token);
NetSession *net_session_new_renewable (const char *base_url,
                                       const char *token_url,
                                       const char *client_id,
                                       const char *refresh_token);
void
net_session_set_save (NetSession *self, NetSessionSave save, gpointer data, GDestroyNotify destroy);
char *net_session_dup_token (NetSession *self,
                             const char *stale,
                             GCancellable *cancellable,
                             GError **error);
gboolean net_session_accept (NetSession *self, GBytes *token_response, GError **error);
const char *net_session_get_base_url (NetSession *self);
const char *net_session_get_fhir_user (NetSession *self);
const char *net_session_get_name (NetSession *self);
const char *net_session_get_role (NetSession *self);
char *net_session_dup_refresh_token (NetSession *self);
gint64 net_session_get_expiry (NetSession *self);

G_END_DECLS
