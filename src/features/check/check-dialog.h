/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "check-run.h"

G_BEGIN_DECLS

#define CHECK_TYPE_DIALOG (check_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CheckDialog, check_dialog, CHECK, DIALOG, AdwDialog)

AdwDialog *check_dialog_new (CheckRun *run);

G_END_DECLS
