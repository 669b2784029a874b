/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-registration.h"

#include <string.h>

#include "fhir-text.h"

/* Whether two names may be one person's, written by two people. */

#define KEY_LENGTH  4
#define MIN_BEGINS  3 /* letters that a short form has at least: "Kat" of "Katharina" */
#define MIN_SLIP    4 /* shorter names differ by a letter too often to say anything */
#define MAX_LETTERS 64

/* The Soundex code of letters by the National Archives' rule; 0: a vowel, -1: passed over (h, w).
 */
static int
sound_of (char letter)
{
  static const char sounds[] = "01230120022455012623010202";

  if (letter == 'h' || letter == 'w')
    return -1;
  return sounds[letter - 'a'] - '0';
}

/* (transfer full) (nullable): of a folded name; NULL where it has other letters than a to z. */
static char *
dup_key (const char *name)
{
  g_autoptr (GString) key = g_string_new (NULL);
  int last = 0;

  for (const char *c = name; *c; c++)
    {
      if (*c == ' ' || *c == '-' || *c == '\'')
        continue;
      if (*c < 'a' || *c > 'z')
        return NULL;
      int sound = sound_of (*c);
      if (key->len == 0)
        g_string_append_c (key, *c);
      else if (sound > 0 && sound != last && key->len < KEY_LENGTH)
        g_string_append_c (key, (char) ('0' + sound));
      if (sound >= 0)
        last = sound;
    }
  return key->len > 0 ? g_string_free_and_steal (g_steal_pointer (&key)) : NULL;
}

/* One letter more, less, another, or two that changed places. */
static gboolean
is_a_slip (const gunichar *a, glong n_a, const gunichar *b, glong n_b)
{
  glong same = 0, end = 0;

  if (MIN (n_a, n_b) < MIN_SLIP || ABS (n_a - n_b) > 1)
    return FALSE;
  while (same < MIN (n_a, n_b) && a[same] == b[same])
    same++;
  while (end < MIN (n_a, n_b) - same && a[n_a - 1 - end] == b[n_b - 1 - end])
    end++;
  glong left_a = n_a - same - end, left_b = n_b - same - end;
  return MAX (left_a, left_b) <= 1 ||
         (left_a == 2 && left_b == 2 && a[same] == b[same + 1] && a[same + 1] == b[same]);
}

static gboolean
begins (const char *name, const char *with)
{
  return g_utf8_strlen (with, -1) >= MIN_BEGINS && g_str_has_prefix (name, with);
}

/**
 * care_names_sound_alike:
 * @one: (nullable): a family name, or a given name
 * @other: (nullable): another
 *
 * Returns: whether they are equal but for case and marks, begin alike, sound alike (Soundex, for
 *   letters a to z) or differ by one slip of the pen
 */
gboolean
care_names_sound_alike (const char *one, const char *other)
{
  if (!one || !other || !*one || !*other)
    return FALSE;
  g_autofree char *a = fhir_fold (one), *b = fhir_fold (other);
  if (g_str_equal (a, b) || begins (a, b) || begins (b, a))
    return TRUE;
  g_autofree char *key_a = dup_key (a), *key_b = dup_key (b);
  if (key_a && key_b && strlen (key_a) > 1 && g_str_equal (key_a, key_b))
    return TRUE;
  glong n_a = 0, n_b = 0;
  g_autofree gunichar *letters_a = g_utf8_to_ucs4_fast (a, -1, &n_a);
  g_autofree gunichar *letters_b = g_utf8_to_ucs4_fast (b, -1, &n_b);
  return n_a <= MAX_LETTERS && n_b <= MAX_LETTERS && is_a_slip (letters_a, n_a, letters_b, n_b);
}
