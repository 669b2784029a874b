/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

#define VISIT_TYPE_DEVICES_DIALOG (visit_devices_dialog_get_type ())
G_DECLARE_FINAL_TYPE (VisitDevicesDialog, visit_devices_dialog, VISIT, DEVICES_DIALOG, AdwDialog)

AdwDialog *visit_devices_dialog_new (VisitController *controller);

G_END_DECLS
