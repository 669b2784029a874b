/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-visits-page.h"

#include <glib/gi18n.h>

#include "workspace-list.h"

/**
 * ChartVisitsPage:
 *
 * Visits that are booked, the next first; then visits, reports and documents, newest first within
 * each.
 */

struct _ChartVisitsPage
{
  WorkspaceChartPage parent_instance;

  GtkLabel *note_label;
  WorkspaceList *list;
};

G_DEFINE_FINAL_TYPE (ChartVisitsPage, chart_visits_page, WORKSPACE_TYPE_CHART_PAGE)

static const WorkspaceGroup groups[] = {
  { "Appointment", "Booked", N_ ("Booked Visits") },
  { "Encounter", "Open", N_ ("Open Visits") },
  { "Encounter", "Past", N_ ("Past Visits") },
  { NULL, "Reports", N_ ("Reports") },
  { NULL, "Documents", N_ ("Notes and Documents") },
  { NULL, "Superseded", N_ ("Superseded") },
  { NULL, "Not shown", N_ ("Entries That Cannot Be Shown") },
};

static void
chart_visits_page_show (WorkspaceChartPage *page, CareSummary *summary)
{
  ChartVisitsPage *self = CHART_VISITS_PAGE (page);
  g_autoptr (GListStore) lists = g_list_store_new (G_TYPE_LIST_MODEL);

  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_BOOKINGS));
  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_VISITS));
  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_DOCUMENTS));
  g_autoptr (GtkFlattenListModel) rows =
      gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&lists)));
  workspace_list_set_rows (self->list, G_LIST_MODEL (rows), _ ("No Visits Recorded"));
}

static gboolean
chart_visits_page_show_target (WorkspacePage *page, const char *reference)
{
  return workspace_chart_page_awaits (WORKSPACE_CHART_PAGE (page), reference) ||
         workspace_list_select (CHART_VISITS_PAGE (page)->list, reference);
}

static void
chart_visits_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CHART_TYPE_VISITS_PAGE);
  G_OBJECT_CLASS (chart_visits_page_parent_class)->dispose (object);
}

static void
chart_visits_page_class_init (ChartVisitsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LIST);
  G_OBJECT_CLASS (klass)->dispose = chart_visits_page_dispose;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show = chart_visits_page_show;
  WORKSPACE_PAGE_CLASS (klass)->show_target = chart_visits_page_show_target;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/chart/chart-visits-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ChartVisitsPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, ChartVisitsPage, list);
}

static void
chart_visits_page_init (ChartVisitsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_list_set_groups (self->list, groups, G_N_ELEMENTS (groups));
}
