/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-medicines.h"

G_BEGIN_DECLS

/* What becomes of a medicine when the list is gone through with the patient. */
typedef enum
{
  CARE_RECONCILE_OPEN, /* not answered yet */
  CARE_RECONCILE_CONTINUE,
  CARE_RECONCILE_CHANGE, /* another dosage is taken */
  CARE_RECONCILE_STOP,   /* needs a reason */
  CARE_RECONCILE_NOT_TAKEN,
} CareReconcileAct;
#define CARE_N_RECONCILE_ACTS (CARE_RECONCILE_NOT_TAKEN + 1)

/* Of a medicine that one source has twice: each entry as it stands. */
#define CARE_RECONCILE_HOLDS_ALL "all"

/* Who said so. */
typedef struct
{
  const char *code, *label; /* the label is to be translated */
} CareReconcileSpeaker;

typedef struct
{
  CareReconcileAct act;
  char *holds;  /* of "continue": reference of the entry that is right where they differ, or
                 * CARE_RECONCILE_HOLDS_ALL */
  char *dosage; /* of "change": in words */
  char *reason; /* why */
  char *speaker;
} CareReconcileAnswer;

/* Going through a patient's medicines: the answers of one author, kept on disk until they are
 * signed. A view model for the main thread. */
#define CARE_TYPE_RECONCILIATION (care_reconciliation_get_type ())
G_DECLARE_FINAL_TYPE (CareReconciliation, care_reconciliation, CARE, RECONCILIATION, GObject)

const CareReconcileSpeaker *care_reconcile_get_speakers (gsize *n);
CareReconciliation *care_reconciliation_new (CareContext *context, const char *patient_id);
void care_reconciliation_set_medicines (CareReconciliation *self, CareMedicines *medicines);
GListModel *care_reconciliation_get_rows (CareReconciliation *self);
const CareReconcileAnswer *care_reconciliation_get_answer (CareReconciliation *self,
                                                           CareMedicine *row);
void
care_reconciliation_set_act (CareReconciliation *self, CareMedicine *row, CareReconcileAct act);
void
care_reconciliation_set_holds (CareReconciliation *self, CareMedicine *row, const char *reference);
void care_reconciliation_set_dosage (CareReconciliation *self, CareMedicine *row, const char *text);
void care_reconciliation_set_reason (CareReconciliation *self, CareMedicine *row, const char *text);
void
care_reconciliation_set_speaker (CareReconciliation *self, CareMedicine *row, const char *code);
gboolean care_reconcile_needs_choice (CareMedicine *row);
gboolean care_reconcile_may_hold (const CareMedicineSide *side);
gboolean care_reconciliation_check (CareReconciliation *self, CareMedicine *row, GError **error);
char *care_reconciliation_dup_words (CareReconciliation *self, CareMedicine *row);
guint care_reconciliation_get_n_open (CareReconciliation *self);
char *care_reconciliation_dup_body (CareReconciliation *self);
gboolean care_reconciliation_is_found (CareReconciliation *self);
gboolean care_reconcile_may_act (CareContext *context,
                                 CareMedicine *row,
                                 CareReconcileAct act,
                                 GError **error);

gboolean care_reconcile_is_own_order (const CareMedicineSide *side);

/* The draft. */
void care_reconciliation_save_async (CareReconciliation *self,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
void care_reconciliation_load_async (CareReconciliation *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
care_reconciliation_load_finish (CareReconciliation *self, GAsyncResult *result, GError **error);
void care_reconciliation_discard_async (CareReconciliation *self,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean care_reconcile_command_finish (GAsyncResult *result, GError **error);

/* Signing, and taking it back for as long as it rests. */
gboolean care_reconcile_may_say_none (CareMedicines *medicines, GError **error);
gboolean care_reconcile_sign (StoreConnection *connection,
                              CareContext *context,
                              const char *patient_id,
                              const char *body,
                              ClinicalContent *content,
                              char **list_reference,
                              GError **error);
gboolean care_reconcile_undo (StoreConnection *connection,
                              CareContext *context,
                              const char *list_reference,
                              GError **error);
void care_reconcile_sign_async (CareContext *context,
                                const char *patient_id,
                                const char *body,
                                ClinicalContent *content,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
char *care_reconcile_sign_finish (GAsyncResult *result, GError **error);
void care_reconcile_undo_async (CareContext *context,
                                const char *list_reference,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

G_END_DECLS
