/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

#define TODAY_TYPE_CALLS (today_calls_get_type ())
G_DECLARE_FINAL_TYPE (TodayCalls, today_calls, TODAY, CALLS, AdwBin)

void today_calls_set_session (TodayCalls *self, WorkspaceSession *session);

G_END_DECLS
