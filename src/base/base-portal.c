/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-portal.h"

#include <unistd.h>

#include "base-id.h"

/* A request of a portal is answered by a signal, when a person has made up their mind: that has no
 * limit in time, but it ends when the portal does. The signal is listened for before the request is
 * made, at the place where it will come; an old portal says another place in its answer
 * (org.freedesktop.portal.Request). */

#define REQUEST    "org.freedesktop.portal.Request"
#define BUS        "org.freedesktop.DBus"
#define SAYS_YES   0
#define SAYS_NO    1 /* somebody did, now or at an earlier time */
#define OLD_PLACES 2

typedef struct
{
  GDBusConnection *bus;
  char *handle; /* where the answer comes */
  guint listening[OLD_PLACES], watching;
  gulong cancelled;
  gboolean ended;
} Request;

static void
request_stop (Request *self)
{
  for (guint i = 0; i < OLD_PLACES; i++)
    if (self->listening[i] > 0)
      g_dbus_connection_signal_unsubscribe (self->bus, self->listening[i]);
  if (self->watching > 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->watching);
  self->listening[0] = self->listening[1] = self->watching = 0;
}

static void
request_free (gpointer data)
{
  Request *self = data;

  request_stop (self);
  g_object_unref (self->bus);
  g_free (self->handle);
  g_free (self);
}

/* Once. @results, @error: (transfer full): one of them */
static void
end (GTask *task, GVariant *results, GError *error)
{
  Request *self = g_task_get_task_data (task);

  self->ended = TRUE;
  request_stop (self);
  g_clear_signal_handler (&self->cancelled, g_task_get_cancellable (task));
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, results, (GDestroyNotify) g_variant_unref);
}

static void
answered_cb (GDBusConnection *bus,
             const char *sender,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant *parameters,
             gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  g_autoptr (GVariant) results = NULL;
  guint32 said;

  if (((Request *) g_task_get_task_data (task))->ended)
    return;
  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    {
      end (task, NULL,
           g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no answer of a portal"));
      return;
    }
  g_variant_get (parameters, "(u@a{sv})", &said, &results);
  if (said == SAYS_YES)
    end (task, g_steal_pointer (&results), NULL);
  else
    end (task, NULL,
         g_error_new (G_IO_ERROR,
                      said == SAYS_NO ? G_IO_ERROR_PERMISSION_DENIED : G_IO_ERROR_FAILED,
                      "the portal answered %u", said));
}

static guint
listen (GTask *task, const char *handle)
{
  Request *self = g_task_get_task_data (task);

  return g_dbus_connection_signal_subscribe (self->bus, BASE_PORTAL_NAME, REQUEST, "Response",
                                             handle, NULL, G_DBUS_SIGNAL_FLAGS_NONE, answered_cb,
                                             g_object_ref (task), g_object_unref);
}

/* Whoever asked would wait for ever. */
static void
owner_cb (GDBusConnection *bus,
          const char *sender,
          const char *path,
          const char *interface,
          const char *signal,
          GVariant *parameters,
          gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  const char *before = NULL, *now = NULL;

  if (((Request *) g_task_get_task_data (task))->ended ||
      !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sss)")))
    return;
  g_variant_get (parameters, "(&s&s&s)", NULL, &before, &now);
  if (*before != '\0' && *now == '\0')
    end (task, NULL, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "the portal ended"));
}

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  const char *handle;

  if (self->ended)
    return;
  if (answer == NULL)
    {
      end (task, NULL, g_steal_pointer (&error));
      return;
    }
  g_variant_get (answer, "(&o)", &handle);
  if (g_str_equal (handle, self->handle))
    return;
  g_set_str (&self->handle, handle);
  self->listening[1] = listen (task, handle);
}

static gboolean
cancelled_idle (gpointer data)
{
  g_autoptr (GTask) task = data;
  Request *self = g_task_get_task_data (task);

  if (self->ended)
    return G_SOURCE_REMOVE;
  /* what is asked on the screen goes away */
  g_dbus_connection_call (self->bus, BASE_PORTAL_NAME, self->handle, REQUEST, "Close", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
  end (task, NULL, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled"));
  return G_SOURCE_REMOVE;
}

/* Not in the handler itself, which may not be disconnected in it. */
static void
cancelled_cb (GCancellable *cancellable, gpointer task)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, cancelled_idle, g_object_ref (task), NULL);
}

static char *
make_handle (GDBusConnection *bus, const char *token)
{
  g_autofree char *sender =
      g_strdelimit (g_strdup (g_dbus_connection_get_unique_name (bus) + 1), ".", '_');

  return g_strconcat (BASE_PORTAL_PATH "/request/", sender, "/", token, NULL);
}

static GVariant *
add_token (GVariant *options, const char *token)
{
  g_autoptr (GVariant) owned = options != NULL ? g_variant_ref_sink (options) : NULL;
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (owned);

  g_variant_dict_insert (&dict, "handle_token", "s", token);
  return g_variant_dict_end (&dict);
}

/**
 * base_portal_request_async:
 * @interface: as "org.freedesktop.portal.Camera"
 * @window: (nullable): of which window the request is, "" for none; NULL where @method takes none
 * @options: (nullable) (transfer floating): of type a{sv}
 * @cancellable: (nullable): takes the question from the screen
 */
void
base_portal_request_async (GDBusConnection *bus,
                           const char *interface,
                           const char *method,
                           const char *window,
                           GVariant *options,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Request *self = g_new0 (Request, 1);
  g_autoptr (GBytes) random = base_random_bytes (8);
  g_autofree char *id = base_hex (g_bytes_get_data (random, NULL), 8);
  g_autofree char *token = g_strconcat ("bedside", id, NULL);
  GVariant *with_token;

  with_token = add_token (options, token);
  self->bus = g_object_ref (bus);
  self->handle = make_handle (bus, token);
  g_task_set_source_tag (task, base_portal_request_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, request_free);
  self->listening[0] = listen (task, self->handle);
  self->watching =
      g_dbus_connection_signal_subscribe (bus, BUS, BUS, "NameOwnerChanged", NULL, BASE_PORTAL_NAME,
                                          G_DBUS_SIGNAL_FLAGS_NONE, owner_cb, g_object_ref (task),
                                          g_object_unref);
  if (cancellable != NULL)
    self->cancelled = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), task);
  g_dbus_connection_call (bus, BASE_PORTAL_NAME, BASE_PORTAL_PATH, interface, method,
                          window != NULL ? g_variant_new ("(s@a{sv})", window, with_token)
                                         : g_variant_new ("(@a{sv})", with_token),
                          G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, called_cb,
                          g_object_ref (task));
}

/**
 * base_portal_request_finish:
 *
 * Returns: (transfer full) (nullable): the results, of type a{sv}; else PERMISSION_DENIED where
 *   somebody said no, an error of which base_portal_is_missing() knows, CANCELLED, or another that
 *   is no sentence for a person
 */
GVariant *
base_portal_request_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Whether there is no such portal on this desktop. */
gboolean
base_portal_is_missing (const GError *error)
{
  static const GDBusError codes[] = {
    G_DBUS_ERROR_SERVICE_UNKNOWN,   G_DBUS_ERROR_NAME_HAS_NO_OWNER, G_DBUS_ERROR_UNKNOWN_METHOD,
    G_DBUS_ERROR_UNKNOWN_INTERFACE, G_DBUS_ERROR_UNKNOWN_OBJECT,    G_DBUS_ERROR_UNKNOWN_PROPERTY,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, G_DBUS_ERROR, (int) codes[i]))
      return TRUE;
  return FALSE;
}

/* Whether this program sees only what Flatpak lets it see. */
gboolean
base_portal_is_sandboxed (void)
{
  return access ("/.flatpak-info", F_OK) == 0;
}
