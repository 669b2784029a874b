/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean created, unchanged;
  char *id;
  gint64 version;
  char *updated;
  gint64 sequence;
  char *text; /* with its new meta; NULL where it was unchanged or kept its own */
} StorePut;

typedef enum
{
  STORE_PUT_DEFAULT = 0,
  STORE_PUT_KEEP_META = 1,  /* as it came from a server: meta stays, its versionId is kept opaque */
  STORE_PUT_SKIP_EQUAL = 2, /* the same content makes no new version */
} StorePutFlags;

/* One version of a resource. A deletion is a version without a resource. */
typedef struct
{
  char *type, *id, *version, *updated;
  gboolean deleted;
  gint64 sequence;
  FhirResource *resource;
  /* of store_history_page() only: */
  gboolean created;     /* nothing stood before it */
  FhirResource *before; /* what a deletion deleted */
} StoreVersion;

void store_put_clear (StorePut *self);
void store_version_free (StoreVersion *self);
char *store_resource_dup_updated (gint64 us, const char *kept);
gboolean store_resource_put (StoreConnection *connection,
                             FhirResource *resource,
                             StorePutFlags flags,
                             const char *if_match,
                             StorePut *out,
                             GError **error);
gboolean store_resource_delete (StoreConnection *connection,
                                const char *type,
                                const char *id,
                                const char *if_match,
                                StorePut *out,
                                GError **error);
FhirResource *
store_resource_get (StoreConnection *connection, const char *type, const char *id, GError **error);
FhirResource *store_resource_get_version (StoreConnection *connection,
                                          const char *type,
                                          const char *id,
                                          const char *version,
                                          GError **error);
GPtrArray *store_resource_history (
    StoreConnection *connection, const char *type, const char *id, guint limit, GError **error);
GPtrArray *store_resource_list (StoreConnection *connection,
                                const char *patient,
                                const char *type,
                                GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StorePut, store_put_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreVersion, store_version_free)

G_END_DECLS
