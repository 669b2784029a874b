/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "prescribe-sheet.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

AdwDialog *prescribe_sign_dialog_new (WorkspacePatient *patient,
                                      CarePrescriptionDraft *draft,
                                      GPtrArray *findings);
AdwDialog *prescribe_sign_dialog_new_for (WorkspacePatient *patient, GPtrArray *sheets);

G_END_DECLS
