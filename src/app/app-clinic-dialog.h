/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The small clinic on this computer: where it lies, how it is backed up, and a form for colleagues.
 */
#define APP_TYPE_CLINIC_DIALOG (app_clinic_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AppClinicDialog, app_clinic_dialog, APP, CLINIC_DIALOG, AdwDialog)

AdwDialog *app_clinic_dialog_new (const char *folder);
void app_clinic_dialog_back_up (AppClinicDialog *self, GFile *place);

G_END_DECLS
