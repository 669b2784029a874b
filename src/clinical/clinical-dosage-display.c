/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dosage-private.h"

#include "clinical-shorthand.h"
#include "fhir-text.h"

/* What to show of a dosage that somebody sent: its text and, where the coded parts say something
 * else, both: one cannot know which of the two the prescriber meant. */

/* Letters and digits, whatever stands between them; but not between two digits: 1.5 is not 15. */
static char *
squeeze (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  GString *out = g_string_new (NULL);
  gunichar before = 0;

  for (const char *c = folded; *c; c = g_utf8_next_char (c))
    {
      gunichar here = g_utf8_get_char (c), next = g_utf8_get_char (g_utf8_next_char (c));

      if (g_unichar_isalnum (here) || (g_unichar_isdigit (before) && g_unichar_isdigit (next)))
        g_string_append_unichar (out, here);
      before = here;
    }
  return g_string_free_and_steal (out);
}

static gboolean
reads_like (const char *a, const char *b)
{
  g_autofree char *x = squeeze (a), *y = squeeze (b);

  return g_str_equal (x, y);
}

/* Whether @text is what Bedside would say of @dosage in some language, to whomever. */
static gboolean
is_generated (const FhirElement *dosage, const char *text)
{
  static const char *const languages[] = { "en", "de", "es", "es-MX", "fr", "ja" };

  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    for (int reader = 0; reader < 2; reader++)
      {
        g_autofree char *said =
            clinical_dosage_say (dosage, languages[i], (ClinicalReader) reader, NULL);

        if (said && reads_like (said, text))
          return TRUE;
      }
  return FALSE;
}

/* Whether @text, read as English, has the same dose, rhythm and end, and nothing beside them. */
static gboolean
is_meant (const FhirElement *dosage, const char *text)
{
  g_autoptr (ClinicalDosage) coded = clinical_dosage_read (dosage, NULL);
  g_autoptr (ClinicalShorthand) said = coded ? clinical_shorthand_read_text (text, NULL) : NULL;

  return said && said->steps->len == 1 &&
         (!said->rest || (coded->instruction && reads_like (said->rest, coded->instruction))) &&
         clinical_shorthand_means (coded, said->steps->pdata[0]);
}

/**
 * clinical_dosage_agrees:
 * @dosage: one FHIR Dosage
 *
 * Returns: whether its text says what its coded parts say; a dosage that has only one of the two
 *   agrees with itself
 */
gboolean
clinical_dosage_agrees (const FhirElement *dosage)
{
  g_autofree char *text = fhir_text_tidy (fhir_element_path_text (dosage, "text"));
  g_autofree char *coded = clinical_dosage_text_of_element (dosage, NULL);

  return !text || !coded || reads_like (text, coded) || is_generated (dosage, text) ||
         is_meant (dosage, text);
}

/**
 * clinical_dosage_display:
 * @dosages: (nullable): dosageInstruction of a prescription
 * @disagrees: (out) (optional): whether text and codes say different things: then it must not be
 *   signed again as it is
 *
 * Returns: (transfer full) (nullable): the text; where the coded parts read differently, both; NULL
 *   when there is neither
 */
char *
clinical_dosage_display (const FhirElement *dosages, gboolean *disagrees)
{
  g_autofree char *coded = clinical_dosage_text_of_element (dosages, NULL);
  g_autoptr (GString) sent = g_string_new (NULL);
  gboolean agrees = TRUE, parts_only = FALSE;

  fhir_element_foreach (item, dosages)
    {
      g_autofree char *text = fhir_text_tidy (fhir_element_path_text (item, "text"));

      if (text)
        g_string_append_printf (sent, "%s%s", sent->len ? "; " : "", text);
      else
        parts_only = TRUE;
      agrees = agrees && clinical_dosage_agrees (item);
    }
  if (disagrees)
    *disagrees = !agrees;
  if (sent->len == 0)
    return g_steal_pointer (&coded);
  if (coded && (!agrees || parts_only))
    return g_strdup_printf ("%s (coded: %s)", sent->str, coded);
  return g_string_free_and_steal (g_steal_pointer (&sent));
}
