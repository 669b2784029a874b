/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-cosign.h"

G_BEGIN_DECLS

/* What was said later under a signed note. */
typedef struct
{
  char *reference, *author, *when, *text;
} CareAddendum;

/* A signed note as it is read: its words, which nobody changes any more, and what came after them,
 * oldest first. What is not recorded is NULL. */
typedef struct
{
  char *reference, *patient, *author_reference, *author, *when, *text;
  GPtrArray *addenda; /* CareAddendum* */
  GPtrArray *cosigns; /* CareCosign* */
} CareSignedNote;

void care_signed_note_free (CareSignedNote *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareSignedNote, care_signed_note_free)

CareSignedNote *care_signed_note_load (StoreConnection *connection,
                                       const char *reference,
                                       BaseClock *clock,
                                       GError **error);
GPtrArray *care_signed_note_list (StoreConnection *connection,
                                  const char *encounter_id,
                                  BaseClock *clock,
                                  GError **error);
void care_signed_note_load_async (CareContext *context,
                                  const char *reference,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
CareSignedNote *care_signed_note_load_finish (GAsyncResult *result, GError **error);
void care_signed_note_list_async (CareContext *context,
                                  const char *encounter_id,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *care_signed_note_list_finish (GAsyncResult *result, GError **error);

G_END_DECLS
