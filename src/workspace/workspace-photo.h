/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

void workspace_photo_load_async (WorkspacePatient *patient,
                                 guint width,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GdkTexture *workspace_photo_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
