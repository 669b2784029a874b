/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app-network.h"
#include "app-removal.h"

G_BEGIN_DECLS

/* Asks whether the records of a clinician are to leave this computer: says what would be lost with
 * them, and lets nobody but that clinician or an administrator of the clinic go on. Of the records
 * it shows numbers and nothing else.
 *
 * signal "open-browser" (url): the sign-in page of the server
 * signal "removed" (): it was tried; who works here has to be read again */
#define APP_TYPE_REMOVAL_DIALOG (app_removal_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AppRemovalDialog, app_removal_dialog, APP, REMOVAL_DIALOG, AdwDialog)

AppRemovalDialog *app_removal_dialog_new (AppRemoval *removal,
                                          BaseClock *clock,
                                          const char *client_id,
                                          AppNetwork *network);
void app_removal_dialog_take_proof (AppRemovalDialog *self,
                                    const char *user,
                                    const char *role,
                                    const char *problem);

G_END_DECLS
