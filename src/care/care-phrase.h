/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* A user's own phrases: texts by a short name, for that user on this machine. */
gboolean care_phrase_name_is_valid (const char *name);
GHashTable *care_phrase_list (StoreConnection *connection, CareContext *context, GError **error);
gboolean care_phrase_save (StoreConnection *connection,
                           CareContext *context,
                           const char *name,
                           const char *text,
                           GError **error);
void
care_phrase_list_async (CareContext *context, GAsyncReadyCallback callback, gpointer user_data);
GHashTable *care_phrase_list_finish (GAsyncResult *result, GError **error);
void care_phrase_save_async (CareContext *context,
                             const char *name,
                             const char *text,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean care_phrase_save_finish (GAsyncResult *result, GError **error);

G_END_DECLS
