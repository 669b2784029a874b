/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-fleet.h"

G_BEGIN_DECLS

typedef enum
{
  APP_FLEET_NONE,    /* no file: each person chooses */
  APP_FLEET_GOOD,    /* the file is in force */
  APP_FLEET_KEPT,    /* the file is wrong; its last good copy is in force */
  APP_FLEET_REFUSED, /* the file is wrong and there was never a good one: nothing may open */
} AppFleetState;

/* What the administrator's file says on this computer, read once at the start. */
#define APP_TYPE_FLEET (app_fleet_get_type ())
G_DECLARE_FINAL_TYPE (AppFleet, app_fleet, APP, FLEET, GObject)

AppFleet *app_fleet_new (const char *path, const char *kept_path);
AppFleet *app_fleet_load (void);
AppFleetState app_fleet_get_state (AppFleet *self);
const char *app_fleet_get_problem (AppFleet *self);
BaseFleet *app_fleet_get (AppFleet *self);
gboolean app_fleet_is_set (AppFleet *self, BaseFleetKey key);
char *app_fleet_dup_set_by (AppFleet *self);
char *app_fleet_dup_authority (AppFleet *self);
void app_fleet_apply_language (AppFleet *self);
char *app_fleet_dup_check_command (const char *path, gboolean sandboxed);
int app_fleet_check_file (const char *path, GPrintFunc print);

G_END_DECLS
