/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"

G_BEGIN_DECLS

/* Somebody of a list, without the record itself. */
typedef struct
{
  gint64 number; /* of the resource, which never changes */
  char *id;
  char *name; /* as people are sorted by it */
} StorePerson;

void store_person_free (StorePerson *self);

GPtrArray *store_people_list (StoreConnection *connection, GError **error);
StorePerson *store_people_get (StoreConnection *connection, gint64 number, GError **error);
GArray *store_people_search (StoreConnection *connection,
                             const char *type,
                             const char *query_string,
                             const char *const *only,
                             GArray **doubtful,
                             GError **error);
gboolean store_people_lookup (StoreConnection *connection,
                              const char *patient,
                              gint64 *number,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StorePerson, store_person_free)

G_END_DECLS
