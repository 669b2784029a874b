/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-patient-window.h"

G_BEGIN_DECLS

/* The patients' windows come back after a crash, each with its page and where it was scrolled. */
typedef void (*AppWindowsVisit) (const char *patient_id, const char *spot, gpointer user_data);

void app_windows_keep (WorkspaceSession *session, WorkspacePatientWindow *window);
void app_windows_find (WorkspaceSession *session,
                       AppWindowsVisit visit,
                       gpointer user_data,
                       GDestroyNotify destroy);
void app_windows_forget (WorkspaceSession *session);

G_END_DECLS
