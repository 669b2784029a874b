/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-database.h"

G_BEGIN_DECLS

/* What came from the server, on its way into the store. */
typedef struct
{
  GPtrArray *resources;             /* FhirResource */
  GPtrArray *deleted;               /* "Type/id" */
  const char *cursor_type, *cursor; /* kept with the last of them; NULL: none */
  guint changed;                    /* out: how many were news */
} SyncApply;

gboolean sync_apply (StoreDatabase *store, SyncApply *apply, GError **error);

G_END_DECLS
