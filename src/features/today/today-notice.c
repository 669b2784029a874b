/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-notice.h"

#include <glib/gi18n.h>

/* It names nobody: a locked screen shows it to anyone who passes. One that comes again takes the
 * place of the one before. */
static void
notify (GtkWidget *page, const char *id, const char *title)
{
  GtkRoot *root = gtk_widget_get_root (page);
  GtkApplication *application = root ? gtk_window_get_application (GTK_WINDOW (root)) : NULL;
  g_autoptr (GNotification) notification = g_notification_new (title);

  g_notification_set_default_action (notification, "app.clinic");
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  if (application)
    g_application_send_notification (G_APPLICATION (application), id, notification);
}

void
today_notice_waiting (GtkWidget *page)
{
  notify (page, "waiting", _ ("A patient is waiting"));
}

void
today_notice_written (GtkWidget *page)
{
  notify (page, "written", _ ("A patient who waits has written"));
}

void
today_notice_asked (GtkWidget *page)
{
  notify (page, "hand-over", _ ("A colleague asks you to take over a visit"));
}

void
today_notice_call (GtkWidget *page)
{
  notify (page, "call-me", _ ("A patient asks to be called"));
}
