/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-patient-window.h"

G_BEGIN_DECLS

/* The patients' windows of one session: one for an id, and opening again presents it (law 1). While
 * the sign-in has run out no further one opens.
 *
 * signal "refused" (sentence): a window was asked for and not opened, and why */
#define APP_TYPE_PATIENTS (app_patients_get_type ())
G_DECLARE_FINAL_TYPE (AppPatients, app_patients, APP, PATIENTS, GObject)

AppPatients *
app_patients_new (GtkApplication *application, GSettings *settings, WorkspaceSession *session);
void app_patients_restore (AppPatients *self);
WorkspacePatientWindow *app_patients_present (AppPatients *self, const char *id);

G_END_DECLS
