/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Founds a small clinic on this computer.
 * signal "founded" (login): it is there, and its administrator's password was read */
#define APP_TYPE_WELCOME_CLINIC (app_welcome_clinic_get_type ())
G_DECLARE_FINAL_TYPE (AppWelcomeClinic, app_welcome_clinic, APP, WELCOME_CLINIC, AdwNavigationPage)

AdwNavigationPage *app_welcome_clinic_new (const char *folder);

G_END_DECLS
