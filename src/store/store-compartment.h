/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

/* A patient's compartment: the Patient and all that refers to them. Numbers of resources, which
 * never change. */
typedef struct _StoreCompartment StoreCompartment;

StoreCompartment *
store_compartment_new (StoreConnection *connection, const char *patient, GError **error);
gboolean store_compartment_next (StoreCompartment *self,
                                 gint64 since_us,
                                 gint64 *after,
                                 FhirResource **resource,
                                 GError **error);
gboolean store_compartment_has (StoreCompartment *self, const char *type, const char *id);
void store_compartment_free (StoreCompartment *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreCompartment, store_compartment_free)

G_END_DECLS
