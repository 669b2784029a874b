/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows the page @name of @stack and hides the one before. The focus follows where it was within
 * that: to where it was when the new page was left, or to the first that takes it. */
void workspace_page_stack_show (GtkStack *stack, const char *name);

G_END_DECLS
