/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-appointment.h"
#include "workspace-session.h"

G_BEGIN_DECLS

/* Who is busy then, as the server knows it: others may have booked what is not here yet. */
void today_busy_ask_async (WorkspaceSession *session,
                           const CareBooking *booking,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean today_busy_ask_finish (GAsyncResult *result, char **conflict, GError **error);

G_END_DECLS
