/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-quality-dialog.h"

#include <glib/gi18n.h>

#include "visit-quality-chart.h"
#include "workspace-text.h"
#include "workspace-toast.h"

struct _VisitQualityDialog
{
  AdwDialog parent_instance;
  AdwToastOverlay *toasts;
  GtkLabel *verdict_label, *rung_label, *loss_label, *round_trip_label, *rate_label, *other_label;
  VisitQualityChart *loss_chart, *round_trip_chart, *rate_chart, *rung_chart;
  MediaHistory *history;
  int chosen_rung;
};

G_DEFINE_FINAL_TYPE (VisitQualityDialog, visit_quality_dialog, ADW_TYPE_DIALOG)

static const MediaQuality *
newest (VisitQualityDialog *self)
{
  guint length = self->history != NULL ? media_history_get_length (self->history) : 0;

  return length > 0 ? &media_history_get (self->history, length - 1)->quality : NULL;
}

static char *
dup_rungs (VisitQualityDialog *self, const MediaQuality *quality)
{
  if (self->chosen_rung == VISIT_RUNG_AUTOMATIC)
    return g_strdup_printf (_ ("Sent now: %s. Asked of the patient: %s. Bedside chooses."),
                            visit_rung_get_name (quality->rung),
                            visit_rung_get_name (quality->their_rung));
  return g_strdup_printf (_ ("Sent now: %s. Asked of the patient: %s. You allow at most: %s."),
                          visit_rung_get_name (quality->rung),
                          visit_rung_get_name (quality->their_rung),
                          visit_rung_get_name ((MediaRung) self->chosen_rung));
}

static char *
dup_number (int number)
{
  return number >= 0 ? g_strdup_printf ("%d", number) : g_strdup (_ ("not known"));
}

static char *
dup_others (const MediaQuality *quality)
{
  g_autofree char *out_jitter = dup_number (quality->out.jitter_ms);
  g_autofree char *in_jitter = dup_number (quality->in.jitter_ms);
  g_autofree char *out_frames = dup_number (quality->out.frames);
  g_autofree char *in_frames = dup_number (quality->in.frames);
  g_autofree char *out_room = dup_number (quality->out.available_kbps);
  g_autofree char *in_room = dup_number (quality->in.available_kbps);

  return g_strdup_printf (
      _ ("Unevenness in ms: %s to the patient, %s from the patient.\n"
         "Pictures a second: %s to the patient, %s from the patient.\n"
         "Room for pictures in kbit/s: %s to the patient, %s from the patient."),
      out_jitter, in_jitter, out_frames, in_frames, out_room, in_room);
}

static void
describe (GtkLabel *label, VisitQualityChart *chart)
{
  g_autofree char *text = visit_quality_chart_dup_description (chart);

  gtk_label_set_label (label, text);
}

static void
update (VisitQualityDialog *self)
{
  const MediaQuality *quality = newest (self);
  const char *sentence = quality != NULL ? media_verdict_get_sentence (quality->verdict) : NULL;
  g_autofree char *rungs = quality != NULL ? dup_rungs (self, quality) : g_strdup ("");
  g_autofree char *others = quality != NULL ? dup_others (quality) : g_strdup ("");

  gtk_label_set_label (self->verdict_label,
                       sentence != NULL ? sentence : _ ("Nothing is measured before a call."));
  gtk_label_set_label (self->rung_label, rungs);
  gtk_label_set_label (self->other_label, others);
  describe (self->loss_label, self->loss_chart);
  describe (self->round_trip_label, self->round_trip_chart);
  describe (self->rate_label, self->rate_chart);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rung_chart),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, rungs, -1);
}

static void
copy_cb (VisitQualityDialog *self)
{
  g_autofree char *text = self->history != NULL ? media_history_dup_text (self->history) : NULL;

  if (text == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  adw_toast_overlay_add_toast (self->toasts,
                               workspace_toast_new (
                                   _ ("Figures copied. Nothing in them names the patient.")));
}

static void
visit_quality_dialog_dispose (GObject *object)
{
  VisitQualityDialog *self = VISIT_QUALITY_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_QUALITY_DIALOG);
  g_clear_object (&self->history);
  G_OBJECT_CLASS (visit_quality_dialog_parent_class)->dispose (object);
}

static void
visit_quality_dialog_class_init (VisitQualityDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visit_quality_dialog_dispose;
  g_type_ensure (VISIT_TYPE_QUALITY_CHART);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/visit/visit-quality-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, VisitQualityDialog, name)
  CHILD (toasts);
  CHILD (verdict_label);
  CHILD (rung_label);
  CHILD (loss_label);
  CHILD (round_trip_label);
  CHILD (rate_label);
  CHILD (other_label);
  CHILD (loss_chart);
  CHILD (round_trip_chart);
  CHILD (rate_chart);
  CHILD (rung_chart);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
visit_quality_dialog_init (VisitQualityDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
  visit_quality_chart_set_figure (self->loss_chart, VISIT_FIGURE_LOSS);
  visit_quality_chart_set_figure (self->round_trip_chart, VISIT_FIGURE_ROUND_TRIP);
  visit_quality_chart_set_figure (self->rate_chart, VISIT_FIGURE_RATE);
  visit_quality_chart_set_figure (self->rung_chart, VISIT_FIGURE_RUNG);
}

/**
 * visit_quality_dialog_new:
 * @history: (nullable): what is shown, and followed as it changes
 * @chosen_rung: a MediaRung, or VISIT_RUNG_AUTOMATIC
 */
VisitQualityDialog *
visit_quality_dialog_new (MediaHistory *history, int chosen_rung)
{
  VisitQualityDialog *self = g_object_new (VISIT_TYPE_QUALITY_DIALOG, NULL);

  g_set_object (&self->history, history);
  visit_quality_chart_set_history (self->loss_chart, history);
  visit_quality_chart_set_history (self->round_trip_chart, history);
  visit_quality_chart_set_history (self->rate_chart, history);
  visit_quality_chart_set_history (self->rung_chart, history);
  if (history != NULL)
    g_signal_connect_object (history, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  visit_quality_dialog_set_chosen_rung (self, chosen_rung);
  return self;
}

void
visit_quality_dialog_set_chosen_rung (VisitQualityDialog *self, int chosen_rung)
{
  self->chosen_rung = chosen_rung;
  update (self);
}
