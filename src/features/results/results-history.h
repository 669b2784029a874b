/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-context.h"
#include "care-results.h"

G_BEGIN_DECLS

#define RESULTS_TYPE_HISTORY (results_history_get_type ())
G_DECLARE_FINAL_TYPE (ResultsHistory, results_history, RESULTS, HISTORY, AdwBin)

void results_history_set_result (ResultsHistory *self,
                                 CareContext *context,
                                 CareResults *results,
                                 const CareResult *result,
                                 GTimeZone *zone);
const char *results_history_get_unit (ResultsHistory *self);

G_END_DECLS
