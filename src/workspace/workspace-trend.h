/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-summary.h"

G_BEGIN_DECLS

/* The arithmetic and the words of a trend, without a widget. Points are CareTrendPoint, oldest
 * first. */
typedef struct
{
  double low, high;  /* of the drawn values and ranges, widened to whole steps */
  double step;       /* between the lines of the grid */
  gint64 start, end; /* µs; end > start */
  guint drawn;       /* points with the newest point's unit */
  guint left_out;    /* points in another unit: not joined, not drawn (H15) */
} WorkspaceTrendScale;

/* A blood pressure is a panel: its series are those of its parts. LOINC. */
#define WORKSPACE_TREND_BLOOD_PRESSURE "85354-9"
#define WORKSPACE_TREND_SYSTOLIC       "8480-6"
#define WORKSPACE_TREND_DIASTOLIC      "8462-4"

GArray *workspace_trend_of (CareSummary *summary, CareRow *row);
gboolean workspace_trend_scale (const GArray *points, WorkspaceTrendScale *scale);
double workspace_trend_step (double range, int lines);
gboolean workspace_trend_joins (const CareTrendPoint *from, const CareTrendPoint *to);
char *workspace_trend_flag_words (const char *flag);
char *workspace_trend_describe (const GArray *points, GTimeZone *zone);
char *workspace_trend_dup_number (double value);
char *workspace_trend_dup_date (gint64 instant, GTimeZone *zone);

G_END_DECLS
