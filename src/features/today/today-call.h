/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-call-me.h"
#include "workspace-session.h"

G_BEGIN_DECLS

#define TODAY_TYPE_CALL (today_call_get_type ())
G_DECLARE_FINAL_TYPE (TodayCall, today_call, TODAY, CALL, AdwBin)

/* One patient who asks to be called. */
GtkWidget *today_call_new (WorkspaceSession *session, const CareCallMe *call, gint64 now);
const char *today_call_get_task (TodayCall *self);
void today_call_update (TodayCall *self, const CareCallMe *call, gint64 now);
char *today_call_describe (const CareCallMe *call, gint64 now);

G_END_DECLS
