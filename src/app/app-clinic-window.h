/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

#define APP_TYPE_CLINIC_WINDOW (app_clinic_window_get_type ())
G_DECLARE_FINAL_TYPE (AppClinicWindow, app_clinic_window, APP, CLINIC_WINDOW, AdwApplicationWindow)

AppClinicWindow *app_clinic_window_new (GtkApplication *application);
void app_clinic_window_set_session (AppClinicWindow *self, WorkspaceSession *session);
void app_clinic_window_show_opening (AppClinicWindow *self, const char *title);
void
app_clinic_window_show_failure (AppClinicWindow *self, const char *title, const char *sentence);
void
app_clinic_window_show_sign_in (AppClinicWindow *self, const char *title, const char *sentence);
void app_clinic_window_set_progress (AppClinicWindow *self, const char *text, double fraction);
void app_clinic_window_show_suspect (AppClinicWindow *self, const char *title);
void app_clinic_window_add_notice (AppClinicWindow *self,
                                   const char *text,
                                   const char *button,
                                   const char *action);
void app_clinic_window_show_welcome (AppClinicWindow *self, GtkWidget *welcome);
void app_clinic_window_set_may_choose (AppClinicWindow *self, gboolean may);
void app_clinic_window_show_page (AppClinicWindow *self, const char *id);
void app_clinic_window_add_toast (AppClinicWindow *self, const char *text);

G_END_DECLS
