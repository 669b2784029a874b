/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-composer.h"

/**
 * WorkspaceComposer:
 *
 * A form of one feature inside another's page, as the prescription form in a note. It is made from
 * a patient, an encounter and a draft id by the feature's `create_composer`. Signal `committed
 * (reference, words)`: it is in the store, and that is what a note says of it; the host lets it go.
 * Signal `closed`: it was left, by Escape or a button. What is written in it stays, and the host
 * may show it again.
 */

enum
{
  SIGNAL_COMMITTED,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE (WorkspaceComposer, workspace_composer, ADW_TYPE_BIN)

static void
close_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  workspace_composer_closed (WORKSPACE_COMPOSER (widget));
}

static void
workspace_composer_class_init (WorkspaceComposerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[SIGNAL_COMMITTED] =
      g_signal_new ("committed", WORKSPACE_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", WORKSPACE_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "composer.close", NULL, close_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "composer.close", NULL);
}

static void
workspace_composer_init (WorkspaceComposer *self)
{
}

void
workspace_composer_start (WorkspaceComposer *self)
{
  g_return_if_fail (WORKSPACE_IS_COMPOSER (self));

  WorkspaceComposerClass *klass = WORKSPACE_COMPOSER_GET_CLASS (self);
  if (klass->start)
    klass->start (self);
}

/* What was composed is in the store, as @reference. @words: what a note says of it, on one line. */
void
workspace_composer_committed (WorkspaceComposer *self, const char *reference, const char *words)
{
  g_return_if_fail (WORKSPACE_IS_COMPOSER (self));

  g_signal_emit (self, signals[SIGNAL_COMMITTED], 0, reference, words);
}

/* The form was left; what is written in it stays. */
void
workspace_composer_closed (WorkspaceComposer *self)
{
  g_return_if_fail (WORKSPACE_IS_COMPOSER (self));

  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}
