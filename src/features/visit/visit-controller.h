/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit.h"
#include "visit-asked.h"
#include "visit-people.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* What the visit pane shows. It is computed from the Encounter and the call, never set by hand. */
typedef enum
{
  VISIT_STAGE_NONE,         /* no visit with this patient today */
  VISIT_STAGE_WAITING,      /* the patient waits; not admitted yet */
  VISIT_STAGE_CONNECTING,   /* admitted, the call is being set up */
  VISIT_STAGE_LIVE,         /* both see each other */
  VISIT_STAGE_RECONNECTING, /* was live, nothing arrives */
  VISIT_STAGE_ON_HOLD,      /* admitted, sent back to wait */
  VISIT_STAGE_NO_CALL,      /* the visit goes on without a call */
  VISIT_STAGE_PHONE,        /* the visit goes on by phone */
  VISIT_STAGE_TAKEN,        /* another clinician, or another window, has the visit */
  VISIT_STAGE_REFUSED,      /* the far side could not prove who it is; nothing was shown */
  VISIT_STAGE_ENDED,
} VisitStage;

/* Where the patient's picture is: in one place at a time. */
typedef enum
{
  VISIT_PLACE_PANE,   /* in the visit's pane */
  VISIT_PLACE_TILE,   /* small, over the chart */
  VISIT_PLACE_WINDOW, /* in a window of its own */
} VisitPlace;

#define VISIT_TYPE_STAGE (visit_stage_get_type ())
GType visit_stage_get_type (void);

#define VISIT_TYPE_CONTROLLER (visit_controller_get_type ())
G_DECLARE_FINAL_TYPE (VisitController, visit_controller, VISIT, CONTROLLER, GObject)

/* "changed" () whenever anything below may read differently; "failed" (sentence) and "notice"
 * (sentence) for a toast, the second when nothing went wrong; "voice" () ten times a second while a
 * call runs; "chat-asked" () when a key asks for the chat. */
VisitController *visit_controller_new (WorkspacePatient *patient);
WorkspacePatient *visit_controller_get_patient (VisitController *self);
VisitStage visit_controller_get_stage (VisitController *self);
const char *visit_controller_get_sentence (VisitController *self);
const char *visit_controller_get_encounter (VisitController *self);
const char *visit_controller_get_place (VisitController *self);
const char *visit_controller_get_number (VisitController *self);
const char *visit_controller_get_reason (VisitController *self);
const char *visit_controller_get_device_test (VisitController *self);
const char *visit_controller_get_device_level (VisitController *self);
gboolean visit_controller_wants_phone (VisitController *self);
const char *visit_controller_get_identity (VisitController *self);
gint64 visit_controller_get_waiting_since (VisitController *self);
const char *visit_controller_get_quality (VisitController *self);
const char *visit_controller_get_slate (VisitController *self);
const char *visit_controller_get_no_picture (VisitController *self);
const char *visit_controller_get_no_sound (VisitController *self);
gboolean visit_controller_get_patient_here (VisitController *self);
gboolean visit_controller_is_patient_called (VisitController *self);
gboolean visit_controller_get_call_active (VisitController *self);
GListModel *visit_controller_get_chat (VisitController *self);
GdkPaintable *visit_controller_get_remote_picture (VisitController *self);
GdkPaintable *visit_controller_get_self_picture (VisitController *self);
gboolean visit_controller_get_microphone (VisitController *self);
gboolean visit_controller_get_camera (VisitController *self);

/* visit-controller-people.c: guest and interpreter */
VisitPeople *visit_controller_get_people (VisitController *self);
gboolean visit_controller_is_alone (VisitController *self);
gboolean visit_controller_has_guest (VisitController *self);
gboolean visit_controller_knows_who_agreed (VisitPerson *person);
const char *visit_controller_get_speakerphone (VisitController *self);
void visit_controller_set_alone (VisitController *self, gboolean alone);
void visit_controller_admit_person (VisitController *self, VisitPerson *person);
void visit_controller_admit_guest (VisitController *self,
                                   VisitPerson *person,
                                   const char *agreed,
                                   const char *on_record);
void visit_controller_begin_speakerphone (VisitController *self,
                                          const char *name,
                                          const char *number,
                                          const char *language);
void visit_controller_end_speakerphone (VisitController *self);
void visit_controller_invite_async (VisitController *self,
                                    CareVisitRole role,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
char *visit_controller_invite_finish (GAsyncResult *result, char **until, GError **error);

/* visit-controller-asked.c: a picture out of the call, and what the patient measures */
VisitAsked *visit_controller_get_asked (VisitController *self);
gboolean visit_controller_may_take_picture (VisitController *self);
guint64 visit_controller_get_frames (VisitController *self);
void
visit_controller_add_measured (VisitController *self, const CareVisitMessage *set, guint accepted);

const char *visit_controller_get_silence (VisitController *self);
double visit_controller_get_voice (VisitController *self);
gboolean visit_controller_is_by_phone (VisitController *self);
gboolean visit_controller_is_talking (VisitController *self);
gint64 visit_controller_get_phone (VisitController *self, gint64 *end);
char *visit_controller_dup_course (VisitController *self);
gboolean visit_controller_is_eventful (VisitController *self);
VisitPlace visit_controller_get_picture_place (VisitController *self);
void visit_controller_set_picture_place (VisitController *self, VisitPlace place);

void visit_controller_phone (VisitController *self);
void visit_controller_correct_phone (VisitController *self, const char *start, const char *end);
void visit_controller_toggle_hold (VisitController *self);
void visit_controller_admit (VisitController *self);
void visit_controller_hold (VisitController *self);
void visit_controller_call (VisitController *self);
void visit_controller_take (VisitController *self);
void visit_controller_hang_up (VisitController *self);
void visit_controller_confirm_identity (VisitController *self);
void visit_controller_set_microphone (VisitController *self, gboolean on);
void visit_controller_set_camera (VisitController *self, gboolean on);
gboolean visit_controller_send_chat (VisitController *self, const char *text);
void visit_controller_ready (VisitController *self, const char *intake);
const char *visit_controller_get_intake (VisitController *self);
void visit_controller_end (VisitController *self, CareOutcome outcome, const char *follow_up_date);

G_END_DECLS
