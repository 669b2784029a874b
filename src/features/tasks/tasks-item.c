/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-item.h"

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
is_same (GListModel *a, guint at_a, GListModel *b, guint at_b)
{
  g_autoptr (TasksItem) first = g_list_model_get_item (a, at_a);
  g_autoptr (TasksItem) second = g_list_model_get_item (b, at_b);

  return tasks_facts_equal (first->facts, second->facts);
}

/* Makes @shown equal to @fresh and touches only what differs: the line under somebody's finger
 * keeps its place, its focus and its scroll. */
void
tasks_item_merge (GListStore *shown, GListModel *fresh)
{
  GListModel *before = G_LIST_MODEL (shown);
  guint n_before = g_list_model_get_n_items (before), n_fresh = g_list_model_get_n_items (fresh);
  guint shorter = MIN (n_before, n_fresh), head = 0, tail = 0;
  g_autoptr (GPtrArray) middle = g_ptr_array_new_with_free_func (g_object_unref);

  while (head < shorter && is_same (before, head, fresh, head))
    head++;
  while (tail < shorter - head && is_same (before, n_before - 1 - tail, fresh, n_fresh - 1 - tail))
    tail++;
  for (guint i = head; i < n_fresh - tail; i++)
    g_ptr_array_add (middle, g_list_model_get_item (fresh, i));
  if (middle->len > 0 || n_before - tail > head)
    g_list_store_splice (shown, head, n_before - tail - head, middle->pdata, middle->len);
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
