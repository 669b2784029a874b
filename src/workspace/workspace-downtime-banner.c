/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-downtime-banner.h"

#include <glib/gi18n.h>

#include "workspace-downtime-dialog.h"
#include "workspace-downtime.h"

struct _WorkspaceDowntimeBanner
{
  AdwBin parent_instance;

  WorkspaceSession *session;
  WorkspaceDowntime *downtime;

  AdwBanner *banner;
};

enum
{
  SIGNAL_BACK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspaceDowntimeBanner, workspace_downtime_banner, ADW_TYPE_BIN)

static void
text_cb (WorkspaceDowntimeBanner *self)
{
  const char *text = workspace_downtime_get_text (self->downtime);

  if (text)
    adw_banner_set_title (self->banner, text);
  adw_banner_set_revealed (self->banner, text != NULL);
}

static void
back_cb (WorkspaceDowntimeBanner *self, const char *sentence)
{
  g_signal_emit (self, signals[SIGNAL_BACK], 0, sentence);
}

static void
details_cb (WorkspaceDowntimeBanner *self)
{
  adw_dialog_present (workspace_downtime_dialog_new (self->session), GTK_WIDGET (self));
}

static void
workspace_downtime_banner_dispose (GObject *object)
{
  WorkspaceDowntimeBanner *self = WORKSPACE_DOWNTIME_BANNER (object);

  g_clear_object (&self->downtime);
  g_clear_object (&self->session);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_DOWNTIME_BANNER);
  G_OBJECT_CLASS (workspace_downtime_banner_parent_class)->dispose (object);
}

static void
workspace_downtime_banner_class_init (WorkspaceDowntimeBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workspace_downtime_banner_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/workspace/workspace-downtime-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspaceDowntimeBanner, banner);
  gtk_widget_class_bind_template_callback (widget_class, details_cb);

  signals[SIGNAL_BACK] = g_signal_new ("back", WORKSPACE_TYPE_DOWNTIME_BANNER, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
workspace_downtime_banner_init (WorkspaceDowntimeBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* No server is asked then, and that is not what has to be said. */
static void
show_read_only (WorkspaceDowntimeBanner *self)
{
  adw_banner_set_title (self->banner,
                        _ ("A newer Bedside wrote these records. They can be read here, and "
                           "nothing can be written or sent. Update Bedside."));
  adw_banner_set_button_label (self->banner, NULL);
  adw_banner_set_revealed (self->banner, TRUE);
}

/* Once, when it is known who works. */
void
workspace_downtime_banner_set_session (WorkspaceDowntimeBanner *self, WorkspaceSession *session)
{
  g_return_if_fail (WORKSPACE_IS_DOWNTIME_BANNER (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  if (store_database_is_read_only (workspace_session_get_database (session)))
    {
      show_read_only (self);
      return;
    }
  self->downtime = workspace_downtime_new (session, WORKSPACE_DOWNTIME_GRACE_MS);
  g_signal_connect_object (self->downtime, "notify::text", G_CALLBACK (text_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->downtime, "back", G_CALLBACK (back_cb), self, G_CONNECT_SWAPPED);
}
