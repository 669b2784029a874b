/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-lobby.h"

#include <string.h>

#include "care-lobby.h"
#include "net-socket.h"

struct _TodayLobby
{
  GObject parent_instance;
  WorkspaceSession *session;
  NetSocket *socket;
  CareLobby *lobby; /* NULL: not connected, nothing is known */
  CareLobby *last;  /* the one before the connection was lost; NULL: there is none */
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_WRITTEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TodayLobby, today_lobby, G_TYPE_OBJECT)

/* Whether somebody has written since @before. */
static gboolean
has_more (const CareLobby *before, const CareLobby *now)
{
  for (guint i = 0; i < now->visits->len; i++)
    {
      const CareLobbyVisit *visit = now->visits->pdata[i];
      const CareLobbyVisit *last =
          before != NULL ? care_lobby_find (before, visit->encounter) : NULL;

      if (visit->unread > (last != NULL ? last->unread : 0))
        return TRUE;
    }
  return FALSE;
}

/**
 * today_lobby_take:
 * @text: from the hub; what is no such text is passed over
 */
void
today_lobby_take (TodayLobby *self, const char *text)
{
  CareLobby *lobby = care_lobby_parse (text, -1);
  gboolean more;

  if (lobby == NULL)
    return;
  more = has_more (self->lobby != NULL ? self->lobby : self->last, lobby);
  g_clear_pointer (&self->lobby, care_lobby_free);
  g_clear_pointer (&self->last, care_lobby_free);
  self->lobby = lobby;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  if (more)
    g_signal_emit (self, signals[SIGNAL_WRITTEN], 0);
}

static void
message_cb (TodayLobby *self, const char *text)
{
  today_lobby_take (self, text);
}

static void
closed_cb (TodayLobby *self, const char *sentence, gboolean again)
{
  if (self->lobby != NULL)
    {
      g_clear_pointer (&self->last, care_lobby_free);
      self->last = g_steal_pointer (&self->lobby);
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
drop_socket (TodayLobby *self)
{
  if (self->socket == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->socket, self);
  net_socket_close (self->socket);
  g_clear_object (&self->socket);
}

static void
connect_to_server (TodayLobby *self)
{
  const char *server = workspace_session_get_server (self->session);
  GObject *net = workspace_session_get_net (self->session);
  g_autofree char *url = NULL;

  drop_socket (self);
  if (server == NULL || net == NULL || !g_str_has_prefix (server, "http"))
    return;
  url = g_strdup_printf ("ws%s/lobby", server + strlen ("http"));
  self->socket = net_socket_new (url, NET_SESSION (net));
  g_signal_connect_swapped (self->socket, "message", G_CALLBACK (message_cb), self);
  g_signal_connect_swapped (self->socket, "closed", G_CALLBACK (closed_cb), self);
  net_socket_open (self->socket);
}

static void
today_lobby_dispose (GObject *object)
{
  TodayLobby *self = TODAY_LOBBY (object);

  drop_socket (self);
  g_clear_pointer (&self->lobby, care_lobby_free);
  g_clear_pointer (&self->last, care_lobby_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (today_lobby_parent_class)->dispose (object);
}

static void
today_lobby_class_init (TodayLobbyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = today_lobby_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", TODAY_TYPE_LOBBY, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_WRITTEN] = g_signal_new ("written", TODAY_TYPE_LOBBY, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
today_lobby_init (TodayLobby *self)
{
}

/**
 * today_lobby_new:
 *
 * Returns: (transfer full): what connects as soon as @session has a server
 */
TodayLobby *
today_lobby_new (WorkspaceSession *session)
{
  TodayLobby *self = g_object_new (TODAY_TYPE_LOBBY, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::server", G_CALLBACK (connect_to_server), self,
                           G_CONNECT_SWAPPED);
  connect_to_server (self);
  return self;
}

/* Whether what it says is of now. */
gboolean
today_lobby_is_connected (TodayLobby *self)
{
  g_return_val_if_fail (TODAY_IS_LOBBY (self), FALSE);

  return self->lobby != NULL;
}

guint
today_lobby_get_unread (TodayLobby *self, const char *encounter)
{
  g_return_val_if_fail (TODAY_IS_LOBBY (self), 0);

  const CareLobbyVisit *visit =
      self->lobby && encounter ? care_lobby_find (self->lobby, encounter) : NULL;

  return visit ? visit->unread : 0;
}

/* Whether the workstation of @reference ("Practitioner/1") is connected. */
gboolean
today_lobby_has_person (TodayLobby *self, const char *reference)
{
  g_return_val_if_fail (TODAY_IS_LOBBY (self), FALSE);

  return self->lobby && care_lobby_has_person (self->lobby, reference);
}
