/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-page.h"

#include <glib/gi18n.h>

#include "workspace-list.h"
#include "workspace-trend-chart.h"

/**
 * ResultsPage:
 *
 * The latest of each reading with its flag, range and a sparkline; the selected one's whole series
 * above, drawn and said in words. A reading in another unit is counted, not joined (H15).
 */

struct _ResultsPage
{
  WorkspaceChartPage parent_instance;

  GtkLabel *note_label;
  GtkRevealer *revealer;
  GtkLabel *trend_title;
  WorkspaceTrendChart *trend;
  WorkspaceTrendChart *second_trend;
  GtkLabel *trend_words;
  WorkspaceList *list;
};

G_DEFINE_FINAL_TYPE (ResultsPage, results_page, WORKSPACE_TYPE_CHART_PAGE)

#define CRITICAL "critical"

static const WorkspaceGroup groups[] = {
  { NULL, CRITICAL, N_ ("Critical") },
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
selected_cb (ResultsPage *self, CareRow *row)
{
  WorkspaceChartPage *page = WORKSPACE_CHART_PAGE (self);
  CareSummary *summary = workspace_patient_get_summary (workspace_chart_page_get_patient (page));
  GTimeZone *zone = workspace_chart_page_get_zone (page);
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
      workspace_list_mark (row, critical ? CRITICAL : group);
    }
}

static void
results_page_show (WorkspaceChartPage *page, CareSummary *summary)
{
  ResultsPage *self = RESULTS_PAGE (page);
  g_autoptr (GListStore) lists = g_list_store_new (G_TYPE_LIST_MODEL);

  mark (care_summary_get_list (summary, CARE_LIST_VITALS), "Vital signs");
  mark (care_summary_get_list (summary, CARE_LIST_RESULTS), NULL);
  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_VITALS));
  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_RESULTS));
  g_autoptr (GtkFlattenListModel) rows =
      gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&lists)));
  workspace_list_set_trends (self->list, summary, workspace_chart_page_get_zone (page));
  workspace_list_set_rows (self->list, G_LIST_MODEL (rows), _ ("No Results Recorded"));
}

static void
results_page_show_as_of (WorkspaceChartPage *page, const char *as_of)
{
  workspace_chart_page_show_note (RESULTS_PAGE (page)->note_label, as_of);
}

static gboolean
results_page_show_target (WorkspacePage *page, const char *reference)
{
  return workspace_list_select (RESULTS_PAGE (page)->list, reference);
}

static void
results_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), RESULTS_TYPE_PAGE);
  G_OBJECT_CLASS (results_page_parent_class)->dispose (object);
}

static void
results_page_class_init (ResultsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LIST);
  g_type_ensure (WORKSPACE_TYPE_TREND_CHART);
  G_OBJECT_CLASS (klass)->dispose = results_page_dispose;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show = results_page_show;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show_as_of = results_page_show_as_of;
  WORKSPACE_PAGE_CLASS (klass)->show_target = results_page_show_target;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/results/results-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ResultsPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, ResultsPage, revealer);
  gtk_widget_class_bind_template_child (widget_class, ResultsPage, trend_title);
  gtk_widget_class_bind_template_child (widget_class, ResultsPage, trend);
  gtk_widget_class_bind_template_child (widget_class, ResultsPage, second_trend);
  gtk_widget_class_bind_template_child (widget_class, ResultsPage, trend_words);
  gtk_widget_class_bind_template_child (widget_class, ResultsPage, list);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
results_page_init (ResultsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_list_set_groups (self->list, groups, G_N_ELEMENTS (groups));
}
