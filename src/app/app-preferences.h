/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "media-sources.h"

#include "app-autostart.h"
#include "app-fleet.h"

G_BEGIN_DECLS

/* Every setting that a person may change: those of visits, of the camera for documents, and of the
 * clinical content. What somebody else has fixed is shown and cannot be changed. */
#define APP_TYPE_PREFERENCES (app_preferences_get_type ())
G_DECLARE_FINAL_TYPE (AppPreferences, app_preferences, APP, PREFERENCES, AdwPreferencesDialog)

AppPreferences *app_preferences_new (GSettings *settings, MediaSources *sources, AppFleet *fleet);
void app_preferences_set_autostart (AppPreferences *self, AppAutostart *autostart);
void app_preferences_show (AppPreferences *self, const char *key);
GStrv app_preferences_dup_keys (AppPreferences *self);

G_END_DECLS
