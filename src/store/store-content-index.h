/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-content.h"

G_BEGIN_DECLS

/* The words of the formulary, sorted, each with the drugs it stands in. */
typedef struct _StoreContentIndex StoreContentIndex;

StoreContentIndex *store_content_index_new (GArray *drugs);
void store_content_index_free (StoreContentIndex *self);
GArray *store_content_index_search (StoreContentIndex *self, const char *text, guint limit);
char *store_content_fold (const char *text);

G_END_DECLS
