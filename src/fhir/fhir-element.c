/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-element.h"

#include <stdlib.h>
#include <string.h>

#include "fhir-private.h"

FhirKind
fhir_element_get_kind (const FhirElement *element)
{
  switch (yyjson_get_type (VALUE (element)))
    {
    case YYJSON_TYPE_NULL:
      return FHIR_KIND_NULL;
    case YYJSON_TYPE_BOOL:
      return FHIR_KIND_BOOLEAN;
    case YYJSON_TYPE_NUM:
    case YYJSON_TYPE_RAW:
      return FHIR_KIND_NUMBER;
    case YYJSON_TYPE_STR:
      return FHIR_KIND_STRING;
    case YYJSON_TYPE_ARR:
      return FHIR_KIND_ARRAY;
    case YYJSON_TYPE_OBJ:
      return FHIR_KIND_OBJECT;
    default:
      return FHIR_KIND_NONE;
    }
}

/**
 * fhir_element_get:
 * @object: (nullable): an element that may be an object
 *
 * Returns: (transfer none) (nullable): its member @name
 */
const FhirElement *
fhir_element_get (const FhirElement *object, const char *name)
{
  return ELEMENT (yyjson_obj_get (VALUE (object), name));
}

/**
 * fhir_element_path:
 * @path: member names and list positions joined by dots, as in "name.0.family"; a list that is met
 *   where a name is asked for stands for its first item, so "code.coding.code" works too
 *
 * Returns: (transfer none) (nullable): the element at @path
 */
const FhirElement *
fhir_element_path (const FhirElement *element, const char *path)
{
  yyjson_val *value = VALUE (element);

  while (value != NULL && *path != '\0')
    {
      gsize length = strcspn (path, ".");

      if (yyjson_is_arr (value) && g_ascii_isdigit (*path))
        value = yyjson_arr_get (value, strtoul (path, NULL, 10));
      else
        {
          if (yyjson_is_arr (value))
            value = yyjson_arr_get_first (value);
          value = yyjson_obj_getn (value, path, length);
        }
      path += length;
      if (*path == '.')
        path++;
    }
  return ELEMENT (value);
}

const FhirElement *
fhir_element_at (const FhirElement *array, gsize index)
{
  return ELEMENT (yyjson_arr_get (VALUE (array), index));
}

/**
 * fhir_element_get_length:
 *
 * Returns: items of a list, members of an object, else 0
 */
gsize
fhir_element_get_length (const FhirElement *element)
{
  yyjson_val *value = VALUE (element);

  return yyjson_is_ctn (value) ? yyjson_get_len (value) : 0;
}

/**
 * fhir_element_get_text:
 *
 * Returns: (transfer none) (nullable): a string's text, a number's literal as it came (1.00 stays
 *   1.00), "true" or "false"; NULL for anything else
 */
const char *
fhir_element_get_text (const FhirElement *element)
{
  yyjson_val *value = VALUE (element);

  if (yyjson_is_str (value))
    return yyjson_get_str (value);
  if (yyjson_is_raw (value))
    return yyjson_get_raw (value);
  if (yyjson_is_bool (value))
    return yyjson_get_bool (value) ? "true" : "false";
  return NULL;
}

gboolean
fhir_element_is_true (const FhirElement *element)
{
  return yyjson_is_true (VALUE (element));
}

/**
 * fhir_element_get_double:
 *
 * Returns: a number's value for comparing and drawing; never written back
 */
double
fhir_element_get_double (const FhirElement *element, double fallback)
{
  return yyjson_is_raw (VALUE (element)) ? g_ascii_strtod (yyjson_get_raw (VALUE (element)), NULL)
                                         : fallback;
}

gint64
fhir_element_get_integer (const FhirElement *element, gint64 fallback)
{
  const char *text = yyjson_is_raw (VALUE (element)) ? yyjson_get_raw (VALUE (element)) : NULL;
  char *end;
  gint64 number;

  if (text == NULL)
    return fallback;
  number = g_ascii_strtoll (text, &end, 10);
  return *end == '\0' ? number : fallback;
}

/**
 * fhir_element_path_text:
 *
 * Returns: (transfer none) (nullable): fhir_element_get_text() of fhir_element_path()
 */
const char *
fhir_element_path_text (const FhirElement *element, const char *path)
{
  return fhir_element_get_text (fhir_element_path (element, path));
}

/**
 * fhir_element_dup_json:
 *
 * Returns: (transfer full): the element as JSON without white space, numbers as they came
 */
char *
fhir_element_dup_json (const FhirElement *element)
{
  gsize length = 0;
  char *text = yyjson_val_write (VALUE (element), FHIR_WRITE_FLAGS, &length);
  char *copy = g_strndup (text != NULL ? text : "null", text != NULL ? length : 4);

  free (text);
  return copy;
}

/**
 * fhir_element_equal:
 *
 * Returns: whether both say the same: members in any order, numbers by their literal text
 */
gboolean
fhir_element_equal (const FhirElement *a, const FhirElement *b)
{
  return a == b || (a != NULL && b != NULL && yyjson_equals (VALUE (a), VALUE (b)));
}

const FhirElement *
fhir_element_first (const FhirElement *array)
{
  return ELEMENT (yyjson_arr_get_first (VALUE (array)));
}

const FhirElement *
fhir_element_next (const FhirElement *array, const FhirElement *item)
{
  yyjson_val *next = unsafe_yyjson_get_next (VALUE (item));

  return next < unsafe_yyjson_get_next (VALUE (array)) ? ELEMENT (next) : NULL;
}

void
fhir_member_iter_init (FhirMemberIter *iter, const FhirElement *object)
{
  iter->object = object;
  iter->left = yyjson_is_obj (VALUE (object)) ? yyjson_obj_size (VALUE (object)) : 0;
  iter->key = iter->left > 0 ? ELEMENT (unsafe_yyjson_get_first (VALUE (object))) : NULL;
}

/**
 * fhir_member_iter_next:
 * @name: (out) (transfer none): the member's name
 * @value: (out) (transfer none): its value
 *
 * Returns: FALSE after the last member
 */
gboolean
fhir_member_iter_next (FhirMemberIter *iter, const char **name, const FhirElement **value)
{
  if (iter->left == 0)
    return FALSE;
  *name = yyjson_get_str (VALUE (iter->key));
  *value = iter->key = ELEMENT (VALUE (iter->key) + 1);
  iter->left--;
  iter->key = ELEMENT (unsafe_yyjson_get_next (VALUE (iter->key)));
  return TRUE;
}
