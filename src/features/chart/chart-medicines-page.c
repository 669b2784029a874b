/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-medicines-page.h"

#include <glib/gi18n.h>

#include "workspace-list.h"

/**
 * ChartMedicinesPage:
 *
 * Medicines by status, never mixed, each line whole: it wraps and is never cut. Prescriptions made
 * here come first with where they are, because "signed" is not "at the pharmacy" (H1).
 */

struct _ChartMedicinesPage
{
  WorkspaceChartPage parent_instance;

  GtkLabel *note_label;
  GtkButton *immunizations_button; /* they belong to another page */
  WorkspaceList *list;
};

G_DEFINE_FINAL_TYPE (ChartMedicinesPage, chart_medicines_page, WORKSPACE_TYPE_CHART_PAGE)

static const WorkspaceGroup groups[] = {
  { NULL, "Active", N_ ("Active") },
  { NULL, "Suspended", N_ ("Suspended") },
  { NULL, "Draft", N_ ("Drafts") },
  { NULL, "Status not known", N_ ("Status Not Known") },
  { NULL, "Not to be given", N_ ("Not to Be Given") },
  { NULL, "Stopped", N_ ("Stopped") },
  { NULL, "Completed", N_ ("Completed") },
  { NULL, "Not taken", N_ ("Not Taken") },
  { NULL, "Not shown", N_ ("Entries That Cannot Be Shown") },
};

static void
chart_medicines_page_show (WorkspaceChartPage *page, CareSummary *summary)
{
  ChartMedicinesPage *self = CHART_MEDICINES_PAGE (page);
  guint n_immunizations =
      g_list_model_get_n_items (care_summary_get_list (summary, CARE_LIST_IMMUNIZATIONS));
  g_autofree char *label =
      g_strdup_printf (ngettext ("%u immunization stands in History",
                                 "%u immunizations stand in History", n_immunizations),
                       n_immunizations);

  gtk_button_set_label (self->immunizations_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->immunizations_button), n_immunizations > 0);
  workspace_list_set_rows (self->list, care_summary_get_list (summary, CARE_LIST_MEDICINES),
                           _ ("No Medicines Recorded"));
}

static void
chart_medicines_page_show_as_of (WorkspaceChartPage *page, const char *as_of)
{
  workspace_chart_page_show_note (CHART_MEDICINES_PAGE (page)->note_label, as_of);
}

static gboolean
chart_medicines_page_show_target (WorkspacePage *page, const char *reference)
{
  return workspace_chart_page_awaits (WORKSPACE_CHART_PAGE (page), reference) ||
         workspace_list_select (CHART_MEDICINES_PAGE (page)->list, reference);
}

static void
chart_medicines_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CHART_TYPE_MEDICINES_PAGE);
  G_OBJECT_CLASS (chart_medicines_page_parent_class)->dispose (object);
}

static void
chart_medicines_page_class_init (ChartMedicinesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LIST);
  G_OBJECT_CLASS (klass)->dispose = chart_medicines_page_dispose;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show = chart_medicines_page_show;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show_as_of = chart_medicines_page_show_as_of;
  WORKSPACE_PAGE_CLASS (klass)->show_target = chart_medicines_page_show_target;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/chart/chart-medicines-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ChartMedicinesPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, ChartMedicinesPage, immunizations_button);
  gtk_widget_class_bind_template_child (widget_class, ChartMedicinesPage, list);
}

static void
chart_medicines_page_init (ChartMedicinesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_list_set_groups (self->list, groups, G_N_ELEMENTS (groups));
}
