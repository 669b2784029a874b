/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-medicine-stop.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* Asks before a medicine is stopped. Its response is "stop", or "keep". */
AdwDialog *chart_stop_dialog_new (WorkspacePatient *patient, const CareMedicineStop *stop);
char *chart_stop_dialog_dup_reason (AdwDialog *dialog);

G_END_DECLS
