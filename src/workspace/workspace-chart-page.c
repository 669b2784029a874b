/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-chart-page.h"

/**
 * WorkspaceChartPage:
 *
 * What all pages of the chart have in common: one patient, and a summary that comes again when the
 * record changed. A page that is not seen waits until it is.
 */

typedef struct
{
  WorkspacePatient *patient;
  char *target; /* to be shown with the summary */
  gboolean stale, was_shown;
} WorkspaceChartPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WorkspaceChartPage, workspace_chart_page, WORKSPACE_TYPE_PAGE)

static void
show_as_of (WorkspaceChartPage *self)
{
  WorkspaceChartPagePrivate *priv = workspace_chart_page_get_instance_private (self);
  g_autofree char *as_of = NULL;

  g_object_get (priv->patient, "as-of", &as_of, NULL);
  if (WORKSPACE_CHART_PAGE_GET_CLASS (self)->show_as_of)
    WORKSPACE_CHART_PAGE_GET_CLASS (self)->show_as_of (self, as_of);
}

static void
show_awaited (WorkspaceChartPage *self)
{
  WorkspaceChartPagePrivate *priv = workspace_chart_page_get_instance_private (self);
  g_autofree char *target = g_steal_pointer (&priv->target);

  if (target && !workspace_page_show_target (WORKSPACE_PAGE (self), target))
    workspace_page_say_not_here (WORKSPACE_PAGE (self), target);
}

static void
show (WorkspaceChartPage *self)
{
  WorkspaceChartPagePrivate *priv = workspace_chart_page_get_instance_private (self);
  CareSummary *summary = workspace_patient_get_summary (priv->patient);

  priv->stale = summary == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self));
  if (priv->stale)
    return;
  WORKSPACE_CHART_PAGE_GET_CLASS (self)->show (self, summary);
  priv->was_shown = TRUE;
  show_awaited (self);
}

static void
workspace_chart_page_map (GtkWidget *widget)
{
  WorkspaceChartPage *self = WORKSPACE_CHART_PAGE (widget);
  WorkspaceChartPagePrivate *priv = workspace_chart_page_get_instance_private (self);

  GTK_WIDGET_CLASS (workspace_chart_page_parent_class)->map (widget);
  if (priv->stale)
    show (self);
}

static void
workspace_chart_page_dispose (GObject *object)
{
  WorkspaceChartPagePrivate *priv =
      workspace_chart_page_get_instance_private (WORKSPACE_CHART_PAGE (object));

  g_clear_pointer (&priv->target, g_free);
  g_clear_object (&priv->patient);
  G_OBJECT_CLASS (workspace_chart_page_parent_class)->dispose (object);
}

static void
workspace_chart_page_class_init (WorkspaceChartPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workspace_chart_page_dispose;
  GTK_WIDGET_CLASS (klass)->map = workspace_chart_page_map;
}

static void
workspace_chart_page_init (WorkspaceChartPage *self)
{
  WorkspaceChartPagePrivate *priv = workspace_chart_page_get_instance_private (self);

  priv->stale = TRUE;
}

/* For pages that read nothing but the summary: TRUE, before it was shown once, and @reference is
 * looked for when it is. */
gboolean
workspace_chart_page_awaits (WorkspaceChartPage *self, const char *reference)
{
  g_return_val_if_fail (WORKSPACE_IS_CHART_PAGE (self), FALSE);

  WorkspaceChartPagePrivate *priv = workspace_chart_page_get_instance_private (self);
  if (!priv->was_shown)
    g_set_str (&priv->target, reference);
  return !priv->was_shown;
}

/* A line above a list, which is there only while it has something to say. */
void
workspace_chart_page_show_note (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

/* (transfer floating): a page of @type for @patient. */
GtkWidget *
workspace_chart_page_new (GType type, WorkspacePatient *patient)
{
  WorkspaceChartPage *self = g_object_new (type, NULL);
  WorkspaceChartPagePrivate *priv = workspace_chart_page_get_instance_private (self);

  priv->patient = g_object_ref (patient);
  g_signal_connect_object (patient, "summary-changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (patient, "notify::as-of", G_CALLBACK (show_as_of), self,
                           G_CONNECT_SWAPPED);
  show_as_of (self);
  return GTK_WIDGET (self);
}

WorkspacePatient *
workspace_chart_page_get_patient (WorkspaceChartPage *self)
{
  g_return_val_if_fail (WORKSPACE_IS_CHART_PAGE (self), NULL);

  WorkspaceChartPagePrivate *priv = workspace_chart_page_get_instance_private (self);
  return priv->patient;
}

GTimeZone *
workspace_chart_page_get_zone (WorkspaceChartPage *self)
{
  return workspace_session_get_zone (
      workspace_patient_get_session (workspace_chart_page_get_patient (self)));
}
