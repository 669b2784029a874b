/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-builder.h"
#include "hub-demo.h"

#define HUB_DEMO_SNOMED "http://snomed.info/sct"
#define HUB_DEMO_LOINC  "http://loinc.org"
#define HUB_DEMO_RXNORM "http://www.nlm.nih.gov/research/umls/rxnorm"
#define HUB_DEMO_TASK   "https://bedside.health/fhir/task"

#define HUB_DEMO_SEED "bedside"

/* One generation of the clinic. */
typedef struct
{
  GKeyFile *file;
  const char *seed;
  GDateTime *now;
  GPtrArray *resources;
  char *doctor;      /* staff key of who looks after the patient in hand */
  gint64 ordered_ms; /* not 0: ids are time-ordered and begin with this */
} HubDemo;

char *hub_demo_day (HubDemo *demo, int days);
char *hub_demo_instant (HubDemo *demo, int days, int minutes);
char *hub_demo_now (HubDemo *demo, int minutes);
char *hub_demo_reference (HubDemo *demo, const char *type, const char *kind, const char *key);
char **
hub_demo_fields (HubDemo *demo, const char *group, const char *stem, guint number, guint least);
void hub_demo_add (HubDemo *demo, FhirBuilder *builder);
void hub_demo_add_name (FhirBuilder *builder, GKeyFile *file, const char *group);
FhirBuilder *hub_demo_builder (
    HubDemo *demo, const char *type, const char *group, const char *part, guint number);

char *hub_demo_dup_id (HubDemo *demo, const char *kind, const char *key);
char *hub_demo_doctor (HubDemo *demo);
void hub_demo_set_quantity (FhirBuilder *builder,
                            const char *path,
                            const char *literal,
                            const char *unit,
                            const char *ucum);

GKeyFile *hub_demo_load_file (const char *name, GError **error);
void hub_demo_add_patient (HubDemo *demo, const char *group, const char *key);
void hub_demo_add_around (HubDemo *demo, const char *group, const char *patient);
void hub_demo_add_photo (HubDemo *demo, FhirBuilder *builder, const char *group);
void hub_demo_add_chart (HubDemo *demo, const char *group, const char *patient);
void hub_demo_add_sensor (HubDemo *demo, const char *group, const char *patient);
void hub_demo_add_inbox (HubDemo *demo, const char *group, const char *patient);
void hub_demo_add_day (HubDemo *demo, const char *group, const char *patient);
