/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-release.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

void documents_attach_async (WorkspacePatient *patient,
                             GFile *file,
                             CareSensitivity sensitivity,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
/* The same of what was made here. */
void documents_attach_bytes_async (WorkspacePatient *patient,
                                   const char *title,
                                   const char *content_type,
                                   GBytes *bytes,
                                   CareSensitivity sensitivity,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
char *documents_attach_finish (GAsyncResult *result, GError **error);

G_END_DECLS
