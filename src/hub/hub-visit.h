/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "hub-join.h"

G_BEGIN_DECLS

#define HUB_VISIT_EXTENSION   "https://bedside.health/fhir/StructureDefinition/"
#define HUB_VISIT_TASK_SYSTEM "https://bedside.health/fhir/task"

/* Where a visit stands, as its Encounter says. */
typedef enum
{
  HUB_VISIT_NONE,    /* not begun */
  HUB_VISIT_ARRIVED, /* waiting */
  HUB_VISIT_LEFT,    /* was waiting, went away */
  HUB_VISIT_IN_PROGRESS,
  HUB_VISIT_HELD, /* in progress, and sent back to wait */
  HUB_VISIT_OVER,
} HubVisitState;

/* The clinic as patients read of it. */
typedef struct
{
  char *name, *phone; /* NULL where not recorded */
} HubClinic;

/* All of these run inside a HubRecordsWork; those that write append their audit row there too. */
gboolean hub_visit_arrive (HubRecords *records, HubJoin *join, GError **error);
gboolean hub_visit_update (HubRecords *records, HubJoin *join, GError **error);
gboolean hub_visit_leave (HubRecords *records, const char *encounter, GError **error);
gboolean hub_visit_report_interrupted (HubRecords *records,
                                       const char *encounter,
                                       gboolean again,
                                       GError **error);
gboolean hub_visit_report_closed_link (HubRecords *records, HubJoin *join, GError **error);
HubVisitState hub_visit_get_state (FhirResource *encounter);
HubVisitState
hub_visit_load_state (HubRecords *records, const char *encounter, char **patient, GError **error);
gboolean hub_visit_find_session (
    HubRecords *records, const char *encounter, GPtrArray *hashes, char **found, GError **error);
void hub_visit_load_clinic (HubRecords *records, HubClinic *clinic);
void hub_clinic_clear (HubClinic *clinic);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HubClinic, hub_clinic_clear)

G_END_DECLS
