/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-camera-row.h"

#include <glib/gi18n.h>

/**
 * DocumentsCameraRow:
 *
 * Which of several cameras photographs documents: by name, and remembered. It is another choice
 * than that of visits, whose camera looks at a face. Where there is none to choose it is not shown,
 * unless the one that was chosen is missing.
 */

#define KEY "document-camera"

struct _DocumentsCameraRow
{
  AdwComboRow parent_instance;

  MediaSources *sources;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (DocumentsCameraRow, documents_camera_row, ADW_TYPE_COMBO_ROW)

/* (transfer full) (nullable): NULL where the program is not installed, as in some tests. */
static GSettings *
open_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source ? g_settings_schema_source_lookup (source, "health.bedside.Workstation", TRUE) : NULL;

  return schema && g_settings_schema_has_key (schema, KEY)
             ? g_settings_new_full (schema, NULL, NULL)
             : NULL;
}

static MediaDeviceChoice *
choice_of (DocumentsCameraRow *self)
{
  return media_sources_get_choice (self->sources, MEDIA_DEVICE_CAMERA);
}

static void
say_missing (DocumentsCameraRow *self, const char *missing)
{
  g_autofree char *words =
      missing ? g_strdup_printf (_ ("“%s” is not connected"), missing) : g_strdup ("");
  g_autofree char *escaped = g_markup_escape_text (words, -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), escaped);
}

static void
fill (DocumentsCameraRow *self)
{
  GListModel *devices = media_device_choice_get_list (choice_of (self));
  const char *chosen = media_device_choice_get_chosen_name (choice_of (self));
  g_autoptr (MediaDevice) used = media_device_choice_pick (choice_of (self));
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint n_devices = g_list_model_get_n_items (devices), selected = GTK_INVALID_LIST_POSITION;
  gboolean missing;

  for (guint i = 0; i < n_devices; i++)
    {
      g_autoptr (MediaDevice) device = g_list_model_get_item (devices, i);

      gtk_string_list_append (names, media_device_get_name (device));
      if (used && selected == GTK_INVALID_LIST_POSITION &&
          g_str_equal (media_device_get_id (device), media_device_get_id (used)))
        selected = i;
    }
  self->filling = TRUE;
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (names));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), selected);
  self->filling = FALSE;
  missing = chosen && used && g_strcmp0 (media_device_get_name (used), chosen) != 0;
  say_missing (self, missing ? chosen : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), n_devices > 1 || missing);
}

static void
selected_cb (DocumentsCameraRow *self)
{
  GListModel *devices = self->sources ? media_device_choice_get_list (choice_of (self)) : NULL;
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  g_autoptr (MediaDevice) device = NULL;
  g_autoptr (GSettings) settings = NULL;

  if (self->filling || !devices || selected >= g_list_model_get_n_items (devices))
    return;
  device = g_list_model_get_item (devices, selected);
  media_device_choice_choose (choice_of (self), media_device_get_id (device));
  say_missing (self, NULL);
  settings = open_settings ();
  if (settings)
    g_settings_set_string (settings, KEY, media_device_get_name (device));
}

static void
documents_camera_row_dispose (GObject *object)
{
  g_clear_object (&DOCUMENTS_CAMERA_ROW (object)->sources);
  G_OBJECT_CLASS (documents_camera_row_parent_class)->dispose (object);
}

static void
documents_camera_row_class_init (DocumentsCameraRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = documents_camera_row_dispose;
}

static void
documents_camera_row_init (DocumentsCameraRow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect (self, "notify::selected", G_CALLBACK (selected_cb), NULL);
}

/* Once, before the first picture: what was chosen in an earlier life of the program holds. */
void
documents_camera_row_set_sources (DocumentsCameraRow *self, MediaSources *sources)
{
  g_autoptr (GSettings) settings = open_settings ();
  g_autofree char *name = settings ? g_settings_get_string (settings, KEY) : NULL;

  g_return_if_fail (DOCUMENTS_IS_CAMERA_ROW (self) && !self->sources);

  self->sources = g_object_ref (sources);
  if (name && *name)
    media_device_choice_remember (choice_of (self), name);
  g_signal_connect_object (media_device_choice_get_list (choice_of (self)), "items-changed",
                           G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  fill (self);
}
