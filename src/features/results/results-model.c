/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-model.h"

#include "workspace-list-merge.h"

/* From all results of a patient to the lines of the page. The latest of each kind stands there, and
 * besides whatever older one still waits for somebody: a newer value does not hide it (H18). */

typedef struct
{
  CareResults *results;
  GHashTable *in_panels; /* references of members that a listed panel shows */
  GHashTable *listed;    /* CareResult */
  GListStore *items;
} Listing;

static gboolean
is_panel (const CareResult *result)
{
  for (guint i = 0; result->parts && i < result->parts->len; i++)
    if (g_strcmp0 (((CareResult *) result->parts->pdata[i])->reference, result->reference) != 0)
      return TRUE;
  return result->kind == CARE_RESULT_REPORT;
}

/* A panel is red for what it alone shows: a member has a line, and a clock, of its own. */
static gboolean
has_own_alarm (Listing *listing, const CareResult *result)
{
  if (result->critical)
    return TRUE;
  for (guint i = 0; result->parts && i < result->parts->len; i++)
    {
      CareResult *part = result->parts->pdata[i];
      CareResult *single = care_results_find (listing->results, part->reference);

      if (care_result_get_critical (part) &&
          (g_strcmp0 (part->reference, result->reference) == 0 || !single ||
           !g_hash_table_contains (listing->listed, single)))
        return TRUE;
    }
  return FALSE;
}

static ResultsGroup
group_of (Listing *listing, const CareResult *result)
{
  if (result->state == CARE_RESULT_WITHHELD)
    return RESULTS_GROUP_WITHHELD;
  if (care_result_is_red (result) && has_own_alarm (listing, result))
    return RESULTS_GROUP_CRITICAL;
  if (is_panel (result))
    return RESULTS_GROUP_PANELS;
  return result->kind == CARE_RESULT_VITAL        ? RESULTS_GROUP_VITALS
         : result->kind == CARE_RESULT_LABORATORY ? RESULTS_GROUP_LABORATORY
                                                  : RESULTS_GROUP_OTHER;
}

static void
add (GPtrArray *list, Listing *listing, CareResult *result)
{
  if (g_hash_table_add (listing->listed, result))
    g_ptr_array_add (list, result);
}

static void
note_members (Listing *listing, const CareResult *panel)
{
  for (guint i = 0; panel->parts && i < panel->parts->len; i++)
    {
      CareResult *part = panel->parts->pdata[i];

      if (g_strcmp0 (part->reference, panel->reference) != 0)
        g_hash_table_add (listing->in_panels, part->reference);
    }
}

/* (transfer container) */
static GPtrArray *
choose (Listing *listing)
{
  GPtrArray *lines = care_results_get_lines (listing->results);
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < lines->len; i++)
    add (list, listing, lines->pdata[i]);
  for (guint i = 0; i < lines->len; i++)
    {
      GPtrArray *history =
          care_results_get_history (listing->results, ((CareResult *) lines->pdata[i])->key);

      for (guint j = 0; history && j < history->len; j++)
        {
          CareResult *result = history->pdata[j];
          /* a component belongs to its observation */
          if (care_result_still_waits (result) &&
              care_results_find (listing->results, result->reference) == result)
            add (list, listing, result);
        }
    }
  return list;
}

/**
 * results_model_new:
 *
 * Returns: (transfer full): a list of ResultsItem
 */
GListStore *
results_model_new (CareResults *results)
{
  g_autoptr (GHashTable) in_panels = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) listed = g_hash_table_new (NULL, NULL);
  Listing listing = { results, in_panels, listed, g_list_store_new (RESULTS_TYPE_ITEM) };
  g_autoptr (GPtrArray) list = choose (&listing);

  for (guint i = 0; i < list->len; i++)
    note_members (&listing, list->pdata[i]);
  for (guint i = 0; i < list->len; i++)
    {
      CareResult *result = list->pdata[i];
      ResultsGroup group = group_of (&listing, result);
      gboolean in_panel = g_hash_table_contains (in_panels, result->reference);
      g_autoptr (ResultsItem) item = results_item_new (results, result, group, in_panel);

      g_list_store_append (listing.items, item);
    }
  return listing.items;
}

/* Who has looked at a panel has looked at its members: alone they are not asked for again, but for
 * what is red or was asked for by itself. */
static gboolean
asks_for_itself (ResultsItem *item)
{
  const CareResult *result = results_item_get_result (item);

  return care_result_is_unread (result) &&
         (!results_item_is_in_panel (item) || care_result_still_waits (result));
}

/* How many lines are red, or were asked for, or have changed. */
guint
results_model_count_waiting (GListModel *items)
{
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (ResultsItem) item = g_list_model_get_item (items, i);

      count += care_result_still_waits (results_item_get_result (item));
    }
  return count;
}

gboolean
results_model_shows (ResultsItem *item, const char *search, gboolean unread_only)
{
  return (!unread_only || asks_for_itself (item)) && results_item_matches (item, search);
}

/**
 * results_model_dup_bulk:
 * @items: the lines that are seen
 * @n_red: (out): how many critical ones are left out: each is answered by itself (H18)
 *
 * Returns: (transfer full) (element-type ResultsItem): what may be marked as reviewed at once
 */
GPtrArray *
results_model_dup_bulk (GListModel *items, guint *n_red)
{
  GPtrArray *bulk = g_ptr_array_new_with_free_func (g_object_unref);

  *n_red = 0;
  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (ResultsItem) item = g_list_model_get_item (items, i);

      if (!asks_for_itself (item))
        continue;
      if (care_result_get_critical (results_item_get_result (item)))
        (*n_red)++;
      else
        g_ptr_array_add (bulk, g_steal_pointer (&item));
    }
  return bulk;
}

static gboolean
is_same (gconstpointer a, gconstpointer b)
{
  return results_item_equal ((ResultsItem *) a, (ResultsItem *) b);
}

void
results_model_merge (GListStore *shown, GListModel *fresh)
{
  workspace_list_merge (shown, fresh, is_same);
}

static int
compare_groups (gconstpointer a, gconstpointer b, gpointer data)
{
  return (int) results_item_get_group ((ResultsItem *) a) -
         (int) results_item_get_group ((ResultsItem *) b);
}

/* (transfer full): @items in sections by their group; nothing is selected by itself. */
GtkSingleSelection *
results_model_new_selection (GListModel *items)
{
  g_autoptr (GtkSorter) sections = GTK_SORTER (gtk_custom_sorter_new (compare_groups, NULL, NULL));
  GtkSortListModel *sorted = gtk_sort_list_model_new (g_object_ref (items), NULL);
  GtkSingleSelection *selection = gtk_single_selection_new (G_LIST_MODEL (sorted));

  gtk_sort_list_model_set_section_sorter (sorted, sections);
  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  return selection;
}
