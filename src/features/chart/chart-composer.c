/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-composer.h"

#include <glib/gi18n.h>

#include "chart-entry-form.h"
#include "workspace-text.h"

/* Once it is saved, it is read again for what a note says of it: the words of the record. */

struct _ChartComposer
{
  WorkspaceComposer parent_instance;

  WorkspacePatient *patient;

  GtkBox *box;
  ChartEntryForm *form;
};

G_DEFINE_FINAL_TYPE (ChartComposer, chart_composer, WORKSPACE_TYPE_COMPOSER)

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartComposer) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CareEntry) entry = care_entry_load_finish (result, &error);
  g_autofree char *words = NULL;

  if (!entry || !self->patient)
    return;
  words =
      g_strdup_printf (_ ("%s added: %s"), care_entry_kind_get_title (care_entry_get_kind (entry)),
                       care_entry_get_title (entry));
  workspace_composer_committed (WORKSPACE_COMPOSER (self), care_entry_get_reference (entry), words);
}

static void
saved_cb (ChartComposer *self, const char *reference)
{
  care_entry_load_async (workspace_session_get_context (
                             workspace_patient_get_session (self->patient)),
                         reference, NULL, loaded_cb, g_object_ref (self));
}

static void
save_cb (ChartComposer *self)
{
  chart_entry_form_save (self->form);
}

static void
chart_composer_start (WorkspaceComposer *composer)
{
  chart_entry_form_start (CHART_COMPOSER (composer)->form);
}

static void
chart_composer_dispose (GObject *object)
{
  ChartComposer *self = CHART_COMPOSER (object);

  self->form = NULL;
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), CHART_TYPE_COMPOSER);
  g_clear_object (&self->patient);
  G_OBJECT_CLASS (chart_composer_parent_class)->dispose (object);
}

static void
chart_composer_class_init (ChartComposerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chart_composer_dispose;
  WORKSPACE_COMPOSER_CLASS (klass)->start = chart_composer_start;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/chart/chart-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, ChartComposer, box);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
chart_composer_init (ChartComposer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

/* (transfer floating) */
WorkspaceComposer *
chart_composer_new (WorkspacePatient *patient, CareEntryKind kind)
{
  ChartComposer *self = g_object_new (CHART_TYPE_COMPOSER, NULL);

  self->patient = g_object_ref (patient);
  self->form = CHART_ENTRY_FORM (chart_entry_form_new (patient, kind, NULL));
  chart_entry_form_set_inline (self->form);
  gtk_widget_set_vexpand (GTK_WIDGET (self->form), TRUE);
  gtk_box_prepend (self->box, GTK_WIDGET (self->form));
  g_signal_connect_object (self->form, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  return WORKSPACE_COMPOSER (self);
}
