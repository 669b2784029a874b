/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-guest.h"
#include "visit-controller.h"
#include "visit-facts.h"
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
  VisitStage stage;
  gboolean patient_left;
  gboolean lost;
  gboolean taking; /* the visit that another clinician is in, because the person said so */
};

VisitStage visit_controller_work_out_stage (VisitController *self);
const char *visit_controller_work_out_sentence (VisitController *self);
gboolean visit_controller_is_elsewhere (VisitController *self);
gboolean visit_controller_is_open (VisitController *self);
void visit_controller_watch_people (VisitController *self);

G_END_DECLS
