/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A hub that runs for as long as this program does, as its child, with records of its own: the
 * demo clinic, or a small clinic on this computer. Where another process of ours serves that, it is
 * used, and left alone.
 * signal "ready" (url): it serves; again after each time it had ended by itself
 * signal "failed" (sentence): it does not start, or ends again and again */
#define APP_TYPE_LOCAL_HUB (app_local_hub_get_type ())
G_DECLARE_FINAL_TYPE (AppLocalHub, app_local_hub, APP, LOCAL_HUB, GObject)

AppLocalHub *app_local_hub_new (const char *folder, gboolean demo);
void app_local_hub_start (AppLocalHub *self);
void app_local_hub_stop (AppLocalHub *self);
const char *app_local_hub_get_url (AppLocalHub *self);
const char *app_local_hub_get_pid (AppLocalHub *self);
char *app_local_hub_dup_program (void);

G_END_DECLS
