/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-check.h"
#include "fhir-resource.h"
#include "hub-safety.h"

G_BEGIN_DECLS

/* What an answer is made of. */
typedef struct
{
  JsonArray *findings, *unchecked;
  guint covered, of; /* drugs whose ingredients are known, of all */
} HubSafetyAnswer;

/* The records of a folder of FHIR files, by the patient that they are about. */
typedef struct
{
  GPtrArray *patients;      /* char *: "Patient/1" or a full URL, in the order of the files */
  GHashTable *of;           /* the same -> GPtrArray of FHIR resources */
  GHashTable *by_reference; /* reference or full URL -> FhirResource, borrowed */
  GPtrArray *resources;     /* FhirResource: all */
  guint faults;             /* entries that could not be read */
} HubSafetyFiles;

void hub_safety_add (HubSafetyAnswer *answer, GPtrArray *findings, const char *patient);
JsonNode *hub_safety_end (HubSafetyAnswer *answer, ClinicalContent *content, JsonObject *more);
HubSafetyFiles *hub_safety_files_read (const char *folder, GError **error);
void hub_safety_files_free (HubSafetyFiles *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubSafetyFiles, hub_safety_files_free)

G_END_DECLS
