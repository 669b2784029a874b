/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* Photographed pages as one file. It is made anew from the pixels alone: whatever a camera writes
 * beside a picture (place, time, device) does not get into the record. */

/* @pages: (element-type GdkPixbuf): one becomes a JPEG, several a PDF */
void
documents_photo_encode_async (GPtrArray *pages, GAsyncReadyCallback callback, gpointer user_data);
/* @content_type: (out) (transfer none) */
GBytes *
documents_photo_encode_finish (GAsyncResult *result, const char **content_type, GError **error);

G_END_DECLS
