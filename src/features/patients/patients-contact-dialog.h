/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

/* How a person is reached, and who speaks for them.
 *
 * signal "corrected": the number or the address was put right; it can be undone
 * signal "noted": an e-mail address, or what the patient says about messages, was written down */
#define PATIENTS_TYPE_CONTACT_DIALOG (patients_contact_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
    PatientsContactDialog, patients_contact_dialog, PATIENTS, CONTACT_DIALOG, AdwDialog)

AdwDialog *patients_contact_dialog_new (WorkspaceSession *session, const char *patient_id);

G_END_DECLS
