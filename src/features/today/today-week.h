/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-day.h"
#include "workspace-session.h"

G_BEGIN_DECLS

/* The visits of a week, a column a day, one below the other where it is narrow. A visit opens what
 * may be done with it: "today.open", "today.move", "today.cancel", "today.missed". */
#define TODAY_TYPE_WEEK (today_week_get_type ())
G_DECLARE_FINAL_TYPE (TodayWeek, today_week, TODAY, WEEK, AdwBin)

void today_week_set_session (TodayWeek *self, WorkspaceSession *session);
void today_week_set_practitioner (TodayWeek *self, const char *practitioner);
void today_week_show (TodayWeek *self, gboolean shown);
CareDayRow *today_week_find (TodayWeek *self, const char *appointment);

G_END_DECLS
