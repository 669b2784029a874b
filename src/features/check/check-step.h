/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"
#include "workspace-check.h"

G_BEGIN_DECLS

/* What a step found. WORKSPACE_CHECK_NONE: it does not apply here, or was not tried to the end. */
typedef struct
{
  WorkspaceCheckLevel level;
  char *sentence;   /* what was found */
  char *advice;     /* what to do; NULL: nothing */
  gboolean untried; /* it was not tried, or not to the end: the line says so */
  gboolean absent;  /* it is not plugged in: red where a visit is near, and else in time */
} CheckResult;

CheckResult *check_result_new (WorkspaceCheckLevel level, const char *sentence, const char *advice);
CheckResult *check_result_new_present (const char *sentence);
CheckResult *check_result_new_absent (const char *sentence, const char *advice);
CheckResult *check_result_new_untried (const char *sentence);
void check_result_free (CheckResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CheckResult, check_result_free)

typedef enum
{
  CHECK_STEP_IDLE,
  CHECK_STEP_WAITING, /* for another one of its lane */
  CHECK_STEP_RUNNING,
  CHECK_STEP_DONE,
} CheckStepState;

/* One thing that is tested. Signal "changed" (): state or result. */
#define CHECK_TYPE_STEP (check_step_get_type ())
G_DECLARE_DERIVABLE_TYPE (CheckStep, check_step, CHECK, STEP, GObject)

struct _CheckStepClass
{
  GObjectClass parent_class;

  /* Tests, and answers once with check_step_run_finish (), by a GTask of @self. @by_hand: somebody
   * asked for it: only then is a camera or a microphone opened. */
  void (*run_async) (CheckStep *self,
                     gboolean by_hand,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
};

void check_step_set_up (CheckStep *self, const char *title, guint seconds, const char *lane);
const char *check_step_get_title (CheckStep *self);
guint check_step_get_seconds (CheckStep *self);
const char *check_step_get_lane (CheckStep *self);
CheckStepState check_step_get_state (CheckStep *self);
const CheckResult *check_step_get_result (CheckStep *self);

/* For CheckRun. */
void check_step_run_async (CheckStep *self,
                           gboolean by_hand,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
CheckResult *check_step_run_finish (CheckStep *self, GAsyncResult *result, GError **error);
void check_step_set_state (CheckStep *self, CheckStepState state);
void check_step_take_result (CheckStep *self, CheckResult *result);

G_END_DECLS
