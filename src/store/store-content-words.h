/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The words of the formulary as a content file keeps them: a word's places are drug << 2 | field,
 * four bytes each, least first; a drug's rank is two bytes, least first. make-content.py and
 * store-content-make write them, store-content-index reads them. */

typedef enum
{
  STORE_CONTENT_FIELD_INGREDIENT,
  STORE_CONTENT_FIELD_BRAND,
  STORE_CONTENT_FIELD_REST,
} StoreContentField;

#define STORE_CONTENT_FIELD_BITS 2

char *store_content_fold (const char *text);
double store_content_strength (const char *text);
int
store_content_rank (const char *ingredients, const char *form, gboolean confirmed, guint products);

G_END_DECLS
