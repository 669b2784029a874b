/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "documents-narrative.h"

G_BEGIN_DECLS

/* A narrative in a text view. Once for a buffer: its styles. */
void documents_text_prepare (GtkTextBuffer *buffer);
void documents_text_show (GtkTextBuffer *buffer, DocumentsNarrative *narrative);

G_END_DECLS
