/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-day.h"
#include "workspace-session.h"

G_BEGIN_DECLS

#define TODAY_TYPE_SEND_DIALOG (today_send_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TodaySendDialog, today_send_dialog, TODAY, SEND_DIALOG, AdwDialog)

/* @page: the widget that a link is shown on */
AdwDialog *today_send_dialog_new (GtkWidget *page, WorkspaceSession *session, CareDayRow *row);

G_END_DECLS
