/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-history.h"

#include <glib/gi18n.h>

#include "fhir-quantity.h"
#include "results-graph.h"
#include "results-table.h"
#include "workspace-share-button.h"

/**
 * ResultsHistory:
 *
 * One kind of result, or the readings of a panel, over time: as a graph and as a table. Others can
 * be laid beside it; the unit in which one kind is read is remembered.
 */

#define CELL_CHARS  32
#define ROW_HEIGHT  30
#define LEAST_TABLE 260

struct _ResultsHistory
{
  AdwBin parent_instance;

  CareContext *context;
  CareResults *results;
  GTimeZone *zone;
  char *reference;
  GPtrArray *keys, *names;             /* of the table: the result's own */
  GPtrArray *graph_keys, *graph_names; /* of the graph: its own, or its components' */
  GPtrArray *other_keys, *other_names; /* laid beside it */
  GPtrArray *units;                    /* UCUM */
  char *unit;                          /* chosen here; NULL: as this account prefers */
  gboolean filling;

  AdwToggleGroup *view_group;
  GtkStack *stack;
  ResultsGraph *graph;
  GtkLabel *words_label;
  GtkScrolledWindow *table_scroller;
  GtkColumnView *table;
  GtkLabel *left_out_label;
  GtkDropDown *unit_list;
  GtkMenuButton *compare_button;
  GtkListBox *compare_list;
  GtkToggleButton *medicines_button, *turn_button;
  GtkWidget *graph_tools;
};

G_DEFINE_FINAL_TYPE (ResultsHistory, results_history, ADW_TYPE_BIN)

enum
{
  SIGNAL_UNIT_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

static void
add_kind (GPtrArray *keys, GPtrArray *names, const char *key, const char *name)
{
  if (!key || g_ptr_array_find_with_equal_func (keys, key, g_str_equal, NULL))
    return;
  g_ptr_array_add (keys, g_strdup (key));
  g_ptr_array_add (names, g_strdup (name));
}

/* ---- graph ---- */

static void
say_graph (ResultsHistory *self)
{
  ResultsPlot *plot = results_graph_get_plot (self->graph);
  g_autofree char *words =
      results_plot_dup_words (plot, gtk_toggle_button_get_active (self->medicines_button));

  gtk_label_set_label (self->words_label, words);
  gtk_widget_set_visible (GTK_WIDGET (self->graph), plot->lanes->len > 0);
  gtk_widget_set_sensitive (self->graph_tools, plot->lanes->len > 0);
}

/* What was seen of it stays seen when the same result is read again. */
static void
draw_graph (ResultsHistory *self, gboolean keep)
{
  ResultsPlot *before = results_graph_get_plot (self->graph);
  gint64 start = before ? before->start : 0, end = before ? before->end : 0;
  gboolean whole = !before || (start == before->first && end == before->last);
  ResultsPlot *plot = results_plot_new (self->results, self->zone);

  for (guint i = 0; i < self->graph_keys->len; i++)
    results_plot_add (plot, self->graph_keys->pdata[i], self->graph_names->pdata[i],
                      i == 0 ? self->unit : NULL);
  for (guint i = 0; i < self->other_keys->len; i++)
    results_plot_add (plot, self->other_keys->pdata[i], self->other_names->pdata[i], NULL);
  if (keep && !whole && start >= plot->first && end <= plot->last)
    {
      plot->start = start;
      plot->end = end;
    }
  results_graph_take_plot (self->graph, plot);
  say_graph (self);
}

static void
zoom_in_cb (ResultsHistory *self)
{
  results_graph_zoom (self->graph, 0.6);
}

static void
zoom_out_cb (ResultsHistory *self)
{
  results_graph_zoom (self->graph, 1 / 0.6);
}

static void
show_all_cb (ResultsHistory *self)
{
  results_graph_show_all (self->graph);
}

static void
medicines_cb (ResultsHistory *self)
{
  results_graph_set_medicines (self->graph, gtk_toggle_button_get_active (self->medicines_button));
  if (self->results)
    say_graph (self);
}

/* The picture of the graph alone, as it is seen now; while the table is shown there is none. */
static WorkspaceCard *
make_card_cb (ResultsHistory *self, WorkspacePatient *patient)
{
  GtkWidget *graph = GTK_WIDGET (self->graph);

  if (self->graph_names->len == 0 || !gtk_widget_get_mapped (graph))
    return NULL;
  return workspace_card_new_widget (patient, self->graph_names->pdata[0], NULL, graph);
}

/* ---- table ---- */

static void
setup_cell_cb (GtkSignalListItemFactory *factory, GObject *cell)
{
  GtkWidget *label =
      g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, "max-width-chars", 28, NULL);

  gtk_widget_add_css_class (label, "numeric");
  gtk_column_view_cell_set_child (GTK_COLUMN_VIEW_CELL (cell), label);
}

/* No cell is cut off: a column is as wide as what stands in it, and long text wraps. */
static void
fit_cell (GtkLabel *label)
{
  g_auto (GStrv) lines = g_strsplit (gtk_label_get_text (label), "\n", -1);
  glong widest = 0;

  for (char **line = lines; *line; line++)
    widest = MAX (widest, g_utf8_strlen (*line, -1));
  gtk_label_set_width_chars (label, (int) MIN (widest, CELL_CHARS));
}

/* @column: 0: the head of the line */
static void
bind_cell_cb (GtkSignalListItemFactory *factory, GObject *object, gpointer column)
{
  GtkColumnViewCell *cell = GTK_COLUMN_VIEW_CELL (object);
  GtkLabel *label = GTK_LABEL (gtk_column_view_cell_get_child (cell));
  ResultsTableRow *row = gtk_column_view_cell_get_item (cell);
  guint index = GPOINTER_TO_UINT (column);

  if (index == 0)
    {
      gtk_label_set_label (label, results_table_row_get_head (row));
      fit_cell (label);
      return;
    }
  gtk_label_set_markup (label, results_table_row_get_markup (row, index - 1));
  fit_cell (label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  results_table_row_get_words (row, index - 1), -1);
}

static void
add_column (ResultsHistory *self, const char *title, guint index)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cell_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell_cb), GUINT_TO_POINTER (index));
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (self->table, column);
}

static void
clear_columns (ResultsHistory *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->table);

  gtk_column_view_set_model (self->table, NULL);
  while (g_list_model_get_n_items (columns) > 0)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, 0);
      gtk_column_view_remove_column (self->table, column);
    }
}

static void
fill_table (ResultsHistory *self)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new (), names = g_ptr_array_new ();
  gboolean on_top = gtk_toggle_button_get_active (self->turn_button);
  g_autoptr (ResultsTable) table = NULL;

  g_ptr_array_extend (keys, self->keys, NULL, NULL);
  g_ptr_array_extend (keys, self->other_keys, NULL, NULL);
  g_ptr_array_extend (names, self->names, NULL, NULL);
  g_ptr_array_extend (names, self->other_names, NULL, NULL);
  g_ptr_array_add (keys, NULL);
  g_ptr_array_add (names, NULL);
  table = results_table_new (self->results, (const char *const *) keys->pdata,
                             (const char *const *) names->pdata, on_top);
  clear_columns (self);
  add_column (self, on_top ? _ ("Result") : _ ("Date"), 0);
  for (guint i = 0; i < table->columns->len; i++)
    add_column (self, table->columns->pdata[i], i + 1);
  gtk_scrolled_window_set_min_content_height (
      self->table_scroller,
      (int) MIN ((g_list_model_get_n_items (G_LIST_MODEL (table->rows)) + 2) * ROW_HEIGHT,
                 LEAST_TABLE));
  g_autoptr (GtkNoSelection) selection =
      gtk_no_selection_new (g_object_ref (G_LIST_MODEL (table->rows)));
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (selection));
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u earlier date is not shown this way: turn the table to read it.",
                "%u earlier dates are not shown this way: turn the table to read them.",
                table->left_out),
      table->left_out);
  gtk_label_set_label (self->left_out_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->left_out_label), table->left_out > 0);
}

static gboolean
is_table (ResultsHistory *self)
{
  return g_strcmp0 (adw_toggle_group_get_active_name (self->view_group), "table") == 0;
}

static void
view_changed_cb (ResultsHistory *self)
{
  gboolean table = is_table (self);

  gtk_stack_set_visible_child_name (self->stack, table ? "table" : "graph");
  gtk_widget_set_visible (GTK_WIDGET (self->turn_button), table);
  gtk_widget_set_visible (self->graph_tools, !table);
  gtk_widget_set_visible (GTK_WIDGET (self->medicines_button), !table);
  if (table && self->results)
    fill_table (self);
}

static void
turn_cb (ResultsHistory *self)
{
  if (self->results)
    fill_table (self);
}

static void
refresh (ResultsHistory *self, gboolean keep)
{
  draw_graph (self, keep);
  if (is_table (self))
    fill_table (self);
}

/* ---- beside it ---- */

static void
compare_toggled_cb (GtkCheckButton *check, ResultsHistory *self)
{
  const char *key = g_object_get_data (G_OBJECT (check), "key");
  guint index = 0;

  if (gtk_check_button_get_active (check))
    add_kind (self->other_keys, self->other_names, key, gtk_check_button_get_label (check));
  else if (g_ptr_array_find_with_equal_func (self->other_keys, key, g_str_equal, &index))
    {
      g_ptr_array_remove_index (self->other_keys, index);
      g_ptr_array_remove_index (self->other_names, index);
    }
  refresh (self, FALSE);
}

static void
add_choice (ResultsHistory *self, GHashTable *seen, const CareResult *result)
{
  g_autoptr (GArray) points = NULL;
  GtkWidget *check;

  if (!result->key || result->state == CARE_RESULT_WITHHELD ||
      !g_hash_table_add (seen, result->key) ||
      g_ptr_array_find_with_equal_func (self->graph_keys, result->key, g_str_equal, NULL))
    return;
  points = care_results_dup_series (self->results, result->key, NULL);
  if (points->len == 0)
    return;
  check = gtk_check_button_new_with_label (result->name);
  g_object_set_data_full (G_OBJECT (check), "key", g_strdup (result->key), g_free);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                               g_ptr_array_find_with_equal_func (self->other_keys, result->key,
                                                                 g_str_equal, NULL));
  g_signal_connect_object (check, "toggled", G_CALLBACK (compare_toggled_cb), self, 0);
  gtk_list_box_append (self->compare_list, check);
}

/* Made when it is opened: what can be drawn, with the parts of what has parts. */
static void
compare_shown_cb (ResultsHistory *self)
{
  GPtrArray *lines = self->results ? care_results_get_lines (self->results) : NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  gtk_list_box_remove_all (self->compare_list);
  for (guint i = 0; lines && i < lines->len; i++)
    {
      const CareResult *line = lines->pdata[i];

      add_choice (self, seen, line);
      for (guint j = 0; line->parts && j < line->parts->len; j++)
        add_choice (self, seen, line->parts->pdata[j]);
    }
}

/* ---- units ---- */

static void
unit_kept_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ResultsHistory) self = data;
  g_autoptr (GError) error = NULL;

  care_results_set_unit_finish (result, &error);
  g_signal_emit (self, signals[SIGNAL_UNIT_CHANGED], 0, error ? error->message : NULL);
}

static void
unit_chosen_cb (ResultsHistory *self)
{
  guint chosen = gtk_drop_down_get_selected (self->unit_list);

  if (self->filling || !self->units || chosen >= self->units->len)
    return;
  g_set_str (&self->unit, self->units->pdata[chosen]);
  care_results_set_unit_async (self->context, self->graph_keys->pdata[0], self->unit, unit_kept_cb,
                               g_object_ref (self));
  draw_graph (self, TRUE);
}

static void
fill_units (ResultsHistory *self, const CareResult *result)
{
  const char *key = self->graph_keys->len == 1 ? self->graph_keys->pdata[0] : NULL;
  const char *preferred = self->unit ? self->unit : care_results_get_unit (self->results, key);
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  guint index = 0;

  g_clear_pointer (&self->units, g_ptr_array_unref);
  self->units = key ? care_results_dup_units (self->results, key) : new_list ();
  if (!preferred)
    preferred = result->ucum;
  for (guint i = 0; i < self->units->len; i++)
    gtk_string_list_append (words, fhir_quantity_get_spoken_unit (self->units->pdata[i]));
  self->filling = TRUE;
  gtk_drop_down_set_model (self->unit_list, G_LIST_MODEL (words));
  if (preferred && g_ptr_array_find_with_equal_func (self->units, preferred, g_str_equal, &index))
    gtk_drop_down_set_selected (self->unit_list, index);
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->unit_list), self->units->len > 1);
}

/* ---- what it is of ---- */

static gboolean
is_component (const CareResult *part, const CareResult *whole)
{
  return g_strcmp0 (part->reference, whole->reference) == 0;
}

static void
list_kinds (ResultsHistory *self, const CareResult *result)
{
  gboolean has_members = FALSE;

  g_ptr_array_set_size (self->keys, 0);
  g_ptr_array_set_size (self->names, 0);
  g_ptr_array_set_size (self->graph_keys, 0);
  g_ptr_array_set_size (self->graph_names, 0);
  add_kind (self->graph_keys, self->graph_names, result->parts ? NULL : result->key, result->name);
  for (guint i = 0; result->parts && i < result->parts->len; i++)
    {
      const CareResult *part = result->parts->pdata[i];

      add_kind (self->graph_keys, self->graph_names, part->key, part->name);
      if (!is_component (part, result) || result->kind == CARE_RESULT_REPORT)
        {
          has_members = TRUE;
          add_kind (self->keys, self->names, part->key, part->name);
        }
    }
  if (!has_members)
    add_kind (self->keys, self->names, result->key, result->name);
}

void
results_history_set_result (ResultsHistory *self,
                            CareContext *context,
                            CareResults *results,
                            const CareResult *result,
                            GTimeZone *zone)
{
  g_return_if_fail (RESULTS_IS_HISTORY (self));

  gboolean same = g_strcmp0 (self->reference, result->reference) == 0;

  g_set_object (&self->context, context);
  g_set_object (&self->results, results);
  g_time_zone_ref (zone);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = zone;
  g_set_str (&self->reference, result->reference);
  if (!same)
    {
      g_clear_pointer (&self->unit, g_free);
      g_ptr_array_set_size (self->other_keys, 0);
      g_ptr_array_set_size (self->other_names, 0);
    }
  list_kinds (self, result);
  fill_units (self, result);
  refresh (self, same);
}

/* (nullable): the unit chosen here since the results were read */
const char *
results_history_get_unit (ResultsHistory *self)
{
  g_return_val_if_fail (RESULTS_IS_HISTORY (self), NULL);

  return self->unit;
}

/* ---- widget ---- */

static void
results_history_dispose (GObject *object)
{
  ResultsHistory *self = RESULTS_HISTORY (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RESULTS_TYPE_HISTORY);
  g_clear_object (&self->context);
  g_clear_object (&self->results);
  G_OBJECT_CLASS (results_history_parent_class)->dispose (object);
}

static void
results_history_finalize (GObject *object)
{
  ResultsHistory *self = RESULTS_HISTORY (object);
  GPtrArray *lists[] = { self->keys,        self->names,      self->graph_keys,
                         self->graph_names, self->other_keys, self->other_names };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    g_ptr_array_unref (lists[i]);
  g_clear_pointer (&self->units, g_ptr_array_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_free (self->reference);
  g_free (self->unit);
  G_OBJECT_CLASS (results_history_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, ResultsHistory, view_group);
  gtk_widget_class_bind_template_child (klass, ResultsHistory, stack);
  gtk_widget_class_bind_template_child (klass, ResultsHistory, graph);
  gtk_widget_class_bind_template_child (klass, ResultsHistory, words_label);
  gtk_widget_class_bind_template_child (klass, ResultsHistory, table);
  gtk_widget_class_bind_template_child (klass, ResultsHistory, table_scroller);
  gtk_widget_class_bind_template_child (klass, ResultsHistory, left_out_label);
  gtk_widget_class_bind_template_child (klass, ResultsHistory, unit_list);
  gtk_widget_class_bind_template_child (klass, ResultsHistory, compare_button);
  gtk_widget_class_bind_template_child (klass, ResultsHistory, compare_list);
  gtk_widget_class_bind_template_child (klass, ResultsHistory, medicines_button);
  gtk_widget_class_bind_template_child (klass, ResultsHistory, turn_button);
  gtk_widget_class_bind_template_child (klass, ResultsHistory, graph_tools);
  gtk_widget_class_bind_template_callback (klass, make_card_cb);
  gtk_widget_class_bind_template_callback (klass, view_changed_cb);
  gtk_widget_class_bind_template_callback (klass, turn_cb);
  gtk_widget_class_bind_template_callback (klass, medicines_cb);
  gtk_widget_class_bind_template_callback (klass, compare_shown_cb);
  gtk_widget_class_bind_template_callback (klass, unit_chosen_cb);
  gtk_widget_class_bind_template_callback (klass, zoom_in_cb);
  gtk_widget_class_bind_template_callback (klass, zoom_out_cb);
  gtk_widget_class_bind_template_callback (klass, show_all_cb);
}

static void
results_history_class_init (ResultsHistoryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_SHARE_BUTTON);
  g_type_ensure (RESULTS_TYPE_GRAPH);
  G_OBJECT_CLASS (klass)->dispose = results_history_dispose;
  G_OBJECT_CLASS (klass)->finalize = results_history_finalize;
  signals[SIGNAL_UNIT_CHANGED] =
      g_signal_new ("unit-changed", RESULTS_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/results/results-history.ui");
  bind_children (widget_class);
}

/* The platform's table holds a list that takes the focus and has no name of its own. */
static void
name_list (GtkColumnView *table)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (table)); child;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_VIEW (child))
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("Values by date"), -1);
}

static void
results_history_init (ResultsHistory *self)
{
  self->keys = new_list ();
  self->names = new_list ();
  self->graph_keys = new_list ();
  self->graph_names = new_list ();
  self->other_keys = new_list ();
  self->other_names = new_list ();
  gtk_widget_init_template (GTK_WIDGET (self));
  name_list (self->table);
}
