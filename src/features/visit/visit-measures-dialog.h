/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

#define VISIT_TYPE_MEASURES_DIALOG (visit_measures_dialog_get_type ())
G_DECLARE_FINAL_TYPE (VisitMeasuresDialog, visit_measures_dialog, VISIT, MEASURES_DIALOG, AdwDialog)

VisitMeasuresDialog *visit_measures_dialog_new (VisitController *controller);

G_END_DECLS
