/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print-item.h"

/* Texts in lines, and as many of the lines as a page has room for. */

PrintItem *
print_item_new (PrintItemKind kind, guint n_cells)
{
  PrintItem *self = g_new0 (PrintItem, 1);

  self->kind = kind;
  self->n_cells = n_cells;
  self->cells = g_new0 (PrintCell, n_cells);
  return self;
}

void
print_item_free (PrintItem *self)
{
  for (guint i = 0; i < self->n_cells; i++)
    {
      g_clear_object (&self->cells[i].layout);
      g_free (self->cells[i].tops);
      g_free (self->cells[i].bottoms);
    }
  g_free (self->cells);
  g_free (self);
}

/* @layout: (transfer full): with its width set */
void
print_item_set_cell (PrintItem *self, guint index, PangoLayout *layout, double x)
{
  PrintCell *cell = &self->cells[index];
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  guint line = 0;

  cell->layout = layout;
  cell->x = x;
  cell->n_lines = (guint) pango_layout_get_line_count (layout);
  cell->tops = g_new (double, cell->n_lines);
  cell->bottoms = g_new (double, cell->n_lines);
  do
    {
      int top, bottom;

      pango_layout_iter_get_line_yrange (iter, &top, &bottom);
      cell->tops[line] = pango_units_to_double (top);
      cell->bottoms[line++] = pango_units_to_double (bottom);
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
}

static double
cell_height (const PrintCell *cell, guint from, guint to)
{
  return to > from ? cell->bottoms[to - 1] - cell->tops[from] : 0;
}

double
print_item_get_height (const PrintItem *self)
{
  double height = 0;

  for (guint i = 0; i < self->n_cells; i++)
    height = MAX (height, cell_height (&self->cells[i], 0, self->cells[i].n_lines));
  return height + 2 * self->pad;
}

/* How much of it must stand together with what leads to it. */
double
print_item_get_lead (const PrintItem *self)
{
  return self->kind == PRINT_ITEM_PARAGRAPH
             ? cell_height (&self->cells[0], 0, MIN (self->cells[0].n_lines, 2)) + 2 * self->pad
             : print_item_get_height (self);
}

/* Of a row that goes on, the first cell says again what the row is about. */
static guint
begin_of (const PrintItem *item, guint cell, const PrintPiece *before, double room)
{
  const PrintCell *first = &item->cells[0];

  if (!before)
    return 0;
  if (cell == 0 && item->n_cells > 1 && before->to[0] == first->n_lines &&
      cell_height (first, 0, first->n_lines) <= room)
    return 0;
  return before->to[cell];
}

/**
 * print_piece_new:
 * @before: (nullable): the piece of the item that stands on the page before
 * @room: what is left of the page
 *
 * Returns: (transfer full): as many lines of each cell as fit, none where nothing does
 */
PrintPiece *
print_piece_new (PrintItem *item, const PrintPiece *before, double room)
{
  PrintPiece *self = g_new0 (PrintPiece, 1);
  double lines = room - 2 * item->pad;

  self->item = item;
  self->from = g_new0 (guint, item->n_cells);
  self->to = g_new0 (guint, item->n_cells);
  for (guint i = 0; i < item->n_cells; i++)
    {
      const PrintCell *cell = &item->cells[i];
      guint to = self->from[i] = begin_of (item, i, before, lines);

      while (to < cell->n_lines && cell_height (cell, self->from[i], to + 1) <= lines)
        to++;
      self->to[i] = to;
      self->height = MAX (self->height, cell_height (cell, self->from[i], to));
    }
  self->height += 2 * item->pad;
  return self;
}

void
print_piece_free (PrintPiece *self)
{
  g_free (self->from);
  g_free (self->to);
  g_free (self);
}

gboolean
print_piece_is_last (const PrintPiece *self)
{
  for (guint i = 0; i < self->item->n_cells; i++)
    if (self->to[i] < self->item->cells[i].n_lines)
      return FALSE;
  return TRUE;
}

gboolean
print_piece_is_empty (const PrintPiece *self)
{
  for (guint i = 0; i < self->item->n_cells; i++)
    if (self->to[i] > self->from[i])
      return FALSE;
  return TRUE;
}

/* Line by line: each has a place of its own, at the right where the text reads from there. */
static void
draw_cell (const PrintCell *cell, guint from, guint to, cairo_t *cairo, double x, double y)
{
  PangoLayoutIter *iter = pango_layout_get_iter (cell->layout);
  guint line = 0;

  do
    {
      PangoRectangle logical;

      if (line < from || line >= to)
        continue;
      pango_layout_iter_get_line_extents (iter, NULL, &logical);
      cairo_move_to (cairo, x + cell->x + pango_units_to_double (logical.x),
                     y + pango_units_to_double (pango_layout_iter_get_baseline (iter)) -
                         cell->tops[from]);
      pango_cairo_show_layout_line (cairo, pango_layout_iter_get_line_readonly (iter));
    }
  while (++line < to && pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
}

void
print_piece_draw (const PrintPiece *self, cairo_t *cairo, double x, double y, double width)
{
  const PrintItem *item = self->item;

  cairo_set_source_rgb (cairo, 0, 0, 0);
  for (guint i = 0; i < item->n_cells; i++)
    if (self->to[i] > self->from[i])
      draw_cell (&item->cells[i], self->from[i], self->to[i], cairo, x, y + item->pad);
  if (item->kind != PRINT_ITEM_ROW && item->kind != PRINT_ITEM_HEAD)
    return;
  cairo_set_source_rgb (cairo, 0.75, 0.75, 0.75);
  cairo_set_line_width (cairo, item->kind == PRINT_ITEM_HEAD ? 1 : 0.5);
  cairo_move_to (cairo, x, y + self->height);
  cairo_line_to (cairo, x + width, y + self->height);
  cairo_stroke (cairo);
}

void
print_piece_append_text (const PrintPiece *self, GString *text)
{
  for (guint i = 0; i < self->item->n_cells; i++)
    {
      PangoLayout *layout = self->item->cells[i].layout;
      const char *whole = pango_layout_get_text (layout);

      if (self->to[i] <= self->from[i])
        continue;
      PangoLayoutLine *first = pango_layout_get_line_readonly (layout, (int) self->from[i]);
      PangoLayoutLine *last = pango_layout_get_line_readonly (layout, (int) self->to[i] - 1);
      int begin = pango_layout_line_get_start_index (first);
      int end = pango_layout_line_get_start_index (last) + pango_layout_line_get_length (last);

      g_string_append_len (text, whole + begin, end - begin);
      g_string_append (text, i + 1 < self->item->n_cells ? ", " : "");
    }
  g_string_append_c (text, '\n');
}
