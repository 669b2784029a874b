/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

/* Where a prescriber sets up the second factor that controlled drugs are signed with. */
#define APP_TYPE_SECOND_FACTOR_DIALOG (app_second_factor_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
    AppSecondFactorDialog, app_second_factor_dialog, APP, SECOND_FACTOR_DIALOG, AdwDialog)

AdwDialog *app_second_factor_dialog_new (WorkspaceSession *session, const char *clinic);

G_END_DECLS
