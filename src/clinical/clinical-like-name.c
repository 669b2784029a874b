/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-like-name.h"

#include "fhir-text.h"

#include <string.h>

/* Names that one person's eye takes for another's, as they stand on the screen: "SMITH, Jane
 * (Mrs)". How near is near is this program's own choice: source: unverified. It errs towards
 * asking. */

#define MAX_LETTERS 64

typedef struct
{
  gunichar letters[MAX_LETTERS];
  guint n;
} Word;

typedef struct
{
  Word family, given;
} Name;

static void
read_word (const char *text, gsize length, Word *out)
{
  const char *end = text + length;

  out->n = 0;
  for (const char *p = text; p < end && out->n < MAX_LETTERS; p = g_utf8_next_char (p))
    if (g_unichar_isalnum (g_utf8_get_char (p)) || g_unichar_ismark (g_utf8_get_char (p)))
      out->letters[out->n++] = g_utf8_get_char (p);
}

/* "smith, jane (mrs)": the family name, then the first of the given ones. Without a comma the
 * family name is what stands before the first space. */
static void
read_name (const char *text, Name *out)
{
  g_autofree char *folded = fhir_fold (text);
  const char *comma = strchr (folded, ',');
  gsize family = comma ? (gsize) (comma - folded) : strcspn (folded, " ");
  const char *given = folded + family;

  given += strspn (given, ", ");
  read_word (folded, family, &out->family);
  read_word (given, *given == '(' ? 0 : strcspn (given, " ("), &out->given);
}

/* Letters to change, add, leave out or turn round to make one of the other. */
static guint
distance (const Word *a, const Word *b)
{
  guint rows[3][MAX_LETTERS + 1];

  for (guint j = 0; j <= b->n; j++)
    rows[0][j] = j;
  for (guint i = 1; i <= a->n; i++)
    {
      guint *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];

      row[0] = i;
      for (guint j = 1; j <= b->n; j++)
        {
          guint changed = above[j - 1] + (a->letters[i - 1] != b->letters[j - 1]);

          row[j] = MIN (changed, MIN (above[j], row[j - 1]) + 1);
          if (i > 1 && j > 1 && a->letters[i - 1] == b->letters[j - 2] &&
              a->letters[i - 2] == b->letters[j - 1])
            row[j] = MIN (row[j], two_above[j - 2] + 1);
        }
    }
  return rows[a->n % 3][b->n];
}

/* One letter in three may differ. */
static gboolean
are_near (const Word *a, const Word *b)
{
  return a->n > 0 && b->n > 0 && distance (a, b) <= MAX (a->n, b->n) / 3;
}

static gboolean
are_equal (const Word *a, const Word *b)
{
  return a->n > 0 && a->n == b->n && distance (a, b) == 0;
}

/* What is not known, or begins alike, cannot tell two people apart at a glance. */
static gboolean
cannot_tell (const Word *a, const Word *b)
{
  return a->n == 0 || b->n == 0 || a->letters[0] == b->letters[0] || are_near (a, b);
}

/**
 * clinical_names_are_alike:
 * @name: as a banner shows it
 * @other: that of another patient
 *
 * The same family name; a family name nearly the same with given names that begin alike; or the two
 * names of one, the other way round.
 *
 * Returns: whether the two are easily taken for each other
 */
gboolean
clinical_names_are_alike (const char *name, const char *other)
{
  Name a, b;

  read_name (name, &a);
  read_name (other, &b);
  return are_equal (&a.family, &b.family) ||
         (are_near (&a.family, &b.family) && cannot_tell (&a.given, &b.given)) ||
         (are_near (&a.family, &b.given) && are_near (&a.given, &b.family));
}
