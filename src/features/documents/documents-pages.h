/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-renderer.h"

G_BEGIN_DECLS

/* The pages of a PDF or an image, one at a time. Signal "failed" (message) when one cannot be
 * drawn. */
#define DOCUMENTS_TYPE_PAGES (documents_pages_get_type ())
G_DECLARE_FINAL_TYPE (DocumentsPages, documents_pages, DOCUMENTS, PAGES, AdwBin)

void documents_pages_set_renderer (DocumentsPages *self, WorkspaceRenderer *renderer);
GdkTexture *documents_pages_get_texture (DocumentsPages *self);
guint documents_pages_get_page (DocumentsPages *self);

G_END_DECLS
