/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-people.h"

/**
 * care_visit_role_is_invited:
 *
 * Returns: whether @role comes by a link that is neither the clinic's nor the patient's
 */
gboolean
care_visit_role_is_invited (CareVisitRole role)
{
  return role == CARE_VISIT_ROLE_GUEST || role == CARE_VISIT_ROLE_INTERPRETER;
}

static gboolean
may_be_sent_to (CareVisitRole from, CareVisitRole to, CareVisitMessageType type)
{
  switch (type)
    {
    case CARE_SIGNAL_OFFER:
      return from < to;
    case CARE_SIGNAL_ANSWER:
      return to < from;
    case CARE_SIGNAL_CANDIDATE:
    case CARE_SIGNAL_RENEW:
      return to != from;
    case CARE_SIGNAL_ADMIT:
    case CARE_SIGNAL_HOLD:
    case CARE_SIGNAL_QUIET:
      return from == CARE_VISIT_ROLE_CLINICIAN && care_visit_role_is_invited (to);
    case CARE_SIGNAL_DISMISS:
      return from == CARE_VISIT_ROLE_CLINICIAN
                 ? care_visit_role_is_invited (to)
                 : from == CARE_VISIT_ROLE_PATIENT && to == CARE_VISIT_ROLE_GUEST;
    default:
      return FALSE;
    }
}

/**
 * care_visit_message_may_go:
 *
 * Returns: whether who has @from may send @message to whom it names. Only the clinician lets
 * anybody in; the patient may send the guest away, and nobody else may send away anybody.
 */
gboolean
care_visit_message_may_go (CareVisitRole from, const CareVisitMessage *message)
{
  if (from == CARE_VISIT_ROLE_NONE)
    return FALSE;
  if (message->to == CARE_VISIT_ROLE_NONE)
    return care_visit_message_may_send (from, message->type);
  return may_be_sent_to (from, message->to, message->type);
}
