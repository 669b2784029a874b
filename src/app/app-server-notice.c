/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-server-notice.h"

#include <glib/gi18n.h>

/* A server is asked, and tried, for some seconds before it is known what it can do. */
#define SETTLE_SECONDS 8

struct _AppServerNotice
{
  GObject parent_instance;

  AppAccount *account;
  AppClinicWindow *window; /* outlives it */
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
app_server_notice_dispose (GObject *object)
{
  AppServerNotice *self = APP_SERVER_NOTICE (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->account);
  g_clear_object (&self->status);
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

AppServerNotice *
app_server_notice_new (AppAccount *account, AppClinicWindow *window, SyncStatus *status)
{
  AppServerNotice *self = g_object_new (APP_TYPE_SERVER_NOTICE, NULL);

  self->account = g_object_ref (account);
  self->window = window;
  self->status = g_object_ref (status);
  g_signal_connect_object (status, "notify::notes", G_CALLBACK (notes_cb), self, G_CONNECT_SWAPPED);
  notes_cb (self);
  return self;
}
