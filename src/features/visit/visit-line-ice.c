/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-line-private.h"

#include "media-ice.h"
#include "net-stun.h"
#include "net-tls-tunnel.h"

/* The line's relays: what the hub says of STUN and TURN servers goes to the call, and where no
 * relay lets the call through one of them is asked why. */

#define ASK_SECONDS  5
#define SLOW_SECONDS 8

/* webrtcbin knows no TLS towards a relay: it is sent to a tunnel here. One tunnel serves all
 * epochs, for a call may flow through it while the next one is made.
 *
 * Returns: (transfer full) (nullable): what webrtcbin is to be told instead of @url */
static char *
dup_reachable (VisitLine *self, const char *url)
{
  g_auto (NetStunServer) server = { 0 };
  g_autoptr (GError) error = NULL;
  NetTlsTunnel *tunnel = g_hash_table_lookup (self->tunnels, url);

  if (tunnel == NULL && net_stun_server_parse (url, &server, &error) &&
      server.transport != NET_STUN_TLS)
    return g_strdup (url);
  if (tunnel == NULL && error == NULL)
    tunnel = net_tls_tunnel_new (server.host, server.port, NULL, &error);
  if (tunnel == NULL)
    {
      g_warning ("A relay is passed over: %s", error->message);
      return NULL;
    }
  if (!g_hash_table_contains (self->tunnels, url))
    g_hash_table_insert (self->tunnels, g_strdup (url), tunnel);
  return g_strdup_printf ("turn:127.0.0.1:%u?transport=tcp", net_tls_tunnel_get_port (tunnel));
}

/* The forms that webrtcbin takes, in which name and password are escaped. */
static GStrv
dup_turn (VisitLine *self, const CareVisitMessage *ice)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) urls = g_strsplit (ice->turn != NULL ? ice->turn : "", " ", -1);

  for (gsize i = 0; urls[i] != NULL && ice->user != NULL && ice->password != NULL; i++)
    {
      g_autofree char *url = dup_reachable (self, urls[i]);
      char *uri = url != NULL ? media_ice_turn_uri (url, ice->user, ice->password) : NULL;

      if (uri != NULL)
        g_strv_builder_take (builder, uri);
    }
  return g_strv_builder_end (builder);
}

/* For the next epoch. */
void
visit_line_apply_ice (VisitLine *self)
{
  g_auto (GStrv) turn = NULL, stuns = NULL;
  g_autofree char *stun = NULL;

  if (self->ice == NULL)
    return;
  if (self->tunnels == NULL)
    self->tunnels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  turn = dup_turn (self, self->ice);
  stuns = g_strsplit (self->ice->stun != NULL ? self->ice->stun : "", " ", -1);
  if (stuns[0] != NULL) /* webrtcbin asks one */
    stun = media_ice_stun_uri (stuns[0]);
  if (self->call != NULL)
    media_call_set_ice (self->call, stun, (const char *const *) turn, self->ice->relay);
  visit_people_set_ice (self->people, stun, (const char *const *) turn, self->ice->relay);
}

void
visit_line_take_ice (VisitLine *self, const CareVisitMessage *message)
{
  g_clear_pointer (&self->ice, care_visit_message_free);
  self->ice = care_visit_message_copy (message);
  visit_line_apply_ice (self);
}

void
visit_line_clear_ice (VisitLine *self)
{
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_handle_id (&self->slow_source, g_source_remove);
  g_clear_pointer (&self->tunnels, g_hash_table_unref);
  g_clear_pointer (&self->ice, care_visit_message_free);
  g_clear_pointer (&self->path_problem, g_free);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (VisitLine) self = data;
  g_autoptr (GError) error = NULL;

  net_stun_probe_finish (result, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (g_set_str (&self->path_problem, error != NULL ? error->message : NULL))
    visit_line_changed (self);
}

/* No relay gave an address: the ICE agent does not say why, so the first one is asked. */
void
visit_line_ask_relay (VisitLine *self)
{
  g_auto (GStrv) urls = NULL;

  if (self->ice == NULL || self->ice->turn == NULL)
    return;
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  self->asking = g_cancellable_new ();
  urls = g_strsplit (self->ice->turn, " ", -1);
  net_stun_probe_async (urls[0], self->ice->user, self->ice->password, NULL, ASK_SECONDS,
                        self->asking, asked_cb, g_object_ref (self));
}

static gboolean
slow_cb (gpointer data)
{
  VisitLine *self = data;

  self->slow_source = 0;
  if (visit_line_get_call_state (self) == MEDIA_CALL_CONNECTING)
    visit_line_ask_relay (self);
  return G_SOURCE_REMOVE;
}

/* A new epoch begins. A relay that takes the connection and says nothing is never reported, so one
 * that gave no call within some seconds is asked too. */
void
visit_line_watch_path (VisitLine *self)
{
  g_clear_pointer (&self->path_problem, g_free);
  g_clear_handle_id (&self->slow_source, g_source_remove);
  self->slow_source = g_timeout_add_seconds (SLOW_SECONDS, slow_cb, self);
}

/**
 * visit_line_get_path_problem:
 *
 * Returns: (nullable): why no relay lets the call through, in a sentence; NULL where one does, or
 *   none is needed
 */
const char *
visit_line_get_path_problem (VisitLine *self)
{
  return visit_line_get_call_state (self) == MEDIA_CALL_LIVE ? NULL : self->path_problem;
}
