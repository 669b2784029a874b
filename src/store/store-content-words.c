/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content-words.h"

#include <string.h>

#include "fhir-text.h"

/* The forms that people mean when they do not say which, commonest first. */
static const char *const common_forms[] = { "Oral Tablet",
                                            "Oral Capsule",
                                            "Oral Suspension",
                                            "Oral Solution",
                                            "Delayed Release",
                                            "Extended Release",
                                            "Metered Dose",
                                            "Chewable Tablet",
                                            "Topical Cream",
                                            "Ophthalmic",
                                            "Nasal" };

/**
 * store_content_fold:
 * @text: a name
 *
 * Returns: (transfer full): its words folded as for any search, with one space between; decimals
 * stay whole
 */
char *
store_content_fold (const char *text)
{
  g_autofree char *folded = fhir_fold (text);
  GString *out = g_string_sized_new (strlen (folded));

  for (const char *c = folded; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar letter = g_utf8_get_char (c);
      gboolean point = *c == '.' && c > folded && g_ascii_isdigit (c[-1]) && g_ascii_isdigit (c[1]);

      if (g_unichar_isalnum (letter) || g_unichar_ismark (letter) || point)
        g_string_append_unichar (out, letter);
      else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  return g_strchomp (g_string_free_and_steal (out));
}

/**
 * store_content_strength:
 * @text: "0.25 MG/ML (2 ML)"
 *
 * Returns: the number that it begins with, 0 for none
 */
double
store_content_strength (const char *text)
{
  gsize whole = strspn (text, "0123456789");
  gsize part = text[whole] == '.' ? strspn (text + whole + 1, "0123456789") : 0;
  g_autofree char *number = g_strndup (text, part > 0 ? whole + 1 + part : whole);

  return g_ascii_strtod (number, NULL);
}

/**
 * store_content_rank:
 * @products: of how many drugs these are the ingredients: it stands for how common they are
 *
 * Returns: what orders equal matches, higher first: common forms and ingredients, combinations last
 */
int
store_content_rank (const char *ingredients, const char *form, gboolean confirmed, guint products)
{
  int rank = 10 * (int) MIN (products, 30) - (confirmed ? 0 : 200);

  for (gsize i = 0; i < G_N_ELEMENTS (common_forms); i++)
    if (g_str_has_prefix (form, common_forms[i]))
      {
        rank += 300 - 25 * (int) i;
        break;
      }
  for (const char *c = ingredients; *c != '\0'; c++)
    rank -= *c == '|' ? 700 : 0;
  return MAX (rank, G_MININT16);
}
