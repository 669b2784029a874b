/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-help-text.h"

#include <gtk/gtk.h>

/* A page of the help is a small part of Markdown (data/help/README.md): one title, headings,
 * paragraphs, lists; in them *a name on the screen*, `a key or a command`, [words](page). Whatever
 * else stands there is text. */

#define SCREENS "<!-- for:"

static void
block_free (gpointer data)
{
  AppHelpBlock *block = data;

  g_free (block->markup);
  g_free (block->plain);
  g_free (block);
}

static void
append_escaped (GString *markup, const char *text, gssize length)
{
  g_autofree char *escaped = g_markup_escape_text (text, length);

  g_string_append (markup, escaped);
}

/* (transfer full): a key as people of this language read it ("Strg+K"), a command as it is. */
static char *
dup_key_words (const char *code)
{
  guint key = 0;
  GdkModifierType modifiers = 0;
  gboolean is_key = *code == '<' || (*code == 'F' && g_ascii_isdigit (code[1]));

  if (is_key && gtk_accelerator_parse (code, &key, &modifiers) && key != 0)
    return gtk_accelerator_get_label (key, modifiers);
  return g_strdup (code);
}

typedef struct
{
  GString *markup, *plain;
} Words;

static void
add_wrapped (Words *words, const char *before, const char *text, const char *after)
{
  g_string_append (words->markup, before);
  append_escaped (words->markup, text, -1);
  g_string_append (words->markup, after);
  g_string_append (words->plain, text);
}

/* @at: behind an opening mark. Answers where the closing one stands, or NULL: then the mark is
 * text. */
static const char *
find_end (const char *at, char mark)
{
  const char *end = strchr (at, mark);

  return end && end > at && !g_ascii_isspace (*at) ? end : NULL;
}

/* Answers what follows, or NULL where at @at no link begins. */
static const char *
add_link (Words *words, const char *at)
{
  const char *middle = strstr (at, "](");
  const char *end = middle ? strchr (middle, ')') : NULL;

  if (!end || memchr (at + 1, '[', middle - at - 1))
    return NULL;
  g_autofree char *text = g_strndup (at + 1, middle - at - 1);
  g_autofree char *target = g_strndup (middle + 2, end - middle - 2);
  g_autofree char *escaped = g_markup_escape_text (target, -1);
  g_autofree char *opening = g_strdup_printf ("<a href=\"%s\">", escaped);
  add_wrapped (words, opening, text, "</a>");
  return end + 1;
}

/* Answers what follows, or NULL where @at is no mark but text. */
static const char *
add_marked (Words *words, const char *at)
{
  const char *end = *at == '*' || *at == '`' ? find_end (at + 1, *at) : NULL;

  if (*at == '[')
    return add_link (words, at);
  if (!end)
    return NULL;
  g_autofree char *text = g_strndup (at + 1, end - at - 1);
  if (*at == '*')
    add_wrapped (words, "<b>", text, "</b>");
  else
    {
      g_autofree char *key = dup_key_words (text);
      add_wrapped (words, "<tt>", key, "</tt>");
    }
  return end + 1;
}

static void
add_words (Words *words, const char *text)
{
  const char *at = text;

  while (*at)
    {
      const char *next = add_marked (words, at);
      if (!next)
        {
          next = g_utf8_next_char (at);
          append_escaped (words->markup, at, next - at);
          g_string_append_len (words->plain, at, next - at);
        }
      at = next;
    }
}

static void
add_block (GPtrArray *blocks, AppHelpKind kind, guint number, const char *text)
{
  AppHelpBlock *block = g_new0 (AppHelpBlock, 1);
  Words words = { g_string_new (NULL), g_string_new (NULL) };

  add_words (&words, text);
  block->kind = kind;
  block->number = number;
  block->markup = g_string_free (words.markup, FALSE);
  block->plain = g_string_free (words.plain, FALSE);
  g_ptr_array_add (blocks, block);
}

/* Whether a line begins a block of its own; @text: then what it says. */
static gboolean
begins_block (const char *line, AppHelpKind *kind, const char **text)
{
  gsize digits = strspn (line, "0123456789");

  if (g_str_has_prefix (line, "# "))
    *kind = APP_HELP_TITLE, *text = line + 2;
  else if (g_str_has_prefix (line, "## "))
    *kind = APP_HELP_HEADING, *text = line + 3;
  else if (g_str_has_prefix (line, "- "))
    *kind = APP_HELP_ITEM, *text = line + 2;
  else if (digits > 0 && g_str_has_prefix (line + digits, ". "))
    *kind = APP_HELP_STEP, *text = line + digits + 2;
  else
    return FALSE;
  return TRUE;
}

/* What is gathered of a block whose lines go on. */
typedef struct
{
  GPtrArray *blocks;
  GString *text;
  AppHelpKind kind;
  guint steps;
} Parser;

static void
end_block (Parser *parser)
{
  if (parser->text->len == 0)
    return;
  parser->steps = parser->kind == APP_HELP_STEP ? parser->steps + 1 : 0;
  add_block (parser->blocks, parser->kind, parser->steps, parser->text->str);
  g_string_truncate (parser->text, 0);
  parser->kind = APP_HELP_TEXT;
}

static void
add_line (Parser *parser, const char *line)
{
  AppHelpKind kind = APP_HELP_TEXT;
  const char *text = line;

  if (!*line || g_str_has_prefix (line, "<!--"))
    {
      end_block (parser);
      return;
    }
  if (begins_block (line, &kind, &text))
    {
      end_block (parser);
      parser->kind = kind;
    }
  if (parser->text->len > 0)
    g_string_append_c (parser->text, ' ');
  g_string_append (parser->text, text);
}

/**
 * app_help_text_parse:
 * @text: a page, UTF-8
 *
 * Returns: (transfer full) (element-type AppHelpBlock): its blocks, in order
 */
GPtrArray *
app_help_text_parse (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  Parser parser = { g_ptr_array_new_with_free_func (block_free), g_string_new (NULL), APP_HELP_TEXT,
                    0 };

  for (char **line = lines; *line; line++)
    add_line (&parser, g_strstrip (*line));
  end_block (&parser);
  g_string_free (parser.text, TRUE);
  return parser.blocks;
}

/**
 * app_help_text_dup_screens:
 * @text: a page of the English help
 *
 * Returns: (transfer full): the types, or beginnings of types, that the page is for
 */
GStrv
app_help_text_dup_screens (const char *text)
{
  g_autoptr (GStrvBuilder) screens = g_strv_builder_new ();
  const char *found = strstr (text, SCREENS);
  const char *end = found ? strstr (found, "-->") : NULL;

  if (!end)
    return g_strv_builder_end (screens);
  g_autofree char *list = g_strndup (found + strlen (SCREENS), end - found - strlen (SCREENS));
  g_auto (GStrv) words = g_strsplit_set (list, " ,\n", -1);
  for (char **word = words; *word; word++)
    if (**word)
      g_strv_builder_add (screens, *word);
  return g_strv_builder_end (screens);
}
