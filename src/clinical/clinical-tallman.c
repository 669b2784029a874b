/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-tallman.h"

#include <string.h>

/* Look-alike names with their differing letters in capitals. Source: the name pairs of the US FDA
 * Name Differentiation Project (a US government work); ISMP's further names are not in it. */
static const char *const names[] = {
  "acetaZOLAMIDE",       "acetoHEXAMIDE",      "buPROPion",          "busPIRone",
  "chlorproMAZINE",      "chlorproPAMIDE",     "clomiPHENE",         "clomiPRAMINE",
  "cycloSERINE",         "cycloSPORINE",       "DAUNOrubicin",       "DOXOrubicin",
  "dimenhyDRINATE",      "diphenhydrAMINE",    "DOBUTamine",         "DOPamine",
  "glipiZIDE",           "glyBURIDE",          "hydrALAZINE",        "hydrOXYzine",
  "niCARdipine",         "NIFEdipine",         "predniSONE",         "prednisoLONE",
  "medroxyPROGESTERone", "methylPREDNISolone", "methylTESTOSTERone", "sulfADIAZINE",
  "sulfiSOXAZOLE",       "TOLAZamide",         "TOLBUTamide",        "vinBLAStine",
  "vinCRIStine",         "CISplatin",          "CARBOplatin",
};

static const char *
find_name (const char *word, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i]) == length && g_ascii_strncasecmp (names[i], word, length) == 0)
      return names[i];
  return NULL;
}

/**
 * clinical_tallman:
 * @text: a text with drug names
 *
 * Returns: (transfer full): the text with names of the FDA's list in tall-man letters
 */
char *
clinical_tallman (const char *text)
{
  GString *out = g_string_new (NULL);

  while (*text)
    {
      gsize length = 0;
      const char *name;

      while (g_ascii_isalpha (text[length]))
        length++;
      if (length == 0)
        {
          g_string_append_c (out, *text++);
          continue;
        }
      name = find_name (text, length);
      g_string_append_len (out, name ? name : text, (gssize) length);
      text += length;
    }
  return g_string_free_and_steal (out);
}
