/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

#include "app-account.h"
#include "app-fleet.h"
#include "app-network.h"
#include "app-people.h"

G_BEGIN_DECLS

typedef void (*AppGuardAdmitted) (gpointer user_data);

/* Who may see what is open: locks the screen, opens it for the one whose records are open, and lets
 * another clinician take over the computer without seeing them (H9).
 *
 * signal "switch" (account): another clinician's records are to be opened; "" for one who was never
 * here
 * signal "open-browser" (url): the sign-in page of the server
 * signal "unlocked" (): whoever sits there may see what is open */
#define APP_TYPE_GUARD (app_guard_get_type ())
G_DECLARE_FINAL_TYPE (AppGuard, app_guard, APP, GUARD, GObject)

AppGuard *app_guard_new (GtkApplication *application,
                         AppFleet *fleet,
                         BaseClock *clock,
                         const char *people_path);
void app_guard_set_network (AppGuard *self, AppNetwork *network);
void app_guard_set_keys (AppGuard *self, const char *keys);
gboolean app_guard_ask_who (AppGuard *self, const char *server);
char *app_guard_dup_only_account (AppGuard *self, const char *server);
void app_guard_admit (AppGuard *self,
                      AppAccount *account,
                      AppGuardAdmitted admitted,
                      gpointer user_data,
                      GDestroyNotify destroy);
void app_guard_set_session (AppGuard *self, WorkspaceSession *session);
void app_guard_lock (AppGuard *self);
gboolean app_guard_is_locked (AppGuard *self);
guint app_guard_get_minutes (AppGuard *self);
const char *app_guard_get_client_id (AppGuard *self);

G_END_DECLS
