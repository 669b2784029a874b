/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* A weight that was measured now, in the clinic: what doses are reckoned with. */

/* Units in which it may be typed, UCUM: "kg", "g", "[lb_av]"; ended by NULL. */
const char *const *care_weight_list_units (void);

/* @sure: it was asked already whether it is right: CARE_ERROR_FINDINGS is that question */
gboolean care_weight_save (StoreConnection *connection,
                           CareContext *context,
                           const char *patient_id,
                           const char *value,
                           const char *unit,
                           gboolean sure,
                           GError **error);
void care_weight_save_async (CareContext *context,
                             const char *patient_id,
                             const char *value,
                             const char *unit,
                             gboolean sure,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean care_weight_save_finish (GAsyncResult *result, GError **error);

G_END_DECLS
