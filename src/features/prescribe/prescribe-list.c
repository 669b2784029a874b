/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-list.h"

#include <glib/gi18n.h>

#include "prescribe-row.h"

#define TICK_SECONDS 5

struct _PrescribeList
{
  AdwBin parent_instance;

  WorkspacePatient *patient; /* (nullable) */
  guint tick_source;

  GtkWidget *empty_label;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (PrescribeList, prescribe_list, ADW_TYPE_BIN)

static gboolean
tick_cb (gpointer data)
{
  PrescribeList *self = data;

  self->tick_source = 0;
  workspace_patient_reload (self->patient);
  return G_SOURCE_REMOVE;
}

static void
show_prescriptions (PrescribeList *self)
{
  CareSummary *summary = workspace_patient_get_summary (self->patient);
  GListModel *rows =
      summary != NULL ? care_summary_get_list (summary, CARE_LIST_PRESCRIPTIONS) : NULL;
  guint n = rows != NULL ? g_list_model_get_n_items (rows) : 0;
  gboolean settled = TRUE;

  gtk_list_box_remove_all (self->list);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);

      gtk_list_box_append (self->list, prescribe_row_new (self->patient, row));
      settled = settled && prescribe_row_is_settled (row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->list), n > 0);
  gtk_widget_set_visible (self->empty_label, n == 0);
  if (!settled && self->tick_source == 0)
    self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
}

static void
prescribe_list_dispose (GObject *object)
{
  PrescribeList *self = PRESCRIBE_LIST (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PRESCRIBE_TYPE_LIST);
  g_clear_object (&self->patient);
  G_OBJECT_CLASS (prescribe_list_parent_class)->dispose (object);
}

static void
prescribe_list_class_init (PrescribeListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = prescribe_list_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/prescribe/prescribe-list.ui");
  gtk_widget_class_bind_template_child (widget_class, PrescribeList, empty_label);
  gtk_widget_class_bind_template_child (widget_class, PrescribeList, list);
}

static void
prescribe_list_init (PrescribeList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Once. */
void
prescribe_list_set_patient (PrescribeList *self, WorkspacePatient *patient)
{
  g_return_if_fail (PRESCRIBE_IS_LIST (self));

  g_set_object (&self->patient, patient);
  g_signal_connect_object (patient, "summary-changed", G_CALLBACK (show_prescriptions), self,
                           G_CONNECT_SWAPPED);
  show_prescriptions (self);
}
