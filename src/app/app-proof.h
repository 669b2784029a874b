/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The role of whoever looks after a clinic’s users. */
#define APP_PROOF_ADMINISTRATOR "admin"

typedef void (*AppProofBrowser) (gpointer user_data, const char *url);

/* Who sits here, by the server: a sign-in that is used for nothing else. */
void app_proof_ask_async (const char *base_url,
                          const char *client_id,
                          const char *login,
                          AppProofBrowser browser,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
char *app_proof_ask_finish (GAsyncResult *result, char **role, GError **error);

G_END_DECLS
