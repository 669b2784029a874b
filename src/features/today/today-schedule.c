/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-schedule.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "care-appointment.h"

#include "today-booking-dialog.h"
#include "today-cancel-dialog.h"
#include "workspace-alert.h"
#include "workspace-toast.h"

typedef struct
{
  GtkWidget *page;
  WorkspaceSession *session;
  char *appointment;
  char *done; /* (nullable): what a toast says when it worked */
} Act;

static Act *
act_new (GtkWidget *page, WorkspaceSession *session, const char *appointment, const char *done)
{
  Act *act = g_new0 (Act, 1);

  act->page = g_object_ref (page);
  act->session = g_object_ref (session);
  act->appointment = g_strdup (appointment);
  act->done = g_strdup (done);
  return act;
}

static void
act_free (Act *act)
{
  g_object_unref (act->page);
  g_object_unref (act->session);
  g_free (act->appointment);
  g_free (act->done);
  g_free (act);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Act, act_free)

static void
act_closure_free (gpointer data, GClosure *closure)
{
  act_free (data);
}

/* @appointment: (nullable): what an Undo takes back. */
static void
say (GtkWidget *page, const char *text, const char *appointment)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (page, ADW_TYPE_TOAST_OVERLAY);

  workspace_toast_add ((AdwToastOverlay *) overlay, text, "win.undo-visit", appointment);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Act) act = user_data;
  g_autoptr (GError) error = NULL;

  if (care_appointment_command_finish (result, &error))
    say (act->page, act->done, act->appointment);
  else
    say (act->page, error->message, NULL);
}

/* Only what is booked and has not begun. */
gboolean
today_schedule_may_change (CareDayRow *row)
{
  return row && !care_day_row_is_withheld (row) &&
         g_strcmp0 (care_day_row_get_status (row), "booked") == 0;
}

/* Nobody is late before the time has come. */
gboolean
today_schedule_may_miss (CareDayRow *row, gint64 now)
{
  return today_schedule_may_change (row) && care_day_row_get_start (row) <= now;
}

/* ---- booking and moving ---- */

static void
written_cb (TodayBookingDialog *dialog, const char *appointment, Act *act)
{
  say (act->page, act->done, appointment);
}

static void
present (AdwDialog *dialog, Act *act)
{
  g_signal_connect_data (dialog, "written", G_CALLBACK (written_cb), act, act_closure_free, 0);
  adw_dialog_present (dialog, act->page);
}

void
today_schedule_book (GtkWidget *page, WorkspaceSession *session, const char *date)
{
  present (today_booking_dialog_new (session, date, NULL),
           act_new (page, session, NULL, _ ("The visit is booked.")));
}

void
today_schedule_move (GtkWidget *page, WorkspaceSession *session, CareDayRow *row)
{
  if (!today_schedule_may_change (row))
    return;
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (care_day_row_get_start (row));
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, workspace_session_get_zone (session));
  g_autofree char *date = g_date_time_format (local, "%Y-%m-%d");

  present (today_booking_dialog_new (session, date, row),
           act_new (page, session, NULL, _ ("The visit is moved.")));
}

/* ---- taking back ---- */

static void
cancel_cb (TodayCancelDialog *dialog, const char *response, Act *act)
{
  g_autofree char *reason = today_cancel_dialog_dup_reason (dialog);

  if (g_str_equal (response, "cancel-visit"))
    care_appointment_cancel_async (workspace_session_get_context (act->session), act->appointment,
                                   today_cancel_dialog_get_by (dialog), reason, NULL, done_cb,
                                   act_new (act->page, act->session, act->appointment, act->done));
}

void
today_schedule_cancel (GtkWidget *page, WorkspaceSession *session, CareDayRow *row)
{
  if (!today_schedule_may_change (row))
    return;
  g_autofree char *what =
      g_strdup_printf ("%s, %s", care_day_row_get_name (row), care_day_row_get_time (row));
  AdwDialog *dialog = today_cancel_dialog_new (what);

  g_signal_connect_data (dialog, "response", G_CALLBACK (cancel_cb),
                         act_new (page, session, care_day_row_get_appointment (row),
                                  _ ("The visit is cancelled.")),
                         act_closure_free, 0);
  workspace_alert_present (dialog, page);
}

void
today_schedule_no_show (GtkWidget *page, WorkspaceSession *session, CareDayRow *row)
{
  g_autofree char *done = NULL;

  if (!today_schedule_may_change (row))
    return;
  /* Translators: a patient's name, a time of day */
  done = g_strdup_printf (_ ("Did not come: %s, %s"), care_day_row_get_name (row),
                          care_day_row_get_time (row));
  care_appointment_no_show_async (workspace_session_get_context (session),
                                  care_day_row_get_appointment (row), NULL, done_cb,
                                  act_new (page, session, care_day_row_get_appointment (row),
                                           done));
}

void
today_schedule_undo (GtkWidget *page, WorkspaceSession *session, const char *appointment)
{
  care_appointment_undo_async (workspace_session_get_context (session), appointment, NULL, done_cb,
                               act_new (page, session, NULL, _ ("Undone: it is as it was.")));
}
