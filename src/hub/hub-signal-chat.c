/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal-room-private.h"

/* What both sides of a visit wrote to each other: kept once, and sent again to whoever may not have
 * it. */

#define MAX_CHAT 200

/* A patient is sent all of it: the page may be a new one. So is a workstation that was not here
 * before; one that comes back gets what it did not confirm, for that may have gone into a socket
 * that was already dead. Its own messages it has. */
void
hub_signal_chat_greet (HubSignalPeer *peer)
{
  HubSignalRoom *self = peer->room;
  gboolean is_clinician = peer->role == CARE_VISIT_ROLE_CLINICIAN;

  for (guint i = is_clinician ? self->chat_told : 0; i < self->chat->len; i++)
    {
      const CareVisitMessage *message = self->chat->pdata[i];

      if (!is_clinician || message->role == CARE_VISIT_ROLE_PATIENT)
        hub_signal_peer_send (peer, message);
    }
}

/* A pong to a ping tells that everything before the ping has arrived. */
void
hub_signal_chat_ping (HubSignalPeer *peer)
{
  if (peer == NULL || !peer->greeted)
    return;
  peer->pinged = peer->room->chat->len;
  hub_signal_peer_send_type (peer, CARE_SIGNAL_PING);
}

void
hub_signal_chat_take_pong (HubSignalPeer *peer)
{
  if (peer->role == CARE_VISIT_ROLE_CLINICIAN)
    peer->room->chat_told = MIN (MAX (peer->room->chat_told, peer->pinged), peer->room->chat->len);
}

/* (nullable): what this side has sent under this id before */
static const CareVisitMessage *
find_chat (HubSignalRoom *self, CareVisitRole role, const char *id)
{
  for (guint i = 0; id != NULL && i < self->chat->len; i++)
    {
      const CareVisitMessage *message = self->chat->pdata[i];

      if (message->role == role && g_strcmp0 (message->id, id) == 0)
        return message;
    }
  return NULL;
}

static void
add_chat (HubSignalRoom *self, const CareVisitMessage *message)
{
  if (self->chat->len >= MAX_CHAT)
    {
      g_ptr_array_remove_index (self->chat, 0);
      self->chat_told -= MIN (self->chat_told, 1);
    }
  g_ptr_array_add (self->chat, care_visit_message_copy (message));
}

/* A side that does not know whether a message arrived sends it again: it is kept once. */
void
hub_signal_chat_keep (HubSignalPeer *peer, CareVisitMessage *message)
{
  HubSignalRoom *self = peer->room;
  const CareVisitMessage *before = find_chat (self, peer->role, message->id);

  g_free (message->at);
  message->at = before != NULL ? g_strdup (before->at) : base_clock_dup_instant (self->clock);
  message->role = peer->role;
  if (before == NULL)
    add_chat (self, message);
  /* The patient's page shows a message as sent when it comes back. */
  if (peer->role == CARE_VISIT_ROLE_PATIENT)
    hub_signal_peer_send (peer, message);
}
