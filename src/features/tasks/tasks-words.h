/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-cover.h"

#include "tasks-facts.h"

G_BEGIN_DECLS

/* What a line says; a shape besides the words, so that colour is never alone. */
char *tasks_words_level (const TasksFacts *facts, const char *today);
const char *tasks_words_level_style (const TasksFacts *facts, const char *today);
const char *tasks_words_level_icon (const TasksFacts *facts, const char *today);
char *tasks_words_name (const TasksFacts *facts);
char *tasks_words_what (const TasksFacts *facts);
char *tasks_words_value (const TasksFacts *facts);
char *tasks_words_detail (const TasksFacts *facts);
char *tasks_words_since (const TasksFacts *facts, gint64 now, GTimeZone *zone);
char *tasks_words_line (const TasksFacts *facts, gint64 now, const char *today, GTimeZone *zone);
char *tasks_words_counts (guint n_items, guint n_red, guint n_needing_you);
gint64 tasks_words_instant (const char *date, const char *time, GTimeZone *zone);
char *tasks_words_period (const CareCover *cover, GTimeZone *zone);
char *tasks_words_absences (GPtrArray *covers, const char *user, gint64 now, GTimeZone *zone);

G_END_DECLS
