/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-check.h"

G_BEGIN_DECLS

#define TODAY_TYPE_CHECK (today_check_get_type ())
G_DECLARE_FINAL_TYPE (TodayCheck, today_check, TODAY, CHECK, AdwBin)

void today_check_show (TodayCheck *self, WorkspaceCheck *check);

G_END_DECLS
