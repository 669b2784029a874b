/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-message.h"
#include "media-history.h"
#include "net-path.h"
#include "net-socket.h"

#include "visit-line.h"
#include "visit-patient-media.h"

G_BEGIN_DECLS

struct _VisitLine
{
  GObject parent_instance;

  NetSocket *socket;
  NetPath *path;
  MediaCall *call;
  VisitPeople *people;
  VisitAsked *asked;
  VisitExchange *exchange;    /* chat and files */
  GdkPaintable *next_picture; /* of the epoch that is being set up */
  GdkPaintable *remote_picture;
  GWeakRef next_sink; /* whose pictures these are */
  GWeakRef remote_sink;
  GdkPaintable *self_picture;
  char *quality;
  MediaHistory *history;
  MediaRung rung; /* what is allowed by hand */
  gboolean rung_is_chosen;
  char *said;            /* the hub's last refusal since it let us in: a sentence */
  char *taker;           /* who has the visit instead, by name; NULL: that is not known */
  CareVisitMessage *ice; /* which relays there are; NULL: the hub said nothing of them */
  char *path_problem;    /* why no relay lets a call through, in words */
  GCancellable *asking;  /* the relays, why that is */
  GHashTable *tunnels;   /* url to NetTlsTunnel: of relays that are reached by TLS */
  guint slow_source;     /* a call that does not connect: the relay is asked too */
  char *away;    /* why the patient is not there, a code of CARE_SIGNAL_AWAY; NULL: they are */
  char *away_at; /* an instant */
  VisitPatientMedia patient_media;
  guint epoch;
  gint64 begun;        /* monotonic: when the epoch was */
  gint64 silent_ms;    /* at the last measurement */
  gint64 silent_since; /* monotonic: nothing gets through; 0: it does, or there is no call */
  guint give_up_source;
  guint answer_source;         /* what happens where the page does not answer */
  guint clocks;                /* read in pictures of a test's patient */
  gint64 clock_read;           /* monotonic: the last of them */
  CareVisitMessageType unsaid; /* the end of a call that no connection took; HELLO: nothing */
  gboolean loopback;
  gboolean shut;       /* by the hub, for good */
  gboolean unanswered; /* an offer, for a while */
  gboolean gave_up;    /* because nobody answered */
  gboolean displaced;  /* the visit was opened elsewhere */
  gboolean patient_here;
  gboolean patient_asks; /* to be called again */
  gboolean call_wanted;
  WorkspaceSession *session; /* (nullable): whose devices a call uses */
  gboolean by_phone;
  gboolean microphone;
  gboolean camera;
  gboolean deaf; /* the microphone is on, and none works */
};

void visit_line_changed (VisitLine *self);
gboolean visit_line_send_message (VisitLine *self, const CareVisitMessage *message);
void visit_line_send_plain (VisitLine *self, CareVisitMessageType type);
void visit_line_say_call_over (VisitLine *self, CareVisitMessageType how);

void visit_line_take_ice (VisitLine *self, const CareVisitMessage *message);
void visit_line_apply_ice (VisitLine *self);
void visit_line_clear_ice (VisitLine *self);
void visit_line_ask_relay (VisitLine *self);
void visit_line_watch_path (VisitLine *self);

void visit_line_ensure_call (VisitLine *self);
void visit_line_begin_epoch (VisitLine *self);
void visit_line_drop_call (VisitLine *self);
void visit_line_stop_giving_up (VisitLine *self);
void visit_line_say_phone (VisitLine *self);

/* visit-line-asked.c */
void visit_line_make_asked (VisitLine *self);
void visit_line_drop_asked (VisitLine *self);
void visit_line_watch_asked (VisitLine *self);

/* visit-line-path.c */
void visit_line_watch_network (VisitLine *self);
void visit_line_wait_for_answer (VisitLine *self);
void visit_line_stop_waiting (VisitLine *self);

G_END_DECLS
