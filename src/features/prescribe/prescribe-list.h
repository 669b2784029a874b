/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

/* What was signed for a patient, and where each is now. */
#define PRESCRIBE_TYPE_LIST (prescribe_list_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeList, prescribe_list, PRESCRIBE, LIST, AdwBin)

void prescribe_list_set_patient (PrescribeList *self, WorkspacePatient *patient);

G_END_DECLS
