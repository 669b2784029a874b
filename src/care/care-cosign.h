/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

#define CARE_TASK_COSIGN          "co-sign"          /* to the one who is asked */
#define CARE_TASK_COSIGN_RETURNED "co-sign-returned" /* to the author, when it was sent back */

typedef enum
{
  CARE_COSIGN_AWAITED,
  CARE_COSIGN_SIGNED,
  CARE_COSIGN_SENT_BACK,
  CARE_COSIGN_CLOSED, /* somebody closed the request, and there is no signature */
} CareCosignState;

/* One request for a co-signature of a note, and what became of it. */
typedef struct
{
  CareCosignState state;
  char *task, *who_reference, *who, *when; /* id of the Task; who is asked; since when it is so */
  char *words;                             /* why it was sent back */
  gboolean is_changed;                     /* the note is not as it was when it was co-signed */
} CareCosign;

void care_cosign_free (CareCosign *self);
GPtrArray *care_cosign_list (StoreConnection *connection,
                             FhirResource *note,
                             BaseClock *clock,
                             GError **error);

/* Each rests ten seconds for Undo; @group is what care_cosign_undo() takes. */
gboolean care_cosign_ask (StoreConnection *connection,
                          CareContext *context,
                          const char *note,
                          const char *colleague,
                          const char *colleague_name,
                          char **group,
                          GError **error);
gboolean care_cosign_sign (StoreConnection *connection,
                           CareContext *context,
                           const char *task_id,
                           char **group,
                           GError **error);
gboolean care_cosign_send_back (StoreConnection *connection,
                                CareContext *context,
                                const char *task_id,
                                const char *words,
                                char **group,
                                GError **error);
gboolean care_cosign_undo (StoreConnection *connection,
                           CareContext *context,
                           const char *group,
                           GError **error);
GListStore *
care_cosign_list_colleagues (StoreConnection *connection, CareContext *context, GError **error);

void care_cosign_ask_async (CareContext *context,
                            const char *note,
                            const char *colleague,
                            const char *colleague_name,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
void care_cosign_sign_async (CareContext *context,
                             const char *task_id,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
void care_cosign_send_back_async (CareContext *context,
                                  const char *task_id,
                                  const char *words,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
char *care_cosign_write_finish (GAsyncResult *result, GError **error);
void care_cosign_undo_async (CareContext *context,
                             const char *group,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean care_cosign_undo_finish (GAsyncResult *result, GError **error);
void care_cosign_list_colleagues_async (CareContext *context,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
GListModel *care_cosign_list_colleagues_finish (GAsyncResult *result, GError **error);

G_END_DECLS
