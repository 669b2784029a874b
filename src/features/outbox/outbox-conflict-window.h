/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

/* Two versions of a record side by side, and what a person makes of them. A window of its own:
 * work goes on meanwhile. */
#define OUTBOX_TYPE_CONFLICT_WINDOW (outbox_conflict_window_get_type ())
G_DECLARE_FINAL_TYPE (
    OutboxConflictWindow, outbox_conflict_window, OUTBOX, CONFLICT_WINDOW, AdwWindow)

void outbox_conflict_window_present (WorkspaceSession *session,
                                     GtkWindow *from,
                                     const char *group,
                                     const char *patient);

G_END_DECLS
