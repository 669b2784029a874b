/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-refusal.h"
#include "fhir-builder.h"

G_BEGIN_DECLS

#define CARE_SYSTEM_PARTICIPANT "http://terminology.hl7.org/CodeSystem/provenance-participant-type"

/* What goes first among the journal's groups. */
typedef enum
{
  CARE_PRIORITY_NORMAL = 0,
  CARE_PRIORITY_VISIT = 5,
  CARE_PRIORITY_PRESCRIPTION = 10,
} CarePriority;

/* Several resources written together: one transaction here, one transaction at the server. */
typedef struct
{
  StoreConnection *connection;
  CareContext *context;
  char *group, *patient;
  CarePriority priority;
  const char *hold; /* reason to hold the entries back, or NULL */
} CareWrite;

void care_write_init (CareWrite *self,
                      StoreConnection *connection,
                      CareContext *context,
                      const char *patient,
                      CarePriority priority);
void care_write_clear (CareWrite *self);
gboolean care_write_put (CareWrite *self, FhirResource *resource, GError **error);
gboolean care_write_put_builder (CareWrite *self, FhirBuilder *builder, GError **error);
gboolean care_write_audit (
    CareWrite *self, const char *action, const char *reference, const char *detail, GError **error);
FhirBuilder *care_write_provenance (CareContext *context, const char *target, const char *when);
FhirResource *
care_read (StoreConnection *connection, const char *type, const char *id, GError **error);
char *care_patient_of (FhirResource *resource);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CareWrite, care_write_clear)

G_END_DECLS
