/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-summary.h"

#include "workspace-readiness.h"
#include "workspace-session.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_PATIENT (workspace_patient_get_type ())
G_DECLARE_FINAL_TYPE (WorkspacePatient, workspace_patient, WORKSPACE, PATIENT, GObject)

typedef enum
{
  WORKSPACE_PATIENT_LOADING,
  WORKSPACE_PATIENT_READY,
  WORKSPACE_PATIENT_FAILED,
} WorkspacePatientState;

WorkspacePatient *workspace_patient_new (WorkspaceSession *session, const char *patient_id);
WorkspaceSession *workspace_patient_get_session (WorkspacePatient *self);
const char *workspace_patient_get_id (WorkspacePatient *self);
WorkspacePatientState workspace_patient_get_state (WorkspacePatient *self);
const char *workspace_patient_get_failure (WorkspacePatient *self);

/* What is known of the patient; NULL until the store answered. "summary-changed" after each reload.
 */
CareSummary *workspace_patient_get_summary (WorkspacePatient *self);
void workspace_patient_reload (WorkspacePatient *self);
char *workspace_patient_dup_name (WorkspacePatient *self);
char *workspace_patient_dup_as_of (WorkspacePatient *self);

/* What of the chart is here, and asking the server for it; "notify::reading". */
WorkspaceReadiness *workspace_patient_get_readiness (WorkspacePatient *self);
guint workspace_patient_get_conflicts (WorkspacePatient *self);
void workspace_patient_read_again (WorkspacePatient *self);
gboolean workspace_patient_get_reading (WorkspacePatient *self);
const char *workspace_patient_get_reading_failure (WorkspacePatient *self);

/* The visit in progress, or NULL, and how sure we are who is there (H7). */
const char *workspace_patient_get_encounter (WorkspacePatient *self);
const char *workspace_patient_get_identity (WorkspacePatient *self);

/* H8: whose voice is heard, when it is not this patient's; else NULL. Signing asks for a key then.
 */
char *workspace_patient_dup_other_call (WorkspacePatient *self);

/* Another window asks this one to do @verb on @target: signal "request" with the verb as detail. */
void workspace_patient_request (WorkspacePatient *self, const char *verb, const char *target);

G_END_DECLS
