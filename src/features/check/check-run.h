/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check-step.h"

G_BEGIN_DECLS

#define CHECK_RUN_SECONDS 14 /* all of it; a step may have less */

/* All steps, run together: a list of CheckStep. Signal "changed" (): a step, or the line. */
#define CHECK_TYPE_RUN (check_run_get_type ())
G_DECLARE_FINAL_TYPE (CheckRun, check_run, CHECK, RUN, GObject)

CheckRun *check_run_new (BaseClock *clock);
void check_run_add (CheckRun *self, CheckStep *step);
GListModel *check_run_get_steps (CheckRun *self);
void check_run_start (CheckRun *self, gboolean by_hand);
void check_run_repeat (CheckRun *self, CheckStep *step, gboolean by_hand);
void check_run_cancel (CheckRun *self);
gboolean check_run_is_running (CheckRun *self);
void check_run_set_visit_near (CheckRun *self, gboolean near);
WorkspaceCheckLevel check_run_get_level (CheckRun *self);
char *check_run_dup_sentence (CheckRun *self);

G_END_DECLS
