/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "care-visit-people.h"
#include "workspace-session.h"

G_BEGIN_DECLS

/* A guest or an interpreter in a visit, as the hub and their own peer connection tell.
 *
 * signal "changed" (): a getter answers differently
 * signal "offer" (epoch, sdp), "candidate" (epoch, mline, candidate), "renew" (epoch): send it to
 * them signal "refused" (reason): the far side is not who signalling said; nothing was shown
 * signal "lost" (sentence): there was no connection for too long, and the call is over */
#define VISIT_TYPE_PERSON (visit_person_get_type ())
#define VISIT_RENEW_US    (2 * G_USEC_PER_SEC) /* between two renewals that a page asks for */
G_DECLARE_FINAL_TYPE (VisitPerson, visit_person, VISIT, PERSON, GObject)

VisitPerson *visit_person_new (CareVisitRole role, gboolean loopback);
void visit_person_take (VisitPerson *self, const CareVisitMessage *message);
void visit_person_take_media (VisitPerson *self, const CareVisitMessage *message);
void visit_person_take_answer (VisitPerson *self, const CareVisitMessage *message);
void visit_person_take_candidate (VisitPerson *self, const CareVisitMessage *message);
void visit_person_hurry (VisitPerson *self);
void visit_person_renew (VisitPerson *self);
void visit_person_set_wanted (VisitPerson *self, gboolean wanted);
void visit_person_set_session (VisitPerson *self, WorkspaceSession *session);
void visit_person_set_devices (VisitPerson *self, gboolean camera, gboolean microphone);
void visit_person_set_ice (VisitPerson *self,
                           const char *stun,
                           const char *const *turn,
                           gboolean relay_only);
void visit_person_set_muted (VisitPerson *self, gboolean muted);
double visit_person_take_level (VisitPerson *self);

CareVisitRole visit_person_get_role (VisitPerson *self);
gboolean visit_person_is_present (VisitPerson *self);
CareVisitPersonState visit_person_get_state (VisitPerson *self);
gboolean visit_person_is_calling (VisitPerson *self);
gboolean visit_person_is_live (VisitPerson *self);
gboolean visit_person_is_refused (VisitPerson *self);
const char *visit_person_get_name (VisitPerson *self);
const char *visit_person_get_number (VisitPerson *self);
const char *visit_person_get_language (VisitPerson *self);
const char *visit_person_get_relation (VisitPerson *self);
gboolean visit_person_is_invited_by_patient (VisitPerson *self);
gboolean visit_person_is_muted (VisitPerson *self);
GdkPaintable *visit_person_get_picture (VisitPerson *self);
char *visit_person_dup_title (VisitPerson *self);
char *visit_person_dup_details (VisitPerson *self);
char *visit_person_dup_standing (VisitPerson *self);

G_END_DECLS
