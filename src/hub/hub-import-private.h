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

/* One entry on its way to the store, or what was wrong with it. */
typedef struct
{
  FhirResource *resource; /* (nullable): NULL where the entry is refused */
  char *type, *reason;    /* of a refused entry */
  const char *file;
  guint number;
  char *first;         /* where the same id stood before in this import, or NULL */
  gboolean unresolved; /* some reference is not in these files */
} HubImportItem;

/* What the writing side owns: the thread that writes a batch meanwhile, else who waited for it. */
typedef struct
{
  StoreDatabase *store;
  HubImportReport *report;
  GHashTable *resolved; /* reference -> "Type/id" that the store knows, "" for none */
  GHashTable *pending;  /* "Type/id" of resources with references that lead to nothing */
  GPtrArray *batch;     /* HubImportItem* */
  guint done;           /* items of the batch that are written */
  gboolean unresolved;  /* the resource in hand has such a reference */
  StoreConnection *connection;
} HubImportWriter;

void hub_import_item_free (gpointer item);
gboolean hub_import_needs_resolving (const char *reference);
HubImportWriter *hub_import_writer_new (StoreDatabase *store);
void hub_import_writer_free (HubImportWriter *self);
gboolean hub_import_writer_write (HubImportWriter *self, GError **error);
gboolean hub_import_writer_end (HubImportWriter *self, GError **error);

#define NOT_FHIR "not FHIR"
