/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-barcode.h"

#include <glib/gi18n.h>
#include <string.h>

/* Codes on packages of medicines, typed or scanned: GS1 element strings (application identifiers
 * 01, 10, 17, 21 and 710 to 714), a GTIN of 8, 12, 13 or 14 digits with its check digit, and the
 * National Drug Code of the United States, which a GTIN holds after "03". Sources: GS1 General
 * Specifications as ../shared/standards.md 12 restates them. Nothing here knows a product. */

#define GROUP_SEPARATOR '\x1d'
#define MAX_CODE        200
#define LEAST_CODE      6 /* digits: fewer are a strength */

/* Application identifiers: fixed length, or at most so many with a separator after them. */
static const struct
{
  const char *identifier;
  guint length;
  gboolean fixed;
} elements[] = {
  { "01", 14, TRUE },   { "02", 14, TRUE },   { "11", 6, TRUE },    { "13", 6, TRUE },
  { "15", 6, TRUE },    { "17", 6, TRUE },    { "20", 2, TRUE },    { "10", 20, FALSE },
  { "21", 20, FALSE },  { "30", 8, FALSE },   { "37", 8, FALSE },   { "240", 30, FALSE },
  { "710", 20, FALSE }, { "711", 20, FALSE }, { "712", 20, FALSE }, { "713", 20, FALSE },
  { "714", 20, FALSE },
};

static gboolean
are_digits (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  return TRUE;
}

/* The last digit makes the sum a multiple of ten: every second digit from the right counts three.
 */
static gboolean
has_check_digit (const char *digits, gsize length)
{
  guint sum = 0;

  for (gsize i = 0; i < length; i++)
    sum += (guint) (digits[length - 1 - i] - '0') * (i % 2 == 1 ? 3 : 1);
  return sum % 10 == 0;
}

/* ---- National Drug Codes --------------------------------------------------------------------- */

/* Labeler, product and package of five, four and two digits, a short one with 0 before it. */
static void
add_ndc (ClinicalBarcode *out, const char *digits, guint labeler, guint product, guint package)
{
  char ndc[12];
  guint at = 0;

  if (labeler == 4)
    ndc[at++] = '0';
  memcpy (ndc + at, digits, labeler);
  at += labeler;
  if (product == 3)
    ndc[at++] = '0';
  memcpy (ndc + at, digits + labeler, product);
  at += product;
  if (package == 1)
    ndc[at++] = '0';
  memcpy (ndc + at, digits + labeler + product, package);
  ndc[11] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (out->ndcs); i++)
    {
      if (strcmp (out->ndcs[i], ndc) == 0)
        return;
      if (*out->ndcs[i] == '\0')
        {
          memcpy (out->ndcs[i], ndc, sizeof ndc);
          return;
        }
    }
}

static void
add_ten_digits (ClinicalBarcode *out, const char *digits)
{
  add_ndc (out, digits, 4, 4, 2);
  add_ndc (out, digits, 5, 3, 2);
  add_ndc (out, digits, 5, 4, 1);
}

/* With hyphens the code says itself how it is cut. */
static gboolean
take_hyphens (ClinicalBarcode *out, const char *text)
{
  static const guint layouts[][3] = { { 4, 4, 2 }, { 5, 3, 2 }, { 5, 4, 1 }, { 5, 4, 2 } };
  g_auto (GStrv) parts = g_strsplit (text, "-", 4);
  g_autofree char *digits = NULL;

  if (g_strv_length (parts) != 3)
    return FALSE;
  digits = g_strconcat (parts[0], parts[1], parts[2], NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (strlen (parts[0]) == layouts[i][0] && strlen (parts[1]) == layouts[i][1] &&
        strlen (parts[2]) == layouts[i][2] && are_digits (digits, strlen (digits)))
      {
        add_ndc (out, digits, layouts[i][0], layouts[i][1], layouts[i][2]);
        return TRUE;
      }
  return FALSE;
}

/* ---- GTIN ------------------------------------------------------------------------------------ */

static ClinicalBarcodeKind
take_gtin (ClinicalBarcode *out, const char *digits, gsize length, const char **why)
{
  if (!are_digits (digits, length) || !has_check_digit (digits, length))
    {
      *why = _ ("This code was misread: its check digit does not fit. Scan it again, or compare "
                "what you typed with the package.");
      return CLINICAL_BARCODE_BAD;
    }
  memset (out->gtin, '0', 14 - length);
  memcpy (out->gtin + 14 - length, digits, length);
  out->gtin[14] = '\0';
  if (out->gtin[1] == '0' && out->gtin[2] == '3')
    add_ten_digits (out, out->gtin + 3);
  return CLINICAL_BARCODE_PACKAGE;
}

/* ---- GS1 element strings --------------------------------------------------------------------- */

/* Two digits of a year are those within 49 years before and 50 after. Day 00 is the last one. */
static void
take_expiry (ClinicalBarcode *out, const char *digits, int year)
{
  int two = (digits[0] - '0') * 10 + digits[1] - '0',
      month = (digits[2] - '0') * 10 + digits[3] - '0',
      day = (digits[4] - '0') * 10 + digits[5] - '0', full = year - year % 100 + two;

  if (full - year > 50)
    full -= 100;
  else if (year - full > 49)
    full += 100;
  if (month < 1 || month > 12 || full < 1 || full > 9999)
    return;
  if (day == 0)
    day = g_date_get_days_in_month ((GDateMonth) month, (GDateYear) full);
  if (g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) full))
    g_snprintf (out->expires, sizeof out->expires, "%04d-%02d-%02d", full, month, day);
}

static void
keep (char *to, const char *value, gsize length)
{
  memcpy (to, value, length);
  to[length] = '\0';
}

static ClinicalBarcodeKind
take_element (ClinicalBarcode *out,
              const char *identifier,
              const char *value,
              gsize length,
              int year,
              const char **why)
{
  if (g_str_equal (identifier, "01") && *out->gtin != '\0')
    {
      *why = _ ("This code names two products. Scan the package by itself.");
      return CLINICAL_BARCODE_BAD;
    }
  if (g_str_equal (identifier, "01"))
    return take_gtin (out, value, length, why);
  if (g_str_equal (identifier, "17") && are_digits (value, length))
    take_expiry (out, value, year);
  else if (g_str_equal (identifier, "10"))
    keep (out->lot, value, length);
  else if (g_str_equal (identifier, "21"))
    keep (out->serial, value, length);
  else if (g_str_has_prefix (identifier, "71"))
    keep (out->national, value, length);
  return CLINICAL_BARCODE_PACKAGE;
}

/* The identifier at @at, whose value begins at *value; in brackets when written for people. */
static int
find_element (const char *at, const char **value)
{
  gboolean brackets = *at == '(';

  at += brackets;
  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      gsize length = strlen (elements[i].identifier);

      if (!g_str_has_prefix (at, elements[i].identifier) || (brackets && at[length] != ')'))
        continue;
      *value = at + length + brackets;
      return (int) i;
    }
  return -1;
}

/* A bracket ends a value only in what is written for people: a lot may hold one. */
static gsize
value_length (const char *value, guint most, gboolean fixed, gboolean brackets)
{
  gsize length = strcspn (value, brackets ? "\x1d(" : "\x1d");

  return fixed ? MIN (length, most) : length;
}

static ClinicalBarcodeKind
take_elements (ClinicalBarcode *out, const char *text, int year, const char **why)
{
  const char *at = text, *value = NULL;
  gboolean brackets = *text == '(';

  while (*at != '\0')
    {
      int found;
      gsize length;
      ClinicalBarcodeKind kind;

      if (*at == GROUP_SEPARATOR)
        {
          at++;
          continue;
        }
      found = find_element (at, &value);
      length = found >= 0
                   ? value_length (value, elements[found].length, elements[found].fixed, brackets)
                   : 0;
      if (found < 0 || length == 0 || length > elements[found].length ||
          (elements[found].fixed && length < elements[found].length))
        {
          *why =
              _ ("This code cannot be read to its end. Type the number of the product instead, or "
                 "search for its name.");
          return CLINICAL_BARCODE_BAD;
        }
      kind = take_element (out, elements[found].identifier, value, length, year, why);
      if (kind != CLINICAL_BARCODE_PACKAGE)
        return kind;
      at = value + length;
    }
  if (*out->gtin != '\0')
    return CLINICAL_BARCODE_PACKAGE;
  *why = _ ("This code does not say which product it is on. Scan the other code of the package, or "
            "search for its name.");
  return CLINICAL_BARCODE_BAD;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static ClinicalBarcodeKind
take_digits (ClinicalBarcode *out, const char *digits, gsize length, int year, const char **why)
{
  if (length < LEAST_CODE)
    return CLINICAL_BARCODE_NONE;
  switch (length)
    {
    case 10:
      add_ten_digits (out, digits);
      return CLINICAL_BARCODE_PACKAGE;
    case 11:
      add_ndc (out, digits, 5, 4, 2);
      return CLINICAL_BARCODE_PACKAGE;
    case 8:
      return has_check_digit (digits, length) ? take_gtin (out, digits, length, why)
                                              : CLINICAL_BARCODE_PART;
    case 12:
    case 13:
    case 14:
      return take_gtin (out, digits, length, why);
    default:
      if (length < 12)
        return CLINICAL_BARCODE_PART;
      return take_elements (out, digits, year, why);
    }
}

/* Text that a scanner's symbology or brackets mark as elements; NULL where neither is there. */
static const char *
skip_mark (const char *text)
{
  static const char *const marks[] = { "]d2", "]C1", "]Q3", "]e0", "]E0" };

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (g_str_has_prefix (text, marks[i]))
      return text + strlen (marks[i]);
  return *text == '(' || *text == GROUP_SEPARATOR ? text : NULL;
}

static ClinicalBarcodeKind
parse (ClinicalBarcode *out, const char *code, int year, const char **why)
{
  const char *elements_at = skip_mark (code);
  gsize length = strlen (code), digits = strspn (code, "0123456789");

  if (g_str_has_prefix (code, "]E0")) /* a plain GTIN */
    return take_digits (out, elements_at, strspn (elements_at, "0123456789"), year, why);
  if (elements_at != NULL)
    return take_elements (out, elements_at, year, why);
  if (*code == ']')
    {
      *why =
          _ ("This is a code of a kind that Bedside does not read. Type the number of the product "
             "instead, or search for its name.");
      return CLINICAL_BARCODE_BAD;
    }
  if (digits == length)
    return take_digits (out, code, length, year, why);
  /* elements without their mark, as some scanners send them */
  if (digits >= 16 && g_str_has_prefix (code, "01"))
    return take_elements (out, code, year, why);
  if (strspn (code, "0123456789-") != length || digits < 4)
    return CLINICAL_BARCODE_NONE;
  return take_hyphens (out, code) ? CLINICAL_BARCODE_PACKAGE : CLINICAL_BARCODE_PART;
}

/**
 * clinical_barcode_parse:
 * @text: what was typed or scanned
 * @length: of it, or -1
 * @year: this year, by which the year of an expiry of two digits is told
 * @out: (out): what the code says; empty unless it is a package's
 * @why: (out) (nullable): a sentence where it is bad
 *
 * Returns: what it is
 */
ClinicalBarcodeKind
clinical_barcode_parse (
    const char *text, gssize length, int year, ClinicalBarcode *out, const char **why)
{
  gsize bytes = length < 0 ? strlen (text) : (gsize) length;
  g_autofree char *code = NULL;
  ClinicalBarcodeKind kind;

  memset (out, 0, sizeof *out);
  *why = NULL;
  if (bytes == 0 || bytes > MAX_CODE || memchr (text, '\0', bytes) != NULL)
    return CLINICAL_BARCODE_NONE;
  code = g_strstrip (g_strndup (text, bytes));
  for (const char *c = code; *c != '\0'; c++)
    if ((*c < 0x20 && *c != GROUP_SEPARATOR) || *c == 0x7f)
      return CLINICAL_BARCODE_NONE;
  kind = parse (out, code, year, why);
  if (kind != CLINICAL_BARCODE_PACKAGE)
    memset (out, 0, sizeof *out);
  return kind;
}
