/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-rules.h"
#include "store-content-file.h"
#include "store-content-index.h"
#include "store-content-names.h"

G_BEGIN_DECLS

/* What came of reading one content file once. First the words of its formulary, then, proved
 * against its digests, everything else. What is set does not change; where @error is set, nothing
 * else counts. */
typedef struct
{
  char *path;
  StoreContentIdentity identity;
  StoreContentFile *file;
  StoreContentIndex *index;

  StoreContentNames *names;
  GPtrArray *class_rows; /* ClinicalClassRow */
  ClinicalRules *rules;
  char *label, *day, *date, *attribution;
  GError *error;
} StoreContentLoad;

StoreContentLoad *store_content_load_new (const char *path);
void store_content_load_free (StoreContentLoad *self);
gboolean store_content_load_open (StoreContentLoad *self);
void store_content_load_prove (StoreContentLoad *self);
char *store_content_load_dup_expired (StoreContentLoad *self,
                                      const char *today,
                                      guint limit_days,
                                      char **label);

StoreContentLoad *store_content_get_load (StoreContent *self);

typedef void (*StoreContentUse) (StoreContentFile *file, gpointer data);
gboolean store_content_use_file (StoreContent *self, StoreContentUse use, gpointer data);
void store_content_checks_init (ClinicalContentInterface *iface);

G_END_DECLS
