/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal-room-private.h"

/* What a waiting patient is told without asking: when it is their turn, and with whom; and what the
 * clinic's windows are told of the patient. */

/**
 * hub_signal_room_set_estimate:
 * @estimate: (nullable): NULL: there is nothing to say
 *
 * Tells the patient when their turn comes, where that is something else than they were told last.
 */
void
hub_signal_room_set_estimate (HubSignalRoom *self, const CareWaitEstimate *estimate)
{
  HubSignalPeer *peer = self->peers[CARE_VISIT_ROLE_PATIENT];
  CareVisitMessage *last = self->estimate;

  if (estimate == NULL || !hub_signal_room_is_waiting (self))
    {
      g_clear_pointer (&self->estimate, care_visit_message_free);
      return;
    }
  if (last != NULL && last->minutes == estimate->minutes && last->late == estimate->late &&
      last->open == estimate->open && last->said == estimate->said)
    return;
  g_clear_pointer (&self->estimate, care_visit_message_free);
  self->estimate = care_visit_message_new (CARE_SIGNAL_ESTIMATE);
  self->estimate->minutes = estimate->minutes;
  self->estimate->late = estimate->late;
  self->estimate->open = estimate->open;
  self->estimate->said = estimate->said;
  if (peer != NULL && peer->greeted)
    hub_signal_peer_send (peer, self->estimate);
}

/**
 * hub_signal_room_set_who:
 * @name: (nullable): who will see the patient, as a patient reads it
 *
 * Tells the patient where that has become somebody else; the page itself read the first one.
 */
void
hub_signal_room_set_who (HubSignalRoom *self, const char *name)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_WHO, .by = (char *) name };
  HubSignalPeer *peer = self->peers[CARE_VISIT_ROLE_PATIENT];
  gboolean changed = self->who != NULL && name != NULL && !g_str_equal (self->who, name);

  if (name != NULL)
    g_set_str (&self->who, name);
  if (changed && peer != NULL && peer->greeted)
    hub_signal_peer_send (peer, &message);
}

gboolean
hub_signal_room_is_patient_here (HubSignalRoom *self)
{
  return self->peers[CARE_VISIT_ROLE_PATIENT] != NULL;
}

/* What the patient wrote and no clinician's window is known to have shown. */
guint
hub_signal_room_count_unread (HubSignalRoom *self)
{
  guint count = 0;

  for (guint i = self->chat_told; i < self->chat->len; i++)
    count += ((CareVisitMessage *) self->chat->pdata[i])->role == CARE_VISIT_ROLE_PATIENT;
  return count;
}
