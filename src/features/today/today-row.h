/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-day.h"

G_BEGIN_DECLS

#define TODAY_TYPE_ROW (today_row_get_type ())
G_DECLARE_FINAL_TYPE (TodayRow, today_row, TODAY, ROW, AdwBin)

GtkWidget *today_row_new (void);
void today_row_set_row (TodayRow *self, CareDayRow *row, GListModel *day, gint64 now);
void today_row_tick (TodayRow *self, GListModel *day, gint64 now);
void today_row_set_unread (TodayRow *self, guint unread);

G_END_DECLS
