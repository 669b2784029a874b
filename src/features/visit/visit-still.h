/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "media-still.h"

G_BEGIN_DECLS

#define VISIT_STILL_TYPE "image/jpeg"

GdkTexture *visit_still_dup_texture (MediaStill *still);
void visit_still_encode_async (MediaStill *still, GAsyncReadyCallback callback, gpointer user_data);
GBytes *visit_still_encode_finish (GAsyncResult *result, GError **error);

G_END_DECLS
