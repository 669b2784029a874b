/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pangocairo.h>

G_BEGIN_DECLS

typedef enum
{
  PRINT_ITEM_HEADING,
  PRINT_ITEM_PARAGRAPH,
  PRINT_ITEM_HEAD, /* of a table: repeated on each page that its rows go on to */
  PRINT_ITEM_ROW,
} PrintItemKind;

/* One text in its place across the page; where its lines begin and end from its top. */
typedef struct
{
  PangoLayout *layout;
  double x;
  guint n_lines;
  double *tops, *bottoms;
} PrintCell;

/* What is placed as one: a heading, a paragraph (of one cell) or a row of a table. */
typedef struct _PrintItem PrintItem;
struct _PrintItem
{
  PrintItemKind kind;
  guint n_cells;
  PrintCell *cells;
  double before, pad; /* free space above the item; within it above and below its texts */
  PrintItem *head;    /* of a row: its table's, or NULL */
};

/* As much of an item as stands on one page: for each cell the lines from and up to. */
typedef struct
{
  PrintItem *item;
  guint *from, *to;
  double y, height;
} PrintPiece;

PrintItem *print_item_new (PrintItemKind kind, guint n_cells);
void print_item_free (PrintItem *self);
void print_item_set_cell (PrintItem *self, guint index, PangoLayout *layout, double x);
double print_item_get_height (const PrintItem *self);
double print_item_get_lead (const PrintItem *self);

PrintPiece *print_piece_new (PrintItem *item, const PrintPiece *before, double room);
void print_piece_free (PrintPiece *self);
gboolean print_piece_is_last (const PrintPiece *self);
gboolean print_piece_is_empty (const PrintPiece *self);
void print_piece_draw (const PrintPiece *self, cairo_t *cairo, double x, double y, double width);
void print_piece_append_text (const PrintPiece *self, GString *text);

G_END_DECLS
