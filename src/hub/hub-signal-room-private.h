/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-signal-room.h"

G_BEGIN_DECLS

#define HUB_SIGNAL_PEERS (CARE_VISIT_ROLE_INTERPRETER + 1)

typedef enum
{
  HUB_SIGNAL_WAITING,
  HUB_SIGNAL_ADMITTED,
  HUB_SIGNAL_HELD,
  HUB_SIGNAL_ENDED,
} HubSignalState;

typedef struct
{
  HubSignalRoom *room;
  CareVisitRole role;
  HubUser *user; /* NULL: the patient, who came by a link */
  char *taker;   /* who has the visit instead, by name; NULL: nobody */
  SoupWebsocketConnection *socket;
  GQueue early; /* of char*: what came before the Encounter was read */
  gboolean greeted;
  guint epoch;  /* of the peer connection that it says it has */
  guint pinged; /* how much of the conversation it was sent when it was last pinged */
  guint bad;
  gint64 ice_renewal; /* monotonic: when it is told of the relays again */
} HubSignalPeer;

/* What one side has sent: since the last tick, and of candidates in @epoch. */
typedef struct
{
  guint messages, entries, renewals, candidates, epoch;
} HubSignalLimits;

/* A guest or an interpreter, as they came. */
typedef struct
{
  CareVisitPersonState state;
  char *session; /* NULL: nobody has come, or they were sent away */
  char *name, *number, *language, *relation, *by;
} HubSignalPerson;

typedef struct
{
  HubSignalPerson persons[HUB_SIGNAL_PEERS];
  gboolean left[HUB_SIGNAL_PEERS];      /* who has hung up, and not come back */
  gboolean sent_away[HUB_SIGNAL_PEERS]; /* somebody, in this life of the hub */
  gboolean alone;
  CareVisitRole alone_by;
  guint epoch;                                         /* the last one between two pages */
  gboolean joined[HUB_SIGNAL_PEERS][HUB_SIGNAL_PEERS]; /* [lower][higher]: were told to connect */
} HubSignalPeople;

/* What the clinician asks of the patient. */
typedef struct
{
  CareVisitMessage *picture; /* a request; present: its answer is being written; NULL: none */
  CareVisitMessage *answer;  /* to the last one; NULL: there is none, or it was taken back */
  CareVisitMessage *measure; /* a request; NULL: none */
  GPtrArray *sets;           /* of CareVisitMessage: what no clinician has dealt with; NULL: none */
} HubSignalAsked;

struct _HubSignalRoom
{
  char *encounter, *patient;
  HubServer *server; /* which owns the room; NULL: nobody keeps an audit chain */
  BaseClock *clock;
  HubIce *ice; /* NULL: the clinic has neither STUN nor TURN servers */
  gboolean loaded;
  HubVisitState record;
  HubSignalState state;
  gboolean patient_waits;
  gboolean patient_came; /* since the Encounter last said `arrived` */
  gboolean reported;
  gboolean clinician_came; /* since this hub knows of the visit */
  gboolean distrusted;     /* of distrusted_epoch it was said already */
  guint epoch, distrusted_epoch;
  guint gone_ticks, lost_ticks;
  guint alone_ticks;                      /* since a clinician was here */
  char *who;                              /* who will see the patient; NULL: not known */
  HubSignalPeer *peers[HUB_SIGNAL_PEERS]; /* by CareVisitRole */
  HubSignalLimits limits[HUB_SIGNAL_PEERS];
  CareVisitMessage *media[HUB_SIGNAL_PEERS]; /* the last one of each role */
  CareVisitMessage *slate, *phone;
  CareVisitMessage *away;     /* why the patient's page or device is not there; NULL: it is */
  CareVisitMessage *estimate; /* what the patient was told last; NULL: nothing */
  GPtrArray *chat;            /* of CareVisitMessage */
  guint chat_told;            /* how much of it a clinician is known to have */
  HubSignalPeople people;
  HubSignalAsked asked;
  guint clinician_epoch; /* of the last clinician: another one is another workstation */
};

CareVisitRole hub_signal_other_role (CareVisitRole role);
void hub_signal_peer_send (HubSignalPeer *peer, const CareVisitMessage *message);
void hub_signal_peer_send_type (HubSignalPeer *peer, CareVisitMessageType type);
void hub_signal_peer_send_error (HubSignalPeer *peer, const char *sentence);
void hub_signal_peer_remove (HubSignalPeer *peer, gushort code, const char *sentence);
void hub_signal_tell_presence (HubSignalRoom *self, CareVisitRole about);
void hub_signal_tell_ice (HubSignalPeer *peer);
void hub_signal_renew_ice (HubSignalPeer *peer);
/* hub-signal-limit.c */
gboolean hub_signal_limit_is_flood (HubSignalPeer *peer);
const char *hub_signal_limit_refuse (HubSignalPeer *peer, const CareVisitMessage *message);
void hub_signal_limit_tick (HubSignalRoom *self);
/* hub-signal-chat.c */
void hub_signal_chat_greet (HubSignalPeer *peer);
void hub_signal_chat_ping (HubSignalPeer *peer);
void hub_signal_chat_take_pong (HubSignalPeer *peer);
void hub_signal_chat_keep (HubSignalPeer *peer, CareVisitMessage *message);
/* hub-signal-distrust.c */
void hub_signal_distrust (HubSignalPeer *peer, const CareVisitMessage *message);

/* hub-signal-people.c */
void hub_signal_people_enter (HubSignalRoom *self, CareVisitRole role, const HubInvitePass *pass);
void hub_signal_people_greet (HubSignalRoom *self, HubSignalPeer *peer);
void hub_signal_people_tell (HubSignalRoom *self, CareVisitRole about);
void hub_signal_people_settle (HubSignalRoom *self);
gboolean hub_signal_people_handle (HubSignalPeer *peer, CareVisitMessage *message);
void hub_signal_people_note (HubSignalPeer *peer, const CareVisitMessage *message);
void hub_signal_people_end (HubSignalRoom *self);
void hub_signal_people_clear (HubSignalRoom *self);
/* hub-signal-asked.c */
gboolean hub_signal_asked_handle (HubSignalPeer *peer, const CareVisitMessage *message);
void hub_signal_asked_note (HubSignalRoom *self, const CareVisitMessage *message);
void hub_signal_asked_greet (HubSignalPeer *peer);
void hub_signal_asked_drop_picture (HubSignalRoom *self);
void hub_signal_asked_answered (HubSignalRoom *self, const CareVisitMessage *answer);
void hub_signal_asked_clear (HubSignalRoom *self);
/* hub-signal-picture.c */
void hub_signal_picture_write (HubSignalRoom *self,
                               const CareVisitMessage *message,
                               const char *language,
                               gint64 version);
/* hub-signal-away.c */
void hub_signal_away_take (HubSignalRoom *self, CareVisitMessage *message);
void hub_signal_away_greet (HubSignalPeer *peer);

G_END_DECLS
