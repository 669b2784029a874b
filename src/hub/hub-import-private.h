/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "hub-import.h"
#include "hub-span.h"

/* One entry of a bundle, line of an NDJSON file or file of one resource. */
typedef struct
{
  const char *file;
  guint number;      /* from 1: entry or line */
  HubSpan resource;  /* its text; empty where there is none */
  char *full_url;    /* (nullable) */
  const char *fault; /* (nullable): why it cannot be read */
} HubImportEntry;

typedef void (*HubImportVisit) (HubImportEntry *entry, gpointer data);

void hub_import_walk (const char *file, HubImportVisit visit, gpointer data);

/* What the files of one import hold, for references between them. */
typedef struct
{
  GHashTable *urls;        /* full URL -> "Type/id" */
  GHashTable *identifiers; /* "Type?identifier=system|value" -> "Type/id", "" where two have it */
} HubImportIndex;

HubImportIndex *hub_import_index_new (void);
void hub_import_index_free (HubImportIndex *self);
void hub_import_index_add (HubImportEntry *entry, gpointer data);
char *hub_import_index_resolve (HubImportIndex *self, const char *reference);

HubImportReport *hub_import_report_new (void);
void hub_import_report_count (HubImportReport *self, const char *type, gsize offset);
void hub_import_report_refuse (
    HubImportReport *self, const char *type, const char *file, guint number, const char *reason);

#define NOT_FHIR "not FHIR"
