/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "care-timeline.h"

G_BEGIN_DECLS

/* The events of a timeline that pass a filter, as CareRow in sections of a month. A row is made
 * when it is asked for. */
#define TIMELINE_TYPE_MODEL (timeline_model_get_type ())
G_DECLARE_FINAL_TYPE (TimelineModel, timeline_model, TIMELINE, MODEL, GObject)

TimelineModel *timeline_model_new (void);
void timeline_model_set_timeline (TimelineModel *self, CareTimeline *timeline);
void timeline_model_set_filter (TimelineModel *self, int kind, const char *words);
const CareTimelineEvent *timeline_model_get_event (TimelineModel *self, guint position);
guint timeline_model_find (TimelineModel *self, const char *reference);
guint timeline_model_get_n_made (TimelineModel *self);

G_END_DECLS
