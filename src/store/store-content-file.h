/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-content.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* A content file, opened read-only. It belongs to one thread at a time. */
typedef struct _StoreContentFile StoreContentFile;

#define STORE_CONTENT_FORMAT         1
#define STORE_CONTENT_APPLICATION_ID 0x42445343 /* "BDSC" */

typedef enum
{
  STORE_CONTENT_ERROR_MISSING,
  STORE_CONTENT_ERROR_EMPTY,
  STORE_CONTENT_ERROR_CORRUPT,
} StoreContentError;

#define STORE_CONTENT_ERROR (store_content_error_quark ())
GQuark store_content_error_quark (void);

typedef struct
{
  guint64 device, file;
  gint64 size, seconds, nanoseconds;
} StoreContentIdentity;

void store_content_identify (const char *path, StoreContentIdentity *out);
void store_content_set_corrupt (const char *what, GError **error);

/* One row of a table; both lists end with NULL. FALSE ends the walk. */
typedef gboolean (*StoreContentRow) (const char *table,
                                     const char *const *columns,
                                     const char *const *values,
                                     gpointer data,
                                     GError **error);

StoreContentFile *store_content_file_open (const char *path, GError **error);
void store_content_file_close (StoreContentFile *self);
void store_content_file_map (StoreContentFile *self);

GPtrArray *store_content_file_get_tables (StoreContentFile *self);
const char *
store_content_file_get_head (StoreContentFile *self, const char *table, const char *key);
GHashTable *store_content_file_get_heads (StoreContentFile *self, const char *table);
gboolean store_content_file_walk (StoreContentFile *self,
                                  StoreContentRow row,
                                  gpointer data,
                                  GError **error);

sqlite3_stmt *store_content_file_prepare (StoreContentFile *self, const char *sql);
StoreDrug *store_content_file_read_drug (StoreContentFile *self, guint number);
StoreDrug *store_content_file_find_drug (StoreContentFile *self, const char *rxcui);
guint store_content_file_find_number (StoreContentFile *self, const char *rxcui);
char *store_content_file_find_package (StoreContentFile *self, const char *ndc);
void store_drug_free (StoreDrug *drug);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreContentFile, store_content_file_close)

G_END_DECLS
