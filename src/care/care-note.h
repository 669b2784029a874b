/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* A visit note. Until it is signed it is a draft of one author, on disk at each change; the caller
 * may gather changes for up to 300 ms. */
char *care_note_dup_draft_id (const char *encounter_id, const char *author_reference);
gboolean care_note_save (StoreConnection *connection,
                         CareContext *context,
                         const char *patient_id,
                         const char *encounter_id,
                         const char *text,
                         GError **error);
char *care_note_load (StoreConnection *connection,
                      CareContext *context,
                      const char *encounter_id,
                      GError **error);
char *care_note_find_other_author (StoreConnection *connection,
                                   CareContext *context,
                                   const char *patient_id,
                                   const char *encounter_id,
                                   GError **error);
gboolean care_note_take_over (StoreConnection *connection,
                              CareContext *context,
                              const char *draft_id,
                              GError **error);
gboolean care_note_sign (StoreConnection *connection,
                         CareContext *context,
                         const char *draft_id,
                         const char *text,
                         char **document_id,
                         GError **error);
char *care_note_undo (StoreConnection *connection,
                      CareContext *context,
                      const char *document_id,
                      const char *since,
                      GError **error);

char *care_note_carry_forward (StoreConnection *connection,
                               CareContext *context,
                               const char *patient_id,
                               GError **error);

void care_note_save_async (CareContext *context,
                           const char *patient_id,
                           const char *encounter_id,
                           const char *text,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean care_note_save_finish (GAsyncResult *result, GError **error);
void care_note_load_async (CareContext *context,
                           const char *encounter_id,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
char *care_note_load_finish (GAsyncResult *result, GError **error);
void care_note_find_other_author_async (CareContext *context,
                                        const char *patient_id,
                                        const char *encounter_id,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
char *care_note_find_other_author_finish (GAsyncResult *result, GError **error);
void care_note_take_over_async (CareContext *context,
                                const char *draft_id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean care_note_take_over_finish (GAsyncResult *result, GError **error);
void care_note_sign_async (CareContext *context,
                           const char *draft_id,
                           const char *text,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
char *care_note_sign_finish (GAsyncResult *result, GError **error);
void care_note_undo_async (CareContext *context,
                           const char *document_id,
                           const char *since,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
char *care_note_undo_finish (GAsyncResult *result, GError **error);

void care_note_carry_forward_async (CareContext *context,
                                    const char *patient_id,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
char *care_note_carry_forward_finish (GAsyncResult *result, GError **error);

G_END_DECLS
