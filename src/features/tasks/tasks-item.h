/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "tasks-facts.h"

G_BEGIN_DECLS

/* One line of a list model: facts that never change. */
#define TASKS_TYPE_ITEM (tasks_item_get_type ())
G_DECLARE_FINAL_TYPE (TasksItem, tasks_item, TASKS, ITEM, GObject)

TasksItem *tasks_item_new (TasksFacts *facts);
const TasksFacts *tasks_item_get_facts (TasksItem *self);
void tasks_item_sort (GListStore *items, const char *today);
void tasks_item_merge (GListStore *shown, GListModel *fresh);
guint tasks_item_count_red (GListModel *items);
guint tasks_item_count_needing_you (GListModel *items);

G_END_DECLS
