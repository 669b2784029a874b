/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* What is being typed into a form: texts by the names of its fields, as one draft of its author. */
void care_typed_save_async (CareContext *context,
                            const char *kind,
                            const char *id,
                            const char *patient_id,
                            GHashTable *values,
                            const char *note,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
void care_typed_remove_async (CareContext *context,
                              const char *id,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
void care_typed_load_async (CareContext *context,
                            const char *id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GHashTable *care_typed_load_finish (GAsyncResult *result, char **note);

G_END_DECLS
