/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-result-private.h"
#include "care-results.h"
#include "care-route.h"

G_BEGIN_DECLS

struct _CareResults
{
  GObject parent_instance;

  GPtrArray *lines;     /* CareResult: the latest of each kind, panels first */
  GHashTable *history;  /* key → GPtrArray of CareResult, newest first */
  GHashTable *found;    /* reference → CareResult; a panel stands before its bare observation */
  GHashTable *units;    /* key → UCUM code that this account prefers */
  GPtrArray *medicines; /* CareMedicineSpan, by start */
  guint medicines_withheld;
  CareRota *rota;
};

CareResult *care_result_read_panel (const CareResultChart *chart,
                                    FhirResource *resource,
                                    GHashTable *resources,
                                    GHashTable *results);
CareResult *care_results_read_one (StoreConnection *connection,
                                   const char *patient_id,
                                   const char *reference,
                                   BaseClock *clock,
                                   FhirResource **resource,
                                   GError **error);
gboolean care_results_read_medicines (CareResults *self,
                                      StoreConnection *connection,
                                      const char *patient_id,
                                      BaseClock *clock,
                                      GError **error);
gboolean
care_results_read_orderers (CareResults *self, StoreConnection *connection, GError **error);
gboolean care_review_is_task (FhirResource *task);
gboolean care_review_is_open (FhirResource *task);
void care_results_read_reviews (CareResults *self,
                                StoreConnection *connection,
                                GPtrArray *tasks,
                                GPtrArray *journal,
                                GTimeZone *zone);

G_END_DECLS
