/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "media-sources.h"

G_BEGIN_DECLS

/* Shows the camera, and reads the QR code that is held before it; or one in a picture.
 * signal "found" (server): a person read the address and wants it */
#define APP_TYPE_SCAN_DIALOG (app_scan_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AppScanDialog, app_scan_dialog, APP, SCAN_DIALOG, AdwDialog)

AppScanDialog *app_scan_dialog_new (MediaSources *sources);
void app_scan_dialog_read (AppScanDialog *self, GBytes *picture);

G_END_DECLS
