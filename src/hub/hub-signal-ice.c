/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-people.h"
#include "hub-ice.h"
#include "hub-signal-room-private.h"

/* Tells both ends of a visit which relays there are, with a name and password of their own, when
 * they come and again before those run out. */

void
hub_signal_tell_ice (HubSignalPeer *peer)
{
  HubSignalRoom *room = peer->room;
  g_autoptr (CareVisitMessage) message = NULL;

  if (room->ice == NULL)
    return;
  message = hub_ice_mint (room->ice);
  hub_signal_peer_send (peer, message);
  peer->ice_renewal = base_clock_monotonic (room->clock) + hub_ice_get_renewal_us (room->ice);
}

/* Who waits, or is aside, needs no relay: who is let in again is told anew. */
static gboolean
may_relay (HubSignalPeer *peer)
{
  HubSignalPeople *people = &peer->room->people;

  if (!care_visit_role_is_invited (peer->role))
    return TRUE;
  return people->persons[peer->role].state == CARE_VISIT_PERSON_IN &&
         !(people->alone && peer->role == CARE_VISIT_ROLE_GUEST);
}

void
hub_signal_renew_ice (HubSignalPeer *peer)
{
  if (may_relay (peer) && peer->greeted && peer->room->ice != NULL && peer->ice_renewal != 0 &&
      base_clock_monotonic (peer->room->clock) >= peer->ice_renewal)
    hub_signal_tell_ice (peer);
}
