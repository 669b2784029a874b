/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* Saying more under a signed note: a draft until it is signed, and ten seconds of Undo after. */
char *care_addendum_load_draft (StoreConnection *connection,
                                CareContext *context,
                                const char *note,
                                GError **error);
gboolean care_addendum_save_draft (StoreConnection *connection,
                                   CareContext *context,
                                   const char *note,
                                   const char *text,
                                   GError **error);
gboolean care_addendum_sign (StoreConnection *connection,
                             CareContext *context,
                             const char *note,
                             const char *text,
                             char **group,
                             GError **error);
gboolean care_addendum_undo (StoreConnection *connection,
                             CareContext *context,
                             const char *group,
                             GError **error);
void care_addendum_load_draft_async (CareContext *context,
                                     const char *note,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
char *care_addendum_load_draft_finish (GAsyncResult *result, GError **error);
void care_addendum_save_draft_async (CareContext *context,
                                     const char *note,
                                     const char *text,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean care_addendum_save_draft_finish (GAsyncResult *result, GError **error);
void care_addendum_sign_async (CareContext *context,
                               const char *note,
                               const char *text,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
char *care_addendum_sign_finish (GAsyncResult *result, GError **error);
void care_addendum_undo_async (CareContext *context,
                               const char *group,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean care_addendum_undo_finish (GAsyncResult *result, GError **error);

G_END_DECLS
