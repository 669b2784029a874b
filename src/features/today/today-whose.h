/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-session.h"

G_BEGIN_DECLS

gboolean today_whose_sees_patients (WorkspaceSession *session);
/* Whose visits an account looks at, kept in the store's settings: whoever asks for the own visits
 * once has them the next morning too. */
void today_whose_load_async (WorkspaceSession *session,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
char *today_whose_load_finish (GAsyncResult *result, GError **error);
void today_whose_save (WorkspaceSession *session, const char *whose);

G_END_DECLS
