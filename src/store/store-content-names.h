/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"

G_BEGIN_DECLS

/* Which ingredients a name means: names of ingredients and of brands, as people write them in a
 * chart. Filled by one thread; after that any may ask. */
typedef struct _StoreContentNames StoreContentNames;

StoreContentNames *store_content_names_new (void);
void store_content_names_free (StoreContentNames *self);
void store_content_names_add_drug (StoreContentNames *self,
                                   const char *ingredients,
                                   const char *codes,
                                   const char *brands);
void store_content_names_add_ingredient (StoreContentNames *self,
                                         const char *code,
                                         const char *name,
                                         const char *kind);
const char *store_content_names_get_ingredient (StoreContentNames *self, const char *code);
void store_content_names_find (StoreContentNames *self, const char *text, GPtrArray *out);

G_END_DECLS
