/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-async.h"

G_BEGIN_DECLS

/* Commands inside a write transaction; each writes resources, journal and audit together. */
gboolean care_visit_admit (StoreConnection *connection,
                           CareContext *context,
                           const char *encounter_id,
                           GError **error);
gboolean care_visit_hold (StoreConnection *connection,
                          CareContext *context,
                          const char *encounter_id,
                          GError **error);
gboolean care_visit_confirm_identity (StoreConnection *connection,
                                      CareContext *context,
                                      const char *encounter_id,
                                      GError **error);
gboolean care_visit_hang_up (StoreConnection *connection,
                             CareContext *context,
                             const char *encounter_id,
                             GError **error);
gboolean care_visit_mark_interrupted (StoreConnection *connection,
                                      CareContext *context,
                                      const char *encounter_id,
                                      GError **error);
gboolean care_visit_end (StoreConnection *connection,
                         CareContext *context,
                         const char *encounter_id,
                         CareOutcome outcome,
                         const char *follow_up_date,
                         GError **error);
gboolean care_visit_ready (StoreConnection *connection,
                           CareContext *context,
                           const char *encounter_id,
                           const char *intake,
                           GError **error);
gboolean care_visit_tell_late (
    StoreConnection *connection, CareContext *context, int minutes, guint *told, GError **error);
gboolean care_visit_raise_interrupted (StoreConnection *connection,
                                       CareContext *context,
                                       guint *raised,
                                       GError **error);

G_END_DECLS
