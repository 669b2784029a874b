/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-call.h"
#include "media-still.h"
#include "net-session.h"
#include "visit-asked.h"
#include "visit-exchange.h"
#include "visit-people.h"
#include "workspace-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The line to one visit's patient: the signalling socket and the call that it sets up. It knows
 * nothing of the Encounter.
 *
 * signal "changed" (): a getter answers differently
 * signal "hung-up" (): the patient left the call
 * signal "refused" (reason): the far side is not who signalling said
 * signal "lost" (): the call could not be brought back within a minute */
#define VISIT_TYPE_LINE (visit_line_get_type ())
G_DECLARE_FINAL_TYPE (VisitLine, visit_line, VISIT, LINE, GObject)

VisitLine *visit_line_new (const char *server, NetSession *net, const char *encounter_id);
void visit_line_close (VisitLine *self);

gboolean visit_line_is_connected (VisitLine *self);
gboolean visit_line_is_displaced (VisitLine *self);
const char *visit_line_get_taker (VisitLine *self);
const char *visit_line_get_said (VisitLine *self);
gboolean visit_line_is_unanswered (VisitLine *self);
gboolean visit_line_gave_up (VisitLine *self);
const char *visit_line_get_no_picture (VisitLine *self);
const char *visit_line_get_no_sound (VisitLine *self);
gboolean visit_line_is_patient_here (VisitLine *self);
gboolean visit_line_is_patient_asking (VisitLine *self);
const char *visit_line_get_away (VisitLine *self, const char **since);
MediaCallState visit_line_get_call_state (VisitLine *self);
gboolean visit_line_is_call_wanted (VisitLine *self);
const char *visit_line_get_path_problem (VisitLine *self);
const char *visit_line_get_quality (VisitLine *self);
const char *visit_line_get_slate (VisitLine *self);
VisitExchange *visit_line_get_exchange (VisitLine *self);
VisitPeople *visit_line_get_people (VisitLine *self);
GdkPaintable *visit_line_get_remote_picture (VisitLine *self);
GdkPaintable *visit_line_get_self_picture (VisitLine *self);

/* visit-line-asked.c */
VisitAsked *visit_line_get_asked (VisitLine *self);
guint64 visit_line_get_frames (VisitLine *self);
MediaStill *visit_line_take_still (VisitLine *self);

void visit_line_take_back (VisitLine *self);
void visit_line_hold (VisitLine *self);
void visit_line_call (VisitLine *self);
void visit_line_hang_up (VisitLine *self);
void visit_line_end (VisitLine *self);
void visit_line_set_microphone (VisitLine *self, gboolean on);
void visit_line_set_camera (VisitLine *self, gboolean on);
gboolean visit_line_get_microphone (VisitLine *self);
gboolean visit_line_get_camera (VisitLine *self);
const char *visit_line_get_silence (VisitLine *self);

void visit_line_set_session (VisitLine *self, WorkspaceSession *session);
void visit_line_set_by_phone (VisitLine *self, gboolean by_phone);
double visit_line_take_voice_level (VisitLine *self);

G_END_DECLS
