/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-context.h"
#include "care-result.h"

G_BEGIN_DECLS

#define RESULTS_TYPE_ANSWER (results_answer_get_type ())
G_DECLARE_FINAL_TYPE (ResultsAnswer, results_answer, RESULTS, ANSWER, AdwBin)

void results_answer_set_result (ResultsAnswer *self,
                                CareContext *context,
                                const char *patient_id,
                                CareResult *result);
void results_answer_set_open (ResultsAnswer *self, gboolean open);
void results_answer_keep (ResultsAnswer *self);

G_END_DECLS
