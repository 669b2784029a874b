/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-narrative.h"

#include <glib/gi18n.h>
#include <string.h>

#include "documents-table.h"

/* Reads the narrative of a C-CDA document (its section titles and texts) or the XHTML of a FHIR
 * narrative. GMarkup knows no external entities and no definitions, so a document can neither fetch
 * nor swell. A table becomes one line a row in which each value has the head of its column: it
 * reads the same on a wide screen, on a narrow one and aloud. */

typedef struct
{
  DocumentsNarrative *narrative;
  gboolean is_cda;
  guint depth, text_depth, skip_depth, deleted_depth; /* of elements; 0: not within */
  guint list_depth;
  DocumentsBlockKind kind; /* of what is being gathered */
  GString *gathered;
  DocumentsTable *table;
  GString *subject; /* while its name is read */
  GString *body;
  gboolean body_is_base64, subject_read;
} Reading;

static void
block_free (gpointer data)
{
  DocumentsBlock *self = data;

  g_free (self->lead);
  g_free (self->text);
  g_free (self);
}

void
documents_narrative_free (DocumentsNarrative *self)
{
  g_free (self->title);
  g_free (self->subject);
  g_free (self->born);
  g_free (self->body_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_ptr_array_unref (self->blocks);
  g_free (self);
}

static void
add_block (Reading *self, DocumentsBlockKind kind, const char *lead, const char *text)
{
  DocumentsBlock *block = g_new0 (DocumentsBlock, 1);

  block->kind = kind;
  block->depth = kind == DOCUMENTS_BLOCK_ITEM ? MAX (self->list_depth, 1) : 0;
  block->lead = g_strdup (lead);
  block->text = g_strdup (text);
  g_ptr_array_add (self->narrative->blocks, block);
}

/* What was gathered becomes a block, or a part of the cell it stands in. */
static void
flush (Reading *self)
{
  g_autofree char *text = g_strstrip (g_strdup (self->gathered->str));

  g_string_truncate (self->gathered, 0);
  if (*text && self->table && documents_table_in_cell (self->table))
    documents_table_add_text (self->table, text);
  else if (*text)
    add_block (self, self->kind, NULL, text);
  self->kind = self->list_depth > 0 ? DOCUMENTS_BLOCK_ITEM : DOCUMENTS_BLOCK_PARAGRAPH;
}

static const char *
local_name (const char *name)
{
  const char *colon = strchr (name, ':');

  return colon ? colon + 1 : name;
}

static const char *
attribute (const char **names, const char **values, const char *wanted)
{
  for (gsize i = 0; names[i]; i++)
    if (g_ascii_strcasecmp (local_name (names[i]), wanted) == 0)
      return values[i];
  return NULL;
}

static gboolean
is_one_of (const char *name, const char *const *names)
{
  return g_strv_contains (names, name);
}

static guint
span_of (const char **names, const char **values, const char *which)
{
  const char *text = attribute (names, values, which);
  guint64 span = text ? g_ascii_strtoull (text, NULL, 10) : 1;

  return (guint) CLAMP (span, 1, 64);
}

static const char *const paragraphs[] = { "paragraph", "p",          "div", "footnote",
                                          "pre",       "blockquote", NULL };
static const char *const items[] = { "item", "li", "dd", "dt", NULL };
static const char *const lists[] = { "list", "ul", "ol", "dl", NULL };
static const char *const titles[] = { "title", "h1", "h2", "h3", "h4", "h5", "h6", NULL };
static const char *const silent[] = { "script", "style", "head", "object", "iframe", NULL };

static void
start_in_table (Reading *self, const char *name, const char **names, const char **values)
{
  if (g_str_equal (name, "tr"))
    documents_table_start_row (self->table);
  else if (g_str_equal (name, "td") || g_str_equal (name, "th"))
    {
      flush (self);
      documents_table_start_cell (self->table, *name == 't' && name[1] == 'h',
                                  span_of (names, values, "colspan"),
                                  span_of (names, values, "rowspan"));
    }
}

static void
start_in_text (Reading *self, const char *name, const char **names, const char **values)
{
  if (is_one_of (name, silent))
    self->skip_depth = self->depth;
  else if (g_str_equal (name, "table"))
    {
      flush (self);
      if (self->table) /* within another: its cells are parts of the cell around it */
        return;
      self->table = documents_table_new ();
    }
  else if (is_one_of (name, paragraphs) || is_one_of (name, items))
    {
      flush (self);
      if (is_one_of (name, items))
        self->kind = DOCUMENTS_BLOCK_ITEM;
    }
  else if (is_one_of (name, titles) || g_str_equal (name, "caption"))
    {
      flush (self);
      self->kind = *name == 'c' ? DOCUMENTS_BLOCK_CAPTION : DOCUMENTS_BLOCK_TITLE;
    }
  else if (is_one_of (name, lists))
    {
      flush (self);
      self->list_depth++;
    }
  else if (g_str_equal (name, "br"))
    g_string_append_c (self->gathered, '\n');
  else if (g_str_equal (name, "renderMultiMedia") || g_str_equal (name, "img"))
    g_string_append_printf (self->gathered, " [%s] ", _ ("a picture that is not shown"));
  else if (self->table)
    start_in_table (self, name, names, values);
  if (g_strcmp0 (attribute (names, values, "revised"), "delete") == 0 && !self->deleted_depth)
    {
      self->deleted_depth = self->depth;
      g_string_append_printf (self->gathered, " [%s: ", _ ("deleted"));
    }
}

static void
start_outside_text (
    Reading *self, const char *name, const char *parent, const char **names, const char **values)
{
  if (g_str_equal (name, "text") && g_strcmp0 (parent, "section") == 0)
    self->text_depth = self->depth;
  else if (g_str_equal (name, "text") && g_strcmp0 (parent, "nonXMLBody") == 0)
    {
      g_set_str (&self->narrative->body_type, attribute (names, values, "mediaType"));
      self->body_is_base64 = g_strcmp0 (attribute (names, values, "representation"), "B64") == 0;
      if (!self->body)
        self->body = g_string_new (NULL);
    }
  else if (g_str_equal (name, "title"))
    {
      flush (self);
      self->text_depth = self->depth;
      self->kind = DOCUMENTS_BLOCK_TITLE;
    }
  else if (g_strcmp0 (parent, "patient") == 0 && !self->subject_read)
    {
      const char *born = attribute (names, values, "value");

      if (g_str_equal (name, "name") && !self->subject)
        self->subject = g_string_new (NULL);
      else if (g_str_equal (name, "birthTime") && born && !self->narrative->born)
        self->narrative->born = g_strndup (born, 8);
    }
}

static void
start_cb (GMarkupParseContext *context,
          const char *element,
          const char **names,
          const char **values,
          gpointer data,
          GError **error)
{
  Reading *self = data;
  const GSList *stack = g_markup_parse_context_get_element_stack (context);
  const char *name = local_name (element);

  self->depth++;
  if (self->depth == 1)
    {
      self->is_cda = g_str_equal (name, "ClinicalDocument");
      self->text_depth = self->is_cda ? 0 : 1;
    }
  if (self->skip_depth)
    return;
  if (self->text_depth)
    start_in_text (self, name, names, values);
  else
    start_outside_text (self, name, stack->next ? local_name (stack->next->data) : NULL, names,
                        values);
}

static void
end_of_row (Reading *self)
{
  g_autofree char *lead = NULL, *text = NULL;

  flush (self);
  if (documents_table_end_row (self->table, &lead, &text))
    add_block (self, DOCUMENTS_BLOCK_ROW, lead, text);
}

static void
end_in_text (Reading *self, const char *name)
{
  if (self->deleted_depth == self->depth)
    {
      self->deleted_depth = 0;
      g_string_append_c (self->gathered, ']');
    }
  if (is_one_of (name, lists))
    {
      flush (self);
      self->list_depth -= self->list_depth > 0;
      self->kind = self->list_depth > 0 ? DOCUMENTS_BLOCK_ITEM : DOCUMENTS_BLOCK_PARAGRAPH;
    }
  else if (is_one_of (name, paragraphs) || is_one_of (name, items) || is_one_of (name, titles) ||
           g_str_equal (name, "caption"))
    flush (self);
  else if (self->table && (g_str_equal (name, "td") || g_str_equal (name, "th")))
    {
      flush (self);
      documents_table_end_cell (self->table);
    }
  else if (self->table && g_str_equal (name, "tr"))
    end_of_row (self);
  else if (self->table && g_str_equal (name, "table") && !documents_table_in_cell (self->table))
    {
      flush (self);
      g_clear_pointer (&self->table, documents_table_free);
    }
}

static void
end_cb (GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
  Reading *self = data;
  const char *name = local_name (element);

  if (self->skip_depth)
    self->skip_depth = self->skip_depth == self->depth ? 0 : self->skip_depth;
  else if (self->text_depth)
    {
      end_in_text (self, name);
      if (self->text_depth == self->depth)
        {
          flush (self);
          g_clear_pointer (&self->table, documents_table_free);
          self->list_depth = 0;
          self->kind = DOCUMENTS_BLOCK_PARAGRAPH;
          self->text_depth = 0;
        }
    }
  else if (g_str_equal (name, "patient") && self->subject)
    self->subject_read = TRUE;
  self->depth--;
}

static void
append_collapsed (GString *out, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace (text[i]))
      g_string_append_c (out, text[i]);
    else if (out->len > 0 && !g_ascii_isspace (out->str[out->len - 1]))
      g_string_append_c (out, ' ');
}

static void
text_cb (
    GMarkupParseContext *context, const char *text, gsize length, gpointer data, GError **error)
{
  Reading *self = data;
  const GSList *stack = g_markup_parse_context_get_element_stack (context);
  const char *parent = stack && stack->next ? local_name (stack->next->data) : NULL;
  gboolean in_name =
      stack && (g_str_equal (local_name (stack->data), "name") || g_strcmp0 (parent, "name") == 0);

  if (self->skip_depth)
    return;
  if (self->text_depth)
    append_collapsed (self->gathered, text, length);
  else if (self->body && g_strcmp0 (parent, "nonXMLBody") == 0)
    g_string_append_len (self->body, text, (gssize) length);
  else if (self->subject && !self->subject_read && in_name)
    {
      append_collapsed (self->subject, text, length);
      append_collapsed (self->subject, " ", 1);
    }
}

/* ---- the bytes ---- */

/* (transfer full) (nullable): XML in UTF-8, whatever its declaration says it is in */
char *
documents_narrative_dup_utf8 (GBytes *xml, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (xml, &length);
  g_autofree char *start = g_strndup (data ? data : "", MIN (length, 200));
  g_autoptr (GRegex) declared =
      g_regex_new ("encoding=[\"']([A-Za-z0-9._-]+)", G_REGEX_RAW, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *encoding = NULL;

  if (length >= 2 && ((guint8) data[0] == 0xff || (guint8) data[0] == 0xfe))
    encoding = g_strdup ("UTF-16");
  else if (g_regex_match_full (declared, start, -1, 0, 0, &match, NULL))
    encoding = g_match_info_fetch (match, 1);
  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    data += 3, length -= 3;
  if (!encoding || g_ascii_strcasecmp (encoding, "utf-8") == 0)
    return g_strndup (data ? data : "", length);
  return g_convert (data, (gssize) length, "UTF-8", encoding, NULL, NULL, error);
}

static void
finish (Reading *self)
{
  DocumentsNarrative *narrative = self->narrative;

  flush (self);
  if (self->subject)
    narrative->subject = g_strstrip (g_string_free_and_steal (g_steal_pointer (&self->subject)));
  if (self->body && self->body_is_base64)
    {
      gsize length;
      guint8 *bytes = g_base64_decode (self->body->str, &length);
      narrative->body = g_bytes_new_take (bytes, length);
    }
  else if (self->body)
    narrative->body = g_bytes_new (self->body->str, self->body->len);
  if (self->is_cda && narrative->blocks->len > 0)
    {
      DocumentsBlock *first = narrative->blocks->pdata[0];
      narrative->title = first->kind == DOCUMENTS_BLOCK_TITLE ? g_strdup (first->text) : NULL;
    }
}

/**
 * documents_narrative_parse:
 * @xml: a C-CDA document, or a FHIR narrative
 *
 * Runs on any thread.
 *
 * Returns: (transfer full) (nullable): what a person reads of it
 */
DocumentsNarrative *
documents_narrative_parse (GBytes *xml, GError **error)
{
  static const GMarkupParser parser = { start_cb, end_cb, text_cb, NULL, NULL };
  g_autofree char *text = documents_narrative_dup_utf8 (xml, error);
  g_autoptr (DocumentsNarrative) narrative = g_new0 (DocumentsNarrative, 1);
  Reading reading = { .narrative = narrative,
                      .kind = DOCUMENTS_BLOCK_PARAGRAPH,
                      .gathered = g_string_new (NULL) };
  gboolean read = FALSE;

  narrative->blocks = g_ptr_array_new_with_free_func (block_free);
  if (text)
    {
      g_autoptr (GString) known = g_string_new_take (g_steal_pointer (&text));
      g_autoptr (GMarkupParseContext) context = NULL;

      g_string_replace (known, "&nbsp;", "\xc2\xa0", 0);
      context =
          g_markup_parse_context_new (&parser,
                                      G_MARKUP_TREAT_CDATA_AS_TEXT | G_MARKUP_PREFIX_ERROR_POSITION,
                                      &reading, NULL);
      read = g_markup_parse_context_parse (context, known->str, (gssize) known->len, error) &&
             g_markup_parse_context_end_parse (context, error);
    }
  if (read)
    finish (&reading);
  g_string_free (reading.gathered, TRUE);
  g_clear_pointer (&reading.table, documents_table_free);
  if (reading.subject)
    g_string_free (reading.subject, TRUE);
  if (reading.body)
    g_string_free (reading.body, TRUE);
  return read ? g_steal_pointer (&narrative) : NULL;
}

/**
 * documents_narrative_dup_plain:
 *
 * Returns: (transfer full): all of it as lines of text
 */
char *
documents_narrative_dup_plain (DocumentsNarrative *self)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const DocumentsBlock *block = self->blocks->pdata[i];
      gboolean both = block->lead && *block->lead && block->text && *block->text;

      g_string_append_printf (out, "%s%s%s%s\n", block->kind == DOCUMENTS_BLOCK_ITEM ? "• " : "",
                              block->lead ? block->lead : "", both ? " · " : "",
                              block->text ? block->text : "");
    }
  return g_string_free_and_steal (g_steal_pointer (&out));
}
