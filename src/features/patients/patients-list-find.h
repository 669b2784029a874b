/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-cohort.h"
#include "workspace-session.h"

G_BEGIN_DECLS

/* One question to the store: who belongs to a list, as far as what is here tells. */
void patients_list_find_async (WorkspaceSession *session,
                               CareCohort *cohort,
                               const char *const *only,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
CareCohortFound *patients_list_find_finish (GAsyncResult *result, gint64 *as_of, GError **error);
gboolean patients_list_find_reads (CareCohort *cohort, const char *type);

G_END_DECLS
