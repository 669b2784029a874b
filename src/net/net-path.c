/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-path.h"

#include <time.h>

/* Three witnesses, since each is missing somewhere: GNetworkMonitor knows of networks, logind of
 * sleep, and the clocks of both sleep and a machine that was stopped as a whole. What they say is
 * gathered for a moment, for a change of network comes as a handful of signals. */

#define TICK_MS   1000
#define SETTLE_MS 200
#define SLEPT_US  (2 * G_USEC_PER_SEC)
#define STOOD_US  (5 * G_USEC_PER_SEC) /* a busy main loop is not so late */

struct _NetPath
{
  GObject parent_instance;
  GNetworkMonitor *monitor;
  GDBusConnection *bus;
  GCancellable *cancellable;
  NetPathClock clock;
  gpointer clock_data;
  gint64 last_with, last_without;
  guint sleep_subscription;
  guint tick, settle;
  const char *reason;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (NetPath, net_path, G_TYPE_OBJECT)

static gboolean
settled_cb (gpointer data)
{
  NetPath *self = data;

  self->settle = 0;
  g_signal_emit (self, changed_signal, 0, self->reason);
  return G_SOURCE_REMOVE;
}

static void
may_have_changed (NetPath *self, const char *reason)
{
  self->reason = reason;
  if (self->settle == 0)
    self->settle = g_timeout_add (SETTLE_MS, settled_cb, self);
}

static void
network_changed_cb (NetPath *self, gboolean available)
{
  if (available)
    may_have_changed (self, "the network changed");
}

/* ---- sleep ---- */

static gint64
read_clock (clockid_t id)
{
  struct timespec now = { 0 };

  clock_gettime (id, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
system_clock (gpointer data, gint64 *with_sleep, gint64 *without_sleep)
{
  *with_sleep = read_clock (CLOCK_BOOTTIME);
  *without_sleep = read_clock (CLOCK_MONOTONIC);
}

/**
 * net_path_tick:
 *
 * To be called once a second; it does that by itself.
 */
void
net_path_tick (NetPath *self)
{
  gint64 with, without, passed_with, passed_without;

  self->clock (self->clock_data, &with, &without);
  passed_with = with - self->last_with;
  passed_without = without - self->last_without;
  self->last_with = with;
  self->last_without = without;
  if (passed_with - passed_without >= SLEPT_US)
    may_have_changed (self, "this computer slept");
  else if (passed_without >= STOOD_US + TICK_MS * 1000)
    may_have_changed (self, "this computer stood still");
}

static gboolean
tick_cb (gpointer data)
{
  net_path_tick (data);
  return G_SOURCE_CONTINUE;
}

static void
sleep_cb (GDBusConnection *bus,
          const char *sender,
          const char *path,
          const char *interface,
          const char *name,
          GVariant *parameters,
          gpointer data)
{
  gboolean begins = TRUE;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    g_variant_get (parameters, "(b)", &begins);
  if (!begins)
    may_have_changed (data, "this computer woke up");
}

static void
bus_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (NetPath) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL || self->cancellable == NULL)
    {
      /* the clocks are left */
      g_debug ("Sleep is not told by the system: %s", error != NULL ? error->message : "closed");
      return;
    }
  self->bus = g_steal_pointer (&bus);
  self->sleep_subscription =
      g_dbus_connection_signal_subscribe (self->bus, "org.freedesktop.login1",
                                          "org.freedesktop.login1.Manager", "PrepareForSleep",
                                          "/org/freedesktop/login1", NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                          sleep_cb, self, NULL);
}

static void
net_path_dispose (GObject *object)
{
  NetPath *self = NET_PATH (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_handle_id (&self->settle, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->bus != NULL)
    g_dbus_connection_signal_unsubscribe (self->bus, self->sleep_subscription);
  g_clear_object (&self->bus);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  G_OBJECT_CLASS (net_path_parent_class)->dispose (object);
}

static void
net_path_class_init (NetPathClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = net_path_dispose;
  changed_signal = g_signal_new ("changed", NET_TYPE_PATH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
net_path_init (NetPath *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * net_path_new_with:
 * @monitor: (nullable): which says when networks come and go
 * @clock: for a test
 *
 * Returns: (transfer full)
 */
NetPath *
net_path_new_with (GNetworkMonitor *monitor, NetPathClock clock, gpointer data)
{
  NetPath *self = g_object_new (NET_TYPE_PATH, NULL);

  self->clock = clock;
  self->clock_data = data;
  self->clock (data, &self->last_with, &self->last_without);
  self->tick = g_timeout_add (TICK_MS, tick_cb, self);
  if (monitor != NULL)
    {
      self->monitor = g_object_ref (monitor);
      g_signal_connect_swapped (monitor, "network-changed", G_CALLBACK (network_changed_cb), self);
    }
  return self;
}

/**
 * net_path_new:
 *
 * Returns: (transfer full): what listens to this computer
 */
NetPath *
net_path_new (void)
{
  NetPath *self = net_path_new_with (g_network_monitor_get_default (), system_clock, NULL);

  if (g_strcmp0 (g_getenv ("BEDSIDE_NO_BUS"), "1") != 0)
    g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, bus_cb, g_object_ref (self));
  return self;
}
