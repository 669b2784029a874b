/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-help-topic.h"

#include <adwaita.h>

/* Which page of the help explains what somebody looks at: that of the innermost thing around the
 * focus that has one; else of what stands over the window; else of what the window shows. */

/* What has only the first page, as parts of the shell have, does not hide what it holds. */
static gboolean
is_general (const char *id)
{
  return !id || g_str_equal (id, APP_HELP_FIRST);
}

static const char *
find_around (AppHelpBook *book, GtkWidget *widget, GtkWidget *window)
{
  const char *id = NULL;

  for (; widget && widget != window && is_general (id); widget = gtk_widget_get_parent (widget))
    {
      const char *outer = app_help_book_find_screen (book, G_OBJECT_TYPE_NAME (widget));
      id = outer ? outer : id;
    }
  return id;
}

static const char *
find_within (AppHelpBook *book, GtkWidget *widget)
{
  const char *id = NULL, *inner = NULL;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  id = app_help_book_find_screen (book, G_OBJECT_TYPE_NAME (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && is_general (id);
       child = gtk_widget_get_next_sibling (child))
    if ((inner = find_within (book, child)))
      id = inner;
  return id;
}

/* What is in the window, and not the window itself: that is the last resort. */
static const char *
find_in_window (AppHelpBook *book, GtkWidget *window)
{
  const char *id = NULL, *inner = NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (window); child && is_general (id);
       child = gtk_widget_get_next_sibling (child))
    if ((inner = find_within (book, child)))
      id = inner;
  return id ? id : app_help_book_find_screen (book, G_OBJECT_TYPE_NAME (window));
}

static AdwDialog *
get_dialog (GtkWidget *window)
{
  if (ADW_IS_APPLICATION_WINDOW (window))
    return adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window));
  return ADW_IS_WINDOW (window) ? adw_window_get_visible_dialog (ADW_WINDOW (window)) : NULL;
}

/**
 * app_help_topic_find:
 * @window: (nullable): the one that is used
 *
 * Returns: the id of a page of @book
 */
const char *
app_help_topic_find (AppHelpBook *book, GtkWidget *window)
{
  AdwDialog *dialog = window ? get_dialog (window) : NULL;
  const char *id = NULL;

  if (!window)
    return APP_HELP_FIRST;
  id = find_around (book, gtk_root_get_focus (GTK_ROOT (window)), window);
  if (is_general (id) && dialog && find_within (book, GTK_WIDGET (dialog)))
    id = find_within (book, GTK_WIDGET (dialog));
  if (!id)
    id = find_in_window (book, window);
  return id ? id : APP_HELP_FIRST;
}
