/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-results.h"

G_BEGIN_DECLS

/* Under which heading a line stands, in the order in which they are read. */
typedef enum
{
  RESULTS_GROUP_CRITICAL,
  RESULTS_GROUP_PANELS,
  RESULTS_GROUP_VITALS,
  RESULTS_GROUP_LABORATORY,
  RESULTS_GROUP_OTHER,
  RESULTS_GROUP_WITHHELD,
} ResultsGroup;
#define RESULTS_N_GROUPS (RESULTS_GROUP_WITHHELD + 1)

/* One line of the list: a result as it was at one moment. */
#define RESULTS_TYPE_ITEM (results_item_get_type ())
G_DECLARE_FINAL_TYPE (ResultsItem, results_item, RESULTS, ITEM, GObject)

ResultsItem *
results_item_new (CareResults *results, CareResult *result, ResultsGroup group, gboolean in_panel);
const CareResult *results_item_get_result (ResultsItem *self);
ResultsGroup results_item_get_group (ResultsItem *self);
gboolean results_item_is_in_panel (ResultsItem *self);
const char *results_item_get_group_title (ResultsGroup group);
gboolean results_item_matches (ResultsItem *self, const char *text);
gboolean results_item_equal (ResultsItem *self, ResultsItem *other);
char *results_item_dup_words (ResultsItem *self, gint64 now);

/* What is said of a result, wherever it stands. */
char *results_dup_value (const CareResult *result);
char *results_dup_flag (const CareResult *result, const char **style);
char *results_dup_badges (const CareResult *result);
char *results_dup_timer (const CareResult *result, gint64 now);
char *results_dup_review (const CareResult *result);

G_END_DECLS
