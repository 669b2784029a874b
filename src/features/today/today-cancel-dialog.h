/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-appointment.h"

G_BEGIN_DECLS

/* Why a visit is taken back, and by whom. The response is "cancel-visit" when it is to be done. */
#define TODAY_TYPE_CANCEL_DIALOG (today_cancel_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TodayCancelDialog, today_cancel_dialog, TODAY, CANCEL_DIALOG, AdwAlertDialog)

AdwDialog *today_cancel_dialog_new (const char *what);
CareCancelBy today_cancel_dialog_get_by (TodayCancelDialog *self);
char *today_cancel_dialog_dup_reason (TodayCancelDialog *self);

G_END_DECLS
