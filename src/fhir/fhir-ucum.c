/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-ucum.h"

#include <math.h>
#include <string.h>

#include "fhir-quantity.h"
#include "fhir-ucum-private.h"

/* UCUM codes (https://ucum.org/ucum) read, and values converted for a person to look at. What comes
 * out is never written back to a record: the digits that were measured are the record. A code that
 * is not wholly understood is not converted at all. */

#define MAX_LENGTH   128
#define MAX_NESTING  8
#define MAX_EXPONENT 30
#define MAX_DECIMALS 6

typedef struct
{
  const char *at;
  guint nesting;
  gboolean special; /* a unit with an offset was met */
  guint parts;
} Reader;

static gboolean
multiply (FhirUcum *product, const FhirUcum *by, int exponent)
{
  product->factor *= pow (by->factor, exponent);
  for (guint i = 0; i < FHIR_UCUM_DIMENSIONS; i++)
    {
      int power = product->powers[i] + by->powers[i] * exponent;

      if (power < -MAX_EXPONENT || power > MAX_EXPONENT)
        return FALSE;
      product->powers[i] = (gint8) power;
    }
  return isfinite (product->factor) && product->factor > 0;
}

static gboolean
skip_annotation (Reader *self)
{
  const char *end = strchr (self->at, '}');

  if (end == NULL)
    return FALSE;
  self->at = end + 1;
  return TRUE;
}

/* The letters of one unit: a part in brackets may hold digits, as in m[H2O]. */
static gsize
symbol_length (const char *text)
{
  gsize length = g_str_has_prefix (text, "10*") || g_str_has_prefix (text, "10^") ? 3 : 0;

  if (length > 0)
    return length;
  for (;;)
    {
      if (text[length] == '[')
        {
          gsize inside = strcspn (text + length, "]");

          if (text[length + inside] == '\0')
            return 0;
          length += inside + 1;
        }
      else if (g_ascii_isalpha (text[length]) || text[length] == '%')
        length++;
      else
        return length;
    }
}

static gboolean
read_exponent (Reader *self, int *exponent)
{
  gboolean negative = *self->at == '-';
  guint digits = 0;

  *exponent = 1;
  if (!g_ascii_isdigit (self->at[*self->at == '-' || *self->at == '+' ? 1 : 0]))
    return *self->at != '-' && *self->at != '+';
  if (*self->at == '-' || *self->at == '+')
    self->at++;
  *exponent = 0;
  for (; g_ascii_isdigit (*self->at) && digits < 3; self->at++, digits++)
    *exponent = *exponent * 10 + (*self->at - '0');
  if (*exponent > MAX_EXPONENT)
    return FALSE;
  if (negative)
    *exponent = -*exponent;
  return TRUE;
}

static gboolean
read_number (Reader *self, FhirUcum *out)
{
  guint64 number = 0;

  for (guint digits = 0; g_ascii_isdigit (*self->at); self->at++)
    {
      if (++digits > 9)
        return FALSE;
      number = number * 10 + (guint64) (*self->at - '0');
    }
  out->factor = (double) number;
  return number > 0;
}

static gboolean
read_simple (Reader *self, FhirUcum *out, int *exponent)
{
  gsize length = symbol_length (self->at);

  if (length == 0 && g_ascii_isdigit (*self->at))
    return read_number (self, out);
  if (length == 0 || !fhir_ucum_find_atom (self->at, length, out))
    return FALSE;
  self->at += length;
  self->special = self->special || out->offset != 0;
  return read_exponent (self, exponent);
}

/* A unit with its exponent, a number, an annotation, or a term in parentheses. */
static gboolean
read_part (Reader *self, FhirUcum *out, int *exponent)
{
  *out = (FhirUcum) { .factor = 1 };
  *exponent = 1;
  self->parts++;
  if (*self->at != '{' && !read_simple (self, out, exponent))
    return FALSE;
  return *self->at != '{' || skip_annotation (self);
}

static gboolean
read_term (Reader *self, FhirUcum *out)
{
  int sign = 1;

  *out = (FhirUcum) { .factor = 1 };
  if (*self->at == '/')
    {
      sign = -1;
      self->at++;
    }
  for (;;)
    {
      FhirUcum part;
      int exponent = 1;

      if (*self->at == '(')
        {
          self->at++;
          if (++self->nesting > MAX_NESTING || !read_term (self, &part) || *self->at != ')')
            return FALSE;
          self->at++;
          self->nesting--;
        }
      else if (!read_part (self, &part, &exponent))
        return FALSE;
      if (!multiply (out, &part, sign * exponent))
        return FALSE;
      out->offset = part.offset;
      if (*self->at != '.' && *self->at != '/')
        return TRUE;
      sign = *self->at == '/' ? -1 : 1;
      self->at++;
    }
}

/**
 * fhir_ucum_parse:
 * @code: (nullable): a UCUM code, case-sensitive
 *
 * Returns: FALSE where any part of @code is not known, or a temperature stands within another unit
 */
gboolean
fhir_ucum_parse (const char *code, FhirUcum *out)
{
  Reader reader = { .at = code };

  if (code == NULL || *code == '\0' || strlen (code) > MAX_LENGTH || !read_term (&reader, out) ||
      *reader.at != '\0')
    return FALSE;
  /* Degrees have a zero of their own: they are a unit alone, and only once. */
  return !reader.special || (reader.parts == 1 && out->powers[FHIR_UCUM_TEMPERATURE] == 1);
}

/**
 * fhir_ucum_is_commensurable:
 *
 * Returns: whether both codes measure the same kind of thing
 */
gboolean
fhir_ucum_is_commensurable (const char *one, const char *other)
{
  FhirUcum a, b;

  return fhir_ucum_parse (one, &a) && fhir_ucum_parse (other, &b) &&
         memcmp (a.powers, b.powers, sizeof a.powers) == 0;
}

/* ---- converting -------------------------------------------------------------------------------
 */

/* Brings a mass to an amount or back; the substance says how much a mole of it weighs. */
static gboolean
apply_molar_mass (FhirUcum *from, const FhirUcum *to, const char *loinc)
{
  int mass = from->powers[FHIR_UCUM_MASS] - to->powers[FHIR_UCUM_MASS];
  int amount = from->powers[FHIR_UCUM_AMOUNT] - to->powers[FHIR_UCUM_AMOUNT];
  double molar_mass = fhir_ucum_get_molar_mass (loinc, NULL);

  if (molar_mass <= 0 || mass + amount != 0 || (mass != 1 && mass != -1))
    return FALSE;
  from->factor = mass == 1 ? from->factor / molar_mass : from->factor * molar_mass;
  from->powers[FHIR_UCUM_MASS] = (gint8) (from->powers[FHIR_UCUM_MASS] - mass);
  from->powers[FHIR_UCUM_AMOUNT] = (gint8) (from->powers[FHIR_UCUM_AMOUNT] - amount);
  return TRUE;
}

/* The place of the last digit written: -2 for 1.00, 0 for 100, 2 for 1e2. */
static int
last_place (const char *literal)
{
  const char *point = strchr (literal, '.'), *exponent = strpbrk (literal, "eE");
  gint64 power = exponent != NULL ? g_ascii_strtoll (exponent + 1, NULL, 10) : 0;
  gssize decimals = 0;

  if (point != NULL)
    decimals = (exponent != NULL ? exponent : literal + strlen (literal)) - point - 1;
  return (int) CLAMP (power - decimals, -400, 400);
}

/**
 * fhir_ucum_convert:
 * @literal: a number as it was written
 * @from: its UCUM code
 * @to: the UCUM code to show it in
 * @loinc: (nullable): what was measured; needed between mass and amount
 *
 * The result has about as fine a last digit as @literal: 98.6 °F is 37.0 °C, 180 lb is 82 kg.
 *
 * Returns: (transfer full) (nullable): the number for a person to read, never to be stored; NULL
 *   where either unit is not known or they measure different things
 */
char *
fhir_ucum_convert (const char *literal, const char *from, const char *to, const char *loinc)
{
  FhirUcum a, b;
  char *end = NULL, buffer[G_ASCII_DTOSTR_BUF_SIZE + 320], format[8];
  double value = literal != NULL ? g_ascii_strtod (literal, &end) : NAN, ratio;
  int decimals;

  if (end == NULL || end == literal || *end != '\0' || !isfinite (value) ||
      !fhir_ucum_parse (from, &a) || !fhir_ucum_parse (to, &b))
    return NULL;
  if (memcmp (a.powers, b.powers, sizeof a.powers) != 0 &&
      (!apply_molar_mass (&a, &b, loinc) || memcmp (a.powers, b.powers, sizeof a.powers) != 0))
    return NULL;
  ratio = a.factor / b.factor;
  value = (value + a.offset) * ratio - b.offset;
  if (!isfinite (value) || fabs (value) > 1e15)
    return NULL;
  /* A last digit up to 2.5 times as coarse: 180 lb are 82 kg, but 14 mg/dL of urea nitrogen 5.0. */
  decimals = (int) floor (-(last_place (literal) + log10 (ratio)) + 0.6);
  g_snprintf (format, sizeof format, "%%.%df", CLAMP (decimals, 0, MAX_DECIMALS));
  g_ascii_formatd (buffer, sizeof buffer, format, value);
  /* What rounds to nothing has no sign. */
  return g_strdup (g_ascii_strtod (buffer, NULL) == 0 && *buffer == '-' ? buffer + 1 : buffer);
}

/**
 * fhir_ucum_format:
 * @quantity: (nullable): a Quantity
 * @to: the UCUM code to show it in
 * @loinc: (nullable): what was measured
 *
 * Returns: (transfer full) (nullable): "81.6 kg", with its comparator; NULL where it cannot be
 *   converted, as with a unit of another system than UCUM: then show it as it is
 */
char *
fhir_ucum_format (const FhirElement *quantity, const char *to, const char *loinc)
{
  const FhirElement *value = fhir_element_get (quantity, "value");
  const char *system = fhir_element_path_text (quantity, "system");
  const char *comparator = fhir_element_path_text (quantity, "comparator");
  g_autofree char *number = NULL;
  const char *unit = fhir_quantity_get_spoken_unit (to);

  if (g_strcmp0 (system, FHIR_UCUM_SYSTEM) != 0 ||
      fhir_element_get_kind (value) != FHIR_KIND_NUMBER)
    return NULL;
  number = fhir_ucum_convert (fhir_element_get_text (value),
                              fhir_element_path_text (quantity, "code"), to, loinc);
  if (number == NULL)
    return NULL;
  return g_strconcat (comparator != NULL ? comparator : "", comparator != NULL ? " " : "", number,
                      *unit != '\0' ? " " : "", unit, NULL);
}
