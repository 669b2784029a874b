/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

/* Registers a person, once whoever may be the same was shown and answered.
 *
 * signal "registered" (id, name) */
#define PATIENTS_TYPE_REGISTER_DIALOG (patients_register_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
    PatientsRegisterDialog, patients_register_dialog, PATIENTS, REGISTER_DIALOG, AdwDialog)

AdwDialog *patients_register_dialog_new (WorkspaceSession *session);

G_END_DECLS
