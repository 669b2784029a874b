/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app-help-book.h"

G_BEGIN_DECLS

/* The help: contents and search at the left, a page at the right. It is a window of its own, so
 * that it can be read beside the work it explains. */
#define APP_TYPE_HELP_WINDOW (app_help_window_get_type ())
G_DECLARE_FINAL_TYPE (AppHelpWindow, app_help_window, APP, HELP_WINDOW, AdwApplicationWindow)

AppHelpWindow *app_help_window_new (GtkApplication *application, AppHelpBook *book);
void app_help_window_show (AppHelpWindow *self, const char *id);
const char *app_help_window_get_page (AppHelpWindow *self);

G_END_DECLS
