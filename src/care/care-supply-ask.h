/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "clinical-controlled.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* What somebody asks a prescriber about a prescription, as it waits for an answer. */
typedef struct
{
  char *task_id;
  gboolean is_renewal;               /* else a pharmacy waits for a word about this prescription */
  char *patient_id, *patient, *born; /* @patient: their name; NULL: not on this computer */
  char *medicine, *dosage, *supply;  /* of the prescription, as it was signed */
  char *from;                        /* who asks */
  char *words;                       /* what for */
  char *what;                        /* what approving it does */
  char *problem;       /* (nullable): why it cannot be approved, and what to do instead */
  GPtrArray *findings; /* ClinicalFinding: of a renewal, as if it were signed now */
  ClinicalControlled *controlled; /* of a renewal; else NULL */
  char *seen;                     /* names all of this: what is approved is what was read */
  gint64 since;                   /* µs since 1970; 0: not recorded */
} CareSupplyAsk;

/* One answer that is given together with others. */
typedef struct
{
  char *task_id, *seen;
  GHashTable *reasons; /* (nullable): clinical_finding_dup_key () to the prescriber's reason */
} CareSupplyApproval;

void care_supply_ask_free (CareSupplyAsk *self);
void care_supply_approval_free (CareSupplyApproval *self);
gboolean care_supply_ask_is_code (const char *code);
GPtrArray *care_supply_ask_list (StoreConnection *connection,
                                 BaseClock *clock,
                                 const char *patient_id,
                                 ClinicalContent *content,
                                 GError **error);
CareSupplyAsk *care_supply_ask_read (StoreConnection *connection,
                                     FhirResource *task,
                                     ClinicalContent *content,
                                     GError **error);

gboolean care_supply_ask_approve (StoreConnection *connection,
                                  CareContext *context,
                                  GPtrArray *approvals,
                                  ClinicalContent *content,
                                  GError **error);
gboolean care_supply_ask_refuse (StoreConnection *connection,
                                 CareContext *context,
                                 const char *task_id,
                                 const char *reason,
                                 GError **error);
char *care_supply_ask_change (StoreConnection *connection,
                              CareContext *context,
                              const char *task_id,
                              ClinicalContent *content,
                              GError **error);
gboolean care_supply_ask_undo (StoreConnection *connection,
                               CareContext *context,
                               const char *const *task_ids,
                               GError **error);

void care_supply_ask_list_async (CareContext *context,
                                 const char *patient_id,
                                 ClinicalContent *content,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *care_supply_ask_list_finish (GAsyncResult *result, GError **error);
void care_supply_ask_approve_async (CareContext *context,
                                    GPtrArray *approvals,
                                    ClinicalContent *content,
                                    const char *code,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
void care_supply_ask_refuse_async (CareContext *context,
                                   const char *task_id,
                                   const char *reason,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
void care_supply_ask_change_async (CareContext *context,
                                   const char *task_id,
                                   ClinicalContent *content,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
char *care_supply_ask_change_finish (GAsyncResult *result, GError **error);
void care_supply_ask_undo_async (CareContext *context,
                                 const char *const *task_ids,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean care_supply_ask_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareSupplyAsk, care_supply_ask_free)

G_END_DECLS
