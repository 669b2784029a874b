/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base-qr-read.h"

G_BEGIN_DECLS

char *app_scan_dup_server (const char *text, GError **error);
const char *app_scan_explain (BaseQrFinding finding);
void app_scan_pixels_async (GBytes *pixels,
                            guint width,
                            guint height,
                            gsize stride,
                            guint bytes,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
BaseQrFinding app_scan_pixels_finish (GAsyncResult *result, char **text);

G_END_DECLS
