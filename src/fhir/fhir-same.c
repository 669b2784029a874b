/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-private.h"

#include <string.h>

/* Whether two JSON values are the same in the sense of RFC 6902, 4.6: members in any order, numbers
 * by value, so that 1.0 is 1.00. */

/* Powers of ten beyond this are not told apart: such numbers are the same where they are written
 * so. */
#define FARTHEST (G_MAXINT64 / 4)

/* A number as its digits without zeros around them, and the power of ten of the last one. */
static char *
dup_digits (const char *text, gint64 *power)
{
  GString *digits = g_string_new (*text == '-' ? "-" : NULL);
  gsize sign = digits->len;
  const char *at = text + sign;

  *power = 0;
  for (gboolean after = FALSE; *at != '\0' && *at != 'e' && *at != 'E'; at++)
    if (*at == '.')
      after = TRUE;
    else
      {
        if (*at != '0' || digits->len > sign)
          g_string_append_c (digits, *at);
        *power -= after;
      }
  if (*at != '\0')
    *power += CLAMP (g_ascii_strtoll (at + 1, NULL, 10), -2 * FARTHEST, 2 * FARTHEST);
  while (digits->len > sign && digits->str[digits->len - 1] == '0')
    {
      g_string_truncate (digits, digits->len - 1);
      (*power)++;
    }
  if (digits->len == sign) /* zero has no sign and no power */
    {
      g_string_truncate (digits, 0);
      *power = 0;
    }
  return g_string_free_and_steal (digits);
}

static gboolean
is_same_number (const char *a, const char *b)
{
  gint64 power_a, power_b;
  g_autofree char *digits_a = dup_digits (a, &power_a);
  g_autofree char *digits_b = dup_digits (b, &power_b);

  if (strcmp (digits_a, digits_b) != 0 || power_a != power_b)
    return FALSE;
  return ABS (power_a) < FARTHEST || strcmp (a, b) == 0;
}

static GHashTable *
members_of (yyjson_mut_val *object)
{
  GHashTable *members = g_hash_table_new (g_str_hash, g_str_equal);
  yyjson_mut_obj_iter iter = yyjson_mut_obj_iter_with (object);
  yyjson_mut_val *key;

  while ((key = yyjson_mut_obj_iter_next (&iter)) != NULL)
    g_hash_table_insert (members, (gpointer) yyjson_mut_get_str (key),
                         yyjson_mut_obj_iter_get_val (key));
  return members;
}

gboolean
fhir_value_same (yyjson_mut_val *a, yyjson_mut_val *b)
{
  yyjson_mut_arr_iter items = yyjson_mut_arr_iter_with (a), others = yyjson_mut_arr_iter_with (b);
  yyjson_mut_obj_iter members = yyjson_mut_obj_iter_with (a);
  g_autoptr (GHashTable) known = NULL;
  yyjson_mut_val *next;

  if (a == NULL || b == NULL || yyjson_mut_get_type (a) != yyjson_mut_get_type (b))
    return FALSE;
  if (yyjson_mut_is_raw (a))
    return is_same_number (yyjson_mut_get_raw (a), yyjson_mut_get_raw (b));
  if (!yyjson_mut_is_ctn (a))
    return yyjson_mut_equals (a, b);
  if (yyjson_mut_get_len (a) != yyjson_mut_get_len (b))
    return FALSE;
  while ((next = yyjson_mut_arr_iter_next (&items)) != NULL)
    if (!fhir_value_same (next, yyjson_mut_arr_iter_next (&others)))
      return FALSE;
  known = yyjson_mut_is_obj (b) ? members_of (b) : NULL;
  while ((next = yyjson_mut_obj_iter_next (&members)) != NULL)
    if (!fhir_value_same (yyjson_mut_obj_iter_get_val (next),
                          g_hash_table_lookup (known, yyjson_mut_get_str (next))))
      return FALSE;
  return TRUE;
}
