/* SPDX-License-Identifier: GPL-3.0-or-later */
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

void
hub_signal_renew_ice (HubSignalPeer *peer)
{
  if (peer->greeted && peer->room->ice != NULL && peer->ice_renewal != 0 &&
      base_clock_monotonic (peer->room->clock) >= peer->ice_renewal)
    hub_signal_tell_ice (peer);
}
