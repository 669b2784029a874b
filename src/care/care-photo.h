/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* More than this is no portrait, and is not drawn. */
#define CARE_PHOTO_MAX (4 * 1024 * 1024)

GBytes *care_photo_load (StoreConnection *connection,
                         const char *patient_id,
                         const char *own_server,
                         GError **error);
void care_photo_load_async (CareContext *context,
                            const char *patient_id,
                            const char *own_server,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GBytes *care_photo_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
