/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-list-merge.h"

static gboolean
is_same_at (GListModel *a, guint at_a, GListModel *b, guint at_b, GEqualFunc is_same)
{
  g_autoptr (GObject) first = g_list_model_get_item (a, at_a);
  g_autoptr (GObject) second = g_list_model_get_item (b, at_b);

  return is_same (first, second);
}

/* Makes @shown equal to @fresh and touches only what differs: the line under somebody's finger
 * keeps its place, its focus and its scroll. */
void
workspace_list_merge (GListStore *shown, GListModel *fresh, GEqualFunc is_same)
{
  GListModel *before = G_LIST_MODEL (shown);
  guint n_before = g_list_model_get_n_items (before), n_fresh = g_list_model_get_n_items (fresh);
  guint shorter = MIN (n_before, n_fresh), head = 0, tail = 0;
  g_autoptr (GPtrArray) middle = g_ptr_array_new_with_free_func (g_object_unref);

  while (head < shorter && is_same_at (before, head, fresh, head, is_same))
    head++;
  while (tail < shorter - head &&
         is_same_at (before, n_before - 1 - tail, fresh, n_fresh - 1 - tail, is_same))
    tail++;
  for (guint i = head; i < n_fresh - tail; i++)
    g_ptr_array_add (middle, g_list_model_get_item (fresh, i));
  if (middle->len > 0 || n_before - tail > head)
    g_list_store_splice (shown, head, n_before - tail - head, middle->pdata, middle->len);
}
