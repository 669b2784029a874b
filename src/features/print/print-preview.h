/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "print-layout.h"

G_BEGIN_DECLS

/* The pages of a document, below one another, as they will be on paper. */
#define PRINT_TYPE_PREVIEW (print_preview_get_type ())
G_DECLARE_FINAL_TYPE (PrintPreview, print_preview, PRINT, PREVIEW, AdwBin)

void print_preview_show (PrintPreview *self, const CarePaper *paper, const PrintStamp *stamp);
guint print_preview_get_n_pages (PrintPreview *self);

G_END_DECLS
