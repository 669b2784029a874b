/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-server-notice.h"

#include <glib/gi18n.h>

#include "workspace-alert.h"

/* A server is asked, and tried, for some seconds before it is known what it can do. */
#define SETTLE_SECONDS 8

struct _AppServerNotice
{
  GObject parent_instance;

  AppAccount *account;
  AppClinicWindow *window; /* outlives it */
  WorkspaceSession *session;
  SyncStatus *status;
  guint source;
};

G_DEFINE_FINAL_TYPE (AppServerNotice, app_server_notice, G_TYPE_OBJECT)

static void
settled_cb (gpointer user_data)
{
  AppServerNotice *self = user_data;

  self->source = 0;
  if (app_account_keep_notes (self->account, sync_status_get_notes (self->status)))
    app_clinic_window_add_notice (self->window,
                                  _ ("This server cannot do everything that Bedside would use."),
                                  _ ("_What Then?"), "app.server");
}

static void
notes_cb (AppServerNotice *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  self->source = g_timeout_add_seconds_once (SETTLE_SECONDS, settled_cb, self);
}

static void
suspect_cb (AppServerNotice *self)
{
  const char *title = NULL;

  switch (sync_status_get_suspicion (self->status))
    {
    case SYNC_SUSPICION_LOST:
      title = _ ("The server no longer has most of your patients. Nothing is read from it or sent "
                 "to it.");
      break;
    case SYNC_SUSPICION_SET_BACK:
      title = _ ("The server was set back to an earlier day. Nothing is read from it or sent to "
                 "it.");
      break;
    case SYNC_SUSPICION_NONE:
      break;
    }
  app_clinic_window_show_suspect (self->window, title);
}

/* ---- a server that may be another ---- */

static void
accepted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppServerNotice) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sync_engine_accept_server_finish (SYNC_ENGINE (source), result, &error))
    app_clinic_window_add_toast (self->window, error->message);
}

static void
answered_cb (AdwAlertDialog *dialog, const char *response, AppServerNotice *self)
{
  SyncEngine *engine = workspace_session_get_engine (self->session);

  gboolean offer = g_str_equal (response, "offer");

  if ((!offer && !g_str_equal (response, "accept")) || !engine)
    return;
  care_context_audit (workspace_session_get_context (self->session), "accept-server", NULL, NULL,
                      offer ? "what is newer here is sent again to a server that was set back"
                            : "a server that lost records was said to be the right one");
  sync_engine_accept_server_async (engine, offer ? SYNC_ACCEPT_AND_OFFER : SYNC_ACCEPT_AS_IT_IS,
                                   accepted_cb, g_object_ref (self));
}

static void
ask_lost (AdwAlertDialog *dialog, const char *sentence)
{
  adw_alert_dialog_format_body (
      dialog,
      _ ("%s\n\nIf it was emptied or replaced by mistake, leave it, and tell whoever runs it."),
      sentence);
  adw_alert_dialog_add_responses (dialog, "leave", _ ("_Leave It"), "accept",
                                  _ ("It Is the _Right One"), NULL);
}

static void
ask_set_back (AdwAlertDialog *dialog, const char *sentence)
{
  adw_alert_dialog_format_body (
      dialog,
      _ ("%s\n\nWhat is newer here can be sent again: it goes through the outbox and its checks, "
         "and nothing is written over that somebody changed since. Without that, the server’s "
         "older versions take its place. If the server was set back by mistake, leave it, and tell "
         "whoever runs it."),
      sentence);
  adw_alert_dialog_add_responses (dialog, "leave", _ ("_Leave It"), "accept",
                                  _ ("_Use It As It Is"), "offer", _ ("_Send Mine Again"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "offer", ADW_RESPONSE_SUGGESTED);
}

/* Asks whether this is the right server. Enter alone leaves everything as it is. */
void
app_server_notice_ask (AppServerNotice *self)
{
  g_return_if_fail (APP_IS_SERVER_NOTICE (self));

  AdwDialog *dialog = adw_alert_dialog_new (_ ("Is This the Right Server?"), NULL);

  if (sync_status_get_suspicion (self->status) == SYNC_SUSPICION_SET_BACK)
    ask_set_back (ADW_ALERT_DIALOG (dialog), sync_status_get_sentence (self->status));
  else
    ask_lost (ADW_ALERT_DIALOG (dialog), sync_status_get_sentence (self->status));
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "accept",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "leave");
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "leave");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, 0);
  workspace_alert_present (dialog, GTK_WIDGET (self->window));
}

static void
app_server_notice_dispose (GObject *object)
{
  AppServerNotice *self = APP_SERVER_NOTICE (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->account);
  g_clear_object (&self->status);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (app_server_notice_parent_class)->dispose (object);
}

static void
app_server_notice_class_init (AppServerNoticeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_server_notice_dispose;
}

static void
app_server_notice_init (AppServerNotice *self)
{
}

/* @session has an engine. */
AppServerNotice *
app_server_notice_new (AppAccount *account, AppClinicWindow *window, WorkspaceSession *session)
{
  SyncStatus *status = sync_engine_get_status (workspace_session_get_engine (session));
  AppServerNotice *self = g_object_new (APP_TYPE_SERVER_NOTICE, NULL);

  self->account = g_object_ref (account);
  self->window = window;
  self->session = g_object_ref (session);
  self->status = g_object_ref (status);
  g_signal_connect_object (status, "notify::notes", G_CALLBACK (notes_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (status, "notify::suspect", G_CALLBACK (suspect_cb), self,
                           G_CONNECT_SWAPPED);
  notes_cb (self);
  suspect_cb (self);
  return self;
}
