/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timeline-page.h"

#include <glib/gi18n.h>

#include "care-timeline.h"
#include "workspace-list-top.h"
#include "workspace-list.h"
#include "workspace-row.h"

#include "timeline-model.h"
#include "timeline-row.h"

/**
 * TimelinePage:
 *
 * Everything that happened to one patient, newest first, under a heading for each month; by kind
 * and by words. A line opens the page that shows what it names. It is read on a reader's thread
 * when the record changed and the page is seen; where the same comes out, nothing moves.
 */

struct _TimelinePage
{
  WorkspaceChartPage parent_instance;

  TimelineModel *model;
  GtkSingleSelection *selection;
  CareTimeline *timeline;
  GCancellable *cancellable; /* of the reading under way */
  char *target;              /* to be shown once it was read */

  GtkLabel *note_label;
  GtkDropDown *kind_drop_down;
  GtkSearchEntry *search_entry;
  GtkLabel *counts_label;
  GtkStack *stack;
  GtkScrolledWindow *scrolled;
  GtkListView *view;
  AdwStatusPage *nothing_page;
  GtkButton *clear_button;
  AdwStatusPage *failed_page;
};

G_DEFINE_FINAL_TYPE (TimelinePage, timeline_page, WORKSPACE_TYPE_CHART_PAGE)

/* ---- what is shown ---- */

static WorkspaceSession *
session_of (TimelinePage *self)
{
  return workspace_patient_get_session (
      workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self)));
}

/* "412 of 1,204 events. …": what is left out is said. */
static char *
dup_counts (TimelinePage *self, guint shown)
{
  guint all = care_timeline_get_n_events (self->timeline);
  guint errors = care_timeline_get_n_errors (self->timeline);
  GString *text = g_string_new (NULL);

  if (shown == all)
    g_string_append_printf (text, ngettext ("%u event.", "%u events.", all), all);
  else
    g_string_append_printf (text, ngettext ("%u of %u event.", "%u of %u events.", all), shown,
                            all);
  if (errors > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text,
                              ngettext ("%u entered in error or refuted is not shown.",
                                        "%u entered in error or refuted are not shown.", errors),
                              errors);
    }
  g_string_append_printf (text, " %s", _ ("Bills, cover and audit are no events."));
  return g_string_free_and_steal (text);
}

static void
update (TimelinePage *self)
{
  guint shown = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  g_autofree char *counts = NULL;
  gboolean any;

  if (!self->timeline)
    return;
  any = care_timeline_get_n_events (self->timeline) > 0;
  counts = dup_counts (self, shown);
  gtk_label_set_label (self->counts_label, counts);
  adw_status_page_set_title (self->nothing_page,
                             any ? _ ("No Event Matches") : _ ("No Events Recorded"));
  gtk_widget_set_visible (GTK_WIDGET (self->clear_button), any);
  gtk_stack_set_visible_child_name (self->stack, shown > 0 ? "events" : "nothing");
}

/* A list and its selection look through all that comes in place of what they show: they look away
 * while the items change, so that none is made that is not seen. */
static void
take_list_away (TimelinePage *self)
{
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_list_view_set_model (self->view, NULL);
}

static void
put_list_back (TimelinePage *self)
{
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  workspace_list_top_show (self->view);
}

static void
filter_changed_cb (TimelinePage *self)
{
  guint selected = gtk_drop_down_get_selected (self->kind_drop_down);
  int kind = selected == GTK_INVALID_LIST_POSITION ? -1 : (int) selected - 1;

  if (self->timeline)
    take_list_away (self);
  timeline_model_set_filter (self->model, kind,
                             gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  if (self->timeline)
    put_list_back (self);
  update (self);
}

static void
clear_cb (TimelinePage *self)
{
  gtk_drop_down_set_selected (self->kind_drop_down, 0);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  filter_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static gboolean
select_reference (TimelinePage *self, const char *reference)
{
  guint position = timeline_model_find (self->model, reference);

  if (position == GTK_INVALID_LIST_POSITION && self->timeline)
    {
      clear_cb (self);
      position = timeline_model_find (self->model, reference);
    }
  if (position == GTK_INVALID_LIST_POSITION)
    return FALSE;
  gtk_list_view_scroll_to (self->view, position, GTK_LIST_SCROLL_SELECT | GTK_LIST_SCROLL_FOCUS,
                           NULL);
  return TRUE;
}

/* ---- reading ---- */

static void
restore_place (TimelinePage *self, const char *selected, double place)
{
  guint position =
      selected ? timeline_model_find (self->model, selected) : GTK_INVALID_LIST_POSITION;

  gtk_single_selection_set_selected (self->selection, position);
  if (place >= 1)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), place);
}

static void
take (TimelinePage *self, CareTimeline *timeline)
{
  guint position = gtk_single_selection_get_selected (self->selection);
  const CareTimelineEvent *event = timeline_model_get_event (self->model, position);
  g_autofree char *selected = event ? g_strdup (event->reference) : NULL;
  double place = gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scrolled));

  if (!self->timeline || !care_timeline_is_same (self->timeline, timeline))
    {
      gboolean at_top = self->timeline == NULL || place < 1;

      if (at_top)
        take_list_away (self);
      g_set_object (&self->timeline, timeline);
      timeline_model_set_timeline (self->model, timeline);
      if (at_top)
        put_list_back (self);
      restore_place (self, selected, place);
    }
  update (self);
  if (self->target)
    {
      g_autofree char *target = g_steal_pointer (&self->target);

      if (!select_reference (self, target))
        workspace_page_say_not_here (WORKSPACE_PAGE (self), target);
    }
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TimelinePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CareTimeline) timeline = care_timeline_load_finish (result, &error);

  /* cancelled: a later reading is under way, or the page is gone */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (timeline)
    {
      take (self, timeline);
      return;
    }
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
load_cb (TimelinePage *self)
{
  WorkspacePatient *patient = workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self));
  WorkspaceSession *session = session_of (self);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  care_timeline_load_async (workspace_session_get_database (session),
                            workspace_patient_get_id (patient),
                            workspace_session_get_clock (session), self->cancellable, loaded_cb,
                            g_object_ref (self));
}

/* ---- lines ---- */

static void
setup_cb (TimelinePage *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, timeline_row_new ());
}

static void
bind_cb (TimelinePage *self, GtkListItem *item)
{
  const CareTimelineEvent *event =
      timeline_model_get_event (self->model, gtk_list_item_get_position (item));
  CareRow *row = gtk_list_item_get_item (item);
  g_autofree char *words = workspace_row_dup_words (row);
  g_autofree char *all =
      g_strdup_printf ("%s: %s", care_timeline_kind_get_title (event->kind), words);
  const char *page = workspace_session_find_offer_of (session_of (self), event->reference);

  timeline_row_set_row (TIMELINE_ROW (gtk_list_item_get_child (item)), row, event->kind);
  gtk_list_item_set_accessible_label (item, all);
  /* no door that opens on nothing: what only this page shows is not a link */
  gtk_list_item_set_activatable (item, page && !g_str_equal (page, "timeline"));
}

static void
setup_header_cb (TimelinePage *self, GtkListHeader *header)
{
  workspace_list_add_title (header);
}

static void
bind_header_cb (TimelinePage *self, GtkListHeader *header)
{
  const CareTimelineEvent *event =
      timeline_model_get_event (self->model, gtk_list_header_get_start (header));
  g_autofree char *month = event ? care_timeline_dup_month (event->month) : NULL;
  g_autofree char *text =
      month ? g_strdup_printf ("%s · %u", month, gtk_list_header_get_n_items (header)) : NULL;

  gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)), text ? text : "");
}

static void
activate_cb (TimelinePage *self, guint position)
{
  const CareTimelineEvent *event = timeline_model_get_event (self->model, position);

  if (event && event->reference)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show", "s", event->reference);
}

/* ---- keys ---- */

static void
stop_search_cb (TimelinePage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
search_activated_cb (TimelinePage *self)
{
  filter_changed_cb (self);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    gtk_list_view_scroll_to (self->view, 0, GTK_LIST_SCROLL_SELECT | GTK_LIST_SCROLL_FOCUS, NULL);
}

/* ---- page ---- */

static void
timeline_page_show (WorkspaceChartPage *page, CareSummary *summary)
{
  load_cb (TIMELINE_PAGE (page));
}

static void
timeline_page_show_as_of (WorkspaceChartPage *page, const char *as_of)
{
  workspace_chart_page_show_note (TIMELINE_PAGE (page)->note_label, as_of);
}

static gboolean
timeline_page_show_target (WorkspacePage *page, const char *reference)
{
  TimelinePage *self = TIMELINE_PAGE (page);

  if (!self->timeline)
    {
      g_set_str (&self->target, reference);
      return TRUE;
    }
  return select_reference (self, reference);
}

static void
timeline_page_start_search (WorkspacePage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (TIMELINE_PAGE (page)->search_entry));
}

static void
timeline_page_dispose (GObject *object)
{
  TimelinePage *self = TIMELINE_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->view)
    gtk_list_view_set_model (self->view, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TIMELINE_TYPE_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_object (&self->timeline);
  g_clear_pointer (&self->target, g_free);
  G_OBJECT_CLASS (timeline_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/timeline/timeline-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TimelinePage, note_label);
  gtk_widget_class_bind_template_child (widget_class, TimelinePage, kind_drop_down);
  gtk_widget_class_bind_template_child (widget_class, TimelinePage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, TimelinePage, counts_label);
  gtk_widget_class_bind_template_child (widget_class, TimelinePage, stack);
  gtk_widget_class_bind_template_child (widget_class, TimelinePage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, TimelinePage, view);
  gtk_widget_class_bind_template_child (widget_class, TimelinePage, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, TimelinePage, clear_button);
  gtk_widget_class_bind_template_child (widget_class, TimelinePage, failed_page);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, load_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
timeline_page_class_init (TimelinePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = timeline_page_dispose;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show = timeline_page_show;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show_as_of = timeline_page_show_as_of;
  WORKSPACE_PAGE_CLASS (klass)->show_target = timeline_page_show_target;
  WORKSPACE_PAGE_CLASS (klass)->start_search = timeline_page_start_search;
  bind_template (widget_class);
}

static void
timeline_page_init (TimelinePage *self)
{
  g_autoptr (GtkStringList) kinds = gtk_string_list_new (NULL);

  self->model = timeline_model_new (); /* the template's filter asks it */
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_string_list_append (kinds, _ ("All Events"));
  for (guint i = 0; i < CARE_N_TIMELINE_KINDS; i++)
    gtk_string_list_append (kinds, care_timeline_kind_get_title (i));
  gtk_drop_down_set_model (self->kind_drop_down, G_LIST_MODEL (kinds));
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->model)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
}
