/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-results-page.h"

#include <glib/gi18n.h>

#include "workspace-list.h"
#include "workspace-trend-chart.h"

/**
 * ChartResultsPage:
 *
 * The latest of each reading with its flag, range and a sparkline; the selected one's whole series
 * above, drawn and said in words. A reading in another unit is counted, not joined (H15).
 */

struct _ChartResultsPage
{
  ChartPage parent_instance;

  GtkLabel *note_label;
  GtkRevealer *revealer;
  GtkLabel *trend_title;
  WorkspaceTrendChart *trend;
  WorkspaceTrendChart *second_trend;
  GtkLabel *trend_words;
  WorkspaceList *list;
};

G_DEFINE_FINAL_TYPE (ChartResultsPage, chart_results_page, CHART_TYPE_PAGE)

static const WorkspaceGroup groups[] = {
  { NULL, "critical", N_ ("Critical") },
  { NULL, "Vital signs", N_ ("Vital Signs") },
  { NULL, "Laboratory", N_ ("Laboratory") },
  { NULL, "Not shown", N_ ("Entries That Cannot Be Shown") },
  { "Observation", NULL, N_ ("Results") },
};

static void
set_series (WorkspaceTrendChart *chart, GArray *points, const char *title, GTimeZone *zone)
{
  workspace_trend_chart_set_points (chart, points, title, zone);
  gtk_widget_set_visible (GTK_WIDGET (chart), points && points->len > 0);
}

static void
selected_cb (ChartResultsPage *self, CareRow *row)
{
  CareSummary *summary = workspace_patient_get_summary (chart_page_get_patient (CHART_PAGE (self)));
  GTimeZone *zone = chart_page_get_zone (CHART_PAGE (self));
  const char *code = care_row_get_text (row, CARE_ROW_CODE);
  gboolean is_pressure = g_strcmp0 (code, WORKSPACE_TREND_BLOOD_PRESSURE) == 0;
  GArray *points = workspace_trend_of (summary, row);
  GArray *second = is_pressure ? care_summary_get_trend (summary, WORKSPACE_TREND_DIASTOLIC) : NULL;
  g_autofree char *words = workspace_trend_describe (points, zone);
  g_autofree char *more = second ? workspace_trend_describe (second, zone) : NULL;
  g_autofree char *all = more ? g_strdup_printf (_ ("Systolic: %s\nDiastolic: %s"), words, more)
                              : g_steal_pointer (&words);

  gtk_label_set_label (self->trend_title, care_row_get_title (row));
  set_series (self->trend, points, is_pressure ? _ ("Systolic") : care_row_get_title (row), zone);
  set_series (self->second_trend, second, _ ("Diastolic"), zone);
  gtk_label_set_label (self->trend_words, all);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

/* A value past a critical limit stands first (H18); vital signs are told from laboratory results.
 */
static void
mark (GListModel *rows, const char *group)
{
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);
      const char *flag = care_row_get_text (row, CARE_ROW_FLAG);
      gboolean critical = flag && (g_str_equal (flag, "HH") || g_str_equal (flag, "LL") ||
                                   g_str_equal (flag, "AA"));
      workspace_list_mark (row, critical ? "Critical" : group);
    }
}

static void
chart_results_page_show (ChartPage *page, CareSummary *summary)
{
  ChartResultsPage *self = CHART_RESULTS_PAGE (page);
  g_autoptr (GListStore) lists = g_list_store_new (G_TYPE_LIST_MODEL);

  mark (care_summary_get_list (summary, CARE_LIST_VITALS), "Vital signs");
  mark (care_summary_get_list (summary, CARE_LIST_RESULTS), NULL);
  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_VITALS));
  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_RESULTS));
  g_autoptr (GtkFlattenListModel) rows =
      gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&lists)));
  workspace_list_set_trends (self->list, summary, chart_page_get_zone (page));
  workspace_list_set_rows (self->list, G_LIST_MODEL (rows), _ ("No Results Recorded"));
}

static void
chart_results_page_show_as_of (ChartPage *page, const char *as_of)
{
  chart_page_show_note (CHART_RESULTS_PAGE (page)->note_label, as_of);
}

static gboolean
chart_results_page_show_target (WorkspacePage *page, const char *reference)
{
  return workspace_list_select (CHART_RESULTS_PAGE (page)->list, reference);
}

static void
chart_results_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CHART_TYPE_RESULTS_PAGE);
  G_OBJECT_CLASS (chart_results_page_parent_class)->dispose (object);
}

static void
chart_results_page_class_init (ChartResultsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LIST);
  g_type_ensure (WORKSPACE_TYPE_TREND_CHART);
  G_OBJECT_CLASS (klass)->dispose = chart_results_page_dispose;
  CHART_PAGE_CLASS (klass)->show = chart_results_page_show;
  CHART_PAGE_CLASS (klass)->show_as_of = chart_results_page_show_as_of;
  WORKSPACE_PAGE_CLASS (klass)->show_target = chart_results_page_show_target;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/chart/chart-results-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ChartResultsPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, ChartResultsPage, revealer);
  gtk_widget_class_bind_template_child (widget_class, ChartResultsPage, trend_title);
  gtk_widget_class_bind_template_child (widget_class, ChartResultsPage, trend);
  gtk_widget_class_bind_template_child (widget_class, ChartResultsPage, second_trend);
  gtk_widget_class_bind_template_child (widget_class, ChartResultsPage, trend_words);
  gtk_widget_class_bind_template_child (widget_class, ChartResultsPage, list);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
chart_results_page_init (ChartResultsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_list_set_groups (self->list, groups, G_N_ELEMENTS (groups));
}
