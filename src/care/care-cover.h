/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "fhir-builder.h"

G_BEGIN_DECLS

#define CARE_COVER_CODE "cover"

/* Somebody is absent for a time, and who stands in. Strings that are absent are NULL. */
typedef struct
{
  char *task; /* id of the Task that says so */
  char *who, *who_name;
  char *cover, *cover_name; /* NULL: nobody stands in */
  gint64 from_us, until_us; /* µs since 1970 */
} CareCover;

typedef struct
{
  const char *cover, *cover_name; /* nullable: nobody stands in */
  const char *from, *until;       /* instants */
} CareCoverRequest;

void care_cover_free (CareCover *self);
CareCover *care_cover_read (StoreConnection *connection, FhirResource *task);
GPtrArray *care_cover_list (StoreConnection *connection, GError **error);
GPtrArray *care_cover_find_all (StoreConnection *connection,
                                const char *type,
                                const char *text,
                                GError **error);
gboolean care_cover_set (StoreConnection *connection,
                         CareContext *context,
                         const CareCoverRequest *request,
                         GError **error);
gboolean care_cover_end (StoreConnection *connection,
                         CareContext *context,
                         const char *task_id,
                         GError **error);
char *care_cover_dup_orderer (StoreConnection *connection, FhirResource *result, char **name);
gboolean care_cover_add_behalf (StoreConnection *connection,
                                CareContext *context,
                                const char *orderer,
                                FhirBuilder *provenance,
                                GError **error);

void care_cover_set_async (CareContext *context,
                           const CareCoverRequest *request,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
void care_cover_end_async (CareContext *context,
                           const char *task_id,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean care_cover_finish (GAsyncResult *result, GError **error);
void care_cover_list_async (CareContext *context,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GPtrArray *care_cover_list_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareCover, care_cover_free)

G_END_DECLS
