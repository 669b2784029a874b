/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-path.h"

#include "last-reference.h"
#include "net-fixture.h"

/* A monitor of networks that says what the test wants. */
#define TEST_TYPE_MONITOR (test_monitor_get_type ())
G_DECLARE_FINAL_TYPE (TestMonitor, test_monitor, TEST, MONITOR, GObject)

struct _TestMonitor
{
  GObject parent_instance;
};

static void
test_monitor_initable_init (GInitableIface *iface)
{
}

static void
test_monitor_monitor_init (GNetworkMonitorInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestMonitor,
                               test_monitor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, test_monitor_initable_init)
                                   G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR,
                                                          test_monitor_monitor_init))

enum
{
  PROP_AVAILABLE = 1,
  PROP_METERED,
  PROP_CONNECTIVITY,
};

static void
test_monitor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CONNECTIVITY)
    g_value_set_enum (value, G_NETWORK_CONNECTIVITY_FULL);
  else
    g_value_set_boolean (value, id == PROP_AVAILABLE);
}

static void
test_monitor_class_init (TestMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_monitor_get_property;
  g_object_class_override_property (object_class, PROP_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
test_monitor_init (TestMonitor *self)
{
}

typedef struct
{
  gint64 with, without;
  guint changes;
  char *reason;
} Fixture;

static void
clock_cb (gpointer data, gint64 *with_sleep, gint64 *without_sleep)
{
  Fixture *self = data;

  *with_sleep = self->with;
  *without_sleep = self->without;
}

static void
changed_cb (NetPath *path, const char *reason, Fixture *self)
{
  self->changes++;
  g_set_str (&self->reason, reason);
}

static NetPath *
set_up (Fixture *self, GNetworkMonitor *monitor)
{
  NetPath *path = net_path_new_with (monitor, clock_cb, self);

  g_signal_connect (path, "changed", G_CALLBACK (changed_cb), self);
  return path;
}

static void
pass (Fixture *self, NetPath *path, gint64 with, gint64 without)
{
  self->with += with * G_TIME_SPAN_MILLISECOND;
  self->without += without * G_TIME_SPAN_MILLISECOND;
  net_path_tick (path);
}

/* A lid that was shut for ten minutes, and one that was not. */
static void
test_sleep (void)
{
  Fixture self = { 0 };
  NetPath *path = set_up (&self, NULL);

  for (guint i = 0; i < 100; i++)
    pass (&self, path, 1005, 1000); /* two clocks are never the same */
  pass (&self, path, 4000, 4000);   /* a busy moment */
  for (guint i = 0; i < 100; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (self.changes, ==, 0);
  pass (&self, path, 600000, 1000);
  net_fixture_wait (self.changes == 1);
  g_assert_cmpstr (self.reason, ==, "this computer slept");
  pass (&self, path, 60000, 60000); /* stopped as a whole, as a virtual machine is */
  net_fixture_wait (self.changes == 2);
  g_assert_cmpstr (self.reason, ==, "this computer stood still");
  last_reference_drop (path);
  g_free (self.reason);
}

/* Another network comes as a handful of signals, and is one change; a network that went is none. */
static void
test_network (void)
{
  Fixture self = { 0 };
  g_autoptr (GNetworkMonitor) monitor = g_object_new (TEST_TYPE_MONITOR, NULL);
  NetPath *path = set_up (&self, monitor);

  g_signal_emit_by_name (monitor, "network-changed", FALSE);
  for (guint i = 0; i < 5; i++)
    g_signal_emit_by_name (monitor, "network-changed", TRUE);
  net_fixture_wait (self.changes > 0);
  g_assert_cmpuint (self.changes, ==, 1);
  g_signal_emit_by_name (monitor, "network-changed", TRUE);
  net_fixture_wait (self.changes == 2);
  last_reference_drop (path);
  g_signal_emit_by_name (monitor, "network-changed", TRUE);
  g_free (self.reason);
}

static void
say_sleep (GDBusConnection *bus, gboolean begins)
{
  g_assert_true (g_dbus_connection_emit_signal (bus, NULL, "/org/freedesktop/login1",
                                                "org.freedesktop.login1.Manager", "PrepareForSleep",
                                                g_variant_new ("(b)", begins), NULL));
}

/* logind tells of sleep before and after; only after there is something to do. */
static void
test_logind (void)
{
  Fixture self = { 0 };
  g_autoptr (GTestDBus) daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GVariant) owned = NULL;
  NetPath *path;
  guint before;

  g_test_dbus_up (daemon);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (daemon), TRUE);
  bus = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (daemon),
                                                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                    G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, NULL);
  g_assert_nonnull (bus);
  owned = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", "org.freedesktop.login1", 0), NULL, 0,
                                       -1, NULL, NULL);
  g_assert_nonnull (owned);
  path = net_path_new ();
  g_signal_connect (path, "changed", G_CALLBACK (changed_cb), &self);
  say_sleep (bus, TRUE);
  /* until the bus is listened to */
  {
    gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

    while (g_strcmp0 (self.reason, "this computer woke up") != 0 && g_get_monotonic_time () < end)
      {
        g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

        say_sleep (bus, FALSE);
        g_timeout_add_once (250, (GSourceOnceFunc) g_main_loop_quit, loop);
        g_main_loop_run (loop);
      }
  }
  g_assert_cmpstr (self.reason, ==, "this computer woke up");
  net_fixture_tick (NULL);
  before = self.changes;
  say_sleep (bus, TRUE);
  g_dbus_connection_flush_sync (bus, NULL, NULL);
  for (guint i = 0; i < 200; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (self.changes, <=, before + 1); /* one may have been on its way */
  g_object_unref (path);
  g_free (self.reason);
  g_clear_object (&bus);
  g_test_dbus_stop (daemon);
}

int
main (int argc, char **argv)
{
  g_unsetenv ("BEDSIDE_NO_BUS");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net-path/sleep", test_sleep);
  g_test_add_func ("/net-path/network", test_network);
  g_test_add_func ("/net-path/logind", test_logind);
  return g_test_run ();
}
