/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-day.h"
#include "workspace-session.h"

G_BEGIN_DECLS

/* Books a visit, or moves one: who, with whom, when, for how long, why; and who is busy then.
 *
 * signal "written" (appointment id) */
#define TODAY_TYPE_BOOKING_DIALOG (today_booking_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TodayBookingDialog, today_booking_dialog, TODAY, BOOKING_DIALOG, AdwDialog)

AdwDialog *
today_booking_dialog_new (WorkspaceSession *session, const char *date, CareDayRow *moved);

G_END_DECLS
