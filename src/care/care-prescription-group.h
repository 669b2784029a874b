/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-prescription.h"

G_BEGIN_DECLS

/* Several prescriptions of one patient that are written side by side: each is checked beside the
 * others, and they are signed in one act or not at all. */
#define CARE_GROUP_MAX 20

GPtrArray *care_prescription_list_drafts (StoreConnection *connection,
                                          CareContext *context,
                                          const char *patient_id,
                                          GError **error);
void care_prescription_list_drafts_async (CareContext *context,
                                          const char *patient_id,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
GPtrArray *care_prescription_list_drafts_finish (GAsyncResult *result, GError **error);

/* care_prescription_check_beside () off the main thread; care_prescription_check_finish () answers.
 */
void care_prescription_check_group_async (CareContext *context,
                                          CarePrescriptionDraft *draft,
                                          GPtrArray *beside,
                                          ClinicalContent *content,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);

/* @reasons maps the id of a draft to its reasons, as care_prescription_sign () takes them. */
gboolean care_prescription_sign_group (StoreConnection *connection,
                                       CareContext *context,
                                       GPtrArray *drafts,
                                       ClinicalContent *content,
                                       GHashTable *reasons,
                                       GError **error);
/* @code: (nullable): of the second factor. care_prescription_command_finish () answers. */
void care_prescription_sign_group_async (CareContext *context,
                                         GPtrArray *drafts,
                                         ClinicalContent *content,
                                         GHashTable *reasons,
                                         const char *code,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);

G_END_DECLS
