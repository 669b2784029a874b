/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal-room-private.h"

#include <string.h>

/* How much one side of a visit may send. A side, not a socket: who is thrown out for sending too
 * much and comes back by the same link has not got a fresh allowance. All of it is counted anew
 * with every tick, except what belongs to one peer connection. */

#define MESSAGES_A_TICK 400
#define ENTRIES_A_TICK  40 /* a page that retries once a second comes 15 times */
/* Each makes the other side build a whole connection: a page asks now and then, the clinic tries
 * about once a second while the path is gone. */
#define RENEWALS_A_TICK        15
#define CLINIC_RENEWALS_A_TICK 60
#define CANDIDATES_AN_EPOCH    200
#define CANDIDATES_IN_AN_OFFER 100

static HubSignalLimits *
limits_of (HubSignalPeer *peer)
{
  return &peer->room->limits[peer->role];
}

/*
 * hub_signal_limit_enter:
 *
 * Returns: (nullable): why another socket of this side is not let in now
 */
const char *
hub_signal_limit_enter (HubSignalRoom *self, CareVisitRole role)
{
  return ++self->limits[role].entries > ENTRIES_A_TICK
             ? "This visit was opened too often: wait a quarter of a minute"
             : NULL;
}

/*
 * hub_signal_limit_is_flood:
 *
 * Counts one frame, whatever is in it.
 *
 * Returns: whether that was one too many
 */
gboolean
hub_signal_limit_is_flood (HubSignalPeer *peer)
{
  return ++limits_of (peer)->messages > MESSAGES_A_TICK;
}

static guint
count_candidates (const char *sdp)
{
  guint count = 0;

  for (const char *at = strstr (sdp, "a=candidate:"); at != NULL;
       at = strstr (at + 1, "a=candidate:"))
    count++;
  return count;
}

/*
 * hub_signal_limit_refuse:
 *
 * Returns: (nullable): why @message does not go on to the other side
 */
const char *
hub_signal_limit_refuse (HubSignalPeer *peer, const CareVisitMessage *message)
{
  HubSignalLimits *limits = limits_of (peer);

  switch (message->type)
    {
    case CARE_SIGNAL_OFFER:
    case CARE_SIGNAL_ANSWER:
      return count_candidates (message->sdp) > CANDIDATES_IN_AN_OFFER
                 ? "The description has too many addresses"
                 : NULL;
    case CARE_SIGNAL_RENEW:
      return ++limits->renewals > (peer->role == CARE_VISIT_ROLE_PATIENT ? RENEWALS_A_TICK
                                                                         : CLINIC_RENEWALS_A_TICK)
                 ? "The call is set up anew too often"
                 : NULL;
    case CARE_SIGNAL_CANDIDATE:
      if (message->epoch != limits->epoch)
        limits->candidates = 0;
      limits->epoch = message->epoch;
      return ++limits->candidates > CANDIDATES_AN_EPOCH ? "There are too many addresses" : NULL;
    default:
      return NULL;
    }
}

/* An epoch's addresses are not counted anew: they were all relayed. */
void
hub_signal_limit_tick (HubSignalRoom *self)
{
  for (guint role = 0; role < HUB_SIGNAL_PEERS; role++)
    self->limits[role].messages = self->limits[role].entries = self->limits[role].renewals = 0;
}
