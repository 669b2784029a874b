/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pangocairo.h>

#include "care-paper.h"

G_BEGIN_DECLS

/* What stands at the foot of each page: whole sentences. */
typedef struct
{
  char *printed; /* by whom, when and of which clinic */
  char *as_of;   /* how far the record can be relied on */
} PrintStamp;

void print_stamp_clear (PrintStamp *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrintStamp, print_stamp_clear)

/* A document cut into pages. Lengths are points. It belongs to one thread. */
#define PRINT_TYPE_LAYOUT (print_layout_get_type ())
G_DECLARE_FINAL_TYPE (PrintLayout, print_layout, PRINT, LAYOUT, GObject)

PrintLayout *print_layout_new (const CarePaper *paper,
                               const PrintStamp *stamp,
                               PangoContext *context,
                               double width,
                               double height);
guint print_layout_get_n_pages (PrintLayout *self);
void print_layout_draw (PrintLayout *self, cairo_t *cairo, guint page);
char *print_layout_dup_text (PrintLayout *self, guint page);

G_END_DECLS
