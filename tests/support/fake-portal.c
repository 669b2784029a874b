/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-portal.h"

#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>

#define NAME    "org.freedesktop.portal.Desktop"
#define PATH    "/org/freedesktop/portal/desktop"
#define CAMERA  "org.freedesktop.portal.Camera"
#define REQUEST "org.freedesktop.portal.Request"

static const char interfaces[] =
    "<node><interface name='" CAMERA "'>"
    "<method name='AccessCamera'><arg type='a{sv}' direction='in'/>"
    "<arg type='o' direction='out'/></method>"
    "<method name='OpenPipeWireRemote'><arg type='a{sv}' direction='in'/>"
    "<arg type='h' direction='out'/></method>"
    "<property name='IsCameraPresent' type='b' access='read'/></interface>"
    "<interface name='org.freedesktop.portal.Background'>"
    "<method name='RequestBackground'><arg type='s' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method></interface>"
    "<interface name='" REQUEST "'><method name='Close'/></interface></node>";

static void
respond (FakePortal *self, guint response)
{
  GVariant *results =
      self->results && response == 0 ? self->results : g_variant_new ("a{sv}", NULL);

  g_dbus_connection_emit_signal (self->portal, NULL, self->handle, REQUEST, "Response",
                                 g_variant_new ("(u@a{sv})", response, results), NULL);
}

/* A portal that was told to wait says now what somebody chose: 0 yes, 1 no, 2 neither. */
void
fake_portal_answer (FakePortal *self, guint response)
{
  respond (self, response);
}

static char *
make_handle (const char *sender, const char *token)
{
  g_autofree char *name = g_strdelimit (g_strdup (sender + 1), ".", '_');

  return g_strconcat (PATH "/request/", name, "/", token, NULL);
}

static void
answer_request (FakePortal *self, GDBusMethodInvocation *invocation)
{
  switch (self->mood)
    {
    case FAKE_PORTAL_GRANT:
    case FAKE_PORTAL_ELSEWHERE:
      respond (self, 0);
      break;
    case FAKE_PORTAL_REFUSE:
      respond (self, 1);
      break;
    case FAKE_PORTAL_END:
      respond (self, 2);
      break;
    case FAKE_PORTAL_GARBAGE:
      g_dbus_connection_emit_signal (self->portal, NULL, self->handle, REQUEST, "Response",
                                     g_variant_new ("(si)", "yes", 7), NULL);
      break;
    case FAKE_PORTAL_WAIT:
    case FAKE_PORTAL_ERROR:
    default:
      break;
    }
}

static void
take_request (FakePortal *self, GVariant *options, GDBusMethodInvocation *invocation)
{
  const char *token = "none";

  self->asked++;
  g_clear_pointer (&self->options, g_variant_unref);
  self->options = g_variant_ref (options);
  if (self->mood == FAKE_PORTAL_ERROR)
    {
      g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.portal.Error.Failed",
                                                  "no");
      return;
    }
  g_variant_lookup (options, "handle_token", "&s", &token);
  g_free (self->handle);
  self->handle = self->mood == FAKE_PORTAL_ELSEWHERE
                     ? g_strdup (PATH "/request/elsewhere")
                     : make_handle (g_dbus_method_invocation_get_sender (invocation), token);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", self->handle));
  answer_request (self, invocation);
}

static void
hand_out (FakePortal *self, GDBusMethodInvocation *invocation)
{
  g_autoptr (GUnixFDList) files = g_unix_fd_list_new ();

  self->opened++;
  if (self->remote < 0)
    {
      g_dbus_method_invocation_return_dbus_error (invocation,
                                                  "org.freedesktop.portal.Error.NotAllowed", "no");
      return;
    }
  g_assert_cmpint (g_unix_fd_list_append (files, self->remote, NULL), ==, 0);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0),
                                                           files);
}

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
  FakePortal *self = user_data;
  g_autoptr (GVariant) options =
      g_variant_get_child_value (parameters, g_variant_n_children (parameters) - 1);

  g_set_str (&self->method, method);
  if (g_str_equal (method, "OpenPipeWireRemote"))
    hand_out (self, invocation);
  else
    take_request (self, options, invocation);
}

static GVariant *
property_cb (GDBusConnection *connection,
             const char *sender,
             const char *path,
             const char *interface,
             const char *property,
             GError **error,
             gpointer user_data)
{
  return g_variant_new_boolean (((FakePortal *) user_data)->present);
}

static const GDBusInterfaceVTable vtable = { .method_call = call_cb, .get_property = property_cb };

/* Requests have no object here; what is sent to one is counted. */
static GDBusMessage *
filter (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  if (incoming && g_strcmp0 (g_dbus_message_get_member (message), "Close") == 0 &&
      g_strcmp0 (g_dbus_message_get_interface (message), REQUEST) == 0)
    g_atomic_int_inc (&((FakePortal *) user_data)->closed);
  return message;
}

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
call_bus (FakePortal *self, const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_sync (self->portal, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                   "org.freedesktop.DBus", method, parameters, NULL,
                                   G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
}

/* There is a camera, and everything is granted. */
void
fake_portal_set_up (FakePortal *self)
{
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interfaces, NULL);

  self->remote = -1;
  self->present = TRUE;
  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  self->portal = connect_to (self->bus);
  self->ours = connect_to (self->bus);
  for (guint i = 0; i < 2; i++)
    g_dbus_connection_register_object (self->portal, PATH, node->interfaces[i], &vtable, self, NULL,
                                       NULL);
  g_dbus_connection_add_filter (self->portal, filter, self, NULL);
  call_bus (self, "RequestName", g_variant_new ("(su)", NAME, 0));
}

void
fake_portal_tear_down (FakePortal *self)
{
  g_dbus_connection_close_sync (self->portal, NULL, NULL);
  g_dbus_connection_close_sync (self->ours, NULL, NULL);
  g_clear_object (&self->portal);
  g_clear_object (&self->ours);
  g_test_dbus_down (self->bus);
  g_clear_object (&self->bus);
  g_clear_fd (&self->remote, NULL);
  g_clear_pointer (&self->results, g_variant_unref);
  g_clear_pointer (&self->options, g_variant_unref);
  g_clear_pointer (&self->handle, g_free);
  g_clear_pointer (&self->method, g_free);
}

/* It crashes, or was never there. */
void
fake_portal_leave (FakePortal *self)
{
  call_bus (self, "ReleaseName", g_variant_new ("(s)", NAME));
}

void
fake_portal_set_present (FakePortal *self, gboolean present)
{
  GVariantBuilder changed = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sv}"));

  self->present = present;
  g_variant_builder_add (&changed, "{sv}", "IsCameraPresent", g_variant_new_boolean (present));
  g_dbus_connection_emit_signal (self->portal, NULL, PATH, "org.freedesktop.DBus.Properties",
                                 "PropertiesChanged",
                                 g_variant_new ("(sa{sv}as)", CAMERA, &changed, NULL), NULL);
}

static void
pinged_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  *(gboolean *) data = TRUE;
}

/* Until all that was said on the bus by now was heard, and answered at once. */
void
fake_portal_settle (FakePortal *self)
{
  for (guint i = 0; i < 4; i++)
    {
      gboolean done = FALSE;

      g_dbus_connection_call (i % 2 == 0 ? self->ours : self->portal, "org.freedesktop.DBus",
                              "/org/freedesktop/DBus", "org.freedesktop.DBus.Peer", "Ping", NULL,
                              NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, pinged_cb, &done);
      while (!done)
        g_main_context_iteration (NULL, TRUE);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}
