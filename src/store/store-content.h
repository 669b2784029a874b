/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"
#include "clinical-content.h"

G_BEGIN_DECLS

/* The clinical content: one SQLite file of reviewed tables (data/content/TABLES.md), read-only, of
 * no patient and so in the clear. Nothing is read before the first question; then a thread of its
 * own reads and proves the whole file while searches are answered already. Everything may be called
 * from any thread. */
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

/* What stands first for one prescriber. Both are borrowed, and either may be NULL. */
typedef struct
{
  GHashTable *favourites; /* rxcui, a set */
  GHashTable *counts;     /* rxcui -> how often prescribed, GUINT_TO_POINTER */
} StoreContentMarks;

typedef enum
{
  STORE_CONTENT_READY,
  STORE_CONTENT_EXPIRED, /* answers, and says so */
  STORE_CONTENT_MISSING, /* in this and what follows nothing is found and nothing is checked */
  STORE_CONTENT_EMPTY,
  STORE_CONTENT_CORRUPT,
} StoreContentState;

StoreContent *store_content_new (const char *path, BaseClock *clock);
StoreContent *store_content_open (const char *path, GError **error);
char *store_content_dup_default_path (void);
void store_content_set_limit_days (StoreContent *self, guint days);

void store_content_prepare (StoreContent *self);
gboolean store_content_wait (StoreContent *self, GError **error);
StoreContentState store_content_get_state (StoreContent *self, char **sentence);
void store_content_get_state_async (StoreContent *self,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
StoreContentState store_content_get_state_finish (GAsyncResult *result, char **sentence);
guint store_content_get_generation (StoreContent *self);

guint store_content_get_size (StoreContent *self);
GPtrArray *store_content_search_drugs (StoreContent *self, const char *text, guint limit);
GPtrArray *store_content_search (StoreContent *self,
                                 const char *text,
                                 const StoreContentMarks *marks,
                                 guint limit,
                                 guint *exact);
const StoreDrug *store_content_get_drug (StoreContent *self, const char *rxcui);
GPtrArray *store_content_find_packages (StoreContent *self, const char *const *ndcs);
char *store_content_dup_day (StoreContent *self);
char *store_content_dup_label (StoreContent *self);
char *store_content_dup_attribution (StoreContent *self);

G_END_DECLS
