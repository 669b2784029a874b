/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal-room-private.h"

/* A patient whose screen is locked, or whose microphone a phone call has taken: the page says so at
 * once, for it may be put to sleep the next moment. The fact stands, with the hub's own time, until
 * the page takes it back or comes with a new socket. */

/* Stamps @message, which then goes on to the clinician. */
void
hub_signal_away_take (HubSignalRoom *self, CareVisitMessage *message)
{
  g_free (message->at);
  message->at = base_clock_dup_instant (self->clock);
  g_clear_pointer (&self->away, care_visit_message_free);
  if (g_strcmp0 (message->reason, "back") != 0)
    self->away = care_visit_message_copy (message);
}

/* A clinician who comes is told. A patient who comes is there: a page that still is not says it
 * again after this. */
void
hub_signal_away_greet (HubSignalPeer *peer)
{
  HubSignalRoom *self = peer->room;
  CareVisitMessage back = { .type = CARE_SIGNAL_AWAY, .reason = (char *) "back" };

  if (self->away == NULL)
    return;
  if (peer->role == CARE_VISIT_ROLE_CLINICIAN)
    hub_signal_peer_send (peer, self->away);
  else if (peer->role == CARE_VISIT_ROLE_PATIENT)
    {
      g_clear_pointer (&self->away, care_visit_message_free);
      hub_signal_peer_send (self->peers[CARE_VISIT_ROLE_CLINICIAN], &back);
    }
}
