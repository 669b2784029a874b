/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-cohort.h"

G_BEGIN_DECLS

/* Makes a list of patients, or changes one.
 *
 * signal "saved" (CareCohort) */
#define PATIENTS_TYPE_LIST_DIALOG (patients_list_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PatientsListDialog, patients_list_dialog, PATIENTS, LIST_DIALOG, AdwDialog)

AdwDialog *patients_list_dialog_new (CareContext *context, CareCohort *cohort);

G_END_DECLS
