/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-message.h"
#include "media-call.h"
#include "net-socket.h"

G_BEGIN_DECLS

/* A hub and a call without network and media, in place of NetSocket and MediaCall: what the visit
 * says to them is judged when it says it. */
typedef struct
{
  NetSocket *socket; /* (nullable): the line that is open or wants to be */
  gboolean open;
  gboolean patient_here; /* at the hub */
  gboolean may_call;     /* a clinician asked for a call, and nothing has ended it since */
  gboolean told_call;    /* the page was told last that there is a call */
  MediaCall *running;
  guint starts;
  guint renewals, hurries; /* of the line and of the call, because the network is another */
  const char *path;        /* the events so far, to say where it broke */
} VisitStandIns;

extern VisitStandIns stand_ins;

void stand_ins_open (void);
void stand_ins_close (guint code, gboolean again);
void stand_ins_say (const char *text);
void stand_ins_go_live (void);
void stand_ins_fall_silent (void);
void stand_ins_refuse (void);

G_END_DECLS
