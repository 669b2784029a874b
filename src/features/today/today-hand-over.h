/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-day.h"

#include "today-lobby.h"

G_BEGIN_DECLS

/* Handing a visit over, and being asked to take one. */
gboolean today_hand_over_may (CareDayRow *row);
void today_hand_over_ask (GtkWidget *page,
                          WorkspaceSession *session,
                          TodayLobby *lobby,
                          CareDayRow *row);
void today_hand_over_show (GtkWidget *page, WorkspaceSession *session, GtkBox *box);

/* "I am running late": the menu's items have the action "today.late". */
GMenuModel *today_late_menu (void);
void today_late_tell (GtkWidget *page, WorkspaceSession *session, int minutes);

G_END_DECLS
