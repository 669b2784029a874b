/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-invite-door.h"
#include "hub-signal-room-private.h"

/* Guests and interpreters in a visit's room. Each pair of people has a peer connection of its own:
 * the workstation makes those with itself, and of two pages the hub tells the one with the lower
 * role when to offer, and both when to part. Nothing is relayed between two who may not meet. */

#define CLOSE_DISMISSED 4003

#define FIRST CARE_VISIT_ROLE_GUEST
#define LAST  CARE_VISIT_ROLE_INTERPRETER

static gboolean
is_here (HubSignalRoom *self, CareVisitRole role)
{
  return self->peers[role] != NULL && self->peers[role]->greeted;
}

static CareVisitPersonState
state_of (HubSignalRoom *self, CareVisitRole role)
{
  HubSignalPerson *person = &self->people.persons[role];

  if (person->state == CARE_VISIT_PERSON_IN && self->people.alone && role == CARE_VISIT_ROLE_GUEST)
    return CARE_VISIT_PERSON_ASIDE;
  return person->state;
}

/* Whether pictures and sound of this person may go to anybody. */
static gboolean
is_in (HubSignalRoom *self, CareVisitRole role)
{
  if (self->state == HUB_SIGNAL_ENDED || self->people.left[role])
    return FALSE;
  if (role == CARE_VISIT_ROLE_CLINICIAN)
    return TRUE;
  if (role == CARE_VISIT_ROLE_PATIENT)
    return self->state == HUB_SIGNAL_ADMITTED;
  return state_of (self, role) == CARE_VISIT_PERSON_IN;
}

/* Nobody of the others talks on where the clinician has hung up. */
static gboolean
may_meet (HubSignalRoom *self, CareVisitRole one, CareVisitRole other)
{
  return is_in (self, one) && is_in (self, other) && !self->people.left[CARE_VISIT_ROLE_CLINICIAN];
}

/* A hub that is started anew lets in again who is in now; whoever is aside is asked about once
 * more. So is everybody where the clinician or the patient has hung up: that is not known then any
 * more, and nobody is connected with a page that says it left. */
static void
keep (HubSignalRoom *self, CareVisitRole role)
{
  const char *session = self->people.persons[role].session;
  gboolean both =
      !self->people.left[CARE_VISIT_ROLE_CLINICIAN] && !self->people.left[CARE_VISIT_ROLE_PATIENT];

  if (self->server != NULL && session != NULL)
    hub_invite_door_let_in (self->server, self->encounter, role, session,
                            both && state_of (self, role) == CARE_VISIT_PERSON_IN);
}

/* The clinician or the patient has hung up, or is back. */
static void
set_left (HubSignalRoom *self, CareVisitRole role, gboolean left)
{
  if (self->people.left[role] == left)
    return;
  self->people.left[role] = left;
  for (guint to = FIRST; to <= LAST && !care_visit_role_is_invited (role); to++)
    if (self->people.persons[to].state == CARE_VISIT_PERSON_IN)
      keep (self, to);
}

/* ---- what is told ---- */

static void
fill_person (HubSignalRoom *self,
             CareVisitRole about,
             CareVisitRole listener,
             CareVisitMessage *message)
{
  HubSignalPerson *person = &self->people.persons[about];
  gboolean clinician = listener == CARE_VISIT_ROLE_CLINICIAN;
  gboolean patient = listener == CARE_VISIT_ROLE_PATIENT;

  *message = (CareVisitMessage) {
    .type = CARE_SIGNAL_PERSON,
    .role = about,
    .present = is_here (self, about),
    .state = state_of (self, about),
    .name = person->name,
    .number = clinician ? person->number : NULL,
    .language = clinician || patient ? person->language : NULL,
    .relation = clinician || patient ? person->relation : NULL,
    .by = clinician ? person->by : NULL,
  };
}

/* Who is not let in yet learns of nobody else. */
static gboolean
may_know (HubSignalRoom *self, CareVisitRole listener, CareVisitRole about)
{
  return !care_visit_role_is_invited (listener) || listener == about ||
         state_of (self, listener) == CARE_VISIT_PERSON_IN;
}

static void
tell_one (HubSignalRoom *self, CareVisitRole listener, CareVisitRole about)
{
  CareVisitMessage message;

  if (!is_here (self, listener) || !may_know (self, listener, about))
    return;
  fill_person (self, about, listener, &message);
  hub_signal_peer_send (self->peers[listener], &message);
}

void
hub_signal_people_tell (HubSignalRoom *self, CareVisitRole about)
{
  for (guint listener = CARE_VISIT_ROLE_CLINICIAN; listener <= LAST; listener++)
    tell_one (self, listener, about);
}

static void
tell_alone (HubSignalRoom *self, CareVisitRole listener)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_ALONE,
                               .on = self->people.alone,
                               .role = self->people.alone_by };

  if (is_here (self, listener))
    hub_signal_peer_send (self->peers[listener], &message);
}

/* ---- pairs of pages ---- */

static void
part (HubSignalRoom *self, CareVisitRole one, CareVisitRole other)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_PART, .role = other };

  self->people.joined[one][other] = FALSE;
  hub_signal_peer_send (self->peers[one], &message);
  message.role = one;
  hub_signal_peer_send (self->peers[other], &message);
}

/* Epochs grow across restarts of the hub, so that no message of a former life fits. */
static guint
next_epoch (HubSignalRoom *self)
{
  guint now = (guint) (base_clock_now (self->clock) / G_USEC_PER_SEC) & 0x3fffffff;

  self->people.epoch = MAX (self->people.epoch + 1, now);
  return self->people.epoch;
}

static void
join (HubSignalRoom *self, CareVisitRole one, CareVisitRole other)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_CONNECT, .role = other };

  self->people.joined[one][other] = TRUE;
  message.epoch = next_epoch (self);
  hub_signal_peer_send (self->peers[one], &message);
}

/*
 * hub_signal_people_settle:
 *
 * Makes the pairs of pages what they have to be now. A page that is away for a moment keeps its
 * connections: they do not need the hub.
 */
void
hub_signal_people_settle (HubSignalRoom *self)
{
  for (guint one = CARE_VISIT_ROLE_PATIENT; one < LAST; one++)
    for (guint other = one + 1; other <= LAST; other++)
      {
        gboolean may = may_meet (self, one, other);

        if (self->people.joined[one][other] && !may)
          part (self, one, other);
        else if (!self->people.joined[one][other] && may && is_here (self, one) &&
                 is_here (self, other))
          join (self, one, other);
      }
}

/* ---- coming and going ---- */

/*
 * hub_signal_people_enter:
 * @pass: (nullable): who comes by an invitation
 *
 * Another session is another person until the clinician says otherwise, whoever had been let in.
 */
void
hub_signal_people_enter (HubSignalRoom *self, CareVisitRole role, const HubInvitePass *pass)
{
  HubSignalPerson *person = &self->people.persons[role];

  if (pass == NULL)
    return;
  if (g_strcmp0 (person->session, pass->session) != 0)
    {
      /* nobody has come since this hub knows of the visit: what it kept in its last life counts */
      gboolean kept = person->session == NULL && pass->let_in && !self->people.sent_away[role];

      person->state = kept ? CARE_VISIT_PERSON_IN : CARE_VISIT_PERSON_WAITING;
      hub_signal_people_settle (self);
    }
  g_set_str (&person->session, pass->session);
  g_set_str (&person->name, pass->name);
  g_set_str (&person->number, pass->number);
  g_set_str (&person->language, pass->language);
  g_set_str (&person->relation, pass->relation);
  g_set_str (&person->by, pass->by);
}

/*
 * hub_signal_people_greet:
 *
 * What a socket that has said hello is told of the others. A page that says it has no connection is
 * a new one, and is connected anew.
 */
void
hub_signal_people_greet (HubSignalRoom *self, HubSignalPeer *peer)
{
  if (peer->role != CARE_VISIT_ROLE_CLINICIAN && peer->epoch == 0)
    for (guint other = CARE_VISIT_ROLE_PATIENT; other <= LAST; other++)
      self->people.joined[MIN (peer->role, other)][MAX (peer->role, other)] = FALSE;
  for (guint about = FIRST; about <= LAST; about++)
    if (about != peer->role && is_here (self, about))
      tell_one (self, peer->role, about);
  if (self->people.alone && !care_visit_role_is_invited (peer->role))
    tell_alone (self, peer->role);
  /* What was said while its line was dead: else a page with a call waits for pictures for ever. */
  if (peer->role == CARE_VISIT_ROLE_PATIENT && peer->epoch > 0 &&
      self->people.left[CARE_VISIT_ROLE_CLINICIAN])
    hub_signal_peer_send_type (peer, CARE_SIGNAL_HANGUP);
  if (care_visit_role_is_invited (peer->role))
    {
      self->people.left[peer->role] = FALSE;
      /* a relay's password is for who was let in */
      if (self->people.persons[peer->role].state == CARE_VISIT_PERSON_IN)
        hub_signal_tell_ice (peer);
      hub_signal_people_tell (self, peer->role);
    }
  hub_signal_people_settle (self);
}

/* The link is void, and who came by it is out. */
static void
dismiss (HubSignalRoom *self, CareVisitRole role, CareVisitRole by)
{
  HubSignalPerson *person = &self->people.persons[role];

  if (person->session == NULL)
    return;
  person->state = CARE_VISIT_PERSON_WAITING;
  self->people.sent_away[role] = TRUE;
  hub_invite_door_void (self->server, self->encounter, role, person->session,
                        care_visit_role_name (by));
  g_clear_pointer (&person->session, g_free);
  hub_signal_people_settle (self);
  if (self->peers[role] != NULL)
    hub_signal_peer_remove (self->peers[role], CLOSE_DISMISSED, "The clinic has ended your part");
  hub_signal_people_tell (self, role);
}

/*
 * hub_signal_people_close:
 *
 * The invitation is void: who came by it goes.
 */
void
hub_signal_people_close (HubSignalRoom *self, CareVisitRole role)
{
  HubSignalPerson *person = &self->people.persons[role];

  person->state = CARE_VISIT_PERSON_WAITING;
  self->people.sent_away[role] = TRUE;
  g_clear_pointer (&person->session, g_free);
  hub_signal_people_settle (self);
  if (self->peers[role] == NULL)
    return;
  hub_signal_peer_remove (self->peers[role], CLOSE_DISMISSED, "This link is not good any more");
  hub_signal_people_tell (self, role);
}

/*
 * hub_signal_people_recheck:
 *
 * Whether those who are here were not sent away at another copy of the hub.
 */
void
hub_signal_people_recheck (HubSignalRoom *self)
{
  for (guint role = FIRST; role <= LAST; role++)
    if (self->people.persons[role].session != NULL)
      hub_invite_door_recheck (self->server, self->encounter, role,
                               self->people.persons[role].session);
}

void
hub_signal_people_end (HubSignalRoom *self)
{
  for (guint role = FIRST; role <= LAST; role++)
    if (self->peers[role] != NULL)
      {
        hub_signal_peer_send_type (self->peers[role], CARE_SIGNAL_ENDED);
        hub_signal_peer_remove (self->peers[role], SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
      }
}

void
hub_signal_people_clear (HubSignalRoom *self)
{
  for (guint role = FIRST; role <= LAST; role++)
    {
      HubSignalPerson *person = &self->people.persons[role];

      g_free (person->session);
      g_free (person->name);
      g_free (person->number);
      g_free (person->language);
      g_free (person->relation);
      g_free (person->by);
    }
}

/* ---- messages ---- */

static void
set_state (HubSignalRoom *self, CareVisitRole role, CareVisitPersonState state)
{
  HubSignalPerson *person = &self->people.persons[role];

  /* who is away for a moment can be parted from the others all the same: their connections live on
   * without the hub */
  if (person->session == NULL || (state == CARE_VISIT_PERSON_IN && !is_here (self, role)))
    return;
  person->state = state;
  set_left (self, CARE_VISIT_ROLE_CLINICIAN, FALSE);
  set_left (self, role, FALSE);
  keep (self, role);
  if (state == CARE_VISIT_PERSON_IN)
    hub_signal_tell_ice (self->peers[role]);
  hub_signal_people_tell (self, role);
  for (guint about = FIRST; about <= LAST; about++)
    if (about != role && is_here (self, about))
      tell_one (self, role, about);
  hub_signal_people_settle (self);
}

static void
set_alone (HubSignalPeer *peer, gboolean on)
{
  HubSignalRoom *self = peer->room;

  self->people.alone = on;
  self->people.alone_by = peer->role;
  if (self->people.persons[CARE_VISIT_ROLE_GUEST].state == CARE_VISIT_PERSON_IN)
    keep (self, CARE_VISIT_ROLE_GUEST);
  tell_alone (self, CARE_VISIT_ROLE_CLINICIAN);
  tell_alone (self, CARE_VISIT_ROLE_PATIENT);
  if (self->peers[CARE_VISIT_ROLE_GUEST] != NULL)
    hub_signal_people_tell (self, CARE_VISIT_ROLE_GUEST);
  hub_signal_people_settle (self);
}

/* Between two pages the hub decides of connections: who wants a new one asks for it. */
static void
renew (HubSignalPeer *peer, CareVisitRole to)
{
  CareVisitRole low = MIN (peer->role, to);
  CareVisitRole high = MAX (peer->role, to);

  peer->room->people.joined[low][high] = FALSE;
  hub_signal_people_settle (peer->room);
}

/* What carries a connection goes only between two who may meet; what comes too late is no fault. */
static void
carry (HubSignalPeer *peer, CareVisitMessage *message, CareVisitRole to)
{
  HubSignalRoom *self = peer->room;
  gboolean clinician = peer->role == CARE_VISIT_ROLE_CLINICIAN;

  if (clinician || message->type == CARE_SIGNAL_ANSWER || message->type == CARE_SIGNAL_RENEW)
    set_left (self, peer->role, FALSE);
  if (message->type == CARE_SIGNAL_RENEW && !clinician && to != CARE_VISIT_ROLE_CLINICIAN)
    renew (peer, to);
  else if (may_meet (self, peer->role, to))
    hub_signal_peer_send (self->peers[to], message);
  hub_signal_people_settle (self);
}

static void
tell_all_in (HubSignalPeer *peer, const CareVisitMessage *message)
{
  HubSignalRoom *self = peer->room;

  for (guint to = CARE_VISIT_ROLE_CLINICIAN; to <= LAST; to++)
    if (to != peer->role && is_here (self, to) && may_meet (self, peer->role, to))
      hub_signal_peer_send (self->peers[to], message);
}

static void
handle_invited (HubSignalPeer *peer, CareVisitMessage *message)
{
  HubSignalRoom *self = peer->room;

  if (message->type == CARE_SIGNAL_MEDIA)
    tell_all_in (peer, message);
  else if (message->type == CARE_SIGNAL_HANGUP)
    {
      hub_signal_peer_send (self->peers[CARE_VISIT_ROLE_CLINICIAN], message);
      self->people.left[peer->role] = TRUE;
      hub_signal_people_settle (self);
    }
  else
    carry (peer, message, CARE_VISIT_ROLE_CLINICIAN);
}

/*
 * hub_signal_people_handle:
 * @message: one that its sender may send; says from now on from whom it is
 *
 * Returns: whether it was about guests and interpreters, and is dealt with
 */
gboolean
hub_signal_people_handle (HubSignalPeer *peer, CareVisitMessage *message)
{
  HubSignalRoom *self = peer->room;

  message->role = peer->role;
  if (message->type == CARE_SIGNAL_ALONE)
    set_alone (peer, message->on);
  else if (message->type == CARE_SIGNAL_DISMISS)
    dismiss (self, message->to, peer->role);
  else if (care_visit_role_is_invited (peer->role) && message->to == CARE_VISIT_ROLE_NONE)
    handle_invited (peer, message);
  else if (message->to == CARE_VISIT_ROLE_NONE)
    return FALSE;
  else if (message->type == CARE_SIGNAL_ADMIT)
    set_state (self, message->to, CARE_VISIT_PERSON_IN);
  else if (message->type == CARE_SIGNAL_HOLD)
    set_state (self, message->to, CARE_VISIT_PERSON_ASIDE);
  else if (message->type == CARE_SIGNAL_QUIET)
    hub_signal_peer_send (self->peers[message->to], message);
  else if (!care_visit_role_is_invited (peer->role) && !care_visit_role_is_invited (message->to))
    return FALSE; /* between the clinician and the patient it needs no address */
  else
    carry (peer, message, message->to);
  return TRUE;
}

/*
 * hub_signal_people_note:
 * @message: what went between the clinician and the patient
 */
void
hub_signal_people_note (HubSignalPeer *peer, const CareVisitMessage *message)
{
  HubSignalRoom *self = peer->room;

  if (message->type == CARE_SIGNAL_HANGUP)
    {
      if (peer->role == CARE_VISIT_ROLE_CLINICIAN)
        for (guint to = FIRST; to <= LAST; to++)
          if (is_here (self, to) && state_of (self, to) != CARE_VISIT_PERSON_WAITING)
            hub_signal_peer_send (self->peers[to], message);
      set_left (self, peer->role, TRUE);
    }
  else if (message->type == CARE_SIGNAL_MEDIA)
    for (guint to = FIRST; to <= LAST; to++)
      {
        if (is_here (self, to) && may_meet (self, peer->role, to))
          hub_signal_peer_send (self->peers[to], message);
      }
  else if (message->type == CARE_SIGNAL_OFFER || message->type == CARE_SIGNAL_ADMIT ||
           message->type == CARE_SIGNAL_ANSWER || message->type == CARE_SIGNAL_WAITING ||
           message->type == CARE_SIGNAL_RENEW)
    set_left (self, peer->role, FALSE);
  hub_signal_people_settle (self);
}
