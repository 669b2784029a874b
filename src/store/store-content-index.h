/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-content-file.h"

G_BEGIN_DECLS

/* The words of the formulary in memory, sorted, each with the drugs it stands in. It names a drug
 * by its row. */
typedef struct _StoreContentIndex StoreContentIndex;

StoreContentIndex *store_content_index_load (StoreContentFile *file, GError **error);
void store_content_index_free (StoreContentIndex *self);
guint store_content_index_get_size (StoreContentIndex *self);

/* first[drug]: how far in front a drug stands for this prescriber, 0 for not at all; NULL: none */
GArray *store_content_index_search (
    StoreContentIndex *self, const char *text, const guint32 *first, guint limit, guint *exact);

G_END_DECLS
