/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The largest frame of the signalling channel, and what of it one text may fill. */
#define CARE_VISIT_MAX_FRAME     (64u * 1024)
#define CARE_VISIT_MAX_SDP       (60u * 1024)
#define CARE_VISIT_MAX_CANDIDATE 2048u
#define CARE_VISIT_MAX_CHAT      4000u
#define CARE_VISIT_MAX_VALUES    512u

typedef enum
{
  CARE_VISIT_ERROR_SYNTAX,  /* not JSON, not an object, or too deep */
  CARE_VISIT_ERROR_SIZE,    /* a frame or a text that is too long */
  CARE_VISIT_ERROR_UNKNOWN, /* no such type of message */
  CARE_VISIT_ERROR_SCHEMA,  /* a member that is missing or of the wrong type */
} CareVisitError;

#define CARE_VISIT_ERROR (care_visit_error_quark ())
GQuark care_visit_error_quark (void);

typedef enum
{
  CARE_VISIT_ROLE_NONE,
  CARE_VISIT_ROLE_CLINICIAN,
  CARE_VISIT_ROLE_PATIENT,
  CARE_VISIT_ROLE_GUEST,       /* a carer or one of the family, with the patient's consent */
  CARE_VISIT_ROLE_INTERPRETER, /* last: care-visit-people.h counts on the order */
} CareVisitRole;

/* Where a guest or an interpreter stands. */
typedef enum
{
  CARE_VISIT_PERSON_WAITING, /* has opened the link; nobody has let them in */
  CARE_VISIT_PERSON_IN,
  CARE_VISIT_PERSON_ASIDE, /* hears and sees nothing for now */
} CareVisitPersonState;

typedef enum
{
  CARE_SIGNAL_HELLO,     /* first on a socket, both ways: role, epoch */
  CARE_SIGNAL_PEER,      /* hub: the other side came or went */
  CARE_SIGNAL_WAITING,   /* the patient is in the waiting room */
  CARE_SIGNAL_ADMIT,     /* the clinician lets the patient in */
  CARE_SIGNAL_HOLD,      /* the clinician sends the patient back to wait */
  CARE_SIGNAL_OFFER,     /* clinician: epoch, sdp */
  CARE_SIGNAL_ANSWER,    /* patient: epoch, sdp */
  CARE_SIGNAL_CANDIDATE, /* epoch, mline, candidate ("" = no more) */
  CARE_SIGNAL_RENEW,     /* throw the peer connection away, go on with this epoch */
  CARE_SIGNAL_CHAT,      /* text, at; id and from where the hub knows them */
  CARE_SIGNAL_MEDIA,     /* which of audio and video the sender sends */
  CARE_SIGNAL_SLATE,     /* clinician: a labelled picture stands in for the camera */
  CARE_SIGNAL_HANGUP,    /* the call ends, the visit does not */
  CARE_SIGNAL_ENDED,     /* clinician: the visit is over */
  CARE_SIGNAL_PHONE,     /* clinician: the visit goes on by phone, or no longer does */
  CARE_SIGNAL_MEDICINES, /* hub to patient: something of "my medicines" changed */
  CARE_SIGNAL_ESTIMATE,  /* hub to patient: minutes until it is their turn; late, open, said */
  CARE_SIGNAL_WHO,       /* hub to patient: another clinician will see them; by: the name */
  CARE_SIGNAL_DISTRUST,  /* clinician to hub: the far side could not prove who it is; text: why */
  CARE_SIGNAL_PERSON,    /* hub: how a guest or an interpreter stands now */
  CARE_SIGNAL_CONNECT,   /* hub to a page: offer to this role, with this epoch */
  CARE_SIGNAL_PART,      /* hub to a page: the connection with this role ends */
  CARE_SIGNAL_ALONE,     /* on: the patient is spoken with alone, guests wait aside */
  CARE_SIGNAL_DISMISS,   /* sends a guest or an interpreter away; their link is void */
  CARE_SIGNAL_QUIET,     /* clinician: asks a guest or an interpreter to mute */
  CARE_SIGNAL_AWAY,      /* patient: reason; the hub adds when */
  CARE_SIGNAL_PICTURE,   /* clinician: may one picture be kept? id; on: FALSE: no longer asked */
  CARE_SIGNAL_AGREE,     /* patient, to that id: on, wording; hub: consent, or text: why not */
  CARE_SIGNAL_MEASURE,   /* clinician: asks for measurements: id, kinds ("": no longer) */
  CARE_SIGNAL_MEASURED,  /* patient, to that id: values; the hub adds when */
  CARE_SIGNAL_TAKEN,     /* clinician: what came to that id is dealt with */
  CARE_SIGNAL_PING,
  CARE_SIGNAL_PONG,
  CARE_SIGNAL_REFUSED, /* hub: "error", with a sentence; by: who has the visit now */
  CARE_SIGNAL_ICE,     /* hub: stun, turn, user, password, relay: how media find their way */
} CareVisitMessageType;

/* One message. Only the members of its type have a meaning. */
typedef struct
{
  CareVisitMessageType type;
  CareVisitRole role; /* hello, person, connect, part: whose; else from whom, NONE: not said */
  CareVisitRole to; /* NONE: from the clinician to the patient, or from anybody to the clinician */
  guint epoch;
  gboolean present;
  gboolean audio;
  gboolean video;
  gboolean on;
  guint mline;
  guint minutes;              /* estimate: 0: a few at most */
  gboolean late;              /* estimate: after the planned time */
  gboolean open;              /* estimate: nobody knows how long the visit before takes */
  gboolean said;              /* estimate: the clinician said so */
  CareVisitPersonState state; /* person */
  char *name, *number, *language, *relation; /* person: what they said of themselves */
  char *sdp;
  char *candidate;
  char *text;
  char *at;          /* an instant */
  char *by;          /* refused: the clinician who took the visit over; person: who invited them */
  char *id;          /* chat, ping, pong: the sender's own mark, up to 64 characters */
  char *stun, *turn; /* ice: addresses as browsers write them, a space between two */
  char *user;        /* ice: the name for the TURN servers, good for a while only */
  char *password;    /* ice: belongs to it; never to be logged */
  gboolean relay;    /* ice: only through a TURN server */
  char *reason;      /* away: "hidden", "microphone", "camera", or "back" */
  char *wording;     /* agree: language and version of what was read, "de/1" */
  char *consent;     /* agree: reference of the Consent, once it is on record */
  char *kinds;       /* measure: of care-measured.h */
  char *values;      /* measured: likewise */
  /* media: why there is none, a code of the device test; NULL: switched off by its owner */
  char *no_audio, *no_video;
} CareVisitMessage;

CareVisitMessage *care_visit_message_new (CareVisitMessageType type);
CareVisitMessage *care_visit_message_copy (const CareVisitMessage *self);
void care_visit_message_free (CareVisitMessage *self);
CareVisitMessage *care_visit_message_parse (const char *text, gssize length, GError **error);
char *care_visit_message_serialise (const CareVisitMessage *self);
const char *care_visit_role_name (CareVisitRole role);
CareVisitRole care_visit_role_from_name (const char *name);
gboolean care_visit_message_may_send (CareVisitRole role, CareVisitMessageType type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareVisitMessage, care_visit_message_free)

G_END_DECLS
