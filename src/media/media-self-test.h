/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-sources.h"

G_BEGIN_DECLS

/* Devices opened for a moment, to see whether they work. One at a time: each is closed when its
 * callback runs, or when it is cancelled. Needs gst_init (). */

void media_self_test_camera_async (MediaSources *sources,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean media_self_test_camera_finish (GAsyncResult *result, gboolean *blank, GError **error);

void media_self_test_microphone_async (MediaSources *sources,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean media_self_test_microphone_finish (GAsyncResult *result, guint *peak, GError **error);

void media_self_test_speaker_async (MediaSources *sources,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean media_self_test_speaker_finish (GAsyncResult *result, gboolean *heard, GError **error);

G_END_DECLS
