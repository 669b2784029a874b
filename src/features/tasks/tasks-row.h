/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tasks-item.h"

G_BEGIN_DECLS

#define TASKS_TYPE_ROW (tasks_row_get_type ())
G_DECLARE_FINAL_TYPE (TasksRow, tasks_row, TASKS, ROW, AdwBin)

GtkWidget *tasks_row_new (gboolean names_patient);
void tasks_row_set_item (
    TasksRow *self, TasksItem *item, gboolean may_open, const char *today, GTimeZone *zone);
void tasks_row_tick (TasksRow *self, gint64 now);

G_END_DECLS
