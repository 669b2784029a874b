/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-language.h"

#include "fhir-date.h"

#include <string.h>

/* How each language writes numbers and dates. Plurals follow the CLDR rules of these languages, in
 * the few cases that a dosage has; English is said as people write it, "0.5 tablet". */

static const char *const codes[CLINICAL_N_LANGUAGES] = { "en", "de", "es", "fr", "ja" };

/**
 * clinical_language_parse:
 * @tag: (nullable): a BCP 47 tag, or the name of a locale: "es-MX", "de_DE.UTF-8"
 * @language: (out): untouched where there are no words for it
 *
 * Returns: whether dosages can be said in it
 */
gboolean
clinical_language_parse (const char *tag, ClinicalLanguage *language)
{
  for (gsize i = 0; tag && i < CLINICAL_N_LANGUAGES; i++)
    if (g_ascii_strncasecmp (tag, codes[i], 2) == 0 && !g_ascii_isalnum (tag[2]))
      {
        *language = (ClinicalLanguage) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * clinical_language_get_decimal_mark:
 * @tag: as in clinical_language_parse ()
 *
 * Spanish is written with a comma in Spain and with a point in Mexico: where the tag names no
 * country it is the comma. Source of the countries: LC_NUMERIC of the GNU C library's locales.
 *
 * Returns: "." or ","
 */
const char *
clinical_language_get_decimal_mark (const char *tag)
{
  static const char *const points[] = { "es-MX", "es-US", "es-PR", "es-DO", "es-GT", "es-HN",
                                        "es-NI", "es-SV", "es-PA", "es-PE", "de-CH", NULL };
  ClinicalLanguage language = CLINICAL_LANGUAGE_EN;
  g_autofree char *plain = g_strdelimit (g_strndup (tag ? tag : "", 5), "_", '-');

  if (!clinical_language_parse (tag, &language) || language == CLINICAL_LANGUAGE_EN ||
      language == CLINICAL_LANGUAGE_JA)
    return ".";
  for (gsize i = 0; points[i]; i++)
    if (g_ascii_strcasecmp (points[i], plain) == 0)
      return ".";
  return ",";
}

/**
 * clinical_language_is_plural:
 * @literal: a decimal with a point, without trailing zeros
 *
 * Returns: whether a unit behind it stands in the plural
 */
gboolean
clinical_language_is_plural (ClinicalLanguage language, const char *literal)
{
  gboolean one = g_str_equal (literal, "1");
  gboolean below_two =
      (*literal == '0' || *literal == '1') && (literal[1] == '\0' || literal[1] == '.');

  switch (language)
    {
    case CLINICAL_LANGUAGE_EN:
      return !one && *literal != '0';
    case CLINICAL_LANGUAGE_DE:
    case CLINICAL_LANGUAGE_ES:
      return !one;
    case CLINICAL_LANGUAGE_FR:
      return !below_two;
    case CLINICAL_LANGUAGE_JA:
    case CLINICAL_N_LANGUAGES:
      break;
    }
  return FALSE;
}

/* Thousands are parted by a comma only where a comma cannot be a decimal mark; elsewhere by a space
 * that does not break, and not before 10,000: 1.250 is one and a quarter to somebody. */
static void
append_whole (GString *out, ClinicalLanguage language, const char *digits, gsize length)
{
  gboolean comma = language == CLINICAL_LANGUAGE_EN || language == CLINICAL_LANGUAGE_JA;
  gboolean parted = length > (comma ? 3 : 4);

  for (gsize i = 0; i < length; i++)
    {
      if (parted && i > 0 && (length - i) % 3 == 0)
        g_string_append (out, comma ? "," : "\xc2\xa0");
      g_string_append_c (out, digits[i]);
    }
}

/**
 * clinical_language_number:
 * @mark: the decimal mark
 * @literal: a number as FHIR has it
 *
 * Returns: (transfer full) (nullable): the number as it is read, without trailing zeros; NULL where
 *   it is no plain decimal, such as 1e3 or -1
 */
char *
clinical_language_number (ClinicalLanguage language, const char *mark, const char *literal)
{
  gsize whole = strspn (literal, "0123456789");
  const char *fraction = literal[whole] == '.' ? literal + whole + 1 : NULL;
  gsize length = fraction ? strspn (fraction, "0123456789") : 0;
  g_autoptr (GString) out = g_string_new (NULL);

  if (whole == 0 || (fraction ? length == 0 || fraction[length] : literal[whole]))
    return NULL;
  while (whole > 1 && *literal == '0')
    literal++, whole--;
  append_whole (out, language, literal, whole);
  while (length > 0 && fraction[length - 1] == '0')
    length--;
  if (length > 0)
    {
      g_string_append (out, mark);
      g_string_append_len (out, fraction, (gssize) length);
    }
  return g_string_free_and_steal (g_steal_pointer (&out));
}

static const char *const months[][12] = {
  [CLINICAL_LANGUAGE_EN] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
                             "Nov", "Dec" },
  [CLINICAL_LANGUAGE_DE] = { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August",
                             "September", "Oktober", "November", "Dezember" },
  [CLINICAL_LANGUAGE_ES] = { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
                             "agosto", "septiembre", "octubre", "noviembre", "diciembre" },
  [CLINICAL_LANGUAGE_FR] = { "janvier", "février", "mars", "avril", "mai", "juin", "juillet",
                             "août", "septembre", "octobre", "novembre", "décembre" },
};

static char *
format_day (ClinicalLanguage language, const FhirDate *date)
{
  const char *month =
      language == CLINICAL_LANGUAGE_JA ? NULL : months[language][CLAMP (date->month, 1, 12) - 1];

  switch (language)
    {
    case CLINICAL_LANGUAGE_DE:
      return g_strdup_printf ("%d. %s %04d", date->day, month, date->year);
    case CLINICAL_LANGUAGE_ES:
      return g_strdup_printf ("%d de %s de %04d", date->day, month, date->year);
    case CLINICAL_LANGUAGE_FR:
      return g_strdup_printf ("%d%s %s %04d", date->day, date->day == 1 ? "er" : "", month,
                              date->year);
    case CLINICAL_LANGUAGE_JA:
      return g_strdup_printf ("%04d年%d月%d日", date->year, date->month, date->day);
    case CLINICAL_LANGUAGE_EN:
    case CLINICAL_N_LANGUAGES:
      break;
    }
  return g_strdup_printf ("%02d-%s-%04d", date->day, month, date->year);
}

/**
 * clinical_language_date:
 * @date: (nullable): a FHIR date or dateTime
 *
 * A time stays as it was written, with its distance from UTC, for no clinic's zone is known here.
 *
 * Returns: (transfer full) (nullable): the date in words; NULL where it is none
 */
char *
clinical_language_date (ClinicalLanguage language, const char *date)
{
  FhirDate parsed;
  g_autofree char *day = NULL, *zone = NULL;

  if (!date || !fhir_date_parse (date, &parsed) || parsed.precision == FHIR_PRECISION_NONE)
    return NULL;
  if (parsed.precision == FHIR_PRECISION_YEAR)
    return g_strdup_printf (language == CLINICAL_LANGUAGE_JA ? "%04d年" : "%04d", parsed.year);
  if (parsed.precision == FHIR_PRECISION_MONTH)
    return language == CLINICAL_LANGUAGE_EN
               ? g_strdup_printf ("%s-%04d", months[language][parsed.month - 1], parsed.year)
           : language == CLINICAL_LANGUAGE_JA
               ? g_strdup_printf ("%04d年%d月", parsed.year, parsed.month)
               : g_strdup_printf ("%02d/%04d", parsed.month, parsed.year);
  day = format_day (language, &parsed);
  if (parsed.precision == FHIR_PRECISION_DAY)
    return g_steal_pointer (&day);
  if (parsed.has_zone)
    zone = parsed.zone_minutes == 0
               ? g_strdup (" UTC")
               : g_strdup_printf (" UTC%c%02d:%02d", parsed.zone_minutes < 0 ? '-' : '+',
                                  ABS (parsed.zone_minutes) / 60, ABS (parsed.zone_minutes) % 60);
  return g_strdup_printf ("%s %02d:%02d%s", day, parsed.hour, parsed.minute, zone ? zone : "");
}
