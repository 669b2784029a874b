/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-prescription.h"
#include "clinical-controlled.h"

G_BEGIN_DECLS

#define CARE_TASK_TO_SIGN "to-sign" /* to the prescriber who is to sign */
#define CARE_TASK_TO_SIGN_RETURNED                                                                 \
  "to-sign-returned" /* to who prepared it, when it was sent back */

/* A prescription that somebody prepared for a prescriber: as it would be signed, and what the
 * checks say of it now. */
typedef struct
{
  char *task; /* id */
  char *patient_id, *patient_name, *patient_born;
  char *prepared_by, *prepared; /* who, and when, in words */
  gint64 prepared_us;
  char *line, *words; /* the medication line, and the dose in words; NULL with a problem */
  CarePrescriptionDraft *draft;
  GPtrArray *findings;            /* ClinicalFinding */
  ClinicalControlled *controlled; /* NULL where it cannot be read */
  char *problem;                  /* why it cannot be signed as it is; else NULL */
  char *seen;                     /* names all of this: what is signed is what was read */
} CareToSign;

void care_to_sign_free (CareToSign *self);

/* The key of a reason, of a finding about one item: care_to_sign_sign() takes them in a table. */
char *care_to_sign_dup_key (const char *task_id, const ClinicalFinding *finding);

gboolean care_to_sign_hand_over (StoreConnection *connection,
                                 CareContext *context,
                                 CarePrescriptionDraft *draft,
                                 const char *prescriber,
                                 const char *prescriber_name,
                                 GError **error);
GPtrArray *care_to_sign_list (StoreConnection *connection,
                              CareContext *context,
                              ClinicalContent *content,
                              GError **error);
gboolean care_to_sign_sign (StoreConnection *connection,
                            CareContext *context,
                            const char *const *tasks,
                            const char *const *seen,
                            ClinicalContent *content,
                            GHashTable *reasons,
                            GError **error);
gboolean care_to_sign_send_back (StoreConnection *connection,
                                 CareContext *context,
                                 const char *task_id,
                                 const char *words,
                                 GError **error);

void care_to_sign_hand_over_async (CareContext *context,
                                   GPtrArray *drafts,
                                   const char *prescriber,
                                   const char *prescriber_name,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
void care_to_sign_list_async (CareContext *context,
                              ClinicalContent *content,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *care_to_sign_list_finish (GAsyncResult *result, GError **error);
void care_to_sign_sign_async (CareContext *context,
                              const char *const *tasks,
                              const char *const *seen,
                              ClinicalContent *content,
                              GHashTable *reasons,
                              const char *code,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
void care_to_sign_send_back_async (CareContext *context,
                                   const char *task_id,
                                   const char *words,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean care_to_sign_command_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareToSign, care_to_sign_free)

G_END_DECLS
