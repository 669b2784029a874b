/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_PATIENT_WINDOW (workspace_patient_window_get_type ())
G_DECLARE_FINAL_TYPE (WorkspacePatientWindow,
                      workspace_patient_window,
                      WORKSPACE,
                      PATIENT_WINDOW,
                      AdwApplicationWindow)

WorkspacePatientWindow *workspace_patient_window_new (GtkApplication *application,
                                                      WorkspaceSession *session,
                                                      const char *patient_id);
WorkspacePatient *workspace_patient_window_get_patient (WorkspacePatientWindow *self);
void workspace_patient_window_resume (WorkspacePatientWindow *self, const char *target);
void workspace_patient_window_show (WorkspacePatientWindow *self, const char *target);
/* Where somebody is in it; signal "spot-changed" a second after that is another place. */
char *workspace_patient_window_dup_spot (WorkspacePatientWindow *self);
void workspace_patient_window_go_to_spot (WorkspacePatientWindow *self, const char *spot);
void workspace_patient_window_add_overlay (WorkspacePatientWindow *self, GtkWidget *widget);
void workspace_patient_window_remove_overlay (WorkspacePatientWindow *self, GtkWidget *widget);
void workspace_patient_window_add_toast (WorkspacePatientWindow *self, const char *text);

G_END_DECLS
