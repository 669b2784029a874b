/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-page-stack.h"

/* Where the focus moves within a window, GTK finds the style of every widget under it anew, on the
 * pages of a stack that nobody sees too: 8 ms of a frame's 17 with all pages of a patient. What is
 * hidden as a widget, too, is left out (4 ms). */

/* Where nothing on the new page took the focus: a window that is closed while GTK still means to
 * move it away from what is hidden keeps that for ever. */
static void
leave (GtkWidget *page)
{
  GtkRoot *root = gtk_widget_get_root (page);
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  if (focus && (focus == page || gtk_widget_is_ancestor (focus, page)))
    gtk_root_set_focus (root, NULL);
}

void
workspace_page_stack_show (GtkStack *stack, const char *name)
{
  GtkWidget *before = gtk_stack_get_visible_child (stack),
            *page = gtk_stack_get_child_by_name (stack, name);

  g_return_if_fail (page != NULL);

  gtk_widget_set_visible (page, TRUE);
  gtk_stack_set_visible_child (stack, page);
  if (!before || before == page)
    return;
  leave (before);
  gtk_widget_set_visible (before, FALSE);
}
