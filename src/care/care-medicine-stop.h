/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-medicines.h"

G_BEGIN_DECLS

/* One prescription that is stopped with its medicine. */
typedef struct
{
  char *name;
  char *where;      /* what the chart says of it now */
  char *what;       /* what becomes of its supply */
  gboolean is_open; /* something of it may still be handed out */
} CareMedicineStopOrder;

/* What stopping a medicine does, to be read before it is confirmed. */
typedef struct
{
  char *reference; /* of what was asked about */
  char *name;
  GPtrArray *orders; /* CareMedicineStopOrder: of ours; others stay as they were sent */
  gboolean is_open;  /* of any of them */
} CareMedicineStop;

void care_medicine_stop_free (CareMedicineStop *self);
CareMedicineStop *care_medicine_stop_look (StoreConnection *connection,
                                           CareContext *context,
                                           const char *patient_id,
                                           const char *reference,
                                           ClinicalContent *content,
                                           GError **error);
gboolean care_medicine_stop (StoreConnection *connection,
                             CareContext *context,
                             const char *patient_id,
                             const char *reference,
                             const char *reason,
                             ClinicalContent *content,
                             char **undo_reference,
                             GError **error);
gboolean care_medicine_stop_undo (StoreConnection *connection,
                                  CareContext *context,
                                  const char *undo_reference,
                                  GError **error);

void care_medicine_stop_look_async (CareContext *context,
                                    const char *patient_id,
                                    const char *reference,
                                    ClinicalContent *content,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
CareMedicineStop *care_medicine_stop_look_finish (GAsyncResult *result, GError **error);
void care_medicine_stop_async (CareContext *context,
                               const char *patient_id,
                               const char *reference,
                               const char *reason,
                               ClinicalContent *content,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
char *care_medicine_stop_finish (GAsyncResult *result, GError **error);
void care_medicine_stop_undo_async (CareContext *context,
                                    const char *undo_reference,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean care_medicine_stop_undo_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareMedicineStop, care_medicine_stop_free)

G_END_DECLS
