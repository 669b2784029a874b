/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-summary-private.h"
#include "care-timeline.h"

G_BEGIN_DECLS

struct _CareTimeline
{
  GObject parent_instance;

  GArray *events;      /* CareTimelineEvent */
  GStringChunk *texts; /* theirs */
  guint n_errors;      /* records that were entered in error or refuted: they are left out */
};

int care_timeline_day (const char *when, GTimeZone *zone);
void care_timeline_add (CareTimeline *self,
                        CareChart *chart,
                        CareTimelineKind kind,
                        const char *when,
                        CareRow *row,
                        const char *value);
gboolean care_timeline_read_results (CareTimeline *self, CareChart *chart, GError **error);
void care_timeline_read_one (CareTimeline *self, CareChart *chart, FhirResource *resource);
gboolean care_timeline_read_rows (CareTimeline *self, CareChart *chart, GError **error);

G_END_DECLS
