/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "care-prescription-recheck.h"
#include "clinical-controlled.h"

G_BEGIN_DECLS

/* What stands in front of a prescriber who is to sign an order again: the order, and what every
 * check says of it now. */
typedef struct
{
  GPtrArray *orders;     /* char *: medicine and dosage, a line each */
  GPtrArray *findings;   /* CareRecheck */
  GPtrArray *controlled; /* ClinicalControlled: of each order */
} CareRenewal;

void care_renewal_free (CareRenewal *self);
CareRenewal *care_prescription_renewal (StoreConnection *connection,
                                        const char *group,
                                        ClinicalContent *content,
                                        GError **error);
char *care_recheck_dup_key (const CareRecheck *self);
gboolean care_recheck_needs_reason (const CareRecheck *self);

/* @reasons maps care_recheck_dup_key () of each new finding that was shown to the prescriber's
 * reason, "" where none is asked for. The checks run again inside the transaction. */
gboolean care_prescription_renew (StoreConnection *connection,
                                  CareContext *context,
                                  const char *group,
                                  ClinicalContent *content,
                                  GHashTable *reasons,
                                  GError **error);
void care_prescription_renew_async (CareContext *context,
                                    const char *group,
                                    ClinicalContent *content,
                                    GHashTable *reasons,
                                    const char *code,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareRenewal, care_renewal_free)

G_END_DECLS
