/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check-step.h"

typedef struct
{
  char *title;
  const char *lane;
  guint seconds;
  CheckStepState state;
  CheckResult *result;
} CheckStepPrivate;

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CheckStep, check_step, G_TYPE_OBJECT)

#define PRIVATE(self) ((CheckStepPrivate *) check_step_get_instance_private (self))

/* @advice: (nullable) */
CheckResult *
check_result_new (WorkspaceCheckLevel level, const char *sentence, const char *advice)
{
  CheckResult *self = g_new0 (CheckResult, 1);

  self->level = level;
  self->sentence = g_strdup (sentence);
  self->advice = g_strdup (advice);
  return self;
}

/* A device that is there; whether it works is not known. */
CheckResult *
check_result_new_present (const char *sentence)
{
  CheckResult *self = check_result_new (WORKSPACE_CHECK_GREEN, sentence, NULL);

  self->untried = TRUE;
  return self;
}

/* A device that is not plugged in. */
CheckResult *
check_result_new_absent (const char *sentence, const char *advice)
{
  CheckResult *self = check_result_new (WORKSPACE_CHECK_RED, sentence, advice);

  self->absent = TRUE;
  return self;
}

/* What could not be tried says nothing, neither good nor bad. */
CheckResult *
check_result_new_untried (const char *sentence)
{
  CheckResult *self = check_result_new (WORKSPACE_CHECK_NONE, sentence, NULL);

  self->untried = TRUE;
  return self;
}

void
check_result_free (CheckResult *self)
{
  g_free (self->sentence);
  g_free (self->advice);
  g_free (self);
}

static void
check_step_finalize (GObject *object)
{
  CheckStepPrivate *priv = PRIVATE (CHECK_STEP (object));

  g_free (priv->title);
  g_clear_pointer (&priv->result, check_result_free);
  G_OBJECT_CLASS (check_step_parent_class)->finalize (object);
}

static void
check_step_class_init (CheckStepClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = check_step_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", CHECK_TYPE_STEP, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
check_step_init (CheckStep *self)
{
}

/**
 * check_step_set_up:
 * @title: translated
 * @seconds: how long it may take
 * @lane: (nullable): a static string; steps of one lane run one after the other
 */
void
check_step_set_up (CheckStep *self, const char *title, guint seconds, const char *lane)
{
  g_set_str (&PRIVATE (self)->title, title);
  PRIVATE (self)->seconds = seconds;
  PRIVATE (self)->lane = lane;
}

const char *
check_step_get_title (CheckStep *self)
{
  return PRIVATE (self)->title;
}

guint
check_step_get_seconds (CheckStep *self)
{
  return PRIVATE (self)->seconds;
}

const char *
check_step_get_lane (CheckStep *self)
{
  return PRIVATE (self)->lane;
}

CheckStepState
check_step_get_state (CheckStep *self)
{
  return PRIVATE (self)->state;
}

/* (nullable): the last one, also while it runs again */
const CheckResult *
check_step_get_result (CheckStep *self)
{
  return PRIVATE (self)->result;
}

void
check_step_run_async (CheckStep *self,
                      gboolean by_hand,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  CHECK_STEP_GET_CLASS (self)->run_async (self, by_hand, cancellable, callback, user_data);
}

CheckResult *
check_step_run_finish (CheckStep *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
check_step_set_state (CheckStep *self, CheckStepState state)
{
  if (PRIVATE (self)->state == state)
    return;
  PRIVATE (self)->state = state;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* That a device is there says nothing against what was found when it was last opened, unless it was
 * not usable then. */
static gboolean
knows_more (const CheckResult *before, const CheckResult *now)
{
  return now->untried && now->level == WORKSPACE_CHECK_GREEN && before != NULL &&
         !before->untried &&
         (before->level == WORKSPACE_CHECK_GREEN || before->level == WORKSPACE_CHECK_AMBER);
}

/* @result: (transfer full) */
void
check_step_take_result (CheckStep *self, CheckResult *result)
{
  CheckStepPrivate *priv = PRIVATE (self);

  if (knows_more (priv->result, result))
    check_result_free (result);
  else
    {
      g_clear_pointer (&priv->result, check_result_free);
      priv->result = result;
    }
  priv->state = CHECK_STEP_DONE;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
