/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-check.h"

/* Who tests the workplace says here how that went, and who shows a line of it listens: neither
 * knows the other. */

struct _WorkspaceCheck
{
  GObject parent_instance;
  WorkspaceCheckLevel level;
  char *sentence;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspaceCheck, workspace_check, G_TYPE_OBJECT)

static void
workspace_check_finalize (GObject *object)
{
  g_free (WORKSPACE_CHECK (object)->sentence);
  G_OBJECT_CLASS (workspace_check_parent_class)->finalize (object);
}

static void
workspace_check_class_init (WorkspaceCheckClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workspace_check_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", WORKSPACE_TYPE_CHECK, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workspace_check_init (WorkspaceCheck *self)
{
}

WorkspaceCheck *
workspace_check_new (void)
{
  return g_object_new (WORKSPACE_TYPE_CHECK, NULL);
}

/**
 * workspace_check_set:
 * @sentence: (nullable): the whole line
 */
void
workspace_check_set (WorkspaceCheck *self, WorkspaceCheckLevel level, const char *sentence)
{
  gboolean changed = g_set_str (&self->sentence, sentence);

  if (!changed && level == self->level)
    return;
  self->level = level;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

WorkspaceCheckLevel
workspace_check_get_level (WorkspaceCheck *self)
{
  return self->level;
}

const char *
workspace_check_get_sentence (WorkspaceCheck *self)
{
  return self->sentence;
}

/**
 * workspace_check_icon:
 *
 * Returns: what says the level without its colour
 */
const char *
workspace_check_icon (WorkspaceCheckLevel level)
{
  switch (level)
    {
    case WORKSPACE_CHECK_GREEN:
      return "object-select-symbolic";
    case WORKSPACE_CHECK_AMBER:
      return "dialog-warning-symbolic";
    case WORKSPACE_CHECK_RED:
      return "dialog-error-symbolic";
    case WORKSPACE_CHECK_NONE:
      break;
    }
  return "dialog-question-symbolic";
}

/**
 * workspace_check_style:
 *
 * Returns: the style class of its colour
 */
const char *
workspace_check_style (WorkspaceCheckLevel level)
{
  switch (level)
    {
    case WORKSPACE_CHECK_GREEN:
      return "success";
    case WORKSPACE_CHECK_AMBER:
      return "warning";
    case WORKSPACE_CHECK_RED:
      return "error";
    case WORKSPACE_CHECK_NONE:
      break;
    }
  return "dimmed";
}
