/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal-room-private.h"

/* A workstation refused a call: who answered could not prove to be the page that signalled. That is
 * an attack or a fault, and either way it stands in the hub's audit chain, where nobody who sits at
 * that workstation can lose it. */

#define MAX_REASON 200

/* Without what could break a line of the chain. */
static char *
dup_reason (const char *text)
{
  g_autofree char *part = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_REASON));

  for (char *at = part; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      *at = ' ';
  return g_strconcat ("the far side is not who signalling said: ", part, NULL);
}

/*
 * hub_signal_distrust:
 *
 * One row for one peer connection, however often it is said.
 */
void
hub_signal_distrust (HubSignalPeer *peer, const CareVisitMessage *message)
{
  HubSignalRoom *room = peer->room;
  g_autofree char *reference = g_strconcat ("Encounter/", room->encounter, NULL);
  g_autofree char *reason = dup_reason (message->text);

  if (room->distrusted && room->distrusted_epoch == message->epoch)
    return;
  room->distrusted = TRUE;
  room->distrusted_epoch = message->epoch;
  if (room->server != NULL)
    hub_server_audit (room->server, "call-refused", peer->user != NULL ? peer->user->name : "hub",
                      room->patient, reference, reason);
}

void
hub_signal_room_set_server (HubSignalRoom *self, HubServer *server)
{
  self->server = server;
}
