/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* What one prescriber writes most: drugs marked by hand, on this machine, and how often each stands
 * in an order of theirs that is in the store. It moves a drug up a list, and does nothing else. */
typedef struct
{
  GHashTable *favourites; /* rxcui, a set */
  GHashTable *counts;     /* rxcui -> GUINT_TO_POINTER */
} CareDrugMarks;

CareDrugMarks *
care_drug_marks_read (StoreConnection *connection, CareContext *context, GError **error);
void care_drug_marks_free (CareDrugMarks *self);
GPtrArray *care_drug_marks_dup_first (CareDrugMarks *self, guint limit);
gboolean care_drug_marks_set_favourite (StoreConnection *connection,
                                        CareContext *context,
                                        const char *rxcui,
                                        gboolean favourite,
                                        GError **error);

void
care_drug_marks_read_async (CareContext *context, GAsyncReadyCallback callback, gpointer user_data);
CareDrugMarks *care_drug_marks_read_finish (GAsyncResult *result, GError **error);
void care_drug_marks_set_favourite_async (CareContext *context,
                                          const char *rxcui,
                                          gboolean favourite,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean care_drug_marks_set_favourite_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareDrugMarks, care_drug_marks_free)

G_END_DECLS
