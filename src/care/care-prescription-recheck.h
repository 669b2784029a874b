/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"
#include "clinical-finding.h"
#include "store-connection.h"

G_BEGIN_DECLS

/* One answer of the checks about an order that was signed before. */
typedef struct
{
  char *request_id;
  ClinicalFinding *finding;
  char *reason;    /* why its prescriber went on, where it was known at a signature; else NULL */
  gboolean is_new; /* was not there to be seen when it was signed */
} CareRecheck;

void care_recheck_free (CareRecheck *self);
GPtrArray *care_prescription_recheck_list (StoreConnection *connection,
                                           GPtrArray *resources,
                                           ClinicalContent *content,
                                           GError **error);
char *care_prescription_recheck (StoreConnection *connection,
                                 GPtrArray *resources,
                                 ClinicalContent *content,
                                 GError **error);

G_END_DECLS
