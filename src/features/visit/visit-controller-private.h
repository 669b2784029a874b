/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-guest.h"
#include "visit-controller.h"
#include "visit-facts.h"
#include "media-voice.h"
#include "visit-line.h"

G_BEGIN_DECLS

struct _VisitController
{
  GObject parent_instance;

  WorkspacePatient *patient;
  CareContext *context;
  char *encounter;
  VisitFacts *facts;
  VisitLine *line;
  GCancellable *cancellable;
  char *sentence;
  char *taken_sentence;
  char *away_sentence;
  char *refusal;
  char *phone_sentence;
  MediaVoiceWatch voice_watch;
  double voice;
  guint voice_source;
  guint phone_writes; /* that are not on disk yet */
  gboolean on_phone;  /* what they make of it */
  guint admits, holds;
  guint loads, shown_load, call_load, admit_load; /* readings of the record, by number */
  VisitPlace picture_place;
  gboolean devices_watched;
  VisitStage stage;
  gboolean patient_left;
  gboolean lost;
  gboolean calling; /* wished for, as soon as the admission is on disk */
  gboolean taking;  /* the visit that another clinician is in, because the person said so */
};

VisitStage visit_controller_work_out_stage (VisitController *self);
const char *visit_controller_work_out_sentence (VisitController *self);
gboolean visit_controller_is_elsewhere (VisitController *self);
gboolean visit_controller_is_open (VisitController *self);
void visit_controller_watch_people (VisitController *self);
void visit_controller_watch_asked (VisitController *self);
MediaStill *visit_controller_take_still (VisitController *self);
void visit_controller_reload (VisitController *self);
void visit_controller_update (VisitController *self);
void visit_controller_fail (VisitController *self, const GError *error);
void visit_controller_ensure_line (VisitController *self);
void visit_controller_begin_call (VisitController *self);

/* visit-controller-commands.c */
void visit_controller_forget_call (VisitController *self);
void visit_controller_command_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* visit-controller-call.c */
void visit_controller_sync_phone (VisitController *self);
void visit_controller_leave_phone (VisitController *self);
gboolean visit_controller_is_engaged (VisitController *self);
gboolean visit_controller_release (VisitController *self);
void visit_controller_watch_voice (VisitController *self);
void visit_controller_watch_devices (VisitController *self);

G_END_DECLS
