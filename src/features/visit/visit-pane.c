/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-pane.h"

#include "visit-view.h"
#include "workspace-calls.h"

/**
 * VisitPane:
 *
 * A chart is opened far more often than a visit is held, and all of a visit's controls would be
 * made for nothing. One sentence stands here until there is a visit; then the view, which stays. A
 * patient who asks to be called is above it at any time.
 */

struct _VisitPane
{
  AdwBin parent_instance;

  VisitController *controller;
  gulong changed;
  GtkWidget *calls_bin;
  WorkspaceCalls *calls;
  AdwBin *content;
  GtkLabel *sentence_label;
};

G_DEFINE_FINAL_TYPE (VisitPane, visit_pane, ADW_TYPE_BIN)

/* Whoever talks with the patient need not be told to call, and has little room in a narrow window.
 */
static void
update_calls (VisitPane *self)
{
  gtk_widget_set_visible (self->calls_bin, !visit_controller_is_talking (self->controller));
}

static void
update (VisitPane *self)
{
  VisitStage stage = visit_controller_get_stage (self->controller);

  if (stage == VISIT_STAGE_NONE || stage == VISIT_STAGE_ENDED)
    {
      gtk_label_set_label (self->sentence_label, visit_controller_get_sentence (self->controller));
      return;
    }
  g_clear_signal_handler (&self->changed, self->controller);
  adw_bin_set_child (self->content, visit_view_new (self->controller));
}

static void
visit_pane_dispose (GObject *object)
{
  VisitPane *self = VISIT_PANE (object);

  if (self->changed)
    g_clear_signal_handler (&self->changed, self->controller);
  g_clear_object (&self->controller);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_PANE);

  G_OBJECT_CLASS (visit_pane_parent_class)->dispose (object);
}

static void
visit_pane_class_init (VisitPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_CALLS);
  G_OBJECT_CLASS (klass)->dispose = visit_pane_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/visit/visit-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, VisitPane, calls_bin);
  gtk_widget_class_bind_template_child (widget_class, VisitPane, calls);
  gtk_widget_class_bind_template_child (widget_class, VisitPane, content);
  gtk_widget_class_bind_template_child (widget_class, VisitPane, sentence_label);
}

static void
visit_pane_init (VisitPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer floating): where @controller's visit is shown, once there is one. */
GtkWidget *
visit_pane_new (VisitController *controller)
{
  VisitPane *self = g_object_new (VISIT_TYPE_PANE, NULL);
  WorkspacePatient *patient = visit_controller_get_patient (controller);

  self->controller = g_object_ref (controller);
  workspace_calls_set_session (self->calls, workspace_patient_get_session (patient),
                               workspace_patient_get_id (patient));
  self->changed = g_signal_connect_swapped (controller, "changed", G_CALLBACK (update), self);
  g_signal_connect_object (controller, "changed", G_CALLBACK (update_calls), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
