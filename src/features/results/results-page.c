/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-page.h"

#include <glib/gi18n.h>

#include "care-review.h"
#include "results-bulk.h"
#include "results-detail.h"
#include "results-line.h"
#include "results-model.h"
#include "workspace-list-top.h"
#include "workspace-toast.h"

/**
 * ResultsPage:
 *
 * All results of a patient: the latest of each kind, what is critical first, and beside them the
 * one that is read, with its history and the answer to it. What may be answered at once is answered
 * at once; a critical value never is (hazard H18).
 */

#define TICK_SECONDS 20

struct _ResultsPage
{
  WorkspaceChartPage parent_instance;

  CareResults *results;
  GListStore *items;
  GtkFilterListModel *filtered;
  GtkSingleSelection *selection;
  GCancellable *cancellable;
  char *wanted;     /* reference to be shown once it has been read */
  GPtrArray *lines; /* GtkListItem that are seen */
  guint tick_source;
  gboolean merging, listens;

  GtkLabel *note_label;
  AdwToastOverlay *toasts;
  GtkStack *stack, *list_stack, *detail_stack;
  AdwStatusPage *failed_page;
  AdwNavigationSplitView *split;
  AdwNavigationPage *detail_page;
  GtkSearchEntry *search_entry;
  GtkToggleButton *unread_button;
  GtkButton *bulk_button;
  GtkListView *list;
  ResultsDetail *detail;
};

G_DEFINE_FINAL_TYPE (ResultsPage, results_page, WORKSPACE_TYPE_CHART_PAGE)

static WorkspacePatient *
get_patient (ResultsPage *self)
{
  return workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self));
}

static CareContext *
get_context (ResultsPage *self)
{
  return workspace_session_get_context (workspace_patient_get_session (get_patient (self)));
}

static gint64
get_now (ResultsPage *self)
{
  return base_clock_now (care_context_get_clock (get_context (self)));
}

/* ---- lines ---- */

static void
setup_cb (ResultsPage *self, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, results_line_new ());
}

static void
bind_cb (ResultsPage *self, GtkListItem *list_item)
{
  results_line_bind (list_item, self->results, get_now (self),
                     workspace_chart_page_get_zone (WORKSPACE_CHART_PAGE (self)));
  g_ptr_array_add (self->lines, list_item);
}

static void
unbind_cb (ResultsPage *self, GtkListItem *list_item)
{
  g_ptr_array_remove_fast (self->lines, list_item);
}

static void
bind_header_cb (ResultsPage *self, GtkListHeader *header)
{
  results_line_bind_header (header);
}

/* Every red item has a clock of its own, and it runs while it is seen. */
static gboolean
tick_cb (gpointer data)
{
  ResultsPage *self = RESULTS_PAGE (data);

  for (guint i = 0; i < self->lines->len; i++)
    {
      GtkListItem *list_item = self->lines->pdata[i];
      ResultsItem *item = gtk_list_item_get_item (list_item);

      results_line_tick (RESULTS_LINE (gtk_list_item_get_child (list_item)),
                         results_item_get_result (item), get_now (self));
    }
  results_detail_tick (self->detail);
  return G_SOURCE_CONTINUE;
}

/* ---- what is listed ---- */

static gboolean
filter_cb (gpointer item, gpointer data)
{
  ResultsPage *self = RESULTS_PAGE (data);

  return results_model_shows (item, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)),
                              gtk_toggle_button_get_active (self->unread_button));
}

static void
update (ResultsPage *self)
{
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->filtered)), n_red = 0;
  g_autoptr (GPtrArray) bulk = results_model_dup_bulk (G_LIST_MODEL (self->filtered), &n_red);

  gtk_stack_set_visible_child_name (self->list_stack, n_shown > 0 ? "list" : "none");
  gtk_widget_set_sensitive (GTK_WIDGET (self->bulk_button), bulk->len > 0);
}

static void
filter_changed_cb (ResultsPage *self)
{
  if (!self->filtered)
    return;
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->filtered),
                      GTK_FILTER_CHANGE_DIFFERENT);
  update (self);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) > 0)
    {
      gtk_list_view_scroll_to (self->list, 0, GTK_LIST_SCROLL_NONE, NULL);
      workspace_list_top_show (self->list);
    }
}

static void
stop_search_cb (ResultsPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
}

static void
make_models (ResultsPage *self)
{
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (filter_cb, self, NULL));

  self->items = g_list_store_new (RESULTS_TYPE_ITEM);
  self->filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->items)), filter);
  self->selection = results_model_new_selection (G_LIST_MODEL (self->filtered));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
}

/* ---- the one that is read ---- */

static void
show_detail (ResultsPage *self, const char *reference)
{
  CareResult *result = self->results ? care_results_find (self->results, reference) : NULL;

  gtk_stack_set_visible_child_name (self->detail_stack, result ? "detail" : "none");
  if (!result)
    return;
  results_detail_set_context (self->detail, get_context (self),
                              workspace_patient_get_id (get_patient (self)),
                              workspace_chart_page_get_zone (WORKSPACE_CHART_PAGE (self)));
  results_detail_set_result (self->detail, self->results, result);
  adw_navigation_page_set_title (self->detail_page, result->name);
}

static void
selected_cb (ResultsPage *self)
{
  ResultsItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (item && !self->merging)
    show_detail (self, results_item_get_result (item)->reference);
}

/* By the Enter key a line is activated without being selected. */
static void
activate_cb (ResultsPage *self, guint position)
{
  gtk_single_selection_set_selected (self->selection, position);
  selected_cb (self);
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

static gboolean
select_line (ResultsPage *self, const char *reference, GtkListScrollFlags flags)
{
  GListModel *model = G_LIST_MODEL (self->selection);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (ResultsItem) item = g_list_model_get_item (model, i);

      if (g_strcmp0 (results_item_get_result (item)->reference, reference) != 0)
        continue;
      if (flags)
        gtk_list_view_scroll_to (self->list, i, flags, NULL);
      else
        gtk_single_selection_set_selected (self->selection, i);
      return TRUE;
    }
  return FALSE;
}

/* An older reading has no line: it is read all the same. */
static gboolean
show_reference (ResultsPage *self, const char *reference)
{
  if (!care_results_find (self->results, reference))
    return FALSE;
  if (!select_line (self, reference, GTK_LIST_SCROLL_SELECT))
    gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  show_detail (self, reference);
  adw_navigation_split_view_set_show_content (self->split, TRUE);
  return TRUE;
}

static void
show_action (GtkWidget *widget, const char *name, GVariant *reference)
{
  ResultsPage *self = RESULTS_PAGE (widget);

  if (self->results)
    show_reference (self, g_variant_get_string (reference, NULL));
}

/* One line up or down in the list, without going back to it. */
static void
step_action (GtkWidget *widget, const char *name, GVariant *step)
{
  ResultsPage *self = RESULTS_PAGE (widget);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  guint at = gtk_single_selection_get_selected (self->selection);
  gint64 next = at == GTK_INVALID_LIST_POSITION ? 0 : (gint64) at + g_variant_get_int32 (step);

  if (next >= 0 && next < n)
    gtk_list_view_scroll_to (self->list, (guint) next, GTK_LIST_SCROLL_SELECT, NULL);
}

static void
narrow_cb (ResultsPage *self)
{
  results_answer_set_open (results_detail_get_answer (self->detail), FALSE);
}

static void
wide_cb (ResultsPage *self)
{
  results_answer_set_open (results_detail_get_answer (self->detail), TRUE);
}

/* ---- answers ---- */

/* @groups: (nullable): what can be undone */
static void
add_toast (GtkWidget *page, const char *text, const char *groups)
{
  workspace_toast_add (RESULTS_PAGE (page)->toasts, text, "results.undo", groups);
}

static void
answered_cb (ResultsPage *self, const char *group, const char *words)
{
  add_toast (GTK_WIDGET (self), words, group);
}

static void
failed_cb (ResultsPage *self, const char *words)
{
  add_toast (GTK_WIDGET (self), words, NULL);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *groups)
{
  results_bulk_undo (widget, get_context (RESULTS_PAGE (widget)),
                     g_variant_get_string (groups, NULL), add_toast);
}

static void
bulk_cb (ResultsPage *self)
{
  results_bulk_ask (GTK_WIDGET (self), get_context (self),
                    workspace_patient_get_id (get_patient (self)), G_LIST_MODEL (self->filtered),
                    add_toast);
}

/* ---- reading ---- */

/* Lines that say the same as before stay: what is under somebody's finger keeps its place. */
static void
merge (ResultsPage *self, GListStore *fresh)
{
  const char *reference = results_detail_get_reference (self->detail);

  self->merging = TRUE;
  results_model_merge (self->items, G_LIST_MODEL (fresh));
  if (reference && gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION)
    select_line (self, reference, 0);
  self->merging = FALSE;
}

/* A report without results is not read here, and another page is asked for it. */
static void
show_wanted (ResultsPage *self)
{
  g_autofree char *wanted = g_steal_pointer (&self->wanted);

  if (wanted && !show_reference (self, wanted))
    workspace_page_say_not_here (WORKSPACE_PAGE (self), wanted);
}

static void
show_results (ResultsPage *self, CareResults *results)
{
  g_autofree char *reference = g_strdup (results_detail_get_reference (self->detail));
  g_autoptr (GListStore) fresh = results_model_new (results);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fresh));

  if (!self->results)
    workspace_list_top_show (self->list);
  g_set_object (&self->results, results);
  merge (self, fresh);
  workspace_page_set_count (WORKSPACE_PAGE (self),
                            results_model_count_waiting (G_LIST_MODEL (fresh)));
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "results" : "empty");
  update (self);
  if (reference)
    show_detail (self, reference);
  show_wanted (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareResults) results = care_results_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  ResultsPage *self = RESULTS_PAGE (data);
  if (results)
    {
      show_results (self, results);
      return;
    }
  adw_status_page_set_description (self->failed_page, error->message);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
load (ResultsPage *self)
{
  WorkspacePatient *patient = get_patient (self);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  care_results_load_async (workspace_session_get_database (workspace_patient_get_session (patient)),
                           workspace_patient_get_id (patient),
                           care_context_get_clock (get_context (self)), self->cancellable,
                           loaded_cb, self);
}

/* After a change that the store does not announce; @problem: why it was not kept, or "". */
static void
reload_action (GtkWidget *widget, const char *name, GVariant *problem)
{
  const char *words = g_variant_get_string (problem, NULL);

  if (*words)
    add_toast (widget, words, NULL);
  load (RESULTS_PAGE (widget));
}

/* Who is absent, and who stands in, is no change of this patient, and changes for whom it is. */
static void
store_changed_cb (ResultsPage *self, GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const StoreChange *change = changes->pdata[i];

      if (g_str_equal (change->type, "Task") && !change->patient &&
          gtk_widget_get_mapped (GTK_WIDGET (self)))
        {
          load (self);
          return;
        }
    }
}

static void
again_cb (ResultsPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "loading");
  load (self);
}

static void
results_page_show (WorkspaceChartPage *page, CareSummary *summary)
{
  ResultsPage *self = RESULTS_PAGE (page);

  if (!self->listens)
    g_signal_connect_object (care_context_get_store (get_context (self)), "changed",
                             G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);
  self->listens = TRUE;
  load (self);
}

static void
results_page_show_as_of (WorkspaceChartPage *page, const char *as_of)
{
  workspace_chart_page_show_note (RESULTS_PAGE (page)->note_label, as_of);
}

/* Before the results were read nobody knows: it is shown when they are. */
static gboolean
results_page_show_target (WorkspacePage *page, const char *reference)
{
  ResultsPage *self = RESULTS_PAGE (page);

  if (self->results)
    return show_reference (self, reference);
  g_set_str (&self->wanted, reference);
  return TRUE;
}

static void
results_page_start_search (WorkspacePage *page)
{
  ResultsPage *self = RESULTS_PAGE (page);

  adw_navigation_split_view_set_show_content (self->split, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* ---- widget ---- */

static void
results_page_map (GtkWidget *widget)
{
  ResultsPage *self = RESULTS_PAGE (widget);

  GTK_WIDGET_CLASS (results_page_parent_class)->map (widget);
  if (self->tick_source == 0)
    self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
}

static void
results_page_unmap (GtkWidget *widget)
{
  ResultsPage *self = RESULTS_PAGE (widget);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  results_answer_keep (results_detail_get_answer (self->detail));
  GTK_WIDGET_CLASS (results_page_parent_class)->unmap (widget);
}

static void
results_page_dispose (GObject *object)
{
  ResultsPage *self = RESULTS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RESULTS_TYPE_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->filtered);
  g_clear_object (&self->items);
  g_clear_object (&self->results);
  G_OBJECT_CLASS (results_page_parent_class)->dispose (object);
}

static void
results_page_finalize (GObject *object)
{
  ResultsPage *self = RESULTS_PAGE (object);

  g_ptr_array_unref (self->lines);
  g_free (self->wanted);
  G_OBJECT_CLASS (results_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, ResultsPage, note_label);
  gtk_widget_class_bind_template_child (klass, ResultsPage, toasts);
  gtk_widget_class_bind_template_child (klass, ResultsPage, stack);
  gtk_widget_class_bind_template_child (klass, ResultsPage, list_stack);
  gtk_widget_class_bind_template_child (klass, ResultsPage, detail_stack);
  gtk_widget_class_bind_template_child (klass, ResultsPage, failed_page);
  gtk_widget_class_bind_template_child (klass, ResultsPage, split);
  gtk_widget_class_bind_template_child (klass, ResultsPage, detail_page);
  gtk_widget_class_bind_template_child (klass, ResultsPage, search_entry);
  gtk_widget_class_bind_template_child (klass, ResultsPage, unread_button);
  gtk_widget_class_bind_template_child (klass, ResultsPage, bulk_button);
  gtk_widget_class_bind_template_child (klass, ResultsPage, list);
  gtk_widget_class_bind_template_child (klass, ResultsPage, detail);
  gtk_widget_class_bind_template_callback (klass, setup_cb);
  gtk_widget_class_bind_template_callback (klass, bind_cb);
  gtk_widget_class_bind_template_callback (klass, unbind_cb);
  gtk_widget_class_bind_template_callback (klass, bind_header_cb);
  gtk_widget_class_bind_template_callback (klass, activate_cb);
  gtk_widget_class_bind_template_callback (klass, filter_changed_cb);
  gtk_widget_class_bind_template_callback (klass, stop_search_cb);
  gtk_widget_class_bind_template_callback (klass, bulk_cb);
  gtk_widget_class_bind_template_callback (klass, narrow_cb);
  gtk_widget_class_bind_template_callback (klass, wide_cb);
  gtk_widget_class_bind_template_callback (klass, again_cb);
}

static void
results_page_class_init (ResultsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (RESULTS_TYPE_DETAIL);
  G_OBJECT_CLASS (klass)->dispose = results_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = results_page_finalize;
  widget_class->map = results_page_map;
  widget_class->unmap = results_page_unmap;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show = results_page_show;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show_as_of = results_page_show_as_of;
  WORKSPACE_PAGE_CLASS (klass)->show_target = results_page_show_target;
  WORKSPACE_PAGE_CLASS (klass)->start_search = results_page_start_search;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/results/results-page.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "results.undo", "s", undo_action);
  gtk_widget_class_install_action (widget_class, "results.show", "s", show_action);
  gtk_widget_class_install_action (widget_class, "results.reload", "s", reload_action);
  gtk_widget_class_install_action (widget_class, "results.step", "i", step_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Down, GDK_ALT_MASK, "results.step",
                                       "i", 1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Up, GDK_ALT_MASK, "results.step", "i",
                                       -1);
}

static void
results_page_init (ResultsPage *self)
{
  ResultsAnswer *answer;

  self->lines = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  make_models (self);
  answer = results_detail_get_answer (self->detail);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (answer, "answered", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (answer, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
}
