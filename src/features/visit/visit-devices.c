/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-devices.h"

#include <gst/gst.h>

#define SOURCES "visit-sources"

static const char *const keys[MEDIA_N_DEVICE_KINDS] = { "visit-camera", "visit-microphone",
                                                        "visit-speaker" };

/* In the order of the bits of MediaVoiceCleaning. */
static const char *const cleaning_keys[] = { "visit-echo-cancellation", "visit-noise-suppression",
                                             "visit-gain" };

/* (transfer full) (nullable): NULL where the program is not installed, as in some tests. */
static GSettings *
open_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, "health.bedside.Workstation", TRUE)
                     : NULL;

  return schema != NULL && g_settings_schema_has_key (schema, keys[0])
             ? g_settings_new_full (schema, NULL, NULL)
             : NULL;
}

static MediaVoiceCleaning
read_cleaning (GSettings *settings)
{
  MediaVoiceCleaning cleaning = settings == NULL ? MEDIA_VOICE_ALL : 0;

  for (guint i = 0; settings != NULL && i < G_N_ELEMENTS (cleaning_keys); i++)
    if (g_settings_get_boolean (settings, cleaning_keys[i]))
      cleaning |= 1u << i;
  return cleaning;
}

/* What is chosen in the preferences holds at once. What was chosen here comes back as it is: by its
 * place too, which the settings do not know. */
static void
setting_cb (MediaSources *sources, const char *key, GSettings *settings)
{
  for (guint kind = 0; kind < MEDIA_N_DEVICE_KINDS; kind++)
    if (g_str_equal (key, keys[kind]))
      {
        MediaDeviceChoice *choice = media_sources_get_choice (sources, kind);
        const char *chosen = media_device_choice_get_chosen_name (choice);
        g_autofree char *name = g_settings_get_string (settings, key);

        if (g_strcmp0 (name, chosen != NULL ? chosen : "") != 0)
          media_device_choice_remember (choice, name);
      }
  media_sources_set_cleaning (sources, read_cleaning (settings));
}

static void
follow_settings (MediaSources *sources, GSettings *settings)
{
  g_signal_connect_object (settings, "changed", G_CALLBACK (setting_cb), sources,
                           G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (sources), "visit-settings", g_object_ref (settings),
                          g_object_unref);
}

/**
 * visit_devices_set:
 *
 * Before the first visit: a test brings devices of its own.
 */
void
visit_devices_set (WorkspaceSession *session, MediaSources *sources)
{
  g_object_set_data_full (G_OBJECT (session), SOURCES, g_object_ref (sources), g_object_unref);
}

/**
 * visit_devices_get:
 *
 * GStreamer is heavy: nothing of it is made before the first call, or before somebody chooses.
 *
 * Returns: (transfer none): what is plugged in
 */
MediaSources *
visit_devices_get (WorkspaceSession *session)
{
  MediaSources *sources = g_object_get_data (G_OBJECT (session), SOURCES);
  g_autoptr (MediaSources) made = NULL;
  g_autoptr (GSettings) settings = NULL;

  if (sources != NULL)
    return sources;
  if (!gst_is_initialized ())
    gst_init (NULL, NULL);
  made = media_sources_new ();
  settings = open_settings ();
  for (guint kind = 0; settings != NULL && kind < MEDIA_N_DEVICE_KINDS; kind++)
    {
      g_autofree char *name = g_settings_get_string (settings, keys[kind]);

      media_device_choice_remember (media_sources_get_choice (made, kind), name);
    }
  media_sources_set_cleaning (made, read_cleaning (settings));
  if (settings != NULL)
    follow_settings (made, settings);
  media_sources_watch (made);
  visit_devices_set (session, made);
  return made;
}

/**
 * visit_devices_choose:
 * @id: (nullable): of a MediaDevice; NULL for the system's own
 *
 * A running call changes over at once.
 */
void
visit_devices_choose (WorkspaceSession *session, MediaDeviceKind kind, const char *id)
{
  MediaDeviceChoice *choice = media_sources_get_choice (visit_devices_get (session), kind);
  g_autoptr (GSettings) settings = open_settings ();
  const char *name;

  media_device_choice_choose (choice, id);
  name = media_device_choice_get_chosen_name (choice);
  if (settings != NULL)
    g_settings_set_string (settings, keys[kind], name != NULL ? name : "");
}

/**
 * visit_devices_set_cleaning:
 * @part: echo, noise or gain
 *
 * What is done to the own voice: in a running call at once, and in the next ones.
 */
void
visit_devices_set_cleaning (WorkspaceSession *session, MediaVoiceCleaning part, gboolean on)
{
  MediaSources *sources = visit_devices_get (session);
  MediaVoiceCleaning cleaning = media_sources_get_cleaning (sources);
  g_autoptr (GSettings) settings = open_settings ();

  media_sources_set_cleaning (sources, on ? cleaning | part : cleaning & ~part);
  for (guint i = 0; settings != NULL && i < G_N_ELEMENTS (cleaning_keys); i++)
    if (part == 1u << i)
      g_settings_set_boolean (settings, cleaning_keys[i], on);
}

gboolean
visit_devices_get_mirror (void)
{
  g_autoptr (GSettings) settings = open_settings ();

  return settings == NULL || g_settings_get_boolean (settings, "visit-mirror");
}

void
visit_devices_set_mirror (gboolean mirror)
{
  g_autoptr (GSettings) settings = open_settings ();

  if (settings != NULL)
    g_settings_set_boolean (settings, "visit-mirror", mirror);
}

int
visit_devices_get_corner (void)
{
  g_autoptr (GSettings) settings = open_settings ();

  return settings != NULL ? g_settings_get_int (settings, "visit-corner") : 0;
}

void
visit_devices_set_corner (int corner)
{
  g_autoptr (GSettings) settings = open_settings ();

  if (settings != NULL)
    g_settings_set_int (settings, "visit-corner", corner);
}
