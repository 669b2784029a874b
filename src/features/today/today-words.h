/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-day.h"

G_BEGIN_DECLS

/* What a line of the day says, without a widget. */
typedef struct
{
  char *text;        /* "waiting 4 min" */
  const char *style; /* of the chip, or NULL */
  const char *icon;  /* so that colour is never alone */
} TodayStatus;

TodayStatus today_words_status (const char *status, gint64 waiting_since, gint64 now);
TodayStatus today_words_device (const char *level, const char *summary);
void today_status_clear (TodayStatus *self);
char *today_words_counts (GListModel *rows);
guint today_words_count (GListModel *rows, const char *status);
char *today_words_reason (CareDayRow *row);
char *today_words_unread (guint unread);
char *today_words_line (GListModel *rows, CareDayRow *row, gint64 now);
char *today_words_estimate (GListModel *rows, CareDayRow *row, gint64 now);
CareDayRow *today_words_find_longest (GListModel *rows);
CareDayRow *today_words_find_next (GListModel *rows, gint64 now);
gint64 today_words_instant (const char *date, const char *time, GTimeZone *zone);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TodayStatus, today_status_clear)

G_END_DECLS
