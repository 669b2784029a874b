/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app-help-book.h"

G_BEGIN_DECLS

const char *app_help_topic_find (AppHelpBook *book, GtkWidget *window);

G_END_DECLS
