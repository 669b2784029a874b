/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

#define VISIT_TYPE_CAPTURE_DIALOG (visit_capture_dialog_get_type ())
G_DECLARE_FINAL_TYPE (VisitCaptureDialog, visit_capture_dialog, VISIT, CAPTURE_DIALOG, AdwDialog)

VisitCaptureDialog *visit_capture_dialog_new (VisitController *controller);

G_END_DECLS
