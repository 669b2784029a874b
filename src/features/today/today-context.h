/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-day.h"
#include "workspace-session.h"

G_BEGIN_DECLS

#define TODAY_TYPE_CONTEXT (today_context_get_type ())
G_DECLARE_FINAL_TYPE (TodayContext, today_context, TODAY, CONTEXT, AdwBin)

void today_context_set_session (TodayContext *self, WorkspaceSession *session);
void today_context_set_row (TodayContext *self, CareDayRow *row);

G_END_DECLS
