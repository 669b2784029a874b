/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-builder.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "fhir-private.h"

struct _FhirBuilder
{
  yyjson_mut_doc *document;
};

/**
 * fhir_builder_new:
 * @type: a resource type
 * @id: (nullable): the logical id
 *
 * Returns: (transfer full): a builder of a new resource
 */
FhirBuilder *
fhir_builder_new (const char *type, const char *id)
{
  FhirBuilder *self = g_new0 (FhirBuilder, 1);

  self->document = yyjson_mut_doc_new (NULL);
  yyjson_mut_doc_set_root (self->document, yyjson_mut_obj (self->document));
  fhir_builder_set (self, "resourceType", type);
  fhir_builder_set (self, "id", id);
  return self;
}

/**
 * fhir_builder_new_from:
 *
 * Returns: (transfer full): a builder that starts as a copy of @resource
 */
FhirBuilder *
fhir_builder_new_from (FhirResource *resource)
{
  FhirBuilder *self = g_new0 (FhirBuilder, 1);
  yyjson_val *root = VALUE (fhir_resource_get_root (resource));

  self->document = yyjson_mut_doc_new (NULL);
  yyjson_mut_doc_set_root (self->document, yyjson_val_mut_copy (self->document, root));
  return self;
}

void
fhir_builder_free (FhirBuilder *self)
{
  yyjson_mut_doc_free (self->document);
  g_free (self);
}

/* The value at one step of a path; made as a list or an object, by what the next step is, where it
 * is missing and @next is not NULL. */
static yyjson_mut_val *
step_into (FhirBuilder *self, yyjson_mut_val *at, const char *step, gsize length, const char *next)
{
  gboolean is_position = g_ascii_isdigit (*step);
  gsize position = is_position ? strtoul (step, NULL, 10) : 0;
  yyjson_mut_val *found =
      is_position ? yyjson_mut_arr_get (at, position) : yyjson_mut_obj_getn (at, step, length);

  if (found != NULL || next == NULL)
    return found;
  found =
      g_ascii_isdigit (*next) ? yyjson_mut_arr (self->document) : yyjson_mut_obj (self->document);
  if (is_position)
    {
      g_return_val_if_fail (position == yyjson_mut_arr_size (at), NULL);
      yyjson_mut_arr_append (at, found);
    }
  else
    yyjson_mut_obj_put (at, yyjson_mut_strncpy (self->document, step, length), found);
  return found;
}

static void
put (FhirBuilder *self, const char *path, yyjson_mut_val *value)
{
  yyjson_mut_val *at = yyjson_mut_doc_get_root (self->document);

  for (;;)
    {
      gsize length = strcspn (path, ".");

      if (path[length] == '\0')
        break;
      at = step_into (self, at, path, length, path + length + 1);
      g_return_if_fail (at != NULL);
      path += length + 1;
    }
  if (!g_ascii_isdigit (*path))
    {
      g_return_if_fail (yyjson_mut_is_obj (at));
      yyjson_mut_obj_put (at, yyjson_mut_strcpy (self->document, path), value);
    }
  else
    {
      gsize position = strtoul (path, NULL, 10);

      g_return_if_fail (yyjson_mut_is_arr (at) && position <= yyjson_mut_arr_size (at));
      if (position < yyjson_mut_arr_size (at))
        yyjson_mut_arr_replace (at, position, value);
      else
        yyjson_mut_arr_append (at, value);
    }
}

/**
 * fhir_builder_set:
 * @text: (nullable): a string value; with NULL nothing is set. What is not UTF-8 in it becomes
 * U+FFFD
 */
void
fhir_builder_set (FhirBuilder *self, const char *path, const char *text)
{
  g_autofree char *valid = NULL;

  if (text == NULL)
    return;
  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);
  put (self, path, yyjson_mut_strcpy (self->document, text));
}

/**
 * fhir_builder_set_many:
 * @...: the text for @path, then further pairs of path and text, then NULL. A NULL text in a pair
 *   would end the list: use fhir_builder_set() for values that may be absent
 */
void
fhir_builder_set_many (FhirBuilder *self, const char *path, ...)
{
  va_list pairs;

  va_start (pairs, path);
  while (path != NULL)
    {
      fhir_builder_set (self, path, va_arg (pairs, const char *));
      path = va_arg (pairs, const char *);
    }
  va_end (pairs);
}

void
fhir_builder_set_boolean (FhirBuilder *self, const char *path, gboolean value)
{
  put (self, path, yyjson_mut_bool (self->document, value));
}

void
fhir_builder_set_integer (FhirBuilder *self, const char *path, gint64 value)
{
  put (self, path, yyjson_mut_sint (self->document, value));
}

/**
 * fhir_builder_set_decimal:
 * @literal: (nullable): the number as it is to be written, as in "1.00"; not checked for being one
 */
void
fhir_builder_set_decimal (FhirBuilder *self, const char *path, const char *literal)
{
  if (literal != NULL)
    put (self, path, yyjson_mut_rawcpy (self->document, literal));
}

void
fhir_builder_set_element (FhirBuilder *self, const char *path, const FhirElement *element)
{
  if (element != NULL)
    put (self, path, yyjson_val_mut_copy (self->document, VALUE (element)));
}

/**
 * fhir_builder_set_json:
 * @json: any JSON value
 *
 * Returns: FALSE with @error set where @json is not JSON, names a key twice or nests too deep
 */
gboolean
fhir_builder_set_json (FhirBuilder *self, const char *path, const char *json, GError **error)
{
  yyjson_read_err problem;
  yyjson_doc *document =
      yyjson_read_opts ((char *) json, strlen (json), FHIR_READ_FLAGS, NULL, &problem);
  gboolean good;

  if (document == NULL)
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_SYNTAX, "Not JSON at byte %" G_GSIZE_FORMAT ": %s",
                   problem.pos, problem.msg);
      return FALSE;
    }
  good = fhir_value_check (yyjson_doc_get_root (document), FHIR_MAX_DEPTH, error);
  if (good)
    put (self, path, yyjson_val_mut_copy (self->document, yyjson_doc_get_root (document)));
  yyjson_doc_free (document);
  return good;
}

/**
 * fhir_builder_set_coding:
 * @path: a CodeableConcept; its first coding is set, and its text where @display is given
 */
void
fhir_builder_set_coding (
    FhirBuilder *self, const char *path, const char *system, const char *code, const char *display)
{
  static const char *const members[] = { "coding.0.system", "coding.0.code", "coding.0.display",
                                         "text" };
  const char *values[] = { system, code, display, display };

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autofree char *member = g_strconcat (path, ".", members[i], NULL);

      fhir_builder_set (self, member, values[i]);
    }
}

static yyjson_mut_val *
find (FhirBuilder *self, const char *path, gsize length)
{
  yyjson_mut_val *at = yyjson_mut_doc_get_root (self->document);
  const char *end = path + length;

  while (at != NULL && path < end)
    {
      gsize step = strcspn (path, ".");

      at = step_into (self, at, path, MIN (step, (gsize) (end - path)), NULL);
      path += step + 1;
    }
  return at;
}

/**
 * fhir_builder_remove:
 *
 * Removes what stands at @path; nothing happens where nothing does.
 */
void
fhir_builder_remove (FhirBuilder *self, const char *path)
{
  const char *last = strrchr (path, '.');
  yyjson_mut_val *parent = find (self, path, last != NULL ? (gsize) (last - path) : 0);

  last = last != NULL ? last + 1 : path;
  if (yyjson_mut_is_arr (parent) && g_ascii_isdigit (*last))
    yyjson_mut_arr_remove (parent, strtoul (last, NULL, 10));
  else if (yyjson_mut_is_obj (parent))
    yyjson_mut_obj_remove_key (parent, last);
}

/**
 * fhir_builder_prune:
 *
 * Removes the list or object at @path where it is empty: FHIR knows no empty ones.
 */
void
fhir_builder_prune (FhirBuilder *self, const char *path)
{
  yyjson_mut_val *found = find (self, path, strlen (path));

  if (yyjson_mut_is_ctn (found) && yyjson_mut_get_len (found) == 0)
    fhir_builder_remove (self, path);
}

/**
 * fhir_builder_get_length:
 *
 * Returns: items of the list at @path, 0 where there is none: the position that appends
 */
gsize
fhir_builder_get_length (FhirBuilder *self, const char *path)
{
  yyjson_mut_val *found = find (self, path, strlen (path));

  return yyjson_mut_is_arr (found) ? yyjson_mut_arr_size (found) : 0;
}

/**
 * fhir_builder_end:
 *
 * It is an error of the program to end a builder whose type, id or decimal literals are not valid.
 *
 * Returns: (transfer full): the resource as built so far; the builder may go on
 */
FhirResource *
fhir_builder_end (FhirBuilder *self)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  char *text = yyjson_mut_write (self->document, FHIR_WRITE_FLAGS, &length);
  FhirResource *resource = fhir_resource_take_written (text, length, &error);

  if (resource == NULL)
    g_error ("A builder made what is no resource: %s", error->message);
  return resource;
}
