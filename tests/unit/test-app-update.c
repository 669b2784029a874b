/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-update.h"

/* A portal that stands in for Flatpak's, on a bus of its own. */

#define PORTAL "org.freedesktop.portal.Flatpak"
#define HANDLE "/org/freedesktop/portal/Flatpak/update_monitor/1_1/bedside"

static const char interface_xml[] =
    "<node><interface name='" PORTAL "'><method name='CreateUpdateMonitor'>"
    "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method></interface></node>";

typedef struct
{
  GTestDBus *bus;
  GDBusConnection *portal, *ours;
  gboolean asked;
  guint installed;
} Fixture;

static void
call_cb (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  ((Fixture *) user_data)->asked = TRUE;
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", HANDLE));
}

static const GDBusInterfaceVTable vtable = { .method_call = call_cb };

static GDBusConnection *
connect_to (GTestDBus *bus)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (bus),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interface_xml, NULL);
  g_autoptr (GVariant) answer = NULL;

  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->portal = connect_to (fixture->bus);
  fixture->ours = connect_to (fixture->bus);
  g_dbus_connection_register_object (fixture->portal, "/org/freedesktop/portal/Flatpak",
                                     node->interfaces[0], &vtable, fixture, NULL, NULL);
  answer = g_dbus_connection_call_sync (fixture->portal, "org.freedesktop.DBus",
                                        "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                        "RequestName", g_variant_new ("(su)", PORTAL, 0), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_assert_nonnull (answer);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_dbus_connection_close_sync (fixture->portal, NULL, NULL);
  g_dbus_connection_close_sync (fixture->ours, NULL, NULL);
  g_clear_object (&fixture->portal);
  g_clear_object (&fixture->ours);
  g_test_dbus_down (fixture->bus);
  g_clear_object (&fixture->bus);
}

static void
tell (Fixture *fixture, const char *running, const char *local, const char *remote)
{
  GVariantDict info;

  g_variant_dict_init (&info, NULL);
  g_variant_dict_insert (&info, "running-commit", "s", running);
  g_variant_dict_insert (&info, "local-commit", "s", local);
  g_variant_dict_insert (&info, "remote-commit", "s", remote);
  g_dbus_connection_emit_signal (fixture->portal, NULL, HANDLE, PORTAL ".UpdateMonitor",
                                 "UpdateAvailable",
                                 g_variant_new ("(@a{sv})", g_variant_dict_end (&info)), NULL);
}

static void
installed_cb (Fixture *fixture)
{
  fixture->installed++;
}

/* What is only offered is nobody's business here; what was installed is told once. */
static void
test_installed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AppUpdate) update = app_update_new (fixture->ours);

  g_signal_connect_swapped (update, "installed", G_CALLBACK (installed_cb), fixture);
  while (!fixture->asked)
    g_main_context_iteration (NULL, TRUE);
  tell (fixture, "a", "a", "b");
  tell (fixture, "a", "b", "b");
  tell (fixture, "a", "b", "b");
  tell (fixture, "a", "a", "c");
  while (fixture->installed == 0)
    g_main_context_iteration (NULL, TRUE);
  /* what was sent before an answer has come before it */
  g_variant_unref (g_dbus_connection_call_sync (fixture->ours, PORTAL,
                                                "/org/freedesktop/portal/Flatpak",
                                                "org.freedesktop.DBus.Peer", "Ping", NULL, NULL,
                                                G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->installed, ==, 1);
}

/* Another program on the bus cannot tell it. */
static void
test_stranger (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AppUpdate) update = app_update_new (fixture->ours);
  GDBusConnection *stranger = connect_to (fixture->bus);
  GVariantDict info;

  g_signal_connect_swapped (update, "installed", G_CALLBACK (installed_cb), fixture);
  while (!fixture->asked)
    g_main_context_iteration (NULL, TRUE);
  g_variant_dict_init (&info, NULL);
  g_variant_dict_insert (&info, "running-commit", "s", "a");
  g_variant_dict_insert (&info, "local-commit", "s", "b");
  g_dbus_connection_emit_signal (stranger, NULL, HANDLE, PORTAL ".UpdateMonitor", "UpdateAvailable",
                                 g_variant_new ("(@a{sv})", g_variant_dict_end (&info)), NULL);
  g_dbus_connection_flush_sync (stranger, NULL, NULL);
  g_variant_unref (g_dbus_connection_call_sync (fixture->ours, "org.freedesktop.DBus",
                                                "/org/freedesktop/DBus",
                                                "org.freedesktop.DBus.Peer", "Ping", NULL, NULL,
                                                G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->installed, ==, 0);
  g_dbus_connection_close_sync (stranger, NULL, NULL);
  g_object_unref (stranger);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/app/update/installed", Fixture, NULL, set_up, test_installed, tear_down);
  g_test_add ("/app/update/stranger", Fixture, NULL, set_up, test_stranger, tear_down);
  return g_test_run ();
}
