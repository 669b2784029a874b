/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-preferences.h"

#include <glib/gi18n.h>

#include "app-autostart-row.h"
#include "app-policies-page.h"

/* One row a setting, by one table: a setting that is added to it is shown, kept, and shown as fixed
 * where it is. What is chosen is kept at once, by whoever uses it too. */

typedef enum
{
  SETTING_SWITCH,
  SETTING_CORNER,
  SETTING_DAYS,
  SETTING_FILE,
  SETTING_CAMERA,
  SETTING_MICROPHONE,
  SETTING_SPEAKER,
} SettingKind;

typedef struct
{
  const char *key, *row; /* of the schema; of the template */
  SettingKind kind;
} Setting;

static const Setting table[] = {
  { "visit-camera", "visit_camera_row", SETTING_CAMERA },
  { "visit-microphone", "microphone_row", SETTING_MICROPHONE },
  { "visit-speaker", "speaker_row", SETTING_SPEAKER },
  { "visit-echo-cancellation", "echo_row", SETTING_SWITCH },
  { "visit-noise-suppression", "noise_row", SETTING_SWITCH },
  { "visit-gain", "gain_row", SETTING_SWITCH },
  { "visit-mirror", "mirror_row", SETTING_SWITCH },
  { "visit-corner", "corner_row", SETTING_CORNER },
  { "document-camera", "document_camera_row", SETTING_CAMERA },
  { "content-file", "file_row", SETTING_FILE },
  { "content-days", "days_row", SETTING_DAYS },
};

struct _AppPreferences
{
  AdwPreferencesDialog parent_instance;

  GSettings *settings;
  MediaSources *sources;
  gboolean filling;

  GtkWidget *clinic_group;
  AdwSwitchRow *login_start_row;
  GtkWidget *fixed_group;
  GtkWidget *ship_button;
};

G_DEFINE_FINAL_TYPE (AppPreferences, app_preferences, ADW_TYPE_PREFERENCES_DIALOG)

static GtkWidget *
get_row (AppPreferences *self, const Setting *setting)
{
  return GTK_WIDGET (
      gtk_widget_get_template_child (GTK_WIDGET (self), APP_TYPE_PREFERENCES, setting->row));
}

/* ---- devices ---- */

static MediaDeviceKind
device_kind_of (SettingKind kind)
{
  return kind == SETTING_CAMERA       ? MEDIA_DEVICE_CAMERA
         : kind == SETTING_MICROPHONE ? MEDIA_DEVICE_MICROPHONE
                                      : MEDIA_DEVICE_SPEAKER;
}

static gboolean
is_device (const Setting *setting)
{
  return setting->kind == SETTING_CAMERA || setting->kind == SETTING_MICROPHONE ||
         setting->kind == SETTING_SPEAKER;
}

static AdwComboRow *
get_device_row (AppPreferences *self, const Setting *setting)
{
  return ADW_COMBO_ROW (get_row (self, setting));
}

/* A list of names without doubles: two devices of one name are one choice here. The first line is
 * the system's own, whatever its name. */
static guint
find_or_append (GtkStringList *names, const char *name)
{
  guint n_names = g_list_model_get_n_items (G_LIST_MODEL (names));

  for (guint i = 1; i < n_names; i++)
    if (g_str_equal (gtk_string_list_get_string (names, i), name))
      return i;
  gtk_string_list_append (names, name);
  return n_names;
}

static gboolean
is_connected (AppPreferences *self, const Setting *setting, const char *name)
{
  GListModel *devices = media_device_choice_get_list (
      media_sources_get_choice (self->sources, device_kind_of (setting->kind)));

  for (guint i = 0; i < g_list_model_get_n_items (devices); i++)
    {
      g_autoptr (MediaDevice) device = g_list_model_get_item (devices, i);
      if (g_str_equal (media_device_get_name (device), name))
        return TRUE;
    }
  return FALSE;
}

/* What is chosen and not plugged in is said to be missing, so that nobody thinks it forgotten. */
static void
say_missing (AppPreferences *self, const Setting *setting)
{
  g_autofree char *chosen = g_settings_get_string (self->settings, setting->key);
  g_autofree char *missing = *chosen && !is_connected (self, setting, chosen)
                                 ? g_strdup_printf (_ ("“%s” is not connected"), chosen)
                                 : g_strdup ("");

  adw_action_row_set_subtitle (ADW_ACTION_ROW (get_row (self, setting)), missing);
}

static void
fill_device (AppPreferences *self, const Setting *setting)
{
  GListModel *devices = media_device_choice_get_list (
      media_sources_get_choice (self->sources, device_kind_of (setting->kind)));
  g_autofree char *chosen = g_settings_get_string (self->settings, setting->key);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected;

  gtk_string_list_append (names, _ ("The system’s own"));
  for (guint i = 0; i < g_list_model_get_n_items (devices); i++)
    {
      g_autoptr (MediaDevice) device = g_list_model_get_item (devices, i);
      find_or_append (names, media_device_get_name (device));
    }
  selected = *chosen ? find_or_append (names, chosen) : 0;
  self->filling = TRUE;
  adw_combo_row_set_model (get_device_row (self, setting), G_LIST_MODEL (names));
  adw_combo_row_set_selected (get_device_row (self, setting), selected);
  self->filling = FALSE;
  say_missing (self, setting);
}

static void
fill_devices (AppPreferences *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (is_device (&table[i]))
      fill_device (self, &table[i]);
}

/* (nullable): NULL before there is a list; "": the system's own. */
static const char *
get_selected (AppPreferences *self, const Setting *setting)
{
  AdwComboRow *row = get_device_row (self, setting);
  GListModel *names = adw_combo_row_get_model (row);
  guint selected = adw_combo_row_get_selected (row);

  if (!names || selected >= g_list_model_get_n_items (names))
    return NULL;
  return selected > 0 ? gtk_string_list_get_string (GTK_STRING_LIST (names), selected) : "";
}

/* The list is not made anew while it tells what was chosen: it would tell that again. */
static void
device_cb (AppPreferences *self, GParamSpec *pspec, GtkWidget *row)
{
  for (gsize i = 0; !self->filling && i < G_N_ELEMENTS (table); i++)
    if (get_row (self, &table[i]) == row)
      {
        const char *name = get_selected (self, &table[i]);

        if (name)
          g_settings_set_string (self->settings, table[i].key, name);
        say_missing (self, &table[i]);
        return;
      }
}

static void
device_changed (AppPreferences *self, const Setting *setting)
{
  g_autofree char *chosen = g_settings_get_string (self->settings, setting->key);

  if (g_strcmp0 (get_selected (self, setting), chosen) != 0)
    fill_device (self, setting);
}

/* ---- clinical content ---- */

static void
show_file (AppPreferences *self)
{
  g_autofree char *path = g_settings_get_string (self->settings, "content-file");
  GtkWidget *row = GTK_WIDGET (
      gtk_widget_get_template_child (GTK_WIDGET (self), APP_TYPE_PREFERENCES, "file_row"));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), *path ? path : _ ("What comes with Bedside"));
  gtk_widget_set_visible (self->ship_button, *path != '\0');
}

static void
file_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppPreferences) self = user_data;
  g_autoptr (GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, NULL);
  g_autofree char *path = file ? g_file_get_path (file) : NULL;

  if (path)
    g_settings_set_string (self->settings, "content-file", path);
}

static void
choose_file_cb (AppPreferences *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_file_dialog_set_title (dialog, _ ("Choose Clinical Content"));
  gtk_file_dialog_open (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL,
                        file_chosen_cb, g_object_ref (self));
}

static void
reset_file_cb (AppPreferences *self)
{
  g_settings_reset (self->settings, "content-file");
}

/* ---- all of them ---- */

static void
bind_row (AppPreferences *self, const Setting *setting)
{
  GtkWidget *row = get_row (self, setting);

  switch (setting->kind)
    {
    case SETTING_SWITCH:
      g_settings_bind (self->settings, setting->key, row, "active",
                       G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_NO_SENSITIVITY);
      break;
    case SETTING_CORNER:
      g_settings_bind (self->settings, setting->key, row, "selected",
                       G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_NO_SENSITIVITY);
      break;
    case SETTING_DAYS:
      g_settings_bind (self->settings, setting->key, row, "value",
                       G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_NO_SENSITIVITY);
      break;
    case SETTING_FILE:
      show_file (self);
      break;
    case SETTING_CAMERA:
    case SETTING_MICROPHONE:
    case SETTING_SPEAKER:
      fill_device (self, setting);
      break;
    }
}

/* What cannot be written is shown as it is: somebody who looks after this computer fixed it. */
static void
show_writable (AppPreferences *self)
{
  gboolean fixed = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      gboolean writable = g_settings_is_writable (self->settings, table[i].key);
      gtk_widget_set_sensitive (get_row (self, &table[i]), writable);
      fixed |= !writable;
    }
  gtk_widget_set_visible (self->fixed_group, fixed);
}

static void
changed_cb (AppPreferences *self, const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].key, key) && is_device (&table[i]))
      device_changed (self, &table[i]);
    else if (g_str_equal (table[i].key, key) && table[i].kind == SETTING_FILE)
      show_file (self);
}

static void
app_preferences_dispose (GObject *object)
{
  AppPreferences *self = APP_PREFERENCES (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_PREFERENCES);
  g_clear_object (&self->settings);
  g_clear_object (&self->sources);
  G_OBJECT_CLASS (app_preferences_parent_class)->dispose (object);
}

static void
app_preferences_class_init (AppPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = app_preferences_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/app/app-preferences.ui");
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    gtk_widget_class_bind_template_child_full (widget_class, table[i].row, FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, AppPreferences, clinic_group);
  gtk_widget_class_bind_template_child (widget_class, AppPreferences, login_start_row);
  gtk_widget_class_bind_template_child (widget_class, AppPreferences, fixed_group);
  gtk_widget_class_bind_template_child (widget_class, AppPreferences, ship_button);
  gtk_widget_class_bind_template_callback (widget_class, device_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_file_cb);
  gtk_widget_class_bind_template_callback (widget_class, reset_file_cb);
}

static void
app_preferences_init (AppPreferences *self)
{
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->filling = FALSE;
}

/* @sources: what is plugged in; the list follows it while the dialog stands open. @fleet: what the
 * administrator set is shown beside what a person chooses, on a page of its own. */
AppPreferences *
app_preferences_new (GSettings *settings, MediaSources *sources, AppFleet *fleet)
{
  AppPreferences *self = g_object_new (APP_TYPE_PREFERENCES, NULL);

  self->settings = g_object_ref (settings);
  self->sources = g_object_ref (sources);
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    bind_row (self, &table[i]);
  for (guint kind = 0; kind < MEDIA_N_DEVICE_KINDS; kind++)
    g_signal_connect_object (media_device_choice_get_list (
                                 media_sources_get_choice (sources, kind)),
                             "items-changed", G_CALLBACK (fill_devices), self,
                             G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (settings, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "writable-changed", G_CALLBACK (show_writable), self,
                           G_CONNECT_SWAPPED);
  show_writable (self);
  if (app_fleet_get (fleet))
    adw_preferences_dialog_add (ADW_PREFERENCES_DIALOG (self),
                                ADW_PREFERENCES_PAGE (app_policies_page_new (fleet)));
  return self;
}

/* Once: there is a clinic on this computer. */
void
app_preferences_set_autostart (AppPreferences *self, AppAutostart *autostart)
{
  g_return_if_fail (APP_IS_PREFERENCES (self));

  app_autostart_row_bind (self->login_start_row, autostart);
  gtk_widget_set_visible (self->clinic_group, TRUE);
}

/* @key: of a setting; the focus goes to its row, or to the first thing in that which can be
 * changed. */
void
app_preferences_show (AppPreferences *self, const char *key)
{
  g_return_if_fail (APP_IS_PREFERENCES (self));

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].key, key))
      {
        GtkWidget *row = get_row (self, &table[i]);

        if (!gtk_widget_grab_focus (row))
          gtk_widget_child_focus (row, GTK_DIR_TAB_FORWARD);
      }
}

/* (transfer full): of the settings that are shown */
GStrv
app_preferences_dup_keys (AppPreferences *self)
{
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (get_row (self, &table[i]))
      g_strv_builder_add (keys, table[i].key);
  return g_strv_builder_end (keys);
}
