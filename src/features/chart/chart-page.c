/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-page.h"

/**
 * ChartPage:
 *
 * What all pages of the chart have in common: one patient, and a summary that comes again when the
 * record changed. A page that is not seen waits until it is.
 */

typedef struct
{
  WorkspacePatient *patient;
  gboolean stale;
} ChartPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ChartPage, chart_page, WORKSPACE_TYPE_PAGE)

static void
show_as_of (ChartPage *self)
{
  ChartPagePrivate *priv = chart_page_get_instance_private (self);
  g_autofree char *as_of = NULL;

  g_object_get (priv->patient, "as-of", &as_of, NULL);
  if (CHART_PAGE_GET_CLASS (self)->show_as_of)
    CHART_PAGE_GET_CLASS (self)->show_as_of (self, as_of);
}

static void
show (ChartPage *self)
{
  ChartPagePrivate *priv = chart_page_get_instance_private (self);
  CareSummary *summary = workspace_patient_get_summary (priv->patient);

  priv->stale = summary == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self));
  if (!priv->stale)
    CHART_PAGE_GET_CLASS (self)->show (self, summary);
}

static void
chart_page_map (GtkWidget *widget)
{
  ChartPage *self = CHART_PAGE (widget);
  ChartPagePrivate *priv = chart_page_get_instance_private (self);

  GTK_WIDGET_CLASS (chart_page_parent_class)->map (widget);
  if (priv->stale)
    show (self);
}

static void
chart_page_dispose (GObject *object)
{
  ChartPagePrivate *priv = chart_page_get_instance_private (CHART_PAGE (object));

  g_clear_object (&priv->patient);
  G_OBJECT_CLASS (chart_page_parent_class)->dispose (object);
}

static void
chart_page_class_init (ChartPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = chart_page_dispose;
  GTK_WIDGET_CLASS (klass)->map = chart_page_map;
}

static void
chart_page_init (ChartPage *self)
{
  ChartPagePrivate *priv = chart_page_get_instance_private (self);

  priv->stale = TRUE;
}

/* A line above a list, which is there only while it has something to say. */
void
chart_page_show_note (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

/* (transfer floating): a page of @type for @patient. */
GtkWidget *
chart_page_new (GType type, WorkspacePatient *patient)
{
  ChartPage *self = g_object_new (type, NULL);
  ChartPagePrivate *priv = chart_page_get_instance_private (self);

  priv->patient = g_object_ref (patient);
  g_signal_connect_object (patient, "summary-changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (patient, "notify::as-of", G_CALLBACK (show_as_of), self,
                           G_CONNECT_SWAPPED);
  show_as_of (self);
  return GTK_WIDGET (self);
}

WorkspacePatient *
chart_page_get_patient (ChartPage *self)
{
  g_return_val_if_fail (CHART_IS_PAGE (self), NULL);

  ChartPagePrivate *priv = chart_page_get_instance_private (self);
  return priv->patient;
}

GTimeZone *
chart_page_get_zone (ChartPage *self)
{
  return workspace_session_get_zone (workspace_patient_get_session (chart_page_get_patient (self)));
}
