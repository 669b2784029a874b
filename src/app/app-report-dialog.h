/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app-report.h"

G_BEGIN_DECLS

/* The diagnostic report, read before it goes anywhere. It leaves by the file that a person chooses,
 * or by what they copy, and in no other way. */
#define APP_TYPE_REPORT_DIALOG (app_report_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AppReportDialog, app_report_dialog, APP, REPORT_DIALOG, AdwDialog)

AppReportDialog *app_report_dialog_new (void);
void app_report_dialog_set_report (AppReportDialog *self, AppReport *report);
char *app_report_dialog_dup_shown (AppReportDialog *self);
void app_report_dialog_write (AppReportDialog *self, GFile *file);

G_END_DECLS
