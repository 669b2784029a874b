/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-name.h"

#include <glib/gi18n.h>

#include "fhir-text.h"

/* Lower is better. A name that has ended comes after every one that has not. */
static int
rank (const FhirElement *name)
{
  static const char *const uses[] = { "official", "usual",     NULL,     "temp",
                                      "nickname", "anonymous", "maiden", "old" };
  const char *use = fhir_element_path_text (name, "use");
  int rank = fhir_element_path (name, "period.end") != NULL ? 100 : 0;
  gsize i = 0;

  while (i < G_N_ELEMENTS (uses) && g_strcmp0 (uses[i], use) != 0)
    i++;
  return rank + (int) i;
}

static const FhirElement *
choose (const FhirElement *names)
{
  const FhirElement *best = NULL;

  if (fhir_element_get_kind (names) == FHIR_KIND_OBJECT)
    return names;
  fhir_element_foreach (name, names)
    if (best == NULL || rank (name) < rank (best))
      best = name;
  return best;
}

/* Items of a list of texts, each tidy, joined by a space; NULL where there is none. */
static char *
join (const FhirElement *texts)
{
  g_autoptr (GString) joined = g_string_new (NULL);

  fhir_element_foreach (item, texts)
    {
      g_autofree char *text = fhir_text_tidy (fhir_element_get_text (item));

      if (text != NULL)
        g_string_append_printf (joined, "%s%s", joined->len > 0 ? " " : "", text);
    }
  return joined->len > 0 ? g_string_free (g_steal_pointer (&joined), FALSE) : NULL;
}

/* Whether all letters are of scripts in which the family name stands first by itself. */
static gboolean
is_east_asian (const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    switch (g_unichar_get_script (g_utf8_get_char (p)))
      {
      case G_UNICODE_SCRIPT_HAN:
      case G_UNICODE_SCRIPT_HIRAGANA:
      case G_UNICODE_SCRIPT_KATAKANA:
      case G_UNICODE_SCRIPT_HANGUL:
      case G_UNICODE_SCRIPT_BOPOMOFO:
      case G_UNICODE_SCRIPT_COMMON:
        break;
      default:
        return FALSE;
      }
  return text != NULL;
}

/* Georgian has capitals in Unicode, but no Georgian writes a name in them and few fonts have them.
 */
static char *
capitals (const char *family)
{
  for (const char *p = family; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_get_script (g_utf8_get_char (p)) == G_UNICODE_SCRIPT_GEORGIAN)
      return g_strdup (family);
  return g_utf8_strup (family, -1);
}

static char *
fallback (const FhirElement *name)
{
  char *text = fhir_text_tidy (fhir_element_path_text (name, "text"));

  return text != NULL ? text : g_strdup (_ ("Name not recorded"));
}

/**
 * fhir_human_name_format:
 * @names_array_or_name: (nullable): a HumanName or a list of them, of which the official or usual
 * one is taken
 *
 * Common User Interface form: "SMITH, Jane (Mrs)". Names in Chinese, Japanese and Korean script are
 * "山田 太郎". A name without parts is shown as its text.
 *
 * Returns: (transfer full): the name, or "Name not recorded"
 */
char *
fhir_human_name_format (const FhirElement *names_array_or_name)
{
  const FhirElement *name = choose (names_array_or_name);
  g_autofree char *family = fhir_text_tidy (fhir_element_path_text (name, "family"));
  g_autofree char *given = join (fhir_element_get (name, "given"));
  g_autofree char *prefix = join (fhir_element_get (name, "prefix"));
  g_autofree char *suffix = join (fhir_element_get (name, "suffix"));
  g_autoptr (GString) out = g_string_new (NULL);

  if (family == NULL && given == NULL)
    return fallback (name);
  if (family != NULL)
    {
      g_autofree char *upper = capitals (family);

      g_string_append (out, upper);
    }
  if (family != NULL && given != NULL)
    g_string_append (out, is_east_asian (family) && is_east_asian (given) ? " " : ", ");
  if (given != NULL)
    g_string_append (out, given);
  /* "Jr" and "III" tell a son from his father: they are part of who it is. */
  if (suffix != NULL)
    g_string_append_printf (out, " %s", suffix);
  if (prefix != NULL)
    g_string_append_printf (out, " (%s)", prefix);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * fhir_human_name_format_plain:
 *
 * Returns: (transfer full): "Jane Smith", for a sentence or a letter; "山田 太郎" in its own order
 */
char *
fhir_human_name_format_plain (const FhirElement *names_array_or_name)
{
  const FhirElement *name = choose (names_array_or_name);
  g_autofree char *family = fhir_text_tidy (fhir_element_path_text (name, "family"));
  g_autofree char *given = join (fhir_element_get (name, "given"));

  if (family == NULL && given == NULL)
    return fallback (name);
  if (family == NULL)
    return g_steal_pointer (&given);
  if (given == NULL)
    return g_steal_pointer (&family);
  if (is_east_asian (family) && is_east_asian (given))
    return g_strdup_printf ("%s %s", family, given);
  return g_strdup_printf ("%s %s", given, family);
}
