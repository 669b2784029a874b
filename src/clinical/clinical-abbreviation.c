/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-abbreviation.h"

#include <glib/gi18n.h>

#include <string.h>

/* Error-prone abbreviations in typed instructions. Source: the Joint Commission's "Do Not Use" list
 * and facts from ISMP's list, restated. What can be meant in one way only is written out; what can
 * be meant in several is refused, and the author says it in words. */

typedef struct
{
  const char *text;
  gboolean any_case;
  const char *instead, *why;
} Entry;

static const Entry entries[] = {
  { "IU", FALSE, "units", "IU has been read as IV or 10" },
  { "iu", FALSE, "units", "IU has been read as IV or 10" },
  { "U", FALSE, "units", "U has been read as 0 or 4" },
  { "u", FALSE, "units", "U has been read as 0 or 4" },
  { "QD", TRUE, "daily", "QD has been read as QID" },
  { "q.d.", TRUE, "daily", "QD has been read as QID" },
  { "q1d", TRUE, "daily", "q1d has been read as QID" },
  { "QOD", TRUE, "every other day", "QOD has been read as QD or QID" },
  { "q.o.d.", TRUE, "every other day", "QOD has been read as QD or QID" },
  { "qhs", TRUE, "at bedtime", "qhs has been read as every hour" },
  { "qn", TRUE, "at night", "qn has been read as every hour" },
  { "hs", TRUE, NULL, "hs means half-strength or at bedtime" },
  { "MS", FALSE, NULL, "MS means morphine sulfate or magnesium sulfate" },
  { "MSO4", TRUE, "morphine sulfate", "MSO4 and MgSO4 are confused" },
  { "MgSO4", TRUE, "magnesium sulfate", "MSO4 and MgSO4 are confused" },
  { "\xc2\xb5g", FALSE, "mcg", "µg has been read as mg" },
  { "\xce\xbcg", FALSE, "mcg", "µg has been read as mg" },
  { "ug", FALSE, "mcg", "ug has been read as mg" },
  { "cc", TRUE, "mL", "cc has been read as 00" },
  { "AD", FALSE, NULL, "AD, AS and AU have been read as OD, OS and OU" },
  { "AS", FALSE, NULL, "AD, AS and AU have been read as OD, OS and OU" },
  { "AU", FALSE, NULL, "AD, AS and AU have been read as OD, OS and OU" },
  { "OD", FALSE, NULL, "OD means right eye, once daily or overdose" },
  { "OS", FALSE, NULL, "OS has been read as AS" },
  { "OU", FALSE, NULL, "OU has been read as AU" },
  { "BT", FALSE, "at bedtime", "BT has been read as BID" },
  { "D/C", TRUE, NULL, "D/C means discharge or discontinue" },
  { "IN", FALSE, "intranasal", "IN has been read as IM or IV" },
  { "SC", FALSE, "subcutaneous", "SC has been read as SL" },
  { "SQ", FALSE, "subcutaneous", "SQ has been read as 5 every" },
  { "ss", FALSE, NULL, "ss means one half or sliding scale" },
  { "SSI", FALSE, NULL, "SSI means sliding scale insulin or surgical site infection" },
  { "@", FALSE, "at", "@ has been read as 2" },
  { "&", FALSE, "and", "& has been read as 2" },
  { ">", FALSE, "more than", "> has been read as <" },
  { "<", FALSE, "less than", "< has been read as >" },
};

static gboolean
is_letter (char c)
{
  return g_ascii_isalpha (c) || (guchar) c >= 0x80;
}

/* A letter abbreviation stands alone or directly behind a number ("10U"). */
static const Entry *
entry_at (const char *text, gsize at)
{
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      const char *word = entries[i].text;
      gsize length = strlen (word);
      int differs = entries[i].any_case ? g_ascii_strncasecmp (text + at, word, length)
                                        : strncmp (text + at, word, length);

      if (differs == 0 && (!is_letter (*word) || ((at == 0 || !is_letter (text[at - 1])) &&
                                                  !g_ascii_isalnum (text[at + length]) &&
                                                  (guchar) text[at + length] < 0x80)))
        return &entries[i];
    }
  return NULL;
}

/* Length of a number at @at that is written with a trailing zero or without its leading zero. */
static gsize
bad_number_at (const char *text, gsize at, const char **why)
{
  gsize end = at;

  if (at > 0 && (g_ascii_isalnum (text[at - 1]) || text[at - 1] == '.'))
    return 0;
  while (g_ascii_isdigit (text[end]))
    end++;
  if (text[end] != '.' || !g_ascii_isdigit (text[end + 1]))
    return 0;
  *why = end == at ? _ ("a number without its leading zero has been read as ten times the dose")
                   : NULL;
  end++;
  while (g_ascii_isdigit (text[end]))
    end++;
  if (text[end - 1] == '0')
    *why = _ ("a trailing zero has been read as ten times the dose");
  return *why && text[end] != '.' ? end - at : 0;
}

/**
 * clinical_abbreviation_find:
 * @text: what was typed
 *
 * Returns: (transfer full) (element-type ClinicalAbbreviation): in order, without overlap
 */
GArray *
clinical_abbreviation_find (const char *text)
{
  GArray *found = g_array_new (FALSE, TRUE, sizeof (ClinicalAbbreviation));

  for (gsize at = 0; text[at];)
    {
      const Entry *entry = entry_at (text, at);
      const char *why = NULL;
      gsize length = entry ? strlen (entry->text) : bad_number_at (text, at, &why);
      ClinicalAbbreviation one = { at, length, entry ? entry->instead : NULL,
                                   entry ? entry->why : why };

      if (length > 0)
        g_array_append_val (found, one);
      at += MAX (length, 1);
    }
  return found;
}

/**
 * clinical_abbreviation_expand:
 * @text: what was typed
 * @refused: (out) (optional) (element-type ClinicalAbbreviation): what the author must say in
 * words; offsets are those of the text that is returned
 *
 * Returns: (transfer full): the text with what is certain written out
 */
char *
clinical_abbreviation_expand (const char *text, GArray **refused)
{
  g_autoptr (GArray) found = clinical_abbreviation_find (text);
  GString *out = g_string_new (NULL);
  gsize at = 0;

  for (guint i = 0; i < found->len; i++)
    {
      const ClinicalAbbreviation *one = &g_array_index (found, ClinicalAbbreviation, i);

      g_string_append_len (out, text + at, (gssize) (one->offset - at));
      at = one->offset + one->length;
      if (one->instead)
        g_string_append_printf (out, "%s%s",
                                out->len && g_ascii_isdigit (out->str[out->len - 1]) ? " " : "",
                                one->instead);
      else
        g_string_append_len (out, text + one->offset, (gssize) one->length);
    }
  g_string_append (out, text + at);
  if (refused)
    {
      *refused = clinical_abbreviation_find (out->str);
      for (guint i = (*refused)->len; i > 0; i--)
        if (g_array_index (*refused, ClinicalAbbreviation, i - 1).instead)
          g_array_remove_index (*refused, i - 1);
    }
  return g_string_free_and_steal (out);
}
