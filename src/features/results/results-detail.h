/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "results-answer.h"
#include "results-item.h"

G_BEGIN_DECLS

#define RESULTS_TYPE_DETAIL (results_detail_get_type ())
G_DECLARE_FINAL_TYPE (ResultsDetail, results_detail, RESULTS, DETAIL, AdwBin)

void results_detail_set_context (ResultsDetail *self,
                                 CareContext *context,
                                 const char *patient_id,
                                 GTimeZone *zone);
void results_detail_set_result (ResultsDetail *self, CareResults *results, CareResult *result);
const char *results_detail_get_reference (ResultsDetail *self);
ResultsAnswer *results_detail_get_answer (ResultsDetail *self);
void results_detail_tick (ResultsDetail *self);

G_END_DECLS
