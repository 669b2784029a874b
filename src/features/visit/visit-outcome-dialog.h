/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

#define VISIT_TYPE_OUTCOME_DIALOG (visit_outcome_dialog_get_type ())
G_DECLARE_FINAL_TYPE (VisitOutcomeDialog, visit_outcome_dialog, VISIT, OUTCOME_DIALOG, AdwDialog)

VisitOutcomeDialog *visit_outcome_dialog_new (VisitController *controller);

G_END_DECLS
