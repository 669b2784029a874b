/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-quality.h"

G_BEGIN_DECLS

/* How the connection is: figures and graphs of the last five minutes. */
#define VISIT_TYPE_QUALITY_DIALOG (visit_quality_dialog_get_type ())
G_DECLARE_FINAL_TYPE (VisitQualityDialog, visit_quality_dialog, VISIT, QUALITY_DIALOG, AdwDialog)

VisitQualityDialog *visit_quality_dialog_new (MediaHistory *history, int chosen_rung);
void visit_quality_dialog_set_chosen_rung (VisitQualityDialog *self, int chosen_rung);

G_END_DECLS
