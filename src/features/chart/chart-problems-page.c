/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-problems-page.h"

#include <glib/gi18n.h>

#include "care-entry.h"
#include "workspace-list.h"

/**
 * ChartProblemsPage:
 *
 * Alerts, allergies and problems, active and past never mixed. What is not recorded is said as
 * that, and never looks like "none known". What was refuted or entered in error stands at the end,
 * to be read or made right: the summary leaves it out, so it is read by the page.
 */

struct _ChartProblemsPage
{
  ChartEntryPage parent_instance;

  GCancellable *reading;
  GListStore *set_aside; /* CareRow: refuted, entered in error */
  GListModel *rows;      /* of the summary, then what is set aside */

  GtkWidget *allergies_box;
  GtkLabel *allergies_label;
  GtkWidget *no_allergies_button;
  GtkWidget *problems_box;
  GtkLabel *problems_label;
  GtkWidget *no_problems_button;
  GtkLabel *as_of_label;
  WorkspaceList *list;
};

G_DEFINE_FINAL_TYPE (ChartProblemsPage, chart_problems_page, CHART_TYPE_ENTRY_PAGE)

static const WorkspaceGroup groups[] = {
  { "Flag", "Active", N_ ("Alerts") },
  { "AllergyIntolerance", "Active", N_ ("Allergies") },
  { "Condition", "Active", N_ ("Active Problems") },
  { "Condition", "Inactive", N_ ("Past Problems") },
  { "AllergyIntolerance", "Inactive", N_ ("Past Allergies") },
  { "Flag", "Planned", N_ ("Alerts That Begin Later") },
  { "Flag", "Inactive", N_ ("Past Alerts") },
  { NULL, CARE_GROUP_NONE_KNOWN, N_ ("None Known") },
  { NULL, "Not shown", N_ ("Entries That Cannot Be Shown") },
  { NULL, "Refuted", N_ ("Refuted") },
  { NULL, "Entered in error", N_ ("Entered in Error") },
};

static const CareEntryKind kinds[] = { CARE_ENTRY_ALERT, CARE_ENTRY_ALLERGY, CARE_ENTRY_PROBLEM };

static void
show_rows (ChartProblemsPage *self)
{
  workspace_list_set_rows (self->list, self->rows, _ ("No Problems or Allergies Recorded"));
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartProblemsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) all = care_entry_list_finish (result, &error);
  g_autoptr (GListStore) found = g_list_store_new (CARE_TYPE_ROW);
  gboolean had_rows;

  if (!all || !self->list)
    return; /* another reading is on its way; the active entries are there without it */
  had_rows = g_list_model_get_n_items (self->rows) > 0;
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (all, i);
      const char *group = care_row_get_text (row, CARE_ROW_GROUP);

      if (g_strcmp0 (group, "Refuted") == 0 || g_strcmp0 (group, "Entered in error") == 0)
        g_list_store_append (found, row);
    }
  g_list_store_remove_all (self->set_aside);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (found)); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (found), i);

      g_list_store_append (self->set_aside, row);
    }
  if (had_rows != (g_list_model_get_n_items (self->rows) > 0))
    show_rows (self);
}

static void
read_set_aside (ChartProblemsPage *self)
{
  WorkspacePatient *patient = workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self));

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  care_entry_list_async (workspace_session_get_context (workspace_patient_get_session (patient)),
                         workspace_patient_get_id (patient), kinds, G_N_ELEMENTS (kinds),
                         self->reading, listed_cb, g_object_ref (self));
}

/* Not recorded, none known, only past ones: each in words, and the first can be answered here. */
static void
show_absence (GtkWidget *box, GtkLabel *label, GtkWidget *button, const char *line, gboolean open)
{
  gtk_label_set_label (label, line ? line : "");
  gtk_widget_set_visible (button, open);
  gtk_widget_set_visible (box, line != NULL);
}

static void
chart_problems_page_show (WorkspaceChartPage *page, CareSummary *summary)
{
  ChartProblemsPage *self = CHART_PROBLEMS_PAGE (page);
  g_autoptr (GListStore) lists = g_list_store_new (G_TYPE_LIST_MODEL);
  CareAllergyState state = care_summary_get_allergy_state (summary);

  show_absence (self->allergies_box, self->allergies_label, self->no_allergies_button,
                state == CARE_ALLERGIES_LISTED ? NULL : care_summary_get_allergies_line (summary),
                state == CARE_ALLERGIES_NOT_RECORDED);
  show_absence (self->problems_box, self->problems_label, self->no_problems_button,
                care_summary_get_problems_line (summary),
                !care_summary_has_problems_recorded (summary));
  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_ALERTS));
  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_ALLERGIES));
  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_PROBLEMS));
  g_list_store_append (lists, self->set_aside);
  g_clear_object (&self->rows);
  self->rows = G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&lists))));
  show_rows (self);
  read_set_aside (self);
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
  return workspace_chart_page_awaits (WORKSPACE_CHART_PAGE (page), reference) ||
         workspace_list_select (CHART_PROBLEMS_PAGE (page)->list, reference);
}

static void
chart_problems_page_dispose (GObject *object)
{
  ChartProblemsPage *self = CHART_PROBLEMS_PAGE (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  gtk_widget_dispose_template (GTK_WIDGET (object), CHART_TYPE_PROBLEMS_PAGE);
  g_clear_object (&self->rows);
  g_clear_object (&self->set_aside);
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
  gtk_widget_class_bind_template_child (widget_class, ChartProblemsPage, allergies_box);
  gtk_widget_class_bind_template_child (widget_class, ChartProblemsPage, allergies_label);
  gtk_widget_class_bind_template_child (widget_class, ChartProblemsPage, no_allergies_button);
  gtk_widget_class_bind_template_child (widget_class, ChartProblemsPage, problems_box);
  gtk_widget_class_bind_template_child (widget_class, ChartProblemsPage, problems_label);
  gtk_widget_class_bind_template_child (widget_class, ChartProblemsPage, no_problems_button);
  gtk_widget_class_bind_template_child (widget_class, ChartProblemsPage, as_of_label);
  gtk_widget_class_bind_template_child (widget_class, ChartProblemsPage, list);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
chart_problems_page_init (ChartProblemsPage *self)
{
  self->set_aside = g_list_store_new (CARE_TYPE_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_list_set_groups (self->list, groups, G_N_ELEMENTS (groups));
}
