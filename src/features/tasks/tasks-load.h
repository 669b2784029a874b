/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "fhir-resource.h"

#include "tasks-facts.h"

G_BEGIN_DECLS

/* What is open, from the local store. */
TasksFacts *tasks_load_facts (StoreConnection *connection, FhirResource *task, GTimeZone *zone);
GListStore *
tasks_load (StoreConnection *connection, const char *patient, CareContext *context, GError **error);
void tasks_load_async (CareContext *context,
                       const char *patient,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
GListStore *tasks_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
