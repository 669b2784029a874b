/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-query.h"
#include "fhir-resource.h"
#include "store-connection.h"
#include "store-search-text.h"

G_BEGIN_DECLS

/* The most resources that one page holds, whatever _count asks for. */
#define STORE_MAX_COUNT FHIR_QUERY_MAX_COUNT

/* The most that come along with one page. */
#define STORE_MAX_INCLUDED 10000

typedef struct
{
  GPtrArray *matches, *included; /* FhirResource* */
  gint64 total;                  /* -1: not counted */
  char *next_cursor;             /* NULL: this is the last page */
} StoreSearch;

StoreSearch *store_search (StoreConnection *connection, FhirQuery *query, GError **error);
void store_search_free (StoreSearch *self);
GPtrArray *store_search_ids (StoreConnection *connection,
                             const char *type,
                             const char *query_string,
                             GError **error);
GPtrArray *store_search_referrers (StoreConnection *connection,
                                   const char *type,
                                   const char *id,
                                   const char *from,
                                   GError **error);
GPtrArray *
store_changes_since (StoreConnection *connection, gint64 sequence, guint limit, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreSearch, store_search_free)

G_END_DECLS
