/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-share-button.h"

#include <glib/gi18n.h>

#include "workspace-chart-page.h"

struct _WorkspaceShareButton
{
  AdwBin parent_instance;

  WorkspacePatient *patient; /* of the page that it is on */
  GtkWidget *button;
};

static guint make_card_signal;

G_DEFINE_FINAL_TYPE (WorkspaceShareButton, workspace_share_button, ADW_TYPE_BIN)

static void
clicked_cb (WorkspaceShareButton *self)
{
  g_autoptr (WorkspaceCard) card = NULL;

  g_signal_emit (self, make_card_signal, 0, self->patient, &card);
  if (card != NULL)
    workspace_sharing_show (workspace_sharing_of (self->patient), card);
}

static void
update (WorkspaceShareButton *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self),
                          self->patient != NULL &&
                              workspace_sharing_is_possible (workspace_sharing_of (self->patient)));
}

static void
forget_patient (WorkspaceShareButton *self)
{
  if (self->patient != NULL)
    g_signal_handlers_disconnect_by_data (workspace_sharing_of (self->patient), self);
  g_clear_object (&self->patient);
}

static void
workspace_share_button_root (GtkWidget *widget)
{
  WorkspaceShareButton *self = WORKSPACE_SHARE_BUTTON (widget);
  GtkWidget *page = gtk_widget_get_ancestor (widget, WORKSPACE_TYPE_CHART_PAGE);

  GTK_WIDGET_CLASS (workspace_share_button_parent_class)->root (widget);

  forget_patient (self);
  if (page != NULL)
    g_set_object (&self->patient, workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (page)));
  if (self->patient != NULL)
    g_signal_connect_swapped (workspace_sharing_of (self->patient), "notify::possible",
                              G_CALLBACK (update), self);
  update (self);
}

static void
workspace_share_button_dispose (GObject *object)
{
  forget_patient (WORKSPACE_SHARE_BUTTON (object));

  G_OBJECT_CLASS (workspace_share_button_parent_class)->dispose (object);
}

static void
workspace_share_button_class_init (WorkspaceShareButtonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workspace_share_button_dispose;
  GTK_WIDGET_CLASS (klass)->root = workspace_share_button_root;
  make_card_signal =
      g_signal_new ("make-card", WORKSPACE_TYPE_SHARE_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, WORKSPACE_TYPE_CARD, 1, WORKSPACE_TYPE_PATIENT);
}

static void
workspace_share_button_init (WorkspaceShareButton *self)
{
  self->button = gtk_button_new_with_mnemonic (_ ("S_how to the Patient"));
  gtk_widget_set_tooltip_text (
      self->button, _ ("Show This Alone on the Patient’s Page, Until You or They Stop It"));
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (clicked_cb), self);
  adw_bin_set_child (ADW_BIN (self), self->button);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
