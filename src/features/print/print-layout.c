/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print-layout.h"

#include <glib/gi18n.h>
#include <math.h>

#include "print-item.h"

/**
 * PrintLayout:
 *
 * Each page carries whose it is above and of when it is below, so that a page that is found alone
 * can be put back. A row of a table is not parted from its name: it goes to the next page whole,
 * and one that no page holds says its name again on each.
 */

#define GAP        10.0
#define HEADER_GAP 8.0
#define FONT_BODY  "Sans 10"
#define FONT_HEAD  "Sans Bold 9"
#define FONT_TITLE "Sans Bold 12"
#define FONT_SMALL "Sans 8"

struct _PrintLayout
{
  GObject parent_instance;

  PangoContext *context;
  double width, height;
  PangoLayout *header, *footer;
  char *draft;
  double header_height, footer_height; /* with the rule and the free space */
  GPtrArray *items;                    /* PrintItem */
  GPtrArray *pages;                    /* GPtrArray of PrintPiece */
};

G_DEFINE_FINAL_TYPE (PrintLayout, print_layout, G_TYPE_OBJECT)

void
print_stamp_clear (PrintStamp *self)
{
  g_clear_pointer (&self->printed, g_free);
  g_clear_pointer (&self->as_of, g_free);
}

static void
print_layout_finalize (GObject *object)
{
  PrintLayout *self = PRINT_LAYOUT (object);

  g_clear_pointer (&self->pages, g_ptr_array_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->header);
  g_clear_object (&self->footer);
  g_clear_object (&self->context);
  g_free (self->draft);
  G_OBJECT_CLASS (print_layout_parent_class)->finalize (object);
}

static void
print_layout_class_init (PrintLayoutClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = print_layout_finalize;
}

static void
print_layout_init (PrintLayout *self)
{
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) print_item_free);
  self->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
}

/* ---- texts ---- */

/* @width: in points; negative for as wide as it is */
static PangoLayout *
make_text (PrintLayout *self, const char *font, const char *text, double width)
{
  PangoLayout *layout = pango_layout_new (self->context);
  g_autoptr (PangoFontDescription) description = pango_font_description_from_string (font);

  pango_layout_set_font_description (layout, description);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_width (layout, width < 0 ? -1 : pango_units_from_double (width));
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static double
text_height (PangoLayout *layout)
{
  int height = 0;

  pango_layout_get_size (layout, NULL, &height);
  return pango_units_to_double (height);
}

static double
text_width (PangoLayout *layout)
{
  int width = 0;

  pango_layout_get_size (layout, &width, NULL);
  return pango_units_to_double (width);
}

static void
add_text (PrintLayout *self, PrintItemKind kind, const char *font, const char *text)
{
  PrintItem *item = print_item_new (kind, 1);

  item->before = kind == PRINT_ITEM_HEADING ? GAP : 0;
  item->pad = 1;
  print_item_set_cell (item, 0, make_text (self, font, text, self->width - 1), 0);
  g_ptr_array_add (self->items, item);
}

/* ---- tables ---- */

static void
measure (double *wanted, PangoLayout *layout)
{
  *wanted = MAX (*wanted, text_width (layout) + GAP);
}

/* Each column gets an even share or as little as it wants, and what is left goes to those that want
 * more, by how much more. */
static void
share_width (const double *wanted, double *widths, guint n, double width)
{
  double left = width, missing = 0;

  for (guint i = 0; i < n; i++)
    {
      widths[i] = MIN (wanted[i], width / n);
      left -= widths[i];
      missing += wanted[i] - widths[i];
    }
  for (guint i = 0; i < n; i++)
    widths[i] += missing > 0 ? left * (wanted[i] - widths[i]) / missing : left / n;
}

static void
place_cells (PrintItem *item, PangoLayout **texts, const double *widths)
{
  double x = 0;

  for (guint i = 0; i < item->n_cells; i++)
    {
      pango_layout_set_width (texts[i], pango_units_from_double (widths[i] - GAP));
      print_item_set_cell (item, i, texts[i], x);
      x += widths[i];
    }
}

static PangoLayout **
make_cells (PrintLayout *self, PrintItemKind kind, char **cells, guint n, double *wanted)
{
  PangoLayout **texts = g_new (PangoLayout *, n);

  for (guint i = 0; i < n; i++)
    {
      const char *font = kind == PRINT_ITEM_HEAD ? FONT_HEAD : FONT_BODY;

      texts[i] =
          make_text (self, kind == PRINT_ITEM_ROW && i == 0 ? "Sans Bold 10" : font, cells[i], -1);
      measure (&wanted[i], texts[i]);
    }
  return texts;
}

static gboolean
has_heads (const CareBlock *table)
{
  for (char **head = table->columns; *head; head++)
    if (**head)
      return TRUE;
  return FALSE;
}

static void
add_table (PrintLayout *self, const CareBlock *table)
{
  guint n = g_strv_length (table->columns);
  g_autofree double *wanted = g_new0 (double, n), *widths = g_new0 (double, n);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  PrintItem *head = NULL;
  guint first = self->items->len;

  if (has_heads (table))
    {
      head = print_item_new (PRINT_ITEM_HEAD, n);
      g_ptr_array_add (self->items, head);
      g_ptr_array_add (texts, make_cells (self, PRINT_ITEM_HEAD, table->columns, n, wanted));
    }
  for (guint i = 0; i < table->rows->len; i++)
    {
      PrintItem *row = print_item_new (PRINT_ITEM_ROW, n);

      row->head = head;
      g_ptr_array_add (self->items, row);
      g_ptr_array_add (texts, make_cells (self, PRINT_ITEM_ROW, table->rows->pdata[i], n, wanted));
    }
  share_width (wanted, widths, n, self->width);
  for (guint i = 0; i < texts->len; i++)
    {
      PrintItem *item = self->items->pdata[first + i];

      item->pad = 3;
      place_cells (item, texts->pdata[i], widths);
    }
}

static void
add_blocks (PrintLayout *self, const CarePaper *paper)
{
  for (guint i = 0; i < paper->blocks->len; i++)
    {
      const CareBlock *block = paper->blocks->pdata[i];

      switch (block->kind)
        {
        case CARE_BLOCK_HEADING:
          add_text (self, PRINT_ITEM_HEADING, "Sans Bold 11", block->text);
          break;
        case CARE_BLOCK_PARAGRAPH:
          add_text (self, PRINT_ITEM_PARAGRAPH, FONT_BODY, block->text);
          break;
        case CARE_BLOCK_TABLE:
          add_table (self, block);
          break;
        }
    }
}

/* ---- pages ---- */

typedef struct
{
  PrintLayout *layout;
  GPtrArray *page;
  double y, body; /* how far the page is filled, and how much it holds */
} Filling;

static void
add_piece (Filling *self, PrintPiece *piece)
{
  piece->y = self->y;
  self->y += piece->height;
  g_ptr_array_add (self->page, piece);
}

static void
begin_page (Filling *self, PrintItem *head)
{
  self->page = g_ptr_array_new_with_free_func ((GDestroyNotify) print_piece_free);
  self->y = 0;
  g_ptr_array_add (self->layout->pages, self->page);
  /* heads so tall that no row fits below them are left away */
  if (head && print_item_get_height (head) < self->body / 2)
    add_piece (self, print_piece_new (head, NULL, self->body));
}

/* Heading and head of a table are not left alone at the foot of a page. */
static double
needed (Filling *self, guint index)
{
  GPtrArray *items = self->layout->items;
  double height = 0;

  for (; index < items->len; index++)
    {
      PrintItem *item = items->pdata[index];

      double lead = print_item_get_lead (item);

      /* what no page holds begins wherever some of it fits */
      if (item->kind == PRINT_ITEM_ROW && height + lead > self->body)
        lead = MIN (lead, self->body / 4);
      height += lead + item->before;
      if (item->kind == PRINT_ITEM_PARAGRAPH || item->kind == PRINT_ITEM_ROW)
        break;
    }
  return MIN (height, self->body);
}

static void
add_item (Filling *self, guint index)
{
  PrintItem *item = self->layout->items->pdata[index];
  PrintPiece *before = NULL;

  if (self->y > 0 && self->y + needed (self, index) > self->body)
    begin_page (self, item->head);
  if (self->y > 0)
    self->y += item->before;
  for (;;)
    {
      PrintPiece *piece = print_piece_new (item, before, self->body - self->y);

      /* one line that is taller than a page is cut off rather than tried for ever */
      if (print_piece_is_empty (piece) && self->page->len <= (item->head ? 1 : 0))
        {
          print_piece_free (piece);
          piece = print_piece_new (item, before, G_MAXDOUBLE);
        }
      if (print_piece_is_empty (piece))
        print_piece_free (piece);
      else
        {
          add_piece (self, piece);
          before = piece;
        }
      if (before && print_piece_is_last (before))
        return;
      begin_page (self, item->head);
    }
}

static void
fill_pages (PrintLayout *self)
{
  Filling filling = { .layout = self,
                      .body = MAX (self->height - self->header_height - self->footer_height, 40) };

  begin_page (&filling, NULL);
  for (guint i = 0; i < self->items->len; i++)
    add_item (&filling, i);
}

/* ---- what each page carries ---- */

static void
make_header (PrintLayout *self, const CarePaper *paper)
{
  g_autofree char *name = g_markup_escape_text (paper->name, -1);
  g_autofree char *plain = g_strdup_printf (_ ("Born %s · ID %s"), paper->born, paper->identifier);
  g_autofree char *who = g_markup_escape_text (plain, -1);
  g_autofree char *title = g_markup_escape_text (paper->title, -1);
  g_autofree char *draft = paper->draft ? g_markup_escape_text (paper->draft, -1) : NULL;
  g_autofree char *markup = g_strdup_printf (
      "<b>%s</b>\n<span size=\"10pt\">%s</span>\n<span size=\"14pt\"><b>%s</b></span>%s%s%s", name,
      who, title, draft ? "   <b>" : "", draft ? draft : "", draft ? "</b>" : "");

  self->draft = g_strdup (paper->draft);
  self->header = make_text (self, FONT_TITLE, "", self->width);
  /* the header stays at the left whatever script a name is in */
  pango_layout_set_auto_dir (self->header, FALSE);
  pango_layout_set_markup (self->header, markup, -1);
  self->header_height = text_height (self->header) + 2 * HEADER_GAP;
}

static void
make_footer (PrintLayout *self, const PrintStamp *stamp)
{
  g_autofree char *text = g_strdup_printf ("%s\n%s", stamp->as_of, stamp->printed);

  self->footer = make_text (self, FONT_SMALL, text, self->width * 0.8);
  self->footer_height = text_height (self->footer) + 2 * HEADER_GAP;
}

/**
 * print_layout_new:
 * @context: of the device; points are its units
 * @width: of what may be printed on, in points
 */
PrintLayout *
print_layout_new (const CarePaper *paper,
                  const PrintStamp *stamp,
                  PangoContext *context,
                  double width,
                  double height)
{
  PrintLayout *self = g_object_new (PRINT_TYPE_LAYOUT, NULL);

  self->context = g_object_ref (context);
  self->width = width;
  self->height = height;
  make_header (self, paper);
  make_footer (self, stamp);
  add_blocks (self, paper);
  fill_pages (self);
  return self;
}

guint
print_layout_get_n_pages (PrintLayout *self)
{
  return self->pages->len;
}

static void
draw_rule (PrintLayout *self, cairo_t *cairo, double y)
{
  cairo_set_source_rgb (cairo, 0, 0, 0);
  cairo_set_line_width (cairo, 0.75);
  cairo_move_to (cairo, 0, y);
  cairo_line_to (cairo, self->width, y);
  cairo_stroke (cairo);
}

/* Across the page, under the words: seen on a copy, too. */
static void
draw_draft (PrintLayout *self, cairo_t *cairo)
{
  g_autoptr (PangoLayout) text = make_text (self, "Sans Bold 40", self->draft, -1);
  double scale = MIN (1, self->width / text_width (text));

  cairo_save (cairo);
  cairo_set_source_rgb (cairo, 0.88, 0.88, 0.88);
  cairo_translate (cairo, self->width / 2, self->height / 2);
  cairo_rotate (cairo, -G_PI / 6);
  cairo_scale (cairo, scale, scale);
  cairo_move_to (cairo, -text_width (text) / 2, -text_height (text) / 2);
  pango_cairo_show_layout (cairo, text);
  cairo_restore (cairo);
}

static char *
number_of (PrintLayout *self, guint page)
{
  return g_strdup_printf (_ ("Page %u of %u"), page + 1, self->pages->len);
}

static void
draw_frame (PrintLayout *self, cairo_t *cairo, guint page)
{
  g_autofree char *number = number_of (self, page);
  g_autoptr (PangoLayout) text = make_text (self, FONT_SMALL, number, -1);
  double foot = self->height - self->footer_height + HEADER_GAP;

  cairo_set_source_rgb (cairo, 0, 0, 0);
  cairo_move_to (cairo, 0, 0);
  pango_cairo_show_layout (cairo, self->header);
  draw_rule (self, cairo, self->header_height - HEADER_GAP);
  draw_rule (self, cairo, foot);
  cairo_set_source_rgb (cairo, 0, 0, 0);
  cairo_move_to (cairo, 0, foot + HEADER_GAP / 2);
  pango_cairo_show_layout (cairo, self->footer);
  cairo_move_to (cairo, self->width - text_width (text), foot + HEADER_GAP / 2);
  pango_cairo_show_layout (cairo, text);
}

/* @page: counted from 0. The origin of @cairo is the corner of what may be printed on. */
void
print_layout_draw (PrintLayout *self, cairo_t *cairo, guint page)
{
  GPtrArray *pieces;

  g_return_if_fail (page < self->pages->len);

  pieces = self->pages->pdata[page];
  if (self->draft)
    draw_draft (self, cairo);
  draw_frame (self, cairo, page);
  for (guint i = 0; i < pieces->len; i++)
    {
      const PrintPiece *piece = pieces->pdata[i];

      print_piece_draw (piece, cairo, 0, self->header_height + piece->y, self->width);
    }
}

/* (transfer full): a page for who cannot see it. */
char *
print_layout_dup_text (PrintLayout *self, guint page)
{
  g_autoptr (GString) text = g_string_new (pango_layout_get_text (self->header));
  g_autofree char *number = number_of (self, page);
  GPtrArray *pieces = self->pages->pdata[page];

  g_string_append_c (text, '\n');
  for (guint i = 0; i < pieces->len; i++)
    print_piece_append_text (pieces->pdata[i], text);
  g_string_append_printf (text, "%s\n%s", pango_layout_get_text (self->footer), number);
  return g_string_free_and_steal (g_steal_pointer (&text));
}
