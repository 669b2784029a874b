/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"

G_BEGIN_DECLS

/* The clinical content that comes with Bedside: the formulary and the allergy classes, read from
 * the tables of data/content into memory. It holds nothing of any patient and needs no cipher.
 * Loading runs in a thread of its own, so that opening costs nothing; the first question waits for
 * it. */
#define STORE_TYPE_CONTENT (store_content_get_type ())
G_DECLARE_FINAL_TYPE (StoreContent, store_content, STORE, CONTENT, GObject)

/* A clinical drug. Owned by its StoreContent, and lives as long. */
typedef struct
{
  char *rxcui, *name;
  char *ingredients;      /* "a|b" */
  char *ingredient_codes; /* parallel, "-" where unknown */
  char *strength, *form, *route;
  char *source; /* "confirmed" or "unconfirmed" */
  char *brand;  /* brands "A|B", or NULL */
} StoreDrug;

StoreContent *store_content_open (const char *folder, GError **error);
gboolean store_content_wait (StoreContent *self, GError **error);
guint store_content_get_size (StoreContent *self);
GPtrArray *store_content_search_drugs (StoreContent *self, const char *text, guint limit);
const StoreDrug *store_content_get_drug (StoreContent *self, const char *rxcui);
char *store_content_dup_day (StoreContent *self);
char *store_content_dup_label (StoreContent *self);
char *store_content_dup_attribution (StoreContent *self);

G_END_DECLS
