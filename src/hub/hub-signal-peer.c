/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal-room-private.h"

/* One end of a visit's signalling: its socket, what is sent to it, and how it goes. */

CareVisitRole
hub_signal_other_role (CareVisitRole role)
{
  return role == CARE_VISIT_ROLE_PATIENT ? CARE_VISIT_ROLE_CLINICIAN : CARE_VISIT_ROLE_PATIENT;
}

void
hub_signal_peer_send (HubSignalPeer *peer, const CareVisitMessage *message)
{
  g_autofree char *text = NULL;

  if (peer == NULL ||
      soup_websocket_connection_get_state (peer->socket) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  text = care_visit_message_serialise (message);
  soup_websocket_connection_send_text (peer->socket, text);
}

void
hub_signal_peer_send_type (HubSignalPeer *peer, CareVisitMessageType type)
{
  CareVisitMessage message = { .type = type };

  hub_signal_peer_send (peer, &message);
}

void
hub_signal_peer_send_error (HubSignalPeer *peer, const char *sentence)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_REFUSED,
                               .text = (char *) sentence,
                               .by = peer->taker };

  hub_signal_peer_send (peer, &message);
}

static void
peer_free (HubSignalPeer *peer)
{
  g_signal_handlers_disconnect_by_data (peer->socket, peer);
  g_object_unref (peer->socket);
  g_queue_clear_full (&peer->early, g_free);
  g_clear_pointer (&peer->user, hub_user_unref);
  g_free (peer->taker);
  g_free (peer);
}

void
hub_signal_tell_presence (HubSignalRoom *self, CareVisitRole about)
{
  HubSignalPeer *subject = self->peers[about];
  CareVisitMessage message = {
    .type = CARE_SIGNAL_PEER,
    .present = subject != NULL && subject->greeted,
    .epoch = subject != NULL ? subject->epoch : 0,
  };
  HubSignalPeer *listener = self->peers[hub_signal_other_role (about)];

  if (care_visit_role_is_invited (about))
    {
      hub_signal_people_tell (self, about);
      return;
    }
  if (listener != NULL && listener->greeted)
    hub_signal_peer_send (listener, &message);
}

/* Takes the peer out of its room. The socket finishes its closing by itself, and lives until then.
 */
void
hub_signal_peer_remove (HubSignalPeer *peer, gushort code, const char *sentence)
{
  HubSignalRoom *room = peer->room;
  SoupWebsocketConnection *socket = g_object_ref (peer->socket);
  CareVisitRole role = peer->role;

  if (sentence != NULL)
    hub_signal_peer_send_error (peer, sentence);
  room->peers[role] = NULL;
  if (role == CARE_VISIT_ROLE_PATIENT)
    room->patient_waits = FALSE;
  peer_free (peer);
  if (soup_websocket_connection_get_state (socket) == SOUP_WEBSOCKET_STATE_OPEN)
    {
      g_signal_connect (socket, "closed", G_CALLBACK (g_object_unref), NULL);
      soup_websocket_connection_close (socket, code, sentence);
    }
  else
    g_object_unref (socket);
}

/**
 * hub_signal_room_move:
 *
 * The visit belongs to another copy now: whoever is here comes back by themselves, and is carried
 * there.
 */
void
hub_signal_room_move (HubSignalRoom *self)
{
  for (guint role = CARE_VISIT_ROLE_CLINICIAN; role < HUB_SIGNAL_PEERS; role++)
    if (self->peers[role] != NULL)
      hub_signal_peer_remove (self->peers[role], SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
}

/**
 * hub_signal_room_end_link:
 *
 * The patient's link has ended: whoever came by it goes.
 */
void
hub_signal_room_end_link (HubSignalRoom *self)
{
  HubSignalPeer *peer = self->peers[CARE_VISIT_ROLE_PATIENT];

  if (peer == NULL)
    return;
  hub_signal_peer_remove (peer, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
                          "The clinic has made a new link: open the visit with that one");
  hub_signal_tell_presence (self, CARE_VISIT_ROLE_PATIENT);
}
