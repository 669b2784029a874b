/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-clinic-window.h"
#include "app-patients.h"
#include "app-rules.h"
#include "app-support.h"

G_BEGIN_DECLS

/* Whose records are open: signs in, makes the session with its features, and keeps it in step with
 * the server.
 *
 * signal "begun" (): there is a session, once */
#define APP_TYPE_WORK (app_work_get_type ())
G_DECLARE_FINAL_TYPE (AppWork, app_work, APP, WORK, GObject)

AppWork *app_work_new (GtkApplication *application,
                       AppRules *rules,
                       GSettings *settings,
                       BaseClock *clock,
                       AppSupport *support,
                       AppClinicWindow *window);
void app_work_open (AppWork *self, AppAccount *account, const char *server);
gboolean app_work_is_open (AppWork *self);
gboolean app_work_sign_in (AppWork *self);
gboolean app_work_sync (AppWork *self);
void app_work_ask_suspect (AppWork *self);
void app_work_leave (AppWork *self);
void app_work_stop (AppWork *self);
void app_work_close (AppWork *self);
WorkspaceSession *app_work_get_session (AppWork *self);
AppPatients *app_work_get_patients (AppWork *self);

G_END_DECLS
