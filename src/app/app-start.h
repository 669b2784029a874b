/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-clinic-window.h"

G_BEGIN_DECLS

/* What the command line says; each may be NULL. */
typedef struct
{
  const char *server, *user, *key_file, *folder, *authority;
  gboolean offline;
} AppStartOptions;

/* Where to work: what the command line says, else what was chosen at an earlier start, else a
 * person is asked.
 * signal "go" (): it is known, and what runs on this computer serves
 * signal "trouble" (sentence): what runs on this computer ended and does not come back */
#define APP_TYPE_START (app_start_get_type ())
G_DECLARE_FINAL_TYPE (AppStart, app_start, APP, START, GObject)

AppStart *
app_start_new (GSettings *settings, AppClinicWindow *window, const AppStartOptions *options);
void app_start_set_home (AppStart *self, const char *folder);
void app_start_begin (AppStart *self);
void app_start_choose_again (AppStart *self);
void app_start_forget (AppStart *self);
AdwDialog *app_start_ask_new (void);
gboolean app_start_is_link (const char *uri);
void app_start_open_link (AppStart *self, const char *link);
void app_start_stop (AppStart *self);
gboolean app_start_is_chosen_here (AppStart *self);
const char *app_start_get_server (AppStart *self);
char *app_start_dup_server_of (AppStart *self, const char *account);
const char *app_start_get_user (AppStart *self);
const char *app_start_get_key_file (AppStart *self);
const char *app_start_get_folder (AppStart *self);
const char *app_start_get_clinic (AppStart *self);

G_END_DECLS
