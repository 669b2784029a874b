/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-leave.h"

#include "app-quit.h"
#include "app-windows.h"
#include "workspace-alert.h"

struct _AppLeave
{
  GObject parent_instance;

  GApplication *application; /* not owned: it owns this */
  AppClinicWindow *window;   /* weak: the application's */
  AppWork *work;
  AppStart *start; /* (nullable): where the clinic was chosen */
  gboolean quitting;
  gboolean choosing; /* the next start asks where to work */
};

G_DEFINE_FINAL_TYPE (AppLeave, app_leave, G_TYPE_OBJECT)

static void
quit_answered_cb (gpointer user_data, gboolean quit)
{
  g_autoptr (AppLeave) self = user_data;
  gboolean choosing = self->choosing;

  self->quitting = FALSE;
  self->choosing = FALSE;
  if (!quit)
    return;
  if (choosing)
    app_start_forget (self->start);
  app_windows_forget (app_work_get_session (self->work));
  app_work_stop (self->work);
  g_application_quit (self->application);
}

void
app_leave_quit (AppLeave *self)
{
  g_return_if_fail (APP_IS_LEAVE (self));

  WorkspaceSession *session = app_work_get_session (self->work);

  if (!session)
    {
      g_application_quit (self->application);
      return;
    }
  if (self->quitting)
    return;
  self->quitting = TRUE;
  gtk_window_present (GTK_WINDOW (self->window));
  app_quit_ask (GTK_WIDGET (self->window), session, quit_answered_cb, g_object_ref (self));
}

/* ---- another clinic ---- */

/* What is open now was opened for another clinic: it is closed, as by quitting. */
static void
another_answered_cb (AdwAlertDialog *dialog, const char *response, AppLeave *self)
{
  if (!g_str_equal (response, "choose"))
    return;
  self->choosing = TRUE;
  app_leave_quit (self);
}

/**
 * app_leave_for_another:
 * @start: where the clinic was chosen
 *
 * Returns: FALSE where nobody works, so that there is nothing to ask
 */
gboolean
app_leave_for_another (AppLeave *self, AppStart *start)
{
  g_return_val_if_fail (APP_IS_LEAVE (self), FALSE);

  AdwDialog *dialog;

  if (!app_work_get_session (self->work))
    return FALSE;
  g_set_object (&self->start, start);
  dialog = app_start_ask_new ();
  g_signal_connect_object (dialog, "response", G_CALLBACK (another_answered_cb), self, 0);
  workspace_alert_present (dialog, GTK_WIDGET (self->window));
  return TRUE;
}

/* ---- object ---- */

static void
app_leave_finalize (GObject *object)
{
  AppLeave *self = APP_LEAVE (object);

  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->start);
  g_clear_object (&self->work);
  G_OBJECT_CLASS (app_leave_parent_class)->finalize (object);
}

static void
app_leave_class_init (AppLeaveClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_leave_finalize;
}

static void
app_leave_init (AppLeave *self)
{
}

AppLeave *
app_leave_new (GApplication *application, AppClinicWindow *window, AppWork *work)
{
  AppLeave *self = g_object_new (APP_TYPE_LEAVE, NULL);

  self->application = application;
  g_set_weak_pointer (&self->window, window);
  self->work = g_object_ref (work);
  return self;
}
