/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-problems-page.h"

#include <glib/gi18n.h>

#include "workspace-list.h"

/**
 * ChartProblemsPage:
 *
 * Allergies and problems, active and past never mixed. What is not recorded is said as that, and
 * never looks like "none known".
 */

struct _ChartProblemsPage
{
  ChartEntryPage parent_instance;

  GtkLabel *note_label;
  GtkLabel *as_of_label;
  WorkspaceList *list;
};

G_DEFINE_FINAL_TYPE (ChartProblemsPage, chart_problems_page, CHART_TYPE_ENTRY_PAGE)

static const WorkspaceGroup groups[] = {
  { "AllergyIntolerance", "Active", N_ ("Allergies") },
  { "Condition", "Active", N_ ("Active Problems") },
  { "Condition", "Inactive", N_ ("Past Problems") },
  { "AllergyIntolerance", NULL, N_ ("Past Allergies") },
  { NULL, "Not shown", N_ ("Entries That Cannot Be Shown") },
};

static void
chart_problems_page_show (WorkspaceChartPage *page, CareSummary *summary)
{
  ChartProblemsPage *self = CHART_PROBLEMS_PAGE (page);
  g_autoptr (GListStore) lists = g_list_store_new (G_TYPE_LIST_MODEL);

  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_ALLERGIES));
  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_PROBLEMS));
  g_autoptr (GtkFlattenListModel) rows =
      gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&lists)));
  gboolean listed = care_summary_get_allergy_state (summary) == CARE_ALLERGIES_LISTED;
  gtk_label_set_label (self->note_label, listed ? "" : care_summary_get_allergies_line (summary));
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), !listed);
  workspace_list_set_rows (self->list, G_LIST_MODEL (rows),
                           _ ("No Problems or Allergies Recorded"));
}

static void
chart_problems_page_show_as_of (WorkspaceChartPage *page, const char *as_of)
{
  workspace_chart_page_show_note (CHART_PROBLEMS_PAGE (page)->as_of_label, as_of);
}

static void
activated_cb (ChartProblemsPage *self, CareRow *row)
{
  chart_entry_page_open (CHART_ENTRY_PAGE (self), care_row_get_reference (row));
}

static gboolean
chart_problems_page_show_target (WorkspacePage *page, const char *reference)
{
  return workspace_list_select (CHART_PROBLEMS_PAGE (page)->list, reference);
}

static void
chart_problems_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CHART_TYPE_PROBLEMS_PAGE);
  G_OBJECT_CLASS (chart_problems_page_parent_class)->dispose (object);
}

static void
chart_problems_page_class_init (ChartProblemsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LIST);
  G_OBJECT_CLASS (klass)->dispose = chart_problems_page_dispose;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show = chart_problems_page_show;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show_as_of = chart_problems_page_show_as_of;
  WORKSPACE_PAGE_CLASS (klass)->show_target = chart_problems_page_show_target;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/chart/chart-problems-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ChartProblemsPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, ChartProblemsPage, as_of_label);
  gtk_widget_class_bind_template_child (widget_class, ChartProblemsPage, list);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
chart_problems_page_init (ChartProblemsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_list_set_groups (self->list, groups, G_N_ELEMENTS (groups));
}
