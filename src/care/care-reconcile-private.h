/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-medicines-private.h"
#include "care-reconcile.h"
#include "care-write.h"

G_BEGIN_DECLS

#define CARE_DRAFT_RECONCILE        "reconcile"
#define CARE_DRAFT_RECONCILE_SIGNED "reconcile-signed" /* kept for Undo until it may leave */

void care_reconciliation_read_body (CareReconciliation *self, const char *body);
char *care_reconcile_dup_draft_id (const char *author, const char *patient_id);
gboolean
care_reconcile_check_answer (CareMedicine *row, const CareReconcileAnswer *answer, GError **error);
const char *care_reconcile_speaker_label (const char *code);
const CareMedicineFact *care_reconcile_find_holding (CareMedicine *row,
                                                     const CareReconcileAnswer *answer);
gboolean care_reconcile_is_all (CareMedicine *row, const CareReconcileAnswer *answer);
char *care_reconcile_dup_words (CareMedicine *row, const CareReconcileAnswer *answer);

/* Writes what was answered of one medicine. @written: (element-type utf8): takes the references of
 * what was made or changed. */
gboolean care_reconcile_apply (CareWrite *write,
                               CareMedicine *row,
                               const CareReconcileAnswer *answer,
                               GPtrArray *written,
                               GError **error);

G_END_DECLS
