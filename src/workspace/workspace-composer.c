/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-composer.h"

/**
 * WorkspaceComposer:
 *
 * A form of one feature inside another's page, as the prescription form in a note. It is made from
 * a patient, an encounter and a draft id by the feature's `create_composer`, and ends with exactly
 * one of the signals `committed (reference)` and `discarded`.
 */

enum
{
  SIGNAL_COMMITTED,
  SIGNAL_DISCARDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE (WorkspaceComposer, workspace_composer, ADW_TYPE_BIN)

static void
workspace_composer_class_init (WorkspaceComposerClass *klass)
{
  signals[SIGNAL_COMMITTED] = g_signal_new ("committed", WORKSPACE_TYPE_COMPOSER, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_DISCARDED] = g_signal_new ("discarded", WORKSPACE_TYPE_COMPOSER, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workspace_composer_init (WorkspaceComposer *self)
{
}

/* What was composed is in the store, as @reference. */
void
workspace_composer_committed (WorkspaceComposer *self, const char *reference)
{
  g_return_if_fail (WORKSPACE_IS_COMPOSER (self));

  g_signal_emit (self, signals[SIGNAL_COMMITTED], 0, reference);
}

/* The form was given up; its draft is gone. */
void
workspace_composer_discarded (WorkspaceComposer *self)
{
  g_return_if_fail (WORKSPACE_IS_COMPOSER (self));

  g_signal_emit (self, signals[SIGNAL_DISCARDED], 0);
}
