/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"
#include "store-content.h"

#include "check-step.h"

G_BEGIN_DECLS

CheckStep *check_disk_new (const char *folder);
void check_disk_set_limits (CheckStep *step, guint64 amber_below, guint64 red_below);
CheckStep *check_content_new (StoreContent *content, BaseClock *clock);
CheckResult *check_content_judge (const char *day, gint64 now_us);

G_END_DECLS
