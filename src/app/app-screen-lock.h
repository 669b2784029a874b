/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "base-clock.h"

G_BEGIN_DECLS

/* Covers every window of the program while it is locked, and knows when nobody has touched it for
 * too long.
 *
 * signal "idle" (): nobody touched it for the minutes that were set, locked or not */
#define APP_TYPE_SCREEN_LOCK (app_screen_lock_get_type ())
G_DECLARE_FINAL_TYPE (AppScreenLock, app_screen_lock, APP, SCREEN_LOCK, GObject)

AppScreenLock *app_screen_lock_new (BaseClock *clock);
void app_screen_lock_set_actions (AppScreenLock *self, GActionMap *actions);
void app_screen_lock_let_show (GtkWindow *window);
void app_screen_lock_set_minutes (AppScreenLock *self, guint minutes);
void app_screen_lock_set_held (AppScreenLock *self, gboolean held);
void app_screen_lock_touch (AppScreenLock *self);
void app_screen_lock_check (AppScreenLock *self);
void app_screen_lock_lock (AppScreenLock *self, GtkWindow *cover);
void app_screen_lock_unlock (AppScreenLock *self);
gboolean app_screen_lock_is_locked (AppScreenLock *self);

G_END_DECLS
