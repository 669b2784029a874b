/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-guard.h"
#include "app-network.h"
#include "app-restart.h"
#include "app-update.h"

G_BEGIN_DECLS

/* What the administrator's file and the lock ask of the running program, in one place: it makes the
 * guard, the network's watch and the restart, and their actions (app.lock, app.policies,
 * app.restart).
 */
#define APP_TYPE_RULES (app_rules_get_type ())
G_DECLARE_FINAL_TYPE (AppRules, app_rules, APP, RULES, GObject)

AppRules *app_rules_new (void);
void app_rules_start (AppRules *self, AdwApplication *application, BaseClock *clock);
void app_rules_stop (AppRules *self);
AppFleet *app_rules_get_fleet (AppRules *self);
AppGuard *app_rules_get_guard (AppRules *self);
AppNetwork *app_rules_get_network (AppRules *self);
AppRestart *app_rules_get_restart (AppRules *self);
AppUpdate *app_rules_get_update (AppRules *self);
gint64 app_rules_get_lease (AppRules *self);
const char *app_rules_get_refusal (AppRules *self);
char *app_rules_dup_server (AppRules *self, const char *asked);
char *app_rules_dup_login (AppRules *self, const char *account);
void app_rules_set_account (AppRules *self, AppAccount *account);

G_END_DECLS
