/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-log.h"
#include "care-visit-state.h"
#include "care-write.h"

G_BEGIN_DECLS

/* A visit on its way from one state to the next, for the commands of care-visit*.c. */
typedef struct
{
  CareWrite write;
  FhirResource *encounter;
  FhirBuilder *builder;
  CareVisitState state;
  char *now, *reference;
} CareVisitChange;

gboolean care_visit_change_begin (CareVisitChange *self,
                                  StoreConnection *connection,
                                  CareContext *context,
                                  const char *id,
                                  GError **error);
gboolean care_visit_change_step (CareVisitChange *self,
                                 CareVisitEvent event,
                                 CareVisitState *next,
                                 GError **error);
gboolean care_visit_change_write (CareVisitChange *self,
                                  const char *action,
                                  const char *detail,
                                  GError **error);
void care_visit_change_set_status (CareVisitChange *self, const char *status);
void care_visit_change_leave (CareVisitChange *self, const char *stays);
void care_visit_change_clear (CareVisitChange *self);

/* care-visit-log.c */
gboolean care_visit_log_add (CareVisitChange *self, CareVisitLogKind kind, const char *title);

/* care-visit-interrupted.c */
gboolean care_visit_resolve_interrupted (CareVisitChange *self, GError **error);

/* care-visit-hand-over.c */
gboolean care_visit_withdraw_hand_over (CareVisitChange *self, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CareVisitChange, care_visit_change_clear)

G_END_DECLS
