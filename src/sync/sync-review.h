/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-group.h"
#include "sync-pull.h"

G_BEGIN_DECLS

#define SYNC_REVIEW_AGE_US (12 * G_TIME_SPAN_HOUR)

gboolean sync_review (SyncContext *context, SyncGroup *group, char **hold, GError **error);

G_END_DECLS
