/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-search.h"

#include "fhir-text.h"

#include <string.h>

/* Where words stand in a text as it was written, whatever its case and accents. */

#define BEFORE    48 /* letters that are shown before the first word, */
#define AFTER     96 /* and after it */
#define MAX_MARKS 64

static gboolean
is_letter (gunichar letter)
{
  return g_unichar_isalnum (letter) || g_unichar_ismark (letter);
}

/* As the full text: each letter of a script without spaces begins a word. */
static gboolean
stands_alone (gunichar letter)
{
  return letter >= 0x0E00 && !g_unichar_isspace (letter) && !g_unichar_ispunct (letter) &&
         g_unichar_get_script (letter) != G_UNICODE_SCRIPT_HANGUL;
}

/* How many bytes of @text, folded, say @word; 0: it does not begin with it. */
static gsize
match_length (const char *text, const char *word)
{
  glong letters = g_utf8_strlen (word, -1);
  const char *end = text;

  for (glong i = 0; i < letters * 2 + 4 && *end != '\0'; i++)
    {
      g_autofree char *part = NULL, *folded = NULL;

      end = g_utf8_next_char (end);
      if (i + 1 < letters / 2)
        continue;
      part = g_strndup (text, (gsize) (end - text));
      folded = fhir_fold (part);
      if (g_str_has_prefix (folded, word))
        return (gsize) (end - text);
      if (strlen (folded) >= strlen (word))
        return 0;
    }
  return 0;
}

static int
compare_letters (gunichar a, gunichar b)
{
  return (int) a - (int) b;
}

/* The first letter decides for most places, and costs little. */
static gboolean
may_begin (gunichar letter, const char *word)
{
  gunichar first = g_utf8_get_char (word);

  return letter >= 0x80 || compare_letters (g_unichar_tolower (letter), first) == 0;
}

static gsize
match_any (const char *text, gunichar letter, const char *const *words)
{
  gsize best = 0;

  for (; *words != NULL; words++)
    if (may_begin (letter, *words))
      best = MAX (best, match_length (text, *words));
  return best;
}

/**
 * care_search_find_marks:
 * @text: UTF-8
 * @words: folded
 *
 * Returns: (transfer full) (element-type CareSearchMark): where words of @text begin with one of
 *   @words, in order, apart from each other
 */
GArray *
care_search_find_marks (const char *text, const char *const *words)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (CareSearchMark));
  gboolean inside = FALSE;

  for (const char *p = text; *p != '\0' && marks->len < MAX_MARKS;)
    {
      gunichar letter = g_utf8_get_char (p);
      gboolean begins = is_letter (letter) && (!inside || stands_alone (letter));
      gsize length = begins ? match_any (p, letter, words) : 0;
      CareSearchMark mark = { (gsize) (p - text), (gsize) (p - text) + length };

      inside = is_letter (letter);
      if (length > 0)
        g_array_append_val (marks, mark);
      p = length > 0 ? p + length : g_utf8_next_char (p);
    }
  return marks;
}

static const char *
back_to_space (const char *text, const char *place)
{
  for (const char *p = place; p > text; p--)
    if (p[-1] == ' ')
      return p;
  return text;
}

/* (transfer full) (nullable): the part of @text around the first of @words; NULL: it has none. */
char *
care_search_dup_context (const char *text, const char *const *words)
{
  g_autofree char *tidy = fhir_text_tidy (text);
  g_autoptr (GArray) marks = tidy ? care_search_find_marks (tidy, words) : NULL;
  const char *mark, *start, *end;

  if (!marks || marks->len == 0)
    return NULL;
  mark = start = end = tidy + g_array_index (marks, CareSearchMark, 0).start;
  for (guint i = 0; i < BEFORE && start > tidy; i++)
    start = g_utf8_prev_char (start);
  if (start > tidy)
    {
      const char *whole = strchr (start, ' ');

      start = whole && whole < mark ? whole + 1 : start;
    }
  for (guint i = 0; i < AFTER && *end != '\0'; i++)
    end = g_utf8_next_char (end);
  if (*end != '\0' && back_to_space (mark, end) > mark + 1)
    end = back_to_space (mark, end) - 1;
  return g_strdup_printf ("%s%.*s%s", start > tidy ? "… " : "", (int) (end - start), start,
                          *end != '\0' ? " …" : "");
}
