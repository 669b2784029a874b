/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-row.h"
#include "care-timeline.h"
#include "care-types.h"

G_BEGIN_DECLS

/* One record that has the words. */
#define CARE_TYPE_HIT (care_hit_get_type ())
G_DECLARE_FINAL_TYPE (CareHit, care_hit, CARE, HIT, GObject)

const char *care_hit_get_title (CareHit *self);
const char *care_hit_get_context (CareHit *self);
const char *care_hit_get_date (CareHit *self);
const char *care_hit_get_kind (CareHit *self);
const char *care_hit_get_reference (CareHit *self);
const char *care_hit_get_patient_id (CareHit *self);
const char *care_hit_get_patient (CareHit *self);

/* What was found for some words, newest first. Immutable, may cross threads. */
#define CARE_TYPE_SEARCH (care_search_get_type ())
G_DECLARE_FINAL_TYPE (CareSearch, care_search, CARE, SEARCH, GObject)

CareSearch *care_search_load (StoreConnection *connection,
                              const char *patient_id,
                              const char *typed,
                              BaseClock *clock,
                              GError **error);
void care_search_load_async (CareContext *context,
                             const char *patient_id,
                             const char *typed,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
CareSearch *care_search_load_finish (GAsyncResult *result, GError **error);
GListModel *care_search_get_hits (CareSearch *self);
gboolean care_search_get_more (CareSearch *self);
void care_search_audit (CareSearch *self, CareContext *context);

/* A place in a text where one of the words begins. In bytes. */
typedef struct
{
  gsize start, end;
} CareSearchMark;

GArray *care_search_find_marks (const char *text, const char *const *words);
char *care_search_dup_context (const char *text, const char *const *words);

G_END_DECLS
