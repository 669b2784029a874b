/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* What somebody is typing into a form that belongs to no entry of a chart: on disk with each pause
 * of the typing, so that a killed program loses nothing. */
char *care_form_dup_id (CareContext *context, const char *form, const char *about);
GHashTable *care_form_values_new (void);
void care_form_set (GHashTable *values, const char *name, const char *text);
void care_form_save_async (CareContext *context,
                           const char *id,
                           GHashTable *values,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
void care_form_remove_async (CareContext *context,
                             const char *id,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
void care_form_load_async (CareContext *context,
                           const char *id,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
GHashTable *care_form_load_finish (GAsyncResult *result);

G_END_DECLS
