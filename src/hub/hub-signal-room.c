/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal-room.h"

#include "hub-ice.h"
#include "hub-signal-room-private.h"
#include "hub-signal.h"

/* One visit's signalling: at most one clinician and one patient. The room relays between them,
 * keeps what a socket that comes back must be told again, and knows nothing of media. All of it
 * lives in memory: what has to last is in the Encounter. */

#define MAX_BAD           3
#define MAX_EARLY         16
#define KEEPALIVE_SECONDS 15
#define PONG_SECONDS      25
#define CLOSE_REPLACED    4001
#define CLOSE_NO_VISIT    4004
#define MAX_TAKER_NAME    20

/* Whether its patient waits to be let in. */
gboolean
hub_signal_room_is_waiting (HubSignalRoom *self)
{
  return self->state == HUB_SIGNAL_WAITING && self->record == HUB_VISIT_ARRIVED;
}

/* ---- what a socket is told when it comes ---- */

static void
send_state (HubSignalRoom *self, HubSignalPeer *peer)
{
  gboolean is_patient = peer->role == CARE_VISIT_ROLE_PATIENT;

  switch (self->state)
    {
    case HUB_SIGNAL_WAITING:
      if (is_patient || self->patient_waits)
        hub_signal_peer_send_type (peer, CARE_SIGNAL_WAITING);
      break;
    case HUB_SIGNAL_ADMITTED:
      hub_signal_peer_send_type (peer, CARE_SIGNAL_ADMIT);
      break;
    case HUB_SIGNAL_HELD:
      hub_signal_peer_send_type (peer, CARE_SIGNAL_HOLD);
      break;
    case HUB_SIGNAL_ENDED:
      hub_signal_peer_send_type (peer, CARE_SIGNAL_ENDED);
      break;
    }
}

static void
greet (HubSignalPeer *peer, guint epoch)
{
  HubSignalRoom *self = peer->room;
  CareVisitMessage hello = { .type = CARE_SIGNAL_HELLO, .role = peer->role, .epoch = self->epoch };
  HubSignalPeer *other = self->peers[hub_signal_other_role (peer->role)];
  CareVisitMessage presence = {
    .type = CARE_SIGNAL_PEER,
    .present = other != NULL && other->greeted,
    .epoch = other != NULL ? other->epoch : 0,
  };

  peer->greeted = TRUE;
  peer->epoch = epoch;
  if (care_visit_role_is_invited (peer->role))
    {
      hub_signal_peer_send (peer, &hello);
      hub_signal_people_greet (self, peer);
      return;
    }
  if (peer->role == CARE_VISIT_ROLE_CLINICIAN && epoch != self->clinician_epoch)
    {
      self->chat_told = 0;
      hub_signal_asked_drop_picture (self);
    }
  if (peer->role == CARE_VISIT_ROLE_CLINICIAN)
    self->clinician_epoch = epoch;
  hub_signal_peer_send (peer, &hello);
  hub_signal_tell_ice (peer);
  hub_signal_peer_send (peer, &presence);
  send_state (self, peer);
  if (self->media[hub_signal_other_role (peer->role)] != NULL)
    hub_signal_peer_send (peer, self->media[hub_signal_other_role (peer->role)]);
  if (peer->role == CARE_VISIT_ROLE_PATIENT && self->slate != NULL)
    hub_signal_peer_send (peer, self->slate);
  if (peer->role == CARE_VISIT_ROLE_PATIENT && self->phone != NULL)
    hub_signal_peer_send (peer, self->phone);
  if (peer->role == CARE_VISIT_ROLE_PATIENT && self->estimate != NULL &&
      hub_signal_room_is_waiting (self))
    hub_signal_peer_send (peer, self->estimate);
  hub_signal_away_greet (peer);
  hub_signal_chat_greet (peer);
  hub_signal_asked_greet (peer);
  hub_signal_tell_presence (self, peer->role);
  hub_signal_people_greet (self, peer);
  if (self->state == HUB_SIGNAL_ENDED && peer->role == CARE_VISIT_ROLE_CLINICIAN)
    hub_signal_peer_remove (peer, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

/* ---- relaying ---- */

static void
keep_last (CareVisitMessage **slot, const CareVisitMessage *message)
{
  g_clear_pointer (slot, care_visit_message_free);
  *slot = care_visit_message_copy (message);
}

static void
end_visit (HubSignalRoom *self)
{
  HubSignalPeer *clinician = self->peers[CARE_VISIT_ROLE_CLINICIAN];

  if (self->state == HUB_SIGNAL_ENDED)
    return;
  self->state = HUB_SIGNAL_ENDED;
  hub_signal_peer_send_type (self->peers[CARE_VISIT_ROLE_PATIENT], CARE_SIGNAL_ENDED);
  /* The patient's socket stays: medicines are told over it. */
  if (clinician != NULL)
    {
      hub_signal_peer_send_type (clinician, CARE_SIGNAL_ENDED);
      hub_signal_peer_remove (clinician, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
    }
  hub_signal_people_end (self);
}

/* Returns: whether @message goes on to the other side */
static gboolean
apply (HubSignalPeer *peer, CareVisitMessage *message)
{
  HubSignalRoom *self = peer->room;

  switch (message->type)
    {
    case CARE_SIGNAL_WAITING:
      self->patient_waits = TRUE;
      return TRUE;
    case CARE_SIGNAL_ADMIT:
      self->state = HUB_SIGNAL_ADMITTED;
      return TRUE;
    case CARE_SIGNAL_HOLD:
      self->state = HUB_SIGNAL_HELD;
      return TRUE;
    case CARE_SIGNAL_OFFER:
      /* Who calls admits. */
      if (self->state != HUB_SIGNAL_ADMITTED)
        hub_signal_peer_send_type (self->peers[CARE_VISIT_ROLE_PATIENT], CARE_SIGNAL_ADMIT);
      self->state = HUB_SIGNAL_ADMITTED;
      G_GNUC_FALLTHROUGH;
    case CARE_SIGNAL_ANSWER:
    case CARE_SIGNAL_RENEW:
      self->epoch = MAX (self->epoch, message->epoch);
      peer->epoch = MAX (peer->epoch, message->epoch);
      if (peer->role == CARE_VISIT_ROLE_CLINICIAN)
        self->clinician_epoch = peer->epoch;
      return TRUE;
    case CARE_SIGNAL_CHAT:
      hub_signal_chat_keep (peer, message);
      return TRUE;
    case CARE_SIGNAL_MEDIA:
      keep_last (&self->media[peer->role], message);
      return TRUE;
    case CARE_SIGNAL_SLATE:
      keep_last (&self->slate, message);
      return TRUE;
    case CARE_SIGNAL_PHONE:
      keep_last (&self->phone, message);
      return TRUE;
    case CARE_SIGNAL_AWAY:
      hub_signal_away_take (self, message);
      return TRUE;
    case CARE_SIGNAL_CANDIDATE:
    case CARE_SIGNAL_HANGUP:
      return TRUE;
    case CARE_SIGNAL_DISTRUST:
      hub_signal_distrust (peer, message);
      return FALSE;
    default:
      return FALSE;
    }
}

static void
count_bad (HubSignalPeer *peer, const char *sentence)
{
  hub_signal_peer_send_error (peer, sentence);
  if (++peer->bad < MAX_BAD)
    return;
  {
    HubSignalRoom *room = peer->room;
    CareVisitRole role = peer->role;

    hub_signal_peer_remove (peer, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, NULL);
    hub_signal_tell_presence (room, role);
  }
}

static void
handle_hello (HubSignalPeer *peer, const CareVisitMessage *message)
{
  if (message->role != peer->role)
    count_bad (peer, "This socket belongs to the other role");
  else
    greet (peer, message->epoch);
}

static void
handle_message (HubSignalPeer *peer, CareVisitMessage *message)
{
  HubSignalRoom *room = peer->room;
  CareVisitMessage pong = { .type = CARE_SIGNAL_PONG, .id = message->id };
  const char *refusal;

  if (!care_visit_message_may_go (peer->role, message))
    count_bad (peer, "This message is not yours to send");
  else if (message->type == CARE_SIGNAL_HELLO)
    handle_hello (peer, message);
  else if (message->type == CARE_SIGNAL_PING)
    hub_signal_peer_send (peer, &pong);
  else if (message->type == CARE_SIGNAL_PONG)
    hub_signal_chat_take_pong (peer);
  else if (!peer->greeted)
    count_bad (peer, "Say hello first");
  else if (room->state == HUB_SIGNAL_ENDED)
    hub_signal_peer_send_error (peer, "This visit has ended");
  else if (message->type == CARE_SIGNAL_ENDED)
    end_visit (room);
  else if ((refusal = hub_signal_limit_refuse (peer, message)) != NULL)
    hub_signal_peer_send_error (peer, refusal);
  else if (!hub_signal_asked_handle (peer, message) && !hub_signal_people_handle (peer, message) &&
           apply (peer, message))
    {
      hub_signal_peer_send (room->peers[hub_signal_other_role (peer->role)], message);
      if (message->type == CARE_SIGNAL_CHAT)
        hub_signal_chat_ping (room->peers[CARE_VISIT_ROLE_CLINICIAN]);
      hub_signal_people_note (peer, message);
      hub_signal_asked_note (room, message);
    }
}

static void
handle_text (HubSignalPeer *peer, const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareVisitMessage) message = care_visit_message_parse (text, (gssize) length, &error);

  if (message == NULL)
    count_bad (peer, error->message);
  else
    handle_message (peer, message);
}

/* ---- sockets ---- */

static void
message_cb (SoupWebsocketConnection *socket, int type, GBytes *bytes, gpointer data)
{
  HubSignalPeer *peer = data;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  if (hub_signal_limit_is_flood (peer))
    {
      HubSignalRoom *room = peer->room;
      CareVisitRole role = peer->role;

      hub_signal_peer_remove (peer, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "Too many messages");
      hub_signal_tell_presence (room, role);
    }
  else if (type != SOUP_WEBSOCKET_DATA_TEXT)
    count_bad (peer, "Messages are text");
  else if (peer->room->loaded)
    handle_text (peer, text != NULL ? text : "", length);
  else if (peer->early.length < MAX_EARLY)
    g_queue_push_tail (&peer->early, g_strndup (text != NULL ? text : "", length));
}

static void
closed_cb (SoupWebsocketConnection *socket, gpointer data)
{
  HubSignalPeer *peer = data;
  HubSignalRoom *room = peer->room;
  CareVisitRole role = peer->role;

  hub_signal_peer_remove (peer, 0, NULL);
  hub_signal_tell_presence (room, role);
}

/* Without this the closing of a socket that broke is logged as a warning by libsoup. */
static void
error_cb (SoupWebsocketConnection *socket, GError *error, gpointer data)
{
  g_debug ("A visit's socket broke: %s", error->message);
}

static void
replay_early (HubSignalRoom *self, CareVisitRole role)
{
  HubSignalPeer *peer = self->peers[role];
  GQueue early;

  if (peer == NULL)
    return;
  early = peer->early;
  g_queue_init (&peer->early);
  /* Handling one may remove the peer. */
  for (GList *item = early.head; item != NULL && self->peers[role] == peer; item = item->next)
    handle_text (peer, item->data, strlen (item->data));
  g_queue_clear_full (&early, g_free);
}

/* Returns: whether somebody else's socket had to go */
static gboolean
make_room (HubSignalRoom *self, CareVisitRole role, HubUser *user)
{
  HubSignalPeer *peer = self->peers[role];
  g_autofree char *sentence = NULL;
  gboolean other;

  if (peer == NULL)
    return FALSE;
  other = user != NULL && peer->user != NULL && !g_str_equal (user->name, peer->user->name);
  if (other)
    {
      /* A close's reason may have 123 bytes. */
      peer->taker = g_utf8_substring (user->display, 0,
                                      MIN (g_utf8_strlen (user->display, -1), MAX_TAKER_NAME));
      sentence = g_strdup_printf ("%s has taken over this visit", peer->taker);
    }
  hub_signal_peer_remove (peer, CLOSE_REPLACED,
                          other ? sentence : "The visit was opened in another window");
  return other;
}

/**
 * hub_signal_room_enter:
 * @role: whose socket it is, as signed in
 * @user: (nullable): who that is, for a clinician
 * @pass: (nullable): who that is, for a guest or an interpreter
 *
 * A socket that is there already in this role is told and closed: the newer one stands. A clinician
 * who has to make room for another is told for whom.
 *
 * Returns: whether the visit was taken over from another clinician
 */
gboolean
hub_signal_room_enter (HubSignalRoom *self,
                       CareVisitRole role,
                       HubUser *user,
                       const HubInvitePass *pass,
                       SoupWebsocketConnection *socket)
{
  HubSignalPeer *peer = g_new0 (HubSignalPeer, 1);
  gboolean taken_over = make_room (self, role, user);

  peer->room = self;
  peer->role = role;
  peer->user = user != NULL ? hub_user_ref (user) : NULL;
  peer->socket = g_object_ref (socket);
  g_queue_init (&peer->early);
  self->peers[role] = peer;
  hub_signal_people_enter (self, role, pass);
  if (role == CARE_VISIT_ROLE_PATIENT)
    self->patient_came = TRUE;
  self->clinician_came |= role == CARE_VISIT_ROLE_CLINICIAN;
  self->gone_ticks = self->lost_ticks = 0;
  soup_websocket_connection_set_max_incoming_payload_size (socket, CARE_VISIT_MAX_FRAME);
  soup_websocket_connection_set_keepalive_interval (socket, KEEPALIVE_SECONDS);
  soup_websocket_connection_set_keepalive_pong_timeout (socket, PONG_SECONDS);
  g_signal_connect (socket, "message", G_CALLBACK (message_cb), peer);
  g_signal_connect (socket, "closed", G_CALLBACK (closed_cb), peer);
  g_signal_connect (socket, "error", G_CALLBACK (error_cb), peer);
  return taken_over;
}

/**
 * hub_signal_room_recheck:
 *
 * Closes the socket of a clinician who may not be here any more.
 */
void
hub_signal_room_recheck (HubSignalRoom *self, HubAccess *access)
{
  HubSignalPeer *peer = self->peers[CARE_VISIT_ROLE_CLINICIAN];

  if (peer == NULL || peer->user == NULL || hub_access_may_stay (access, peer->user))
    return;
  hub_signal_peer_remove (peer, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
                          "This account may not do this any more: sign in again");
  hub_signal_tell_presence (self, CARE_VISIT_ROLE_CLINICIAN);
}

/* ---- the record, and time ---- */

static gboolean
is_begun (HubVisitState record)
{
  return record == HUB_VISIT_IN_PROGRESS || record == HUB_VISIT_HELD;
}

static void
wait_again (HubSignalRoom *self)
{
  self->state = HUB_SIGNAL_WAITING;
  self->patient_waits = self->patient_came = self->peers[CARE_VISIT_ROLE_PATIENT] != NULL;
  hub_signal_peer_send_type (self->peers[CARE_VISIT_ROLE_PATIENT], CARE_SIGNAL_HOLD);
  hub_signal_peer_send_type (self->peers[CARE_VISIT_ROLE_PATIENT], CARE_SIGNAL_WAITING);
}

/**
 * hub_signal_room_set_record:
 *
 * What the Encounter says now. A visit that the record calls over is ended here too, however its
 * workstation came to write that.
 */
void
hub_signal_room_set_record (HubSignalRoom *self, HubVisitState record, const char *patient)
{
  gboolean first = !self->loaded;
  gboolean ready = is_begun (self->record) && record == HUB_VISIT_ARRIVED;

  self->record = record;
  self->loaded = TRUE;
  if (self->patient == NULL)
    self->patient = g_strdup (patient);
  if (record == HUB_VISIT_OVER)
    end_visit (self);
  if (first && self->state == HUB_SIGNAL_WAITING && is_begun (record))
    self->state = record == HUB_VISIT_HELD ? HUB_SIGNAL_HELD : HUB_SIGNAL_ADMITTED;
  if (!is_begun (record))
    self->reported = FALSE;
  /* a nurse has done the intake: the patient waits again, for the doctor */
  if (ready && self->state != HUB_SIGNAL_ENDED)
    wait_again (self);
  if (!first)
    return;
  replay_early (self, CARE_VISIT_ROLE_PATIENT);
  replay_early (self, CARE_VISIT_ROLE_CLINICIAN);
  replay_early (self, CARE_VISIT_ROLE_GUEST);
  replay_early (self, CARE_VISIT_ROLE_INTERPRETER);
}

/**
 * hub_signal_room_refuse:
 *
 * There is no such visit: whoever is here is told and closed.
 */
void
hub_signal_room_refuse (HubSignalRoom *self, const char *text)
{
  for (guint role = CARE_VISIT_ROLE_CLINICIAN; role < HUB_SIGNAL_PEERS; role++)
    if (self->peers[role] != NULL)
      hub_signal_peer_remove (self->peers[role], CLOSE_NO_VISIT, text);
}

void
hub_signal_room_tell_medicines (HubSignalRoom *self)
{
  HubSignalPeer *peer = self->peers[CARE_VISIT_ROLE_PATIENT];

  if (peer != NULL && peer->greeted)
    hub_signal_peer_send_type (peer, CARE_SIGNAL_MEDICINES);
}

static HubSignalWish
wish_of (HubSignalRoom *self)
{
  gboolean patient = self->peers[CARE_VISIT_ROLE_PATIENT] != NULL;
  gboolean clinician = self->peers[CARE_VISIT_ROLE_CLINICIAN] != NULL;
  gboolean anyone = patient || clinician;
  gboolean open = self->state != HUB_SIGNAL_ENDED;

  self->gone_ticks = patient ? 0 : self->gone_ticks + 1;
  self->lost_ticks = anyone ? 0 : self->lost_ticks + 1;
  self->alone_ticks = clinician ? 0 : self->alone_ticks + 1;
  if (open && self->record == HUB_VISIT_ARRIVED && self->patient_came &&
      self->gone_ticks >= HUB_SIGNAL_GONE)
    {
      self->patient_came = FALSE;
      return HUB_SIGNAL_MARK_LEFT;
    }
  if (open && is_begun (self->record))
    {
      /* a patient whose clinician is gone for good waits for nobody */
      if (clinician)
        self->reported = FALSE;
      if (self->reported || self->alone_ticks < HUB_SIGNAL_INTERRUPTED)
        return HUB_SIGNAL_NOTHING;
      self->reported = TRUE;
      return HUB_SIGNAL_REPORT_INTERRUPTED;
    }
  return self->lost_ticks >= HUB_SIGNAL_INTERRUPTED ? HUB_SIGNAL_FORGET : HUB_SIGNAL_NOTHING;
}

/**
 * hub_signal_room_tick:
 *
 * To be called every HUB_SIGNAL_TICK seconds. Counts in ticks: a clock that is set does not matter.
 *
 * Returns: what has to happen now
 */
HubSignalWish
hub_signal_room_tick (HubSignalRoom *self)
{
  for (guint role = CARE_VISIT_ROLE_CLINICIAN; role < HUB_SIGNAL_PEERS; role++)
    if (self->peers[role] != NULL)
      {
        hub_signal_chat_ping (self->peers[role]);
        hub_signal_renew_ice (self->peers[role]);
      }
  hub_signal_limit_tick (self);
  return wish_of (self);
}

/* @ice: (nullable): which relays there are */
HubSignalRoom *
hub_signal_room_new (const char *encounter, BaseClock *clock, HubIce *ice)
{
  HubSignalRoom *self = g_new0 (HubSignalRoom, 1);

  self->encounter = g_strdup (encounter);
  self->clock = g_object_ref (clock);
  self->ice = ice != NULL ? hub_ice_ref (ice) : NULL;
  self->chat = g_ptr_array_new_with_free_func ((GDestroyNotify) care_visit_message_free);
  return self;
}

void
hub_signal_room_free (HubSignalRoom *self)
{
  hub_signal_room_refuse (self, NULL);
  for (guint role = 0; role < HUB_SIGNAL_PEERS; role++)
    g_clear_pointer (&self->media[role], care_visit_message_free);
  g_clear_pointer (&self->slate, care_visit_message_free);
  g_clear_pointer (&self->phone, care_visit_message_free);
  g_clear_pointer (&self->away, care_visit_message_free);
  g_clear_pointer (&self->estimate, care_visit_message_free);
  g_free (self->who);
  g_ptr_array_unref (self->chat);
  hub_signal_people_clear (self);
  hub_signal_asked_clear (self);
  g_object_unref (self->clock);
  g_clear_pointer (&self->ice, hub_ice_unref);
  g_free (self->encounter);
  g_free (self->patient);
  g_free (self);
}

const char *
hub_signal_room_get_patient (HubSignalRoom *self)
{
  return self->patient;
}

gboolean
hub_signal_room_is_open (HubSignalRoom *self)
{
  return self->state != HUB_SIGNAL_ENDED;
}

/* Whether a clinician has been here: a loss that is reported after a restart may be an old one. */
gboolean
hub_signal_room_is_met (HubSignalRoom *self)
{
  return self->clinician_came;
}
