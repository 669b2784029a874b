/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-text.h"

#include <string.h>

/* Characters without a shape of their own. Joiners (U+200C, U+200D) are not among them: Persian and
 * the Indic scripts are spelt with them. */
static gboolean
is_invisible (gunichar c)
{
  return c == 0x00AD || c == 0x200B || c == 0x200E || c == 0x200F || c == 0x061C || c == 0xFEFF ||
         c == 0x2060 || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* Letters that do not decompose into a base letter and a mark, as people type them without. */
static const char *
plain_spelling (gunichar c)
{
  switch (c)
    {
    case 0x00E6:
      return "ae";
    case 0x0153:
      return "oe";
    case 0x00F8:
      return "o";
    case 0x0111:
    case 0x00F0:
      return "d";
    case 0x0142:
      return "l";
    case 0x00FE:
      return "th";
    case 0x0131:
      return "i";
    case 0x0127:
      return "h";
    case 0x2018:
    case 0x2019:
    case 0x02BC:
      return "'";
    default:
      return NULL;
    }
}

static char *
fold_ascii (const char *text)
{
  GString *folded = g_string_sized_new (strlen (text));

  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isspace (*p))
      g_string_append_c (folded, g_ascii_tolower (*p));
    else if (folded->len > 0 && folded->str[folded->len - 1] != ' ')
      g_string_append_c (folded, ' ');
  if (folded->len > 0 && folded->str[folded->len - 1] == ' ')
    g_string_truncate (folded, folded->len - 1);
  return g_string_free (folded, FALSE);
}

static void
append_folded (GString *folded, gunichar c)
{
  const char *plain = plain_spelling (c);

  if (is_invisible (c))
    return;
  /* A mark on a Latin, Greek or Cyrillic letter is dropped; in other scripts it is a letter:
   * Japanese が is not か, Devanagari vowel signs are vowels. */
  if (c >= 0x0300 && c <= 0x036F)
    return;
  if (g_unichar_isspace (c))
    {
      if (folded->len > 0 && folded->str[folded->len - 1] != ' ')
        g_string_append_c (folded, ' ');
    }
  else if (plain != NULL)
    g_string_append (folded, plain);
  else
    g_string_append_unichar (folded, c);
}

/**
 * fhir_fold:
 * @text: UTF-8
 *
 * The form in which texts are compared: case and accents of Latin, Greek and Cyrillic letters
 * removed, full-width and half-width forms made one, white space runs one space, invisible
 * characters left out. Every other script keeps its letters.
 *
 * Returns: (transfer full): the folded text
 */
char *
fhir_fold (const char *text)
{
  g_autofree char *valid = NULL, *wide = NULL, *cased = NULL, *apart = NULL;
  g_autoptr (GString) folded = NULL;

  if (g_str_is_ascii (text))
    return fold_ascii (text);
  valid = g_utf8_make_valid (text, -1);
  wide = g_utf8_normalize (valid, -1, G_NORMALIZE_NFKC);
  cased = g_utf8_casefold (wide, -1);
  apart = g_utf8_normalize (cased, -1, G_NORMALIZE_NFD);
  folded = g_string_sized_new (strlen (apart));
  for (const char *p = apart; *p != '\0'; p = g_utf8_next_char (p))
    append_folded (folded, g_utf8_get_char (p));
  if (folded->len > 0 && folded->str[folded->len - 1] == ' ')
    g_string_truncate (folded, folded->len - 1);
  /* Composed again, so that Hangul and kana are single characters for a prefix search. */
  return g_utf8_normalize (folded->str, -1, G_NORMALIZE_NFC);
}

/**
 * fhir_text_tidy:
 * @text: (nullable): UTF-8
 *
 * Makes a text of a record fit for one line of a screen: control characters, line ends and runs of
 * white space become one space; invisible characters go, those that turn the reading direction
 * included, as a name must not rearrange the words beside it.
 *
 * Returns: (transfer full) (nullable): the tidy text, NULL where nothing is left
 */
char *
fhir_text_tidy (const char *text)
{
  g_autoptr (GString) tidy = NULL;
  g_autofree char *valid = NULL;

  if (text == NULL)
    return NULL;
  valid = g_utf8_make_valid (text, -1);
  tidy = g_string_sized_new (strlen (valid));
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_invisible (c))
        continue;
      if (!g_unichar_isspace (c) && !g_unichar_iscntrl (c))
        g_string_append_unichar (tidy, c);
      else if (tidy->len > 0 && tidy->str[tidy->len - 1] != ' ')
        g_string_append_c (tidy, ' ');
    }
  if (tidy->len > 0 && tidy->str[tidy->len - 1] == ' ')
    g_string_truncate (tidy, tidy->len - 1);
  return tidy->len > 0 ? g_string_free (g_steal_pointer (&tidy), FALSE) : NULL;
}
