/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-server.h"

G_BEGIN_DECLS

/* Clinicians' tokens in front of another server, which gave them: that server is asked whom they
 * stand for. After hub_gate_ask_async() hub_access_authenticate() knows. */
void hub_gate_attach (HubServer *server);
gboolean hub_gate_must_ask (HubServer *server, SoupServerMessage *message);
void hub_gate_ask_async (HubServer *server,
                         SoupServerMessage *message,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean hub_gate_ask_finish (GAsyncResult *result, GError **error);
void hub_gate_guard (HubServer *server, const char *path);

G_END_DECLS
