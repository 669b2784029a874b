/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-decimal.h"

/* A number as whole ones of a power of ten. Twelve digits on either side of the mark are more than
 * any dose has; what does not fit is refused, never rounded. */

#define MAX_DIGITS 18
#define MAX_SCALE  9

__extension__ typedef __int128 Wide;

typedef struct
{
  gint64 mantissa;
  int scale;
} Decimal;

static gboolean
parse (const char *literal, Decimal *out)
{
  int digits = 0, scale = -1;

  out->mantissa = 0;
  for (const char *c = literal; c && *c; c++)
    if (*c == '.' && scale < 0)
      scale = 0;
    else if (g_ascii_isdigit (*c) && digits++ < MAX_DIGITS)
      {
        out->mantissa = out->mantissa * 10 + (*c - '0');
        scale += scale >= 0;
      }
    else
      return FALSE;
  out->scale = MAX (scale, 0);
  return digits > 0 && out->scale <= MAX_SCALE;
}

static Wide
lift (const Decimal *self, int scale)
{
  Wide value = self->mantissa;

  for (int i = self->scale; i < scale; i++)
    value *= 10;
  return value;
}

static char *
print (Wide value, int scale)
{
  gint64 power = 1, whole, part;

  for (; scale > 0 && value % 10 == 0; scale--)
    value /= 10;
  for (int i = 0; i < scale; i++)
    power *= 10;
  if (value < 0 || scale > MAX_SCALE || value / power > (Wide) G_MAXINT64)
    return NULL;
  whole = (gint64) (value / power);
  part = (gint64) (value % power);
  return scale == 0
             ? g_strdup_printf ("%" G_GINT64_FORMAT, whole)
             : g_strdup_printf ("%" G_GINT64_FORMAT ".%0*" G_GINT64_FORMAT, whole, scale, part);
}

/* @order: (out): less than, equal to or greater than 0 */
gboolean
clinical_decimal_compare (const char *a, const char *b, int *order)
{
  Decimal x, y;
  int scale;

  if (!parse (a, &x) || !parse (b, &y))
    return FALSE;
  scale = MAX (x.scale, y.scale);
  *order = (lift (&x, scale) > lift (&y, scale)) - (lift (&x, scale) < lift (&y, scale));
  return TRUE;
}

char *
clinical_decimal_add (const char *a, const char *b)
{
  Decimal x, y;
  int scale;

  if (!parse (a, &x) || !parse (b, &y))
    return NULL;
  scale = MAX (x.scale, y.scale);
  return print (lift (&x, scale) + lift (&y, scale), scale);
}

char *
clinical_decimal_multiply (const char *a, const char *b)
{
  Decimal x, y;

  return parse (a, &x) && parse (b, &y) ? print ((Wide) x.mantissa * y.mantissa, x.scale + y.scale)
                                        : NULL;
}

/* To the nearest multiple of @step; what lies in the middle goes down, to the smaller dose. */
char *
clinical_decimal_round (const char *literal, const char *step)
{
  Decimal x, y;
  int scale;
  Wide value, unit, rest;

  if (!parse (literal, &x) || !parse (step, &y) || y.mantissa == 0)
    return NULL;
  scale = MAX (x.scale, y.scale);
  value = lift (&x, scale);
  unit = lift (&y, scale);
  rest = value % unit;
  return print (value - rest + (rest * 2 > unit ? unit : 0), scale);
}

/* @whole: (out): how many times @b fits into @a */
gboolean
clinical_decimal_divide (const char *a, const char *b, gint64 *whole)
{
  Decimal x, y;
  int scale;
  Wide times;

  if (!parse (a, &x) || !parse (b, &y) || y.mantissa == 0)
    return FALSE;
  scale = MAX (x.scale, y.scale);
  times = lift (&x, scale) / lift (&y, scale);
  if (times > (Wide) G_MAXINT64)
    return FALSE;
  *whole = (gint64) times;
  return TRUE;
}
