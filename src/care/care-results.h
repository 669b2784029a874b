/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-result.h"
#include "care-route.h"
#include "care-summary.h"

G_BEGIN_DECLS

/* How long a medicine was taken, as far as the record says. */
typedef struct
{
  char *name;
  gint64 start_us, end_us;
  gboolean active;    /* it goes on: end_us says nothing */
  gboolean ends_open; /* it was stopped, and nobody recorded when */
} CareMedicineSpan;

/* All of one patient's results at one moment. Immutable, may cross threads. */
#define CARE_TYPE_RESULTS (care_results_get_type ())
G_DECLARE_FINAL_TYPE (CareResults, care_results, CARE, RESULTS, GObject)

CareResults *care_results_load (StoreConnection *connection,
                                const char *patient_id,
                                BaseClock *clock,
                                GError **error);
void care_results_load_async (StoreDatabase *store,
                              const char *patient_id,
                              BaseClock *clock,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
CareResults *care_results_load_finish (GAsyncResult *result, GError **error);

GPtrArray *care_results_get_lines (CareResults *self);
GPtrArray *care_results_get_history (CareResults *self, const char *key);
CareResult *care_results_find (CareResults *self, const char *reference);
GPtrArray *care_results_get_medicines (CareResults *self);
guint care_results_get_medicines_withheld (CareResults *self);
const char *care_results_get_unit (CareResults *self, const char *key);
GArray *care_results_dup_series (CareResults *self, const char *key, const char *ucum);
GPtrArray *care_results_dup_units (CareResults *self, const char *key);
char *care_result_dup_converted (const CareResult *result, const char *ucum);
CareRoute *care_results_dup_route (CareResults *self, const CareResult *result, gint64 now_us);
char *care_result_dup_stamp (const CareResult *result);

void care_results_set_unit_async (CareContext *context,
                                  const char *key,
                                  const char *ucum,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean care_results_set_unit_finish (GAsyncResult *result, GError **error);

G_END_DECLS
