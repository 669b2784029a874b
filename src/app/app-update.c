/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-update.h"

/**
 * AppUpdate:
 *
 * The portal tells of a version that can be had and of one that was installed; only the latter is
 * worth a word, since whoever looks after the computer decides about the former
 * (org.freedesktop.portal.Flatpak, UpdateMonitor).
 */

#define PORTAL  "org.freedesktop.portal.Flatpak"
#define MONITOR "org.freedesktop.portal.Flatpak.UpdateMonitor"
#define PATH    "/org/freedesktop/portal/Flatpak"

struct _AppUpdate
{
  GObject parent_instance;

  GDBusConnection *bus;
  guint subscription;
  gboolean told;
};

enum
{
  SIGNAL_INSTALLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppUpdate, app_update, G_TYPE_OBJECT)

static void
available_cb (GDBusConnection *bus,
              const char *sender,
              const char *path,
              const char *interface,
              const char *signal,
              GVariant *parameters,
              gpointer user_data)
{
  AppUpdate *self = user_data;
  g_autoptr (GVariant) info = NULL;
  const char *running = NULL, *local = NULL;

  if (self->told || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(a{sv})")))
    return;
  info = g_variant_get_child_value (parameters, 0);
  if (!g_variant_lookup (info, "running-commit", "&s", &running) ||
      !g_variant_lookup (info, "local-commit", "&s", &local) || g_str_equal (running, local))
    return;
  self->told = TRUE;
  g_signal_emit (self, signals[SIGNAL_INSTALLED], 0);
}

static void
app_update_dispose (GObject *object)
{
  AppUpdate *self = APP_UPDATE (object);

  if (self->subscription > 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  self->subscription = 0;
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (app_update_parent_class)->dispose (object);
}

static void
app_update_class_init (AppUpdateClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_update_dispose;

  signals[SIGNAL_INSTALLED] = g_signal_new ("installed", APP_TYPE_UPDATE, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
app_update_init (AppUpdate *self)
{
}

/* A desktop without the portal tells nothing. */
AppUpdate *
app_update_new (GDBusConnection *bus)
{
  AppUpdate *self = g_object_new (APP_TYPE_UPDATE, NULL);
  GVariantDict options;

  self->bus = g_object_ref (bus);
  self->subscription =
      g_dbus_connection_signal_subscribe (bus, PORTAL, MONITOR, "UpdateAvailable", NULL, NULL,
                                          G_DBUS_SIGNAL_FLAGS_NONE, available_cb, self, NULL);
  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "handle_token", "s", "bedside");
  g_dbus_connection_call (bus, PORTAL, PATH, PORTAL, "CreateUpdateMonitor",
                          g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
  return self;
}
