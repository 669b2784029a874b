/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "store-database.h"

G_BEGIN_DECLS

/* What an import did. In equals stored + unchanged + refused. */
typedef struct
{
  guint in, stored, unchanged, refused;
} HubImportCount;

typedef struct
{
  char *file, *reason;
  guint entry; /* from 1: entry of the bundle, or line */
} HubImportRefusal;

typedef struct
{
  HubImportCount total;
  GHashTable *types;   /* type -> HubImportCount* */
  GPtrArray *refusals; /* HubImportRefusal* */
  GPtrArray
      *differing; /* char*: resources that two files tell differently; both are kept as versions */
  GPtrArray *unresolved; /* char*: references that lead to nothing yet; kept as they came */
} HubImportReport;

HubImportReport *hub_import_run (StoreDatabase *store, const char *const *files, GError **error);
void hub_import_report_free (HubImportReport *report);
JsonNode *hub_import_report_to_json (HubImportReport *report);
char *hub_import_report_to_text (HubImportReport *report);
HubImportReport *hub_import_report_from_json (JsonNode *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubImportReport, hub_import_report_free)

G_END_DECLS
