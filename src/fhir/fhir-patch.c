/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-patch.h"

#include <stdlib.h>
#include <string.h>

#include "fhir-private.h"

/* JSON Patch, https://www.rfc-editor.org/rfc/rfc6902, with JSON Pointer, rfc6901. Numbers keep
 * their literal text on the way; only `test` compares them by value, as the RFC asks. */

typedef enum
{
  PATCH_ADD,
  PATCH_REMOVE,
  PATCH_REPLACE,
  PATCH_MOVE,
  PATCH_COPY,
  PATCH_TEST,
} PatchVerb;

static const char *const verb_words[] = { "add", "remove", "replace", "move", "copy", "test" };

typedef struct
{
  PatchVerb verb;
  const char *path, *from; /* as they came */
  GStrv steps, from_steps; /* taken apart */
  yyjson_val *value;
} Operation;

struct _FhirPatch
{
  yyjson_doc *document;
  GArray *operations; /* Operation */
};

/* One patch being applied to one resource. */
typedef struct
{
  yyjson_mut_doc *document;
  gsize bytes;  /* what was there, and all that was added to it */
  gsize passed; /* items and members walked past */
} Job;

static gboolean
fail (GError **error, FhirError code, const char *sentence)
{
  g_set_error_literal (error, FHIR_ERROR, (int) code, sentence);
  return FALSE;
}

/* ---- reading it ----------------------------------------------------------------------------- */

static gboolean
unescape (char *step)
{
  char *to = step;

  for (const char *from = step; *from != '\0'; from++)
    {
      if (*from == '~' && from[1] != '0' && from[1] != '1')
        return FALSE;
      if (*from == '~')
        *to++ = *++from == '0' ? '~' : '/';
      else
        *to++ = *from;
    }
  *to = '\0';
  return TRUE;
}

static GStrv
split_pointer (const char *pointer, GError **error)
{
  g_auto (GStrv) steps = NULL;

  if (*pointer != '\0' && *pointer != '/')
    {
      fail (error, FHIR_ERROR_STRUCTURE, "a path begins with “/”, as in /name/0/family");
      return NULL;
    }
  steps = g_strsplit (*pointer != '\0' ? pointer + 1 : "", "/", -1);
  /* "/" names the member with the empty name; g_strsplit() sees no step in an empty text. */
  if (*pointer == '/' && steps[0] == NULL)
    {
      g_strfreev (steps);
      steps = g_new0 (char *, 2);
      steps[0] = g_strdup ("");
    }
  for (char **step = steps; *step != NULL; step++)
    if (!unescape (*step))
      {
        fail (error, FHIR_ERROR_STRUCTURE, "in a path “~” is written ~0, and “/” in a name ~1");
        return NULL;
      }
  return g_steal_pointer (&steps);
}

static gboolean
read_verb (const char *word, PatchVerb *verb)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verb_words); i++)
    if (g_strcmp0 (word, verb_words[i]) == 0)
      {
        *verb = (PatchVerb) i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_operation (Operation *self, yyjson_val *object, GError **error)
{
  if (!yyjson_is_obj (object))
    return fail (error, FHIR_ERROR_STRUCTURE, "it is not an object");
  if (!read_verb (yyjson_get_str (yyjson_obj_get (object, "op")), &self->verb))
    return fail (error, FHIR_ERROR_STRUCTURE,
                 "“op” must be add, remove, replace, move, copy or test");
  self->path = yyjson_get_str (yyjson_obj_get (object, "path"));
  if (self->path == NULL)
    return fail (error, FHIR_ERROR_STRUCTURE, "it has no “path”");
  self->steps = split_pointer (self->path, error);
  if (self->steps == NULL)
    return FALSE;
  if (self->verb == PATCH_MOVE || self->verb == PATCH_COPY)
    {
      self->from = yyjson_get_str (yyjson_obj_get (object, "from"));
      if (self->from == NULL)
        return fail (error, FHIR_ERROR_STRUCTURE, "it has no “from”");
      self->from_steps = split_pointer (self->from, error);
      return self->from_steps != NULL;
    }
  self->value = yyjson_obj_get (object, "value");
  if (self->value == NULL && self->verb != PATCH_REMOVE)
    return fail (error, FHIR_ERROR_STRUCTURE, "it has no “value”");
  return TRUE;
}

/* Says in @error which operation it was. */
static void
name_operation (GError **error, guint position, const Operation *operation)
{
  g_autoptr (GError) plain = error != NULL ? g_steal_pointer (error) : NULL;

  if (plain == NULL)
    return; /* nobody asked why */
  if (operation->path != NULL)
    g_set_error (error, plain->domain, plain->code, "Operation %u (%s %s): %s", position,
                 verb_words[operation->verb], *operation->path != '\0' ? operation->path : "“”",
                 plain->message);
  else
    g_set_error (error, plain->domain, plain->code, "Operation %u: %s", position, plain->message);
}

static gboolean
read_operations (FhirPatch *self, GError **error)
{
  yyjson_val *root = yyjson_doc_get_root (self->document), *item;
  yyjson_arr_iter iter = yyjson_arr_iter_with (root);

  if (!yyjson_is_arr (root))
    return fail (error, FHIR_ERROR_STRUCTURE, "A JSON Patch is a list of operations");
  if (yyjson_arr_size (root) > FHIR_PATCH_MAX_OPERATIONS)
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT, "A JSON Patch may have %u operations",
                   FHIR_PATCH_MAX_OPERATIONS);
      return FALSE;
    }
  while ((item = yyjson_arr_iter_next (&iter)) != NULL)
    {
      Operation *operation;

      g_array_set_size (self->operations, self->operations->len + 1);
      operation = &g_array_index (self->operations, Operation, self->operations->len - 1);
      if (!read_operation (operation, item, error))
        {
          name_operation (error, self->operations->len - 1, operation);
          return FALSE;
        }
    }
  return TRUE;
}

static void
clear_operation (gpointer data)
{
  Operation *self = data;

  g_strfreev (self->steps);
  g_strfreev (self->from_steps);
}

/**
 * fhir_patch_parse:
 * @text: a JSON Patch, UTF-8
 * @length: bytes of @text, or -1 where it ends with a zero byte
 *
 * Returns: (transfer full) (nullable): the patch; an error names the operation that is none
 */
FhirPatch *
fhir_patch_parse (const char *text, gssize length, GError **error)
{
  g_autoptr (FhirPatch) self = g_new0 (FhirPatch, 1);
  gsize bytes = length < 0 ? strlen (text) : (gsize) length;
  yyjson_read_err problem;

  self->operations = g_array_new (FALSE, TRUE, sizeof (Operation));
  g_array_set_clear_func (self->operations, clear_operation);
  if (bytes > FHIR_PATCH_MAX_BYTES)
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT, "The JSON Patch is larger than %u MiB",
                   FHIR_PATCH_MAX_BYTES / 1024 / 1024);
      return NULL;
    }
  self->document = yyjson_read_opts ((char *) text, bytes, FHIR_READ_FLAGS, NULL, &problem);
  if (self->document == NULL)
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_SYNTAX, "Not JSON at byte %" G_GSIZE_FORMAT ": %s",
                   problem.pos, problem.msg);
      return NULL;
    }
  if (!fhir_value_check (yyjson_doc_get_root (self->document), FHIR_MAX_DEPTH, error) ||
      !read_operations (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
fhir_patch_free (FhirPatch *self)
{
  yyjson_doc_free (self->document);
  g_array_unref (self->operations);
  g_free (self);
}

/* ---- walking -------------------------------------------------------------------------------- */

static gboolean
pass (Job *job, yyjson_mut_val *container, GError **error)
{
  job->passed += yyjson_mut_get_len (container);
  if (job->passed <= FHIR_PATCH_MAX_STEPS)
    return TRUE;
  g_set_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT,
               "the patch walks past more than %u list items: send it in parts",
               FHIR_PATCH_MAX_STEPS);
  return FALSE;
}

static gboolean
read_position (const char *step, gsize length, gsize *position)
{
  gsize digits = strspn (step, "0123456789");

  if (digits == 0 || digits > 9 || step[digits] != '\0' || (digits > 1 && *step == '0'))
    return FALSE;
  *position = strtoul (step, NULL, 10);
  return *position < length;
}

/* The child of @at that @step names; NULL where there is none, or with @error set. */
static yyjson_mut_val *
child (Job *job, yyjson_mut_val *at, const char *step, GError **error)
{
  gsize position;

  if (!pass (job, at, error))
    return NULL;
  if (yyjson_mut_is_obj (at))
    return yyjson_mut_obj_get (at, step);
  if (yyjson_mut_is_arr (at) && read_position (step, yyjson_mut_arr_size (at), &position))
    return yyjson_mut_arr_get (at, position);
  return NULL;
}

/* What stands after the first @n steps. */
static yyjson_mut_val *
walk (Job *job, char *const *steps, guint n, GError **error)
{
  yyjson_mut_val *at = yyjson_mut_doc_get_root (job->document);
  g_autoptr (GError) problem = NULL;

  for (guint i = 0; i < n; i++)
    {
      at = child (job, at, steps[i], &problem);
      if (problem != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
      if (at == NULL)
        {
          g_set_error (error, FHIR_ERROR, FHIR_ERROR_VALUE,
                       "there is nothing at “%s”, step %u of the path", steps[i], i + 1);
          return NULL;
        }
    }
  return at;
}

/* Bytes of @value as JSON, roughly from above; FALSE where it nests past @levels. */
static gboolean
measure (yyjson_mut_val *value, gsize levels, gsize *bytes)
{
  yyjson_mut_arr_iter items;
  yyjson_mut_obj_iter members;
  yyjson_mut_val *next;

  *bytes +=
      8 + (yyjson_mut_is_str (value) || yyjson_mut_is_raw (value) ? yyjson_mut_get_len (value) : 0);
  if (levels == 0)
    return FALSE;
  items = yyjson_mut_arr_iter_with (value);
  while ((next = yyjson_mut_arr_iter_next (&items)) != NULL)
    if (!measure (next, levels - 1, bytes))
      return FALSE;
  members = yyjson_mut_obj_iter_with (value);
  while ((next = yyjson_mut_obj_iter_next (&members)) != NULL)
    {
      *bytes += 4 + yyjson_mut_get_len (next);
      if (!measure (yyjson_mut_obj_iter_get_val (next), levels - 1, bytes))
        return FALSE;
    }
  return TRUE;
}

/* Whether @value may come to stand below @depth steps. A patch may copy what it has copied; without
 * this some dozens of operations would fill the memory, or nest past what can be written. */
static gboolean
has_room (Job *job, yyjson_mut_val *value, guint depth, GError **error)
{
  if (depth >= FHIR_MAX_DEPTH || !measure (value, FHIR_MAX_DEPTH - depth, &job->bytes))
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT,
                   "the result would nest deeper than %u levels", FHIR_MAX_DEPTH);
      return FALSE;
    }
  if (job->bytes <= FHIR_PATCH_MAX_BYTES)
    return TRUE;
  g_set_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT,
               "the result and what was made on the way to it would be larger than %u MiB",
               FHIR_PATCH_MAX_BYTES / 1024 / 1024);
  return FALSE;
}

/* ---- the operations ------------------------------------------------------------------------- */

static void
put_member (Job *job, yyjson_mut_val *object, const char *name, yyjson_mut_val *value)
{
  yyjson_mut_val *key = yyjson_mut_strcpy (job->document, name);

  /* In its place, so that the order of members stays. */
  if (!yyjson_mut_obj_replace (object, key, value))
    yyjson_mut_obj_add (object, key, value);
}

static gboolean
insert_item (yyjson_mut_val *list, const char *step, yyjson_mut_val *value, GError **error)
{
  gsize length = yyjson_mut_arr_size (list), position;

  if (strcmp (step, "-") == 0)
    return yyjson_mut_arr_append (list, value);
  if (read_position (step, length + 1, &position))
    return yyjson_mut_arr_insert (list, value, position);
  g_set_error (error, FHIR_ERROR, FHIR_ERROR_VALUE,
               "the list has %" G_GSIZE_FORMAT " items: “%s” is no place in it", length, step);
  return FALSE;
}

/* Puts @value, which nothing else holds, at the path. */
static gboolean
add (Job *job, const Operation *self, yyjson_mut_val *value, GError **error)
{
  guint depth = g_strv_length (self->steps);
  yyjson_mut_val *parent;

  if (!has_room (job, value, depth, error))
    return FALSE;
  if (depth == 0)
    {
      yyjson_mut_doc_set_root (job->document, value);
      return TRUE;
    }
  parent = walk (job, self->steps, depth - 1, error);
  if (parent == NULL || !pass (job, parent, error))
    return FALSE;
  if (yyjson_mut_is_arr (parent))
    return insert_item (parent, self->steps[depth - 1], value, error);
  if (!yyjson_mut_is_obj (parent))
    return fail (error, FHIR_ERROR_VALUE, "what should hold it is neither an object nor a list");
  put_member (job, parent, self->steps[depth - 1], value);
  return TRUE;
}

/* Takes what stands at the path out, and hands it over. */
static yyjson_mut_val *
take_out (Job *job, char *const *steps, GError **error)
{
  guint depth = g_strv_length ((GStrv) steps);
  yyjson_mut_val *parent;
  gsize position;

  if (depth == 0)
    {
      fail (error, FHIR_ERROR_VALUE, "the whole resource cannot be taken away: delete it");
      return NULL;
    }
  if (walk (job, steps, depth, error) == NULL)
    return NULL;
  parent = walk (job, steps, depth - 1, error);
  if (parent == NULL)
    return NULL;
  if (yyjson_mut_is_obj (parent))
    return yyjson_mut_obj_remove_key (parent, steps[depth - 1]);
  if (!read_position (steps[depth - 1], yyjson_mut_arr_size (parent), &position))
    return NULL; /* not after walk () went there */
  return yyjson_mut_arr_remove (parent, position);
}

static gboolean
replace (Job *job, const Operation *self, yyjson_mut_val *value, GError **error)
{
  guint depth = g_strv_length (self->steps);
  yyjson_mut_val *parent;
  gsize position;

  if (walk (job, self->steps, depth, error) == NULL || !has_room (job, value, depth, error))
    return FALSE;
  if (depth == 0)
    {
      yyjson_mut_doc_set_root (job->document, value);
      return TRUE;
    }
  parent = walk (job, self->steps, depth - 1, error);
  if (parent == NULL)
    return FALSE;
  if (yyjson_mut_is_obj (parent))
    put_member (job, parent, self->steps[depth - 1], value);
  else if (read_position (self->steps[depth - 1], yyjson_mut_arr_size (parent), &position))
    yyjson_mut_arr_replace (parent, position, value);
  return TRUE;
}

static gboolean
move (Job *job, const Operation *self, GError **error)
{
  gsize length = strlen (self->from);
  yyjson_mut_val *value;

  if (strcmp (self->from, self->path) == 0)
    return walk (job, self->steps, g_strv_length (self->steps), error) != NULL;
  if (strncmp (self->from, self->path, length) == 0 && self->path[length] == '/')
    return fail (error, FHIR_ERROR_VALUE, "nothing can be moved into itself");
  value = take_out (job, self->from_steps, error);
  return value != NULL && add (job, self, value, error);
}

static gboolean
copy (Job *job, const Operation *self, GError **error)
{
  yyjson_mut_val *value = walk (job, self->from_steps, g_strv_length (self->from_steps), error);

  return value != NULL && has_room (job, value, g_strv_length (self->steps), error) &&
         add (job, self, yyjson_mut_val_mut_copy (job->document, value), error);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static gboolean
test (Job *job, const Operation *self, yyjson_mut_val *value, GError **error)
{
  yyjson_mut_val *there = walk (job, self->steps, g_strv_length (self->steps), error);

  if (there == NULL)
    return FALSE;
  return fhir_value_same (there, value) ||
         fail (error, FHIR_ERROR_VALUE, "another value stands here, so nothing was changed");
}

static gboolean
apply (Job *job, const Operation *self, GError **error)
{
  yyjson_mut_val *value =
      self->value != NULL ? yyjson_val_mut_copy (job->document, self->value) : NULL;

  switch (self->verb)
    {
    case PATCH_ADD:
      return add (job, self, value, error);
    case PATCH_REMOVE:
      return take_out (job, self->steps, error) != NULL;
    case PATCH_REPLACE:
      return replace (job, self, value, error);
    case PATCH_MOVE:
      return move (job, self, error);
    case PATCH_COPY:
      return copy (job, self, error);
    case PATCH_TEST:
      return test (job, self, value, error);
    }
  g_return_val_if_reached (FALSE);
}

static FhirResource *
finish (Job *job, FhirResource *before, GError **error)
{
  gsize length;
  char *text = yyjson_mut_write (job->document, FHIR_WRITE_FLAGS, &length);
  g_autoptr (FhirResource) after =
      fhir_resource_parse (text != NULL ? text : "", text != NULL ? (gssize) length : 0, error);

  free (text);
  if (after == NULL)
    g_prefix_error (error, "The patch leaves no FHIR resource: ");
  else if (strcmp (fhir_resource_get_type (before), fhir_resource_get_type (after)) != 0 ||
           g_strcmp0 (fhir_resource_get_id (before), fhir_resource_get_id (after)) != 0)
    fail (error, FHIR_ERROR_VALUE, "A patch cannot change resourceType or id");
  else
    return g_steal_pointer (&after);
  return NULL;
}

/**
 * fhir_patch_apply:
 *
 * Does all operations in their order, or none. What they do not touch keeps its text; white space
 * between elements is not kept.
 *
 * Returns: (transfer full) (nullable): the changed copy. The error names the operation that failed:
 *   FHIR_ERROR_VALUE where it does not fit this resource, FHIR_ERROR_LIMIT where it asks too much
 */
FhirResource *
fhir_patch_apply (FhirPatch *self, FhirResource *resource, GError **error)
{
  Job job = { yyjson_mut_doc_new (NULL), 0, 0 };
  FhirResource *after = NULL;
  gboolean good = TRUE;

  fhir_resource_get_text (resource, &job.bytes);
  yyjson_mut_doc_set_root (job.document,
                           yyjson_val_mut_copy (job.document,
                                                VALUE (fhir_resource_get_root (resource))));
  for (guint i = 0; i < self->operations->len && good; i++)
    {
      const Operation *operation = &g_array_index (self->operations, Operation, i);

      good = apply (&job, operation, error);
      if (!good)
        name_operation (error, i, operation);
    }
  if (good)
    after = finish (&job, resource, error);
  yyjson_mut_doc_free (job.document);
  return after;
}
