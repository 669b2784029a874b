/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-session.h"

G_BEGIN_DECLS

/* The program ends and begins again: as another clinician, of whose predecessor's process nothing
 * is left to be seen, or as a newer version. A visit that runs defers a newer version.
 *
 * signal "waits" (sentence): it begins again when the visit has ended
 * signal "ready" (): the application is to end now */
#define APP_TYPE_RESTART (app_restart_get_type ())
G_DECLARE_FINAL_TYPE (AppRestart, app_restart, APP, RESTART, GObject)

AppRestart *app_restart_new (void);
void app_restart_set_session (AppRestart *self, WorkspaceSession *session);
WorkspaceSession *app_restart_get_session (AppRestart *self);
void app_restart_switch (AppRestart *self, const char *account);
void app_restart_update (AppRestart *self, const char *account);
char **app_restart_dup_arguments (AppRestart *self, char **arguments);
char **app_restart_make_arguments (char **arguments, const char *account, gboolean newest);
void app_restart_run (char **arguments, const char *application_id);

G_END_DECLS
