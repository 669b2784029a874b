/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "visit-person.h"

G_BEGIN_DECLS

/* The guest and the interpreter of one visit: a list of VisitPerson, of those who have come.
 *
 * signal "send" (CareVisitMessage *): to the hub; returns whether it went
 * signal "failed" (sentence): what the clinician decided did not reach the hub
 * signal "changed" (): somebody came or went, or stands differently
 * signal "joined" (VisitPerson *), "left" (VisitPerson *): is in the call from now on, or no more
 * signal "greeted" (): the hub has told who is there, a while after the line opened
 * signal "refused" (VisitPerson *, reason): somebody could not prove who they are */
#define VISIT_TYPE_PEOPLE (visit_people_get_type ())
G_DECLARE_FINAL_TYPE (VisitPeople, visit_people, VISIT, PEOPLE, GObject)

VisitPeople *visit_people_new (gboolean loopback);
gboolean visit_people_take (VisitPeople *self, const CareVisitMessage *message);
void visit_people_say_again (VisitPeople *self);
void visit_people_hurry (VisitPeople *self);
void visit_people_await (VisitPeople *self);
gboolean visit_people_is_in (VisitPeople *self, CareVisitRole role);
void visit_people_lose (VisitPeople *self);
void visit_people_call (VisitPeople *self);
void visit_people_hang_up (VisitPeople *self);
void visit_people_hold_all (VisitPeople *self);
void visit_people_set_ice (VisitPeople *self,
                           const char *stun,
                           const char *const *turn,
                           gboolean relay_only);
void visit_people_set_session (VisitPeople *self, WorkspaceSession *session);
void visit_people_set_devices (VisitPeople *self, gboolean camera, gboolean microphone);

void visit_people_admit (VisitPeople *self, VisitPerson *person);
void visit_people_hold (VisitPeople *self, VisitPerson *person);
void visit_people_dismiss (VisitPeople *self, VisitPerson *person);
void visit_people_ask_quiet (VisitPeople *self, VisitPerson *person);
void visit_people_set_alone (VisitPeople *self, gboolean alone);
gboolean visit_people_is_alone (VisitPeople *self);
gboolean visit_people_is_alone_by_patient (VisitPeople *self);
gboolean visit_people_has (VisitPeople *self, CareVisitRole role);
gboolean visit_people_is_calling (VisitPeople *self);

G_END_DECLS
