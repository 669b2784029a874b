/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dose.h"

#include <glib/gi18n.h>

#include <string.h>

/* Amounts as people write and read them. A number stays the literal text that was typed; sums are
 * exact decimal arithmetic, never floating point. */

#define MAX_DIGITS   9
#define MAX_DECIMALS 6

G_DEFINE_QUARK (clinical - error - quark, clinical_error)

typedef struct
{
  const char *unit, *singular, *plural;
  gboolean counted; /* things one can hold, of which there can be half a one */
} Unit;

/* "unit" is written out and never shortened: U and IU have been read as digits. */
static const Unit units[] = {
  { "tablet", "tablet", "tablets", TRUE },
  { "capsule", "capsule", "capsules", TRUE },
  { "puff", "puff", "puffs", TRUE },
  { "inhalation", "inhalation", "inhalations", TRUE },
  { "spray", "spray", "sprays", TRUE },
  { "drop", "drop", "drops", TRUE },
  { "patch", "patch", "patches", TRUE },
  { "suppository", "suppository", "suppositories", TRUE },
  { "pessary", "pessary", "pessaries", TRUE },
  { "sachet", "sachet", "sachets", TRUE },
  { "lozenge", "lozenge", "lozenges", TRUE },
  { "ampoule", "ampoule", "ampoules", TRUE },
  { "vial", "vial", "vials", TRUE },
  { "application", "application", "applications", TRUE },
  { "dose", "dose", "doses", TRUE },
  { "injection", "injection", "injections", TRUE },
  { "unit", "unit", "units", TRUE },
  { "mg", "milligram", "milligrams", FALSE },
  { "mcg", "microgram", "micrograms", FALSE },
  { "microgram", "microgram", "micrograms", FALSE },
  { "milligram", "milligram", "milligrams", FALSE },
  { "g", "gram", "grams", FALSE },
  { "mL", "millilitre", "millilitres", FALSE },
  { "L", "litre", "litres", FALSE },
  { "mmol", "millimole", "millimoles", FALSE },
};

static const char *const small[] = { "zero",    "one",     "two",       "three",    "four",
                                     "five",    "six",     "seven",     "eight",    "nine",
                                     "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                                     "fifteen", "sixteen", "seventeen", "eighteen", "nineteen" };
static const char *const tens[] = { "",      "",      "twenty",  "thirty", "forty",
                                    "fifty", "sixty", "seventy", "eighty", "ninety" };

static const Unit *
find_unit (const char *unit)
{
  for (gsize i = 0; unit && i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i].unit, unit) || g_str_equal (units[i].plural, unit))
      return &units[i];
  return NULL;
}

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error)
    *error = g_error_new_valist (CLINICAL_ERROR, CLINICAL_ERROR_NUMBER, format, args);
  va_end (args);
  return FALSE;
}

/* Which of the two halves of a number each byte belongs to; anything but digits and the one decimal
 * mark is refused here, so that 1.000 can never be read as a thousand nor 1,000 as one. */
static gboolean
split_number (const char *typed, const char *mark, char **whole, char **fraction, GError **error)
{
  const char *at = strstr (typed, mark);
  g_autofree char *left = at ? g_strndup (typed, (gsize) (at - typed)) : g_strdup (typed);
  g_autofree char *right = at ? g_strdup (at + strlen (mark)) : NULL;

  if (right && strstr (right, mark))
    return refuse (error, _ ("“%s” has two decimal marks. Write one number, such as 1%s5."), typed,
                   mark);
  for (const char *s = left; s; s = s == left ? right : NULL)
    for (const char *c = s; *c; c = g_utf8_next_char (c))
      if (!g_ascii_isdigit (*c))
        {
          gunichar u = g_utf8_get_char (c);

          if (u == '.' || u == ',' || u == '\'' || u == 0x2019 || u == '_' ||
              g_unichar_isspace (u) || u == 0x066b || u == 0x066c)
            return refuse (error,
                           _ ("“%s” cannot be read for certain: the decimal mark here is “%s”, and "
                              "thousands are written without a mark."),
                           typed, mark);
          return refuse (error, _ ("“%s” is not a number. Use the digits 0 to 9."), typed);
        }
  *whole = g_steal_pointer (&left);
  *fraction = g_steal_pointer (&right);
  return TRUE;
}

/* The one mark that @typed has, point or comma, whichever people here write: but not where it may
 * part thousands, as in 2.125 where the decimal mark is a comma. */
static const char *
find_mark (const char *typed, const char *local)
{
  static const char *const marks[] = { ".", "," };

  for (gsize i = 0; i < G_N_ELEMENTS (marks) && !strstr (typed, local); i++)
    {
      const char *at = strstr (typed, marks[i]);

      if (at && (strlen (at + 1) != 3 || at == typed || *typed == '0'))
        return marks[i];
    }
  return local;
}

/* (transfer full) (nullable): @literal as people here write it. */
char *
clinical_dose_dup_typed (const char *literal, const char *decimal_mark)
{
  g_auto (GStrv) halves = literal ? g_strsplit (literal, ".", 2) : NULL;

  return halves ? g_strjoinv (decimal_mark, halves) : NULL;
}

/**
 * clinical_dose_parse:
 * @typed: what stands in a dose field
 * @decimal_mark: the decimal mark of the locale, "." or ","; the other one is taken too where it
 * can be nothing else
 * @literal: (out): a decimal with a point, a leading zero and no trailing zero
 *
 * Reads a typed dose (hazard H10). Grouping marks, a second mark, zeros that stand at the wrong end
 * and zero itself are refused with a sentence that says what to write. A missing leading zero is
 * added. Source of the zeros: Joint Commission "Do Not Use" list (trailing zero, naked decimal).
 *
 * Returns: whether the number can be read in one way only
 */
gboolean
clinical_dose_parse (const char *typed, const char *decimal_mark, char **literal, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (typed ? typed : ""));
  g_autofree char *whole = NULL, *fraction = NULL;

  if (!*trimmed)
    return refuse (error, _ ("Write the dose."));
  if (!g_utf8_validate (trimmed, -1, NULL))
    return refuse (error, _ ("This is not a number. Use the digits 0 to 9."));
  if (!split_number (trimmed, find_mark (trimmed, decimal_mark), &whole, &fraction, error))
    return FALSE;
  if (!*whole && !(fraction && *fraction))
    return refuse (error, _ ("“%s” is not a number."), trimmed);
  if (fraction && !*fraction)
    return refuse (error, _ ("“%s” ends in its decimal mark. Write the decimals, or no mark."),
                   trimmed);
  if (fraction && g_str_has_suffix (fraction, "0"))
    return refuse (
        error,
        _ ("“%s” ends in a zero behind its decimal mark, which has been read as ten times the "
           "dose. Write it without."),
        trimmed);
  if (strlen (whole) > 1 && *whole == '0')
    return refuse (error, _ ("“%s” begins with a zero. Is a decimal mark missing?"), trimmed);
  if (strlen (whole) > MAX_DIGITS || (fraction && strlen (fraction) > MAX_DECIMALS))
    return refuse (error, _ ("“%s” has too many digits."), trimmed);
  if (!fraction && (!*whole || g_str_equal (whole, "0")))
    return refuse (error, _ ("A dose of zero is not a dose."));
  *literal =
      fraction ? g_strconcat (*whole ? whole : "0", ".", fraction, NULL) : g_steal_pointer (&whole);
  return TRUE;
}

static gboolean
read_decimal (const char *literal, gint64 *mantissa, int *scale)
{
  int digits = 0;

  *mantissa = 0;
  *scale = -1;
  for (const char *c = literal; c && *c; c++)
    if (*c == '.' && *scale < 0)
      *scale = 0;
    else if (g_ascii_isdigit (*c) && digits++ < MAX_DIGITS + MAX_DECIMALS)
      {
        *mantissa = *mantissa * 10 + (*c - '0');
        if (*scale >= 0)
          ++*scale;
      }
    else
      return FALSE;
  *scale = MAX (*scale, 0);
  return digits > 0;
}

/**
 * clinical_dose_multiply:
 * @literal: a decimal
 * @factor: how many times
 *
 * Returns: (transfer full) (nullable): the exact product, without trailing zeros
 */
char *
clinical_dose_multiply (const char *literal, gint64 factor)
{
  gint64 mantissa, product, power = 1;
  int scale;

  if (!read_decimal (literal, &mantissa, &scale) || factor < 0 ||
      __builtin_mul_overflow (mantissa, factor, &product))
    return NULL;
  for (; scale > 0 && product % 10 == 0; scale--)
    product /= 10;
  for (int i = 0; i < scale; i++)
    power *= 10;
  if (scale == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT, product);
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%0*" G_GINT64_FORMAT, product / power, scale,
                          product % power);
}

/**
 * clinical_dose_group:
 * @literal: a decimal
 *
 * Returns: (transfer full): the same for reading, with a comma for each thousand. Source: NHS
 * Common User Interface, medication line ("comma from 1,000")
 */
char *
clinical_dose_group (const char *literal)
{
  const char *point = strchr (literal, '.');
  gsize whole = point ? (gsize) (point - literal) : strlen (literal);
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < whole; i++)
    {
      if (i > 0 && (whole - i) % 3 == 0)
        g_string_append_c (out, ',');
      g_string_append_c (out, literal[i]);
    }
  g_string_append (out, point ? point : "");
  return g_string_free_and_steal (out);
}

static void
append_hundreds (GString *out, gint64 n)
{
  if (n >= 100)
    g_string_append_printf (out, "%s hundred%s", small[n / 100], n % 100 ? " and " : "");
  n %= 100;
  if (n >= 20)
    g_string_append_printf (out, "%s%s%s", tens[n / 10], n % 10 ? "-" : "",
                            n % 10 ? small[n % 10] : "");
  else if (n > 0)
    g_string_append (out, small[n]);
}

static void
append_whole (GString *out, gint64 n)
{
  if (n == 0)
    g_string_append (out, "zero");
  if (n >= 1000000)
    {
      append_hundreds (out, n / 1000000);
      g_string_append_printf (out, " million%s", n % 1000000 ? " " : "");
      n %= 1000000;
    }
  if (n >= 1000)
    {
      append_hundreds (out, n / 1000);
      g_string_append_printf (out, " thousand%s", n % 1000 ? n % 1000 < 100 ? " and " : " " : "");
      n %= 1000;
    }
  append_hundreds (out, n);
}

/**
 * clinical_unit_is_counted:
 * @unit: a unit
 *
 * Returns: whether it is a thing to be counted, such as a tablet, and not a measure
 */
gboolean
clinical_unit_is_counted (const char *unit)
{
  const Unit *found = find_unit (unit);

  return found && found->counted;
}

/**
 * clinical_unit_spell:
 * @unit: a unit as stored
 * @plural: whether of more than one
 *
 * Returns: (transfer full): the unit in full ("milligrams"); an unknown unit as it is
 */
char *
clinical_unit_spell (const char *unit, gboolean plural)
{
  const Unit *found = find_unit (unit);

  return g_strdup (!found ? unit : plural ? found->plural : found->singular);
}

/**
 * clinical_dose_is_one_or_less:
 * @literal: a decimal
 *
 * Returns: whether a unit after it stands in the singular
 */
gboolean
clinical_dose_is_one_or_less (const char *literal)
{
  return literal[0] == '0' || g_str_equal (literal, "1");
}

/**
 * clinical_dose_amount:
 * @literal: a decimal
 * @unit: (nullable): its unit
 *
 * Returns: (transfer full): the amount in digits, "1,500 mg" or "3 tablets"
 */
char *
clinical_dose_amount (const char *literal, const char *unit)
{
  g_autofree char *number = clinical_dose_group (literal);
  g_autofree char *spelled = NULL;

  if (!unit || !*unit)
    return g_steal_pointer (&number);
  if (clinical_unit_is_counted (unit))
    spelled = clinical_unit_spell (unit, !clinical_dose_is_one_or_less (literal));
  return g_strdup_printf ("%s %s", number, spelled ? spelled : unit);
}

static const char *
article (const char *word)
{
  return word && *word && strchr ("aeio", *word) ? "an" : "a"; /* "a unit" */
}

/**
 * clinical_dose_words:
 * @literal: a decimal
 * @unit: (nullable): its unit
 *
 * Returns: (transfer full): the amount in words, "one and a half tablets"; what cannot be read
 * stays in digits
 */
char *
clinical_dose_words (const char *literal, const char *unit)
{
  g_autofree char *one = clinical_unit_spell (unit ? unit : "", FALSE);
  g_autofree char *many = clinical_unit_spell (unit ? unit : "", TRUE);
  g_autoptr (GString) out = g_string_new (NULL);
  const char *point = strchr (literal, '.');
  const char *fraction = point ? point + 1 : "";
  gint64 mantissa, whole = g_ascii_strtoll (literal, NULL, 10);
  int scale;
  const char *part = g_str_equal (fraction, "5")    ? "half"
                     : g_str_equal (fraction, "25") ? "quarter"
                                                    : NULL;

  if (!read_decimal (literal, &mantissa, &scale))
    return g_strdup_printf ("%s %s", literal, many);
  if (whole == 0 && part && *part == 'h')
    g_string_printf (out, "half %s %s", article (one), one);
  else if (whole == 0 && part)
    g_string_printf (out, "a quarter of %s %s", article (one), one);
  else if (whole == 0 && g_str_equal (fraction, "75"))
    g_string_printf (out, "three quarters of %s %s", article (one), one);
  else
    {
      append_whole (out, whole);
      if (part)
        g_string_append_printf (out, " and a %s", part);
      else if (g_str_equal (fraction, "75"))
        g_string_append (out, " and three quarters");
      else if (point)
        g_string_append (out, " point");
      for (const char *c = fraction; point && !part && !g_str_equal (fraction, "75") && *c; c++)
        g_string_append_printf (out, " %s", small[*c - '0']);
      g_string_append_printf (out, " %s",
                              clinical_dose_is_one_or_less (literal) && !point ? one : many);
    }
  return g_strchomp (g_string_free_and_steal (g_steal_pointer (&out)));
}
