/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net-session.h"

G_BEGIN_DECLS

/* signal "open-browser" (url): show this page to the person who signs in */
#define NET_TYPE_SIGN_IN (net_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (NetSignIn, net_sign_in, NET, SIGN_IN, GObject)

#define NET_SIGN_IN_SCOPE "openid fhirUser offline_access user/*.cruds"

NetSignIn *net_sign_in_new (const char *base_url, const char *client_id, const char *scope);
void net_sign_in_set_login_hint (NetSignIn *self, const char *user);
void net_sign_in_set_ask_again (NetSignIn *self, gboolean ask_again);
void
net_sign_in_set_save (NetSignIn *self, NetSessionSave save, gpointer data, GDestroyNotify destroy);
void net_sign_in_run_async (NetSignIn *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
void net_sign_in_follow_async (NetSignIn *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
void net_sign_in_resume_async (NetSignIn *self,
                               const char *refresh_token,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
NetSession *net_sign_in_finish (NetSignIn *self, GAsyncResult *result, GError **error);

char *net_sign_in_make_challenge (const char *verifier);

G_END_DECLS
