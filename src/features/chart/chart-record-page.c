/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-record-page.h"

#include <glib/gi18n.h>

/**
 * ChartRecordPage:
 *
 * Entries of a few kinds under their headings, with a button that adds one. They are read when the
 * page is seen: the summary does not carry them whole.
 */

typedef struct
{
  GCancellable *reading;
  char *target; /* to be selected when the list has come */
  GtkLabel *as_of_label;
  GtkMenuButton *add_button;
  WorkspaceList *list;
} ChartRecordPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ChartRecordPage, chart_record_page, CHART_TYPE_ENTRY_PAGE)

/* (transfer full): @rows, and who cares for the patient. */
static GListModel *
with_team (ChartRecordPage *self, GListModel *rows)
{
  CareSummary *summary = workspace_patient_get_summary (
      workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self)));
  GListStore *lists = g_list_store_new (G_TYPE_LIST_MODEL);

  g_list_store_append (lists, care_summary_get_list (summary, CARE_LIST_TEAM));
  g_list_store_append (lists, rows);
  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (lists)));
}

static void
show_wanted (ChartRecordPage *self)
{
  ChartRecordPagePrivate *priv = chart_record_page_get_instance_private (self);
  g_autofree char *target = g_steal_pointer (&priv->target);

  if (target && !workspace_list_select (priv->list, target))
    workspace_page_say_not_here (WORKSPACE_PAGE (self), target);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartRecordPage) self = user_data;
  ChartRecordPagePrivate *priv = chart_record_page_get_instance_private (self);
  ChartRecordPageClass *klass = CHART_RECORD_PAGE_GET_CLASS (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) rows = care_entry_list_finish (result, &error);
  g_autoptr (GListModel) all = NULL;
  g_autoptr (GListStore) none = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !priv->list)
    return;
  none = g_list_store_new (CARE_TYPE_ROW);
  all = rows && klass->has_team ? with_team (self, rows) : NULL;
  workspace_list_set_rows (priv->list,
                           all    ? all
                           : rows ? rows
                                  : G_LIST_MODEL (none),
                           rows ? _ (klass->absence) : error->message);
  show_wanted (self);
}

static void
chart_record_page_show (WorkspaceChartPage *page, CareSummary *summary)
{
  ChartRecordPage *self = CHART_RECORD_PAGE (page);
  ChartRecordPagePrivate *priv = chart_record_page_get_instance_private (self);
  ChartRecordPageClass *klass = CHART_RECORD_PAGE_GET_CLASS (self);
  WorkspacePatient *patient = workspace_chart_page_get_patient (page);

  g_cancellable_cancel (priv->reading);
  g_clear_object (&priv->reading);
  priv->reading = g_cancellable_new ();
  care_entry_list_async (workspace_session_get_context (workspace_patient_get_session (patient)),
                         workspace_patient_get_id (patient), klass->kinds, klass->n_kinds,
                         priv->reading, listed_cb, g_object_ref (self));
}

static void
chart_record_page_show_as_of (WorkspaceChartPage *page, const char *as_of)
{
  ChartRecordPagePrivate *priv = chart_record_page_get_instance_private (CHART_RECORD_PAGE (page));

  workspace_chart_page_show_note (priv->as_of_label, as_of);
}

static gboolean
chart_record_page_show_target (WorkspacePage *page, const char *reference)
{
  ChartRecordPagePrivate *priv = chart_record_page_get_instance_private (CHART_RECORD_PAGE (page));

  if (workspace_list_select (priv->list, reference))
    return TRUE;
  g_set_str (&priv->target, reference);
  return TRUE; /* the list is on its way */
}

/* Of who cares for the patient there is no entry to open, but a number to call. */
static void
activated_cb (ChartRecordPage *self, CareRow *row)
{
  const char *reach = care_row_get_text (row, CARE_ROW_CODE);

  if (g_strcmp0 (care_row_get_text (row, CARE_ROW_GROUP), CARE_GROUP_TEAM) == 0)
    {
      if (reach)
        gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), reach);
      chart_entry_page_say (CHART_ENTRY_PAGE (self),
                            reach ? _ ("Number copied") : _ ("No number is recorded"));
      return;
    }
  chart_entry_page_open (CHART_ENTRY_PAGE (self), care_row_get_reference (row));
}

static GMenuModel *
menu_new (ChartRecordPageClass *klass)
{
  GMenu *menu = g_menu_new ();

  for (gsize i = 0; i < klass->n_kinds; i++)
    {
      g_autofree char *action =
          g_strdup_printf ("chart.add::%s", care_entry_kind_get_type_name (klass->kinds[i]));

      g_menu_append (menu, care_entry_kind_get_title (klass->kinds[i]), action);
    }
  return G_MENU_MODEL (menu);
}

/* The class that says what is shown is the instance's only now, not in init. */
static void
chart_record_page_constructed (GObject *object)
{
  ChartRecordPagePrivate *priv =
      chart_record_page_get_instance_private (CHART_RECORD_PAGE (object));
  ChartRecordPageClass *klass = CHART_RECORD_PAGE_GET_CLASS (object);
  g_autoptr (GMenuModel) menu = menu_new (klass);

  G_OBJECT_CLASS (chart_record_page_parent_class)->constructed (object);
  gtk_menu_button_set_menu_model (priv->add_button, menu);
  workspace_list_set_groups (priv->list, klass->groups, klass->n_groups);
  g_object_set (priv->list, "title", _ (klass->title), NULL);
}

static void
chart_record_page_dispose (GObject *object)
{
  ChartRecordPagePrivate *priv =
      chart_record_page_get_instance_private (CHART_RECORD_PAGE (object));

  g_cancellable_cancel (priv->reading);
  g_clear_object (&priv->reading);
  g_clear_pointer (&priv->target, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), CHART_TYPE_RECORD_PAGE);
  G_OBJECT_CLASS (chart_record_page_parent_class)->dispose (object);
}

static void
chart_record_page_class_init (ChartRecordPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LIST);
  G_OBJECT_CLASS (klass)->constructed = chart_record_page_constructed;
  G_OBJECT_CLASS (klass)->dispose = chart_record_page_dispose;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show = chart_record_page_show;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show_as_of = chart_record_page_show_as_of;
  WORKSPACE_PAGE_CLASS (klass)->show_target = chart_record_page_show_target;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/chart/chart-record-page.ui");
  gtk_widget_class_bind_template_child_private (widget_class, ChartRecordPage, as_of_label);
  gtk_widget_class_bind_template_child_private (widget_class, ChartRecordPage, add_button);
  gtk_widget_class_bind_template_child_private (widget_class, ChartRecordPage, list);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
chart_record_page_init (ChartRecordPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* ---- immunizations, procedures, family and social history ---- */

typedef struct
{
  ChartRecordPage parent_instance;
} ChartHistoryPage;
typedef ChartRecordPageClass ChartHistoryPageClass;
G_DEFINE_FINAL_TYPE (ChartHistoryPage, chart_history_page, CHART_TYPE_RECORD_PAGE)

static const CareEntryKind history_kinds[] = { CARE_ENTRY_FAMILY, CARE_ENTRY_SOCIAL,
                                               CARE_ENTRY_PROCEDURE, CARE_ENTRY_IMMUNIZATION };

static const WorkspaceGroup history_groups[] = {
  { "FamilyMemberHistory", "Active", N_ ("Family History") },
  { "Observation", "Active", N_ ("Social History") },
  { "Procedure", "Active", N_ ("Procedures") },
  { "Immunization", "Active", N_ ("Immunizations") },
  { "Procedure", "Not done", N_ ("Procedures Not Done") },
  { "Immunization", "Not done", N_ ("Immunizations Not Given") },
  { NULL, "Entered in error", N_ ("Entered in Error") },
  { NULL, "Not shown", N_ ("Entries That Cannot Be Shown") },
};

static void
chart_history_page_class_init (ChartHistoryPageClass *klass)
{
  klass->title = N_ ("History");
  klass->absence = N_ ("No History Recorded");
  klass->kinds = history_kinds;
  klass->n_kinds = G_N_ELEMENTS (history_kinds);
  klass->groups = history_groups;
  klass->n_groups = G_N_ELEMENTS (history_groups);
}

static void
chart_history_page_init (ChartHistoryPage *self)
{
}

/* ---- plans, goals, devices, cover ---- */

typedef struct
{
  ChartRecordPage parent_instance;
} ChartPlansPage;
typedef ChartRecordPageClass ChartPlansPageClass;
G_DEFINE_FINAL_TYPE (ChartPlansPage, chart_plans_page, CHART_TYPE_RECORD_PAGE)

static const CareEntryKind plans_kinds[] = { CARE_ENTRY_PLAN, CARE_ENTRY_GOAL, CARE_ENTRY_DEVICE,
                                             CARE_ENTRY_COVERAGE };

static const WorkspaceGroup plans_groups[] = {
  { "CarePlan", "Active", N_ ("Care Plans") },
  { "Goal", "Active", N_ ("Goals") },
  { NULL, CARE_GROUP_TEAM, N_ ("Care Team") },
  { "Device", "Active", N_ ("Devices") },
  { "Coverage", "Active", N_ ("Cover") },
  { "CarePlan", "Inactive", N_ ("Past Care Plans") },
  { "Goal", "Inactive", N_ ("Past Goals") },
  { "Device", "Inactive", N_ ("Devices No Longer Used") },
  { "Coverage", "Inactive", N_ ("Past Cover") },
  { NULL, "Entered in error", N_ ("Entered in Error") },
  { NULL, "Not shown", N_ ("Entries That Cannot Be Shown") },
};

static void
chart_plans_page_class_init (ChartPlansPageClass *klass)
{
  klass->title = N_ ("Plans");
  klass->absence = N_ ("No Plans, Goals, Devices or Cover Recorded");
  klass->has_team = TRUE;
  klass->kinds = plans_kinds;
  klass->n_kinds = G_N_ELEMENTS (plans_kinds);
  klass->groups = plans_groups;
  klass->n_groups = G_N_ELEMENTS (plans_groups);
}

static void
chart_plans_page_init (ChartPlansPage *self)
{
}
