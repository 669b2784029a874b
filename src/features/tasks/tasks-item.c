/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-item.h"

#include "workspace-list-merge.h"

struct _TasksItem
{
  GObject parent_instance;

  TasksFacts *facts;
};

G_DEFINE_FINAL_TYPE (TasksItem, tasks_item, G_TYPE_OBJECT)

static void
tasks_item_finalize (GObject *object)
{
  TasksItem *self = TASKS_ITEM (object);

  g_clear_pointer (&self->facts, tasks_facts_free);
  G_OBJECT_CLASS (tasks_item_parent_class)->finalize (object);
}

static void
tasks_item_class_init (TasksItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tasks_item_finalize;
}

static void
tasks_item_init (TasksItem *self)
{
}

/* @facts: (transfer full) */
TasksItem *
tasks_item_new (TasksFacts *facts)
{
  TasksItem *self = g_object_new (TASKS_TYPE_ITEM, NULL);

  self->facts = facts;
  return self;
}

const TasksFacts *
tasks_item_get_facts (TasksItem *self)
{
  g_return_val_if_fail (TASKS_IS_ITEM (self), NULL);

  return self->facts;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer today)
{
  return tasks_facts_compare (((TasksItem *) a)->facts, ((TasksItem *) b)->facts, today);
}

void
tasks_item_sort (GListStore *items, const char *today)
{
  g_list_store_sort (items, compare, (gpointer) today);
}

static gboolean
is_same (gconstpointer a, gconstpointer b)
{
  return tasks_facts_equal (((const TasksItem *) a)->facts, ((const TasksItem *) b)->facts);
}

void
tasks_item_merge (GListStore *shown, GListModel *fresh)
{
  workspace_list_merge (shown, fresh, is_same);
}

guint
tasks_item_count_red (GListModel *items)
{
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (TasksItem) item = g_list_model_get_item (items, i);
      count += tasks_facts_is_red (item->facts);
    }
  return count;
}

/* Of the red ones: which are for whoever looks, or nobody else answers. */
guint
tasks_item_count_needing_you (GListModel *items)
{
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (TasksItem) item = g_list_model_get_item (items, i);
      count += item->facts->needs_you ? 1 : 0;
    }
  return count;
}
