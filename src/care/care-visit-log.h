/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* What clinician and patient gave or showed each other in a visit, and what the network did to it.
 */
typedef enum
{
  CARE_VISIT_LOG_SHOWN,     /* one thing of the chart was shown to the patient */
  CARE_VISIT_LOG_HIDDEN,    /* and is shown no more */
  CARE_VISIT_LOG_FILE_SENT, /* the patient received a file */
  CARE_VISIT_LOG_FILE_KEPT, /* a file of the patient's went into the chart */
  CARE_VISIT_LOG_LOST,      /* the call; without a title */
  CARE_VISIT_LOG_SILENCE,   /* nothing got through for a while; the title: whole seconds */
} CareVisitLogKind;

gboolean care_visit_log (StoreConnection *connection,
                         CareContext *context,
                         const char *encounter_id,
                         CareVisitLogKind kind,
                         const char *title,
                         GError **error);
void care_visit_log_async (CareContext *context,
                           const char *encounter_id,
                           CareVisitLogKind kind,
                           const char *title,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean care_visit_log_has (FhirResource *encounter, CareVisitLogKind kind);
char *care_visit_log_dup_words (const FhirElement *extension, const char **at);

G_END_DECLS
