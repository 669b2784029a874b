/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-summary-page.h"

#include <glib/gi18n.h>

#include "workspace-line-layout.h"
#include "workspace-section.h"

/**
 * ChartSummaryPage:
 *
 * What one needs in the first minute, on one screen: problems, allergies, medicines, vital signs,
 * results, visits. Each part shows its first rows and says in words when there are none: "not
 * recorded" is not "none known".
 */

struct _ChartSummaryPage
{
  WorkspaceChartPage parent_instance;

  WorkspaceSection *problems;
  WorkspaceSection *allergies;
  WorkspaceSection *medicines;
  WorkspaceSection *prescriptions;
  WorkspaceSection *vitals;
  WorkspaceSection *results;
  WorkspaceSection *visits;
};

G_DEFINE_FINAL_TYPE (ChartSummaryPage, chart_summary_page, WORKSPACE_TYPE_CHART_PAGE)

static gboolean
is_active (gpointer item, gpointer user_data)
{
  const char *group = care_row_get_text (item, CARE_ROW_GROUP);

  return g_strcmp0 (group, "Active") == 0 || g_strcmp0 (group, "Not shown") == 0;
}

static void
show_active (WorkspaceSection *section, CareSummary *summary, CareList which, const char *absence)
{
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_active, NULL, NULL));
  g_autoptr (GtkFilterListModel) rows =
      gtk_filter_list_model_new (g_object_ref (care_summary_get_list (summary, which)), filter);

  workspace_section_set_rows (section, G_LIST_MODEL (rows), absence);
}

/* Flagged results first: on one screen, what is out of range must not be below the edge. */
static int
compare_flags (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const char *first = care_row_get_text ((CareRow *) a, CARE_ROW_FLAG);
  const char *second = care_row_get_text ((CareRow *) b, CARE_ROW_FLAG);
  int weight_a = first && !g_str_equal (first, "N") ? (int) strlen (first) : 0;
  int weight_b = second && !g_str_equal (second, "N") ? (int) strlen (second) : 0;
  gint64 time_a = care_row_get_sort ((CareRow *) a), time_b = care_row_get_sort ((CareRow *) b);

  if (weight_a != weight_b)
    return weight_b - weight_a;
  return (time_b > time_a) - (time_b < time_a);
}

static void
show_readings (ChartSummaryPage *self,
               WorkspaceSection *section,
               CareSummary *summary,
               CareList which,
               const char *absence)
{
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare_flags, NULL, NULL));
  g_autoptr (GtkSortListModel) rows =
      gtk_sort_list_model_new (g_object_ref (care_summary_get_list (summary, which)), sorter);

  workspace_section_set_trends (section, summary,
                                workspace_chart_page_get_zone (WORKSPACE_CHART_PAGE (self)));
  workspace_section_set_rows (section, G_LIST_MODEL (rows), absence);
}

static void
chart_summary_page_show (WorkspaceChartPage *page, CareSummary *summary)
{
  ChartSummaryPage *self = CHART_SUMMARY_PAGE (page);
  GListModel *prescriptions = care_summary_get_list (summary, CARE_LIST_PRESCRIPTIONS);

  show_active (self->problems, summary, CARE_LIST_PROBLEMS,
               care_summary_get_problems_line (summary));
  show_active (self->allergies, summary, CARE_LIST_ALLERGIES,
               care_summary_get_allergies_line (summary));
  show_active (self->medicines, summary, CARE_LIST_MEDICINES, _ ("No current medicines recorded"));
  show_readings (self, self->vitals, summary, CARE_LIST_VITALS, _ ("No vital signs recorded"));
  show_readings (self, self->results, summary, CARE_LIST_RESULTS, _ ("No results recorded"));
  workspace_section_set_rows (self->visits, care_summary_get_list (summary, CARE_LIST_VISITS),
                              _ ("No visits recorded"));
  workspace_section_set_rows (self->prescriptions, prescriptions, "");
  gtk_widget_set_visible (GTK_WIDGET (self->prescriptions),
                          g_list_model_get_n_items (prescriptions) > 0);
}

/* The chart's age stands where it matters most, not in every part. */
static void
chart_summary_page_show_as_of (WorkspaceChartPage *page, const char *as_of)
{
  ChartSummaryPage *self = CHART_SUMMARY_PAGE (page);
  WorkspaceSection *sections[] = { self->allergies, self->medicines, self->results };

  for (gsize i = 0; i < G_N_ELEMENTS (sections); i++)
    g_object_set (sections[i], "as-of", as_of, NULL);
}

static void
chart_summary_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CHART_TYPE_SUMMARY_PAGE);
  G_OBJECT_CLASS (chart_summary_page_parent_class)->dispose (object);
}

static void
chart_summary_page_class_init (ChartSummaryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  g_type_ensure (WORKSPACE_TYPE_SECTION);
  G_OBJECT_CLASS (klass)->dispose = chart_summary_page_dispose;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show = chart_summary_page_show;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show_as_of = chart_summary_page_show_as_of;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/chart/chart-summary-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, problems);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, allergies);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, medicines);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, prescriptions);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, vitals);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, results);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, visits);
}

static void
chart_summary_page_init (ChartSummaryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
