/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "check-run.h"

G_BEGIN_DECLS

#define CHECK_TYPE_ROW (check_row_get_type ())
G_DECLARE_FINAL_TYPE (CheckRow, check_row, CHECK, ROW, GtkListBoxRow)

GtkWidget *check_row_new (CheckRun *run, CheckStep *step);

G_END_DECLS
