/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* How a locked workstation opens. */
typedef enum
{
  APP_LOCK_WHO,     /* nobody's records are open: choose who works */
  APP_LOCK_CODE,    /* by the code, or by signing in */
  APP_LOCK_SIGN_IN, /* by signing in only */
  APP_LOCK_CHOOSE,  /* it is known who is there; a code has to be chosen */
} AppLockWay;

/* What stands on the screen while it is locked. It knows of no patient.
 *
 * signal "code" (code): one was typed
 * signal "chosen" (code): one was chosen that will do
 * signal "sign-in" (): to be shown the server's sign-in
 * signal "switch" (account): another clinician; "" for one who was never here
 * signal "remove" (account): another clinician is to be taken off this computer
 * signal "quit" () */
#define APP_TYPE_LOCK_WINDOW (app_lock_window_get_type ())
G_DECLARE_FINAL_TYPE (AppLockWindow, app_lock_window, APP, LOCK_WINDOW, AdwApplicationWindow)

AppLockWindow *app_lock_window_new (GtkApplication *application);
void app_lock_window_set_way (AppLockWindow *self, AppLockWay way, const char *name);
void app_lock_window_set_people (AppLockWindow *self,
                                 GPtrArray *people,
                                 const char *but_not,
                                 gboolean may_remove);
void app_lock_window_set_visit (AppLockWindow *self, gboolean running);
void app_lock_window_set_busy (AppLockWindow *self, gboolean busy);
void app_lock_window_say (AppLockWindow *self, const char *sentence);

G_END_DECLS
