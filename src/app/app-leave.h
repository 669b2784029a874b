/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-start.h"
#include "app-work.h"

G_BEGIN_DECLS

/* How a person ends the program: what is signed and not sent stands between them and the end (H1),
 * and they may ask for another clinic at the next start. */
#define APP_TYPE_LEAVE (app_leave_get_type ())
G_DECLARE_FINAL_TYPE (AppLeave, app_leave, APP, LEAVE, GObject)

AppLeave *app_leave_new (GApplication *application, AppClinicWindow *window, AppWork *work);
void app_leave_quit (AppLeave *self);
gboolean app_leave_for_another (AppLeave *self, AppStart *start);

G_END_DECLS
