/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-reconcile.h"

G_BEGIN_DECLS

/* The question what becomes of one medicine. Signal "changed" after each key. */
#define CHART_TYPE_RECONCILE_QUESTION (chart_reconcile_question_get_type ())
G_DECLARE_FINAL_TYPE (
    ChartReconcileQuestion, chart_reconcile_question, CHART, RECONCILE_QUESTION, AdwBin)

void chart_reconcile_question_show (ChartReconcileQuestion *self,
                                    CareContext *context,
                                    CareReconciliation *answers,
                                    CareMedicine *row);
void chart_reconcile_question_show_fault (ChartReconcileQuestion *self, const char *text);

G_END_DECLS
