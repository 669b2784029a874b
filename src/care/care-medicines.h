/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "care-medicine.h"
#include "clinical-content.h"

G_BEGIN_DECLS

/* All medicines of a patient as they were at one moment. Immutable, may cross threads. */
#define CARE_TYPE_MEDICINES (care_medicines_get_type ())
G_DECLARE_FINAL_TYPE (CareMedicines, care_medicines, CARE, MEDICINES, GObject)

CareMedicines *care_medicines_load (StoreConnection *connection,
                                    const char *patient_id,
                                    BaseClock *clock,
                                    ClinicalContent *content,
                                    GError **error);
void care_medicines_load_async (CareContext *context,
                                const char *patient_id,
                                ClinicalContent *content,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
CareMedicines *care_medicines_load_finish (GAsyncResult *result, GError **error);

GListModel *care_medicines_get_rows (CareMedicines *self);
const char *care_medicines_get_absence (CareMedicines *self);
gboolean care_medicines_is_recorded (CareMedicines *self);
guint care_medicines_get_n_conflicts (CareMedicines *self);
guint care_medicines_get_n_withheld (CareMedicines *self);
guint care_medicines_get_n_unnamed (CareMedicines *self);
const char *care_medicines_get_reconciled (CareMedicines *self);
CareMedicine *care_medicines_find (CareMedicines *self, const char *key);
CareMedicine *care_medicines_find_entry (CareMedicines *self, const char *reference);

G_END_DECLS
