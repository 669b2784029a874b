/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-devices-dialog.h"

#include <glib/gi18n.h>

#include "visit-devices.h"
#include "workspace-text.h"

/* Camera, microphone and speaker of this computer; what is chosen is used at once, in mid-call too.
 * The lists follow what is plugged in while they stand open. */

struct _VisitDevicesDialog
{
  AdwDialog parent_instance;

  VisitController *controller;
  gboolean filling;
  AdwComboRow *camera_row;
  AdwComboRow *microphone_row;
  AdwComboRow *speaker_row;
  GtkLevelBar *voice_bar;
  GtkWidget *voice_row;
  AdwSwitchRow *echo_row;
  AdwSwitchRow *noise_row;
  AdwSwitchRow *gain_row;
  AdwSwitchRow *mirror_row;
};

G_DEFINE_FINAL_TYPE (VisitDevicesDialog, visit_devices_dialog, ADW_TYPE_DIALOG)

static WorkspaceSession *
get_session (VisitDevicesDialog *self)
{
  return workspace_patient_get_session (visit_controller_get_patient (self->controller));
}

static AdwComboRow *
get_row (VisitDevicesDialog *self, MediaDeviceKind kind)
{
  AdwComboRow *const rows[] = { self->camera_row, self->microphone_row, self->speaker_row };

  return rows[kind];
}

static MediaDeviceChoice *
get_choice (VisitDevicesDialog *self, MediaDeviceKind kind)
{
  return media_sources_get_choice (visit_devices_get (get_session (self)), kind);
}

/* (nullable): why the list is empty; one that the system lends is listed when it was lent */
static const char *
explain_empty (VisitDevicesDialog *self, MediaDeviceKind kind)
{
  if (kind == MEDIA_DEVICE_CAMERA &&
      media_sources_has_camera (visit_devices_get (get_session (self)), NULL))
    return _ ("The system asks you about it when a call needs it");
  return _ ("None is connected");
}

/* The first line is the system's own; one that is chosen and not plugged in is named, so that
 * nobody thinks it forgotten. */
static void
fill_row (VisitDevicesDialog *self, MediaDeviceKind kind)
{
  MediaDeviceChoice *choice = get_choice (self, kind);
  GListModel *devices = media_device_choice_get_list (choice);
  const char *chosen = media_device_choice_get_chosen_name (choice);
  g_autoptr (MediaDevice) used = media_device_choice_pick (choice);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  gtk_string_list_append (names, _ ("The system’s own"));
  for (guint i = 0; i < g_list_model_get_n_items (devices); i++)
    {
      g_autoptr (MediaDevice) device = g_list_model_get_item (devices, i);

      gtk_string_list_append (names, media_device_get_name (device));
      if (chosen != NULL && used != NULL &&
          g_str_equal (media_device_get_id (device), media_device_get_id (used)) &&
          g_str_equal (media_device_get_name (device), chosen))
        selected = i + 1;
    }
  self->filling = TRUE;
  adw_combo_row_set_model (get_row (self, kind), G_LIST_MODEL (names));
  adw_combo_row_set_selected (get_row (self, kind), selected);
  self->filling = FALSE;
  if (chosen != NULL && selected == 0)
    {
      g_autofree char *words = g_strdup_printf (_ ("“%s” is not connected"), chosen);
      g_autofree char *escaped = g_markup_escape_text (words, -1);

      adw_action_row_set_subtitle (ADW_ACTION_ROW (get_row (self, kind)), escaped);
    }
  else
    adw_action_row_set_subtitle (ADW_ACTION_ROW (get_row (self, kind)),
                                 used != NULL ? "" : explain_empty (self, kind));
}

static void
fill (VisitDevicesDialog *self)
{
  for (guint kind = 0; kind < MEDIA_N_DEVICE_KINDS; kind++)
    fill_row (self, kind);
}

static void
chosen_cb (VisitDevicesDialog *self, GParamSpec *pspec, AdwComboRow *row)
{
  guint selected = adw_combo_row_get_selected (row);

  for (guint kind = 0; !self->filling && kind < MEDIA_N_DEVICE_KINDS; kind++)
    if (get_row (self, kind) == row && selected != GTK_INVALID_LIST_POSITION)
      {
        GListModel *devices = media_device_choice_get_list (get_choice (self, kind));
        g_autoptr (MediaDevice) device =
            selected > 0 ? g_list_model_get_item (devices, selected - 1) : NULL;

        visit_devices_choose (get_session (self), kind,
                              device != NULL ? media_device_get_id (device) : NULL);
        fill_row (self, kind);
        return;
      }
}

/* ---- the own voice ---- */

static AdwSwitchRow *
get_cleaning_row (VisitDevicesDialog *self, guint bit)
{
  AdwSwitchRow *const rows[] = { self->echo_row, self->noise_row, self->gain_row };

  return rows[bit];
}

static void
cleaning_cb (VisitDevicesDialog *self, GParamSpec *pspec, AdwSwitchRow *row)
{
  for (guint bit = 0; !self->filling && bit < 3; bit++)
    if (get_cleaning_row (self, bit) == row)
      visit_devices_set_cleaning (get_session (self), 1u << bit, adw_switch_row_get_active (row));
}

static void
fill_cleaning (VisitDevicesDialog *self)
{
  MediaVoiceCleaning cleaning = media_sources_get_cleaning (visit_devices_get (get_session (self)));

  self->filling = TRUE;
  for (guint bit = 0; bit < 3; bit++)
    adw_switch_row_set_active (get_cleaning_row (self, bit), (cleaning & 1u << bit) != 0);
  self->filling = FALSE;
}

static void
mirror_cb (VisitDevicesDialog *self)
{
  visit_devices_set_mirror (adw_switch_row_get_active (self->mirror_row));
  g_signal_emit_by_name (self->controller, "changed");
}

/* Loudness is heard by its logarithm: 60 dB fill the bar. */
static void
voice_cb (VisitDevicesDialog *self)
{
  double level = visit_controller_get_voice (self->controller);
  double shown = level > 0.001 ? 1 + log10 (level) / 3 : 0;

  gtk_level_bar_set_value (self->voice_bar, CLAMP (shown, 0, 1));
}

static void
update (VisitDevicesDialog *self)
{
  gtk_widget_set_visible (self->voice_row, visit_controller_get_call_active (self->controller));
}

static void
visit_devices_dialog_dispose (GObject *object)
{
  VisitDevicesDialog *self = VISIT_DEVICES_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_DEVICES_DIALOG);
  g_clear_object (&self->controller);

  G_OBJECT_CLASS (visit_devices_dialog_parent_class)->dispose (object);
}

static void
visit_devices_dialog_class_init (VisitDevicesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = visit_devices_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/visit/visit-devices-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, VisitDevicesDialog, name)
  CHILD (camera_row);
  CHILD (microphone_row);
  CHILD (speaker_row);
  CHILD (voice_bar);
  CHILD (voice_row);
  CHILD (echo_row);
  CHILD (noise_row);
  CHILD (gain_row);
  CHILD (mirror_row);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, cleaning_cb);
  gtk_widget_class_bind_template_callback (widget_class, mirror_cb);
}

static void
visit_devices_dialog_init (VisitDevicesDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

/**
 * visit_devices_dialog_new:
 *
 * Returns: (transfer floating): where camera, microphone and speaker are chosen
 */
AdwDialog *
visit_devices_dialog_new (VisitController *controller)
{
  VisitDevicesDialog *self = g_object_new (VISIT_TYPE_DEVICES_DIALOG, NULL);
  MediaSources *sources;

  self->controller = g_object_ref (controller);
  sources = visit_devices_get (get_session (self));
  for (guint kind = 0; kind < MEDIA_N_DEVICE_KINDS; kind++)
    g_signal_connect_object (media_device_choice_get_list (
                                 media_sources_get_choice (sources, kind)),
                             "items-changed", G_CALLBACK (fill), self,
                             G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  self->filling = TRUE;
  adw_switch_row_set_active (self->mirror_row, visit_devices_get_mirror ());
  self->filling = FALSE;
  g_signal_connect_object (controller, "voice", G_CALLBACK (voice_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  fill (self);
  fill_cleaning (self);
  update (self);
  return ADW_DIALOG (self);
}
