/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-decimal.h"

#include <langinfo.h>
#include <string.h>

/* Numbers for reading. The record, what is sent, compared and computed keeps the digits as they
 * were written, with a point; only words that a person reads get the mark that this person writes:
 * "1.500" beside doses that are typed with a comma has been read as a thousand. */

/**
 * fhir_decimal_get_mark:
 *
 * Returns: (transfer none): the decimal mark of the user's locale, "," or "."; "." where the locale
 *   has another one, which no field would take back
 */
const char *
fhir_decimal_get_mark (void)
{
  return g_str_equal (nl_langinfo (RADIXCHAR), ",") ? "," : FHIR_DECIMAL_RECORD;
}

/**
 * fhir_decimal_format:
 * @literal: (nullable): a number as the record has it
 * @mark: (nullable): the decimal mark of who reads it; NULL: that of the user's locale
 *
 * Thousands are not parted: "1500" can be read in one way only.
 *
 * Returns: (transfer full) (nullable): the same digits, for reading; what is no plain decimal stays
 *   as it is written
 */
char *
fhir_decimal_format (const char *literal, const char *mark)
{
  const char *point = literal ? strchr (literal, '.') : NULL;

  if (!mark)
    mark = fhir_decimal_get_mark ();
  if (!point || g_str_equal (mark, FHIR_DECIMAL_RECORD) ||
      literal[strspn (literal, "+-0123456789.eE")] != '\0' || strchr (point + 1, '.'))
    return g_strdup (literal);
  return g_strdup_printf ("%.*s%s%s", (int) (point - literal), literal, mark, point + 1);
}
