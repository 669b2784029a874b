/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "clinical-content.h"
#include "store-draft.h"

G_BEGIN_DECLS

/* Something that was begun and not ended. Strings that are absent are NULL. */
typedef struct
{
  char *id;      /* of the draft; of what is unsent its reference */
  char *patient; /* id */
  char *patient_name;
  char *problem; /* why its chart cannot be opened, or that it was merged, in words */
  char *title;   /* what it is: "Visit note" */
  char *excerpt; /* what was written so far */
  char *missing; /* what is still to be done with it */
  char *stage;   /* of a prescription: care-prescription-stage.h */
  char *target;  /* where it is gone on with: a page's id or a reference; NULL: nowhere */
  gint64 since_us;
  gboolean resumes;   /* the target is asked to go on with this very draft; else it shows it */
  gboolean of_clinic; /* a form of the clinic's: the target is its name, and there is no chart */
  gboolean is_draft;  /* it can be discarded; else it was signed and no server has it */
} CareUnfinished;

void care_unfinished_free (CareUnfinished *self);
gboolean care_unfinished_can_open (const CareUnfinished *self);
GPtrArray *care_unfinished_list (StoreConnection *connection,
                                 CareContext *context,
                                 const char *patient_id,
                                 ClinicalContent *content,
                                 GError **error);
StoreDraft *care_unfinished_discard (StoreConnection *connection,
                                     CareContext *context,
                                     const char *draft_id,
                                     GError **error);
gboolean
care_unfinished_restore (StoreConnection *connection, const StoreDraft *draft, GError **error);

void care_unfinished_list_async (CareContext *context,
                                 const char *patient_id,
                                 ClinicalContent *content,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *care_unfinished_list_finish (GAsyncResult *result, GError **error);
void care_unfinished_discard_async (CareContext *context,
                                    const char *draft_id,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
StoreDraft *care_unfinished_discard_finish (GAsyncResult *result, GError **error);
void care_unfinished_restore_async (CareContext *context,
                                    StoreDraft *draft,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean care_unfinished_restore_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareUnfinished, care_unfinished_free)

G_END_DECLS
