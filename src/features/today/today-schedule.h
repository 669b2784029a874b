/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "care-day.h"
#include "workspace-session.h"

G_BEGIN_DECLS

/* What may be done to the schedule from @page: each asks what it has to know, and says with an Undo
 * what was done. */
gboolean today_schedule_may_change (CareDayRow *row);
gboolean today_schedule_may_miss (CareDayRow *row, gint64 now);
void today_schedule_book (GtkWidget *page, WorkspaceSession *session, const char *date);
void today_schedule_move (GtkWidget *page, WorkspaceSession *session, CareDayRow *row);
void today_schedule_cancel (GtkWidget *page, WorkspaceSession *session, CareDayRow *row);
void today_schedule_no_show (GtkWidget *page, WorkspaceSession *session, CareDayRow *row);
void today_schedule_undo (GtkWidget *page, WorkspaceSession *session, const char *appointment);

G_END_DECLS
