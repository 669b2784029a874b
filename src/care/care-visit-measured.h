/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "care-measured.h"

G_BEGIN_DECLS

/* Encounter extensions, one for each time: valueInstant. */
#define CARE_VISIT_MEASURED_ADDED "visit-measured"

/* The method that marks what no clinician measured. "Self reported (qualifier value)":
 * https://build.fhir.org/ig/e-medlab/healthsense/ValueSet-hs-vital-sign-method.html */
#define CARE_MEASURED_METHOD "1156040003"

/* What a patient sent to one request of one visit. */
typedef struct
{
  const char *encounter_id;
  const char *request; /* what was asked, by its id: the same one lands once */
  const char *at;      /* an instant: when the hub had it */
  const char *values;  /* of care_measured_parse () */
  guint accepted;      /* which of them: bits 1 << CareMeasuredKind */
} CareVisitMeasured;

gboolean care_visit_measured_write (StoreConnection *connection,
                                    CareContext *context,
                                    const CareVisitMeasured *measured,
                                    guint *written,
                                    GError **error);
void care_visit_measured_write_async (CareContext *context,
                                      const CareVisitMeasured *measured,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean care_visit_measured_write_finish (GAsyncResult *result, guint *written, GError **error);

G_END_DECLS
