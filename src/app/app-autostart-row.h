/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app-autostart.h"

G_BEGIN_DECLS

void app_autostart_row_bind (AdwSwitchRow *row, AppAutostart *autostart);

G_END_DECLS
