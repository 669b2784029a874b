/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check-server.h"

#include <string.h>

/* The address that is asked is small: the relays of a hub, or what another server says of itself.
 */

struct _CheckServer
{
  GObject parent_instance;
  BaseClock *clock;
  char *hub; /* NULL: another kind of server, or none */
  NetSession *net;
  GTlsDatabase *trusted;
};

G_DEFINE_FINAL_TYPE (CheckServer, check_server, G_TYPE_OBJECT)

static void
check_server_finalize (GObject *object)
{
  CheckServer *self = CHECK_SERVER (object);

  g_object_unref (self->clock);
  g_clear_object (&self->net);
  g_clear_object (&self->trusted);
  g_free (self->hub);
  G_OBJECT_CLASS (check_server_parent_class)->finalize (object);
}

static void
check_server_class_init (CheckServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = check_server_finalize;
}

static void
check_server_init (CheckServer *self)
{
}

/**
 * check_server_new:
 * @clock: this computer's own time, not a demo's
 */
CheckServer *
check_server_new (BaseClock *clock)
{
  CheckServer *self = g_object_new (CHECK_TYPE_SERVER, NULL);

  self->clock = g_object_ref (clock);
  return self;
}

/* @hub: (nullable): its root; @net: (nullable): NULL: there is no connection */
void
check_server_set (CheckServer *self, const char *hub, NetSession *net)
{
  g_set_str (&self->hub, hub);
  g_set_object (&self->net, net);
}

void
check_server_set_trusted (CheckServer *self, GTlsDatabase *trusted)
{
  g_set_object (&self->trusted, trusted);
}

const char *
check_server_get_hub (CheckServer *self)
{
  return self->hub;
}

NetSession *
check_server_get_net (CheckServer *self)
{
  return self->net;
}

GTlsDatabase *
check_server_get_trusted (CheckServer *self)
{
  return self->trusted;
}

BaseClock *
check_server_get_clock (CheckServer *self)
{
  return self->clock;
}

/* Returns: FALSE where there is no server; then @callback is not called */
gboolean
check_server_ask (CheckServer *self,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autofree char *url = NULL;

  if (self->net == NULL)
    return FALSE;
  url = self->hub != NULL ? g_strconcat (self->hub, "/check/ice", NULL)
                          : g_strconcat (net_session_get_base_url (self->net), "/metadata", NULL);
  net_check_server_async (url, self->hub != NULL ? self->net : NULL, self->trusted, cancellable,
                          callback, user_data);
  return TRUE;
}
