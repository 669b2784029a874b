/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-guard.h"
#include "app-link.h"

G_BEGIN_DECLS

/* Links wait until somebody is signed in and the screen is open. */
#define APP_TYPE_LINKS (app_links_get_type ())
G_DECLARE_FINAL_TYPE (AppLinks, app_links, APP, LINKS, GObject)

AppLinks *app_links_new (AppGuard *guard);
void app_links_begin (AppLinks *self,
                      AppClinicWindow *window,
                      AppPatients *patients,
                      WorkspaceSession *session);
void app_links_follow (AppLinks *self, const char *uri);
void app_links_follow_all (AppLinks *self, const char *const *uris);
gboolean app_links_must_wait (AppLinks *self);

G_END_DECLS
