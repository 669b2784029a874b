/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app-fleet.h"

G_BEGIN_DECLS

/* What the administrator set on this computer, for everybody to read: a page of the preferences. */
#define APP_TYPE_POLICIES_PAGE (app_policies_page_get_type ())
G_DECLARE_FINAL_TYPE (AppPoliciesPage, app_policies_page, APP, POLICIES_PAGE, AdwPreferencesPage)

AppPoliciesPage *app_policies_page_new (AppFleet *fleet);

G_END_DECLS
