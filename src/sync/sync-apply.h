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
  gint64 known;                     /* the store's sequence when the server was asked */
  gboolean notice;                  /* it told by itself, each change in its turn */
  gboolean insist;                  /* asking again did not end: go by the server's stamps */
  GPtrArray *doubtful;              /* out: "Type/id" that changed here meanwhile; NULL: insist */
  guint changed;                    /* out: how many were news */
} SyncApply;

gboolean sync_apply (StoreDatabase *store, SyncApply *apply, GError **error);

G_END_DECLS
