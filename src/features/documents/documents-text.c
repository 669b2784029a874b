/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "documents-content.h"

/* No more is laid out than a window can lay out without standing still: of a text its first
 * megabyte, and of a line 2,000 characters before it goes on in the next. */

static const char *const tag_names[] = {
  [DOCUMENTS_BLOCK_TITLE] = "title",
  [DOCUMENTS_BLOCK_CAPTION] = "caption",
  [DOCUMENTS_BLOCK_PARAGRAPH] = "paragraph",
  [DOCUMENTS_BLOCK_ITEM] = "item",
  [DOCUMENTS_BLOCK_ROW] = "row",
};

void
documents_text_prepare (GtkTextBuffer *buffer)
{
  gtk_text_buffer_create_tag (buffer, "title", "weight", 800, "scale", 1.15, "pixels-above-lines",
                              18, "pixels-below-lines", 4, NULL);
  gtk_text_buffer_create_tag (buffer, "caption", "weight", 700, "pixels-above-lines", 10, NULL);
  gtk_text_buffer_create_tag (buffer, "paragraph", "pixels-above-lines", 6, NULL);
  gtk_text_buffer_create_tag (buffer, "item", "left-margin", 32, "indent", -14, NULL);
  gtk_text_buffer_create_tag (buffer, "row", "pixels-above-lines", 6, "left-margin", 32, "indent",
                              -14, NULL);
  gtk_text_buffer_create_tag (buffer, "lead", "weight", 700, NULL);
}

/* A text as it can be laid out; most are short and stay as they are. */
static void
insert (
    GtkTextBuffer *buffer, GtkTextIter *end, const char *text, const char *tag, const char *more)
{
  g_autofree char *lines = NULL;

  if (strlen (text) > DOCUMENTS_LINE_MAX)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
      gboolean is_guessed, is_cut;

      lines = documents_content_dup_text (bytes, NULL, &is_guessed, &is_cut);
    }
  gtk_text_buffer_insert_with_tags_by_name (buffer, end, lines ? lines : text, -1, tag, more, NULL);
}

static void
append_block (GtkTextBuffer *buffer, const DocumentsBlock *block)
{
  const char *tag = tag_names[block->kind];
  gboolean has_lead = block->lead && *block->lead, has_text = block->text && *block->text;
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  if (block->kind == DOCUMENTS_BLOCK_ITEM)
    insert (buffer, &end, "• ", tag, NULL);
  if (has_lead)
    insert (buffer, &end, block->lead, tag, "lead");
  if (has_lead && has_text)
    insert (buffer, &end, " · ", tag, NULL);
  if (has_text)
    insert (buffer, &end, block->text, tag, NULL);
  insert (buffer, &end, "\n", tag, NULL);
}

/* A text that was only wrapped. */
static void
append_body (GtkTextBuffer *buffer, DocumentsNarrative *narrative)
{
  gboolean is_guessed, is_cut;
  g_autofree char *text =
      documents_content_dup_text (narrative->body, narrative->body_type, &is_guessed, &is_cut);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert (buffer, &end, text, -1);
}

void
documents_text_show (GtkTextBuffer *buffer, DocumentsNarrative *narrative)
{
  gsize shown = 0;
  GtkTextIter end;

  gtk_text_buffer_set_text (buffer, "", 0);
  for (guint i = 0; i < narrative->blocks->len && shown <= DOCUMENTS_TEXT_MAX; i++)
    {
      const DocumentsBlock *block = narrative->blocks->pdata[i];

      shown += (block->lead ? strlen (block->lead) : 0) + (block->text ? strlen (block->text) : 0);
      append_block (buffer, block);
    }
  if (narrative->body)
    append_body (buffer, narrative);
  gtk_text_buffer_get_end_iter (buffer, &end);
  if (shown > DOCUMENTS_TEXT_MAX)
    insert (buffer, &end, _ ("Only the first part is shown. Save a copy to read all of it."),
            "lead", NULL);
}
