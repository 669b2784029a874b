/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "care-write.h"

G_BEGIN_DECLS

/* The Task that stands until somebody has told the patient. */
#define CARE_TASK_TELL "tell-patient"

/* What comes of a result that somebody has looked at. */
typedef enum
{
  CARE_REVIEW_DONE,   /* nothing more */
  CARE_REVIEW_TELL,   /* the patient is to be told these words: nothing sends them */
  CARE_REVIEW_REPEAT, /* measure it again */
  CARE_REVIEW_CALL,   /* call the patient */
} CareReviewAction;

typedef struct
{
  const char *patient_id;
  const char *reference; /* "Observation/1", "DiagnosticReport/1" */
  const char *stamp;     /* care_result_dup_stamp () of what was seen */
  CareReviewAction action;
  const char *text;     /* nullable: the message, or what was decided */
  const char *due_date; /* nullable: YYYY-MM-DD by which to repeat, to tell or to call */
} CareReviewRequest;

gboolean care_review_write (StoreConnection *connection,
                            CareContext *context,
                            const CareReviewRequest *request,
                            char **group,
                            GError **error);
gboolean care_review_undo (StoreConnection *connection,
                           CareContext *context,
                           const char *group,
                           GError **error);
gboolean
care_review_put_told (CareWrite *write, const char *task_id, gboolean told, GError **error);
void care_review_write_async (CareContext *context,
                              const CareReviewRequest *request,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
char *care_review_write_finish (GAsyncResult *result, GError **error);
void care_review_undo_async (CareContext *context,
                             const char *group,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean care_review_undo_finish (GAsyncResult *result, GError **error);

/* What is being typed about a result, kept until it is done or emptied. */
void care_review_draft_async (CareContext *context,
                              const char *patient_id,
                              const char *reference,
                              const char *text);
void care_review_load_draft_async (CareContext *context,
                                   const char *reference,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
char *care_review_load_draft_finish (GAsyncResult *result, GError **error);

G_END_DECLS
