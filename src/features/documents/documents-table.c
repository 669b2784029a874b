/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-table.h"

/* A cell under the wrong head would be a wrong fact, so spans are counted: a cell that reaches
 * down is repeated in each row it covers, and one that reaches across has the heads of all its
 * columns. */

typedef struct
{
  char *text;
  guint columns, rows; /* how many it still covers, itself among them */
  gboolean is_head;
} Cell;

struct _DocumentsTable
{
  GPtrArray *heads; /* char *, by column */
  GPtrArray *row;   /* Cell, by column; the columns of one wide cell share it by reference */
  GPtrArray *above; /* Cell or NULL, by column: what reaches down into the next row */
  Cell *open;
  GString *text; /* of the open cell */
  gboolean heads_ended;
};

static void
cell_clear (gpointer data)
{
  Cell *self = data;

  g_free (self->text);
}

static void
cell_unref (gpointer data)
{
  if (data)
    g_rc_box_release_full (data, cell_clear);
}

DocumentsTable *
documents_table_new (void)
{
  DocumentsTable *self = g_new0 (DocumentsTable, 1);

  self->heads = g_ptr_array_new_with_free_func (g_free);
  self->row = g_ptr_array_new_with_free_func (cell_unref);
  self->above = g_ptr_array_new_with_free_func (cell_unref);
  self->text = g_string_new (NULL);
  return self;
}

void
documents_table_free (DocumentsTable *self)
{
  g_ptr_array_unref (self->heads);
  g_ptr_array_unref (self->row);
  g_ptr_array_unref (self->above);
  g_string_free (self->text, TRUE);
  g_free (self);
}

/* Columns that a cell of an earlier row covers come before whatever follows. */
static void
take_from_above (DocumentsTable *self)
{
  while (self->row->len < self->above->len && self->above->pdata[self->row->len])
    g_ptr_array_add (self->row, g_rc_box_acquire (self->above->pdata[self->row->len]));
}

void
documents_table_start_row (DocumentsTable *self)
{
  documents_table_end_cell (self); /* the row owns it, and goes */
  g_ptr_array_set_size (self->row, 0);
}

void
documents_table_start_cell (DocumentsTable *self, gboolean is_head, guint columns, guint rows)
{
  Cell *cell;

  if (self->open)
    documents_table_end_cell (self);
  take_from_above (self);
  cell = g_rc_box_new0 (Cell);
  cell->columns = columns;
  cell->rows = rows;
  cell->is_head = is_head;
  for (guint i = 0; i < columns; i++)
    g_ptr_array_add (self->row, i == 0 ? cell : g_rc_box_acquire (cell));
  self->open = cell;
  g_string_truncate (self->text, 0);
}

gboolean
documents_table_in_cell (DocumentsTable *self)
{
  return self->open != NULL;
}

void
documents_table_add_text (DocumentsTable *self, const char *text)
{
  g_string_append_printf (self->text, "%s%s", self->text->len > 0 ? "; " : "", text);
}

void
documents_table_end_cell (DocumentsTable *self)
{
  if (self->open)
    self->open->text = g_strdup (self->text->str);
  self->open = NULL;
}

/* What of this row reaches into the next. */
static void
remember_spans (DocumentsTable *self)
{
  Cell *counted = NULL;

  g_ptr_array_set_size (self->above, 0);
  for (guint i = 0; i < self->row->len; i++)
    {
      Cell *cell = self->row->pdata[i];

      if (cell != counted)
        cell->rows--;
      counted = cell;
      g_ptr_array_add (self->above, cell->rows > 0 ? g_rc_box_acquire (cell) : NULL);
    }
}

static gboolean
is_row_of_heads (DocumentsTable *self)
{
  for (guint i = 0; i < self->row->len; i++)
    if (!((Cell *) self->row->pdata[i])->is_head)
      return FALSE;
  return self->row->len > 0;
}

/* A second row of heads stands below the first. */
static void
add_heads (DocumentsTable *self)
{
  if (self->heads_ended)
    g_ptr_array_set_size (self->heads, 0);
  self->heads_ended = FALSE;
  for (guint i = 0; i < self->row->len; i++)
    {
      Cell *cell = self->row->pdata[i];

      if (i >= self->heads->len)
        g_ptr_array_add (self->heads, g_strdup (cell->text));
      else if (g_strcmp0 (self->heads->pdata[i], cell->text) != 0)
        {
          char *both = g_strconcat (self->heads->pdata[i], " ", cell->text, NULL);

          g_free (self->heads->pdata[i]);
          self->heads->pdata[i] = both;
        }
    }
}

static void
append_cell (DocumentsTable *self, GString *out, guint column, const Cell *cell)
{
  g_autoptr (GString) head = g_string_new (NULL);

  for (guint i = column; i < column + cell->columns && i < self->heads->len; i++)
    if (*(char *) self->heads->pdata[i] &&
        (i == column || g_strcmp0 (self->heads->pdata[i], self->heads->pdata[i - 1]) != 0))
      g_string_append_printf (head, "%s%s", head->len > 0 ? " / " : "",
                              (char *) self->heads->pdata[i]);
  g_string_append_printf (out, "%s%s%s%s", out->len > 0 ? " · " : "", head->str,
                          head->len > 0 ? ": " : "", cell->text);
}

/**
 * documents_table_end_row:
 * @lead: (out): its first column, without a head
 * @text: (out): the others, each with its head
 *
 * Returns: FALSE for a row of heads, or one that is empty
 */
gboolean
documents_table_end_row (DocumentsTable *self, char **lead, char **text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const Cell *before = NULL;

  documents_table_end_cell (self);
  take_from_above (self);
  remember_spans (self);
  if (is_row_of_heads (self))
    {
      add_heads (self);
      return FALSE;
    }
  self->heads_ended = TRUE;
  for (guint i = 0; i < self->row->len; i++)
    {
      const Cell *cell = self->row->pdata[i];

      if (cell == before || !cell->text || !*cell->text)
        continue;
      before = cell;
      if (i == 0)
        *lead = g_strdup (cell->text);
      else
        append_cell (self, out, i, cell);
    }
  *text = g_strdup (out->str);
  return (*lead && **lead) || out->len > 0;
}
