/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-drug-name.h"

#include <string.h>

#include "clinical-tallman.h"

/* RxNorm shouts its units and writes a slash for three different things. What is kept and sent is
 * RxNorm's own text; this is how a person reads it. */

typedef struct
{
  const char *rxnorm;
  const char *after_number;
  const char *below_line;
} Unit;

static const Unit units[] = {
  { "MG", "mg", "per mg" },
  { "MCG", "mcg", "per mcg" },
  { "ML", "mL", "in 1 mL" },
  { "UNT", "units", "per unit" },
  { "MEQ", "mEq", "per mEq" },
  { "MMOL", "mmol", "per mmol" },
  { "ACTUAT", "actuations", "per actuation" },
  { "HR", "hour", "per hour" },
  { "SQCM", "cm²", "per cm²" },
};

static const Unit *
find_unit (const char *text, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (strlen (units[i].rxnorm) == length && strncmp (units[i].rxnorm, text, length) == 0)
      return &units[i];
  return NULL;
}

/* (transfer full) (nullable): "mg in 1 mL" for "MG/ML", NULL when @word is no unit. A closing
 * bracket stays. */
static char *
unit_of (const char *word)
{
  gsize length = strcspn (word, "/)");
  const char *below = word[length] == '/' ? word + length + 1 : NULL;
  gsize below_length = below ? strcspn (below, ")") : 0;
  const char *end = below ? below + below_length : word + length;
  const Unit *unit = find_unit (word, length);
  const Unit *per = below ? find_unit (below, below_length) : NULL;

  if (!unit || (below && !per))
    return NULL;
  if (per)
    return g_strdup_printf ("%s %s%s", unit->after_number, per->below_line, end);
  return g_strconcat (unit->after_number, end, NULL);
}

static gboolean
is_number (const char *word)
{
  word += *word == '(';
  return *word && word[strspn (word, "0123456789.,-")] == '\0';
}

/* Dose form words follow the last unit: "Oral Capsule"; a brand in brackets keeps its capitals. */
static void
lower_form (char **words, guint from)
{
  for (guint i = from; words[i] && !strchr ("([", *words[i]); i++)
    {
      char *lower = g_utf8_strdown (words[i], -1);

      g_free (words[i]);
      words[i] = lower;
    }
}

/**
 * clinical_drug_name_plain:
 * @name: a drug as RxNorm writes it, "amoxicillin 50 MG/ML Oral Suspension"
 *
 * Returns: (transfer full): as it is shown, "amoxicillin 50 mg in 1 mL oral suspension"; a text
 *   without such units is left as it is
 */
char *
clinical_drug_name_plain (const char *name)
{
  g_auto (GStrv) words = g_strsplit (name, " ", -1);
  guint last = 0;

  for (guint i = 1; words[0] && words[i]; i++) /* an empty name has no words at all */
    {
      char *unit = is_number (words[i - 1]) ? unit_of (words[i]) : NULL;

      if (unit)
        {
          g_free (words[i]);
          words[i] = unit;
          last = i;
        }
      else if (last == i - 1 && last > 0 && g_str_equal (words[i], "/"))
        g_set_str (&words[i], "and");
    }
  if (last > 0)
    lower_form (words, last + 1);
  return g_strjoinv (" ", words);
}

/**
 * clinical_drug_name:
 * @name: a drug as RxNorm writes it
 *
 * Returns: (transfer full): as clinicians read it: plain, with tall-man letters
 */
char *
clinical_drug_name (const char *name)
{
  g_autofree char *plain = clinical_drug_name_plain (name);

  return clinical_tallman (plain);
}
