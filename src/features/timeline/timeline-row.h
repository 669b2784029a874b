/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-timeline.h"

G_BEGIN_DECLS

/* A line of the timeline: what kind of event it is as a picture, and the line of any clinical list.
 */
#define TIMELINE_TYPE_ROW (timeline_row_get_type ())
G_DECLARE_FINAL_TYPE (TimelineRow, timeline_row, TIMELINE, ROW, GtkWidget)

GtkWidget *timeline_row_new (void);
void timeline_row_set_row (TimelineRow *self, CareRow *row, CareTimelineKind kind);

G_END_DECLS
