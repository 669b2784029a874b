/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-query.h"

#include <string.h>

#include "fhir-query-private.h"
#include "fhir-resource.h"

static void
parameter_free (FhirQueryParameter *self)
{
  g_free (self->name);
  g_free (self->modifier);
  g_free (self->chain_type);
  g_free (self->chain_name);
  g_free (self->has_reference);
  g_ptr_array_unref (self->values);
  g_free (self);
}

static void
include_free (FhirQueryInclude *self)
{
  g_free (self->source_type);
  g_free (self->parameter);
  g_free (self->target_type);
  g_free (self);
}

void
fhir_query_free (FhirQuery *self)
{
  g_free (self->type);
  g_ptr_array_unref (self->parameters);
  g_ptr_array_unref (self->sorts);
  g_ptr_array_unref (self->includes);
  g_ptr_array_unref (self->revincludes);
  g_ptr_array_unref (self->elements);
  g_free (self->summary);
  g_free (self->cursor);
  g_ptr_array_unref (self->ignored);
  g_free (self);
}

/* A type that is quoted comes as it stood in the address, which need not be UTF-8. */
static gboolean
refuse (GError **error, FhirError code, const char *format, va_list arguments)
{
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  g_autofree char *valid = g_utf8_make_valid (message, -1);

  g_set_error_literal (error, FHIR_ERROR, (int) code, valid);
  return FALSE;
}

static gboolean G_GNUC_PRINTF (2, 3) unsupported (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  refuse (error, FHIR_ERROR_UNSUPPORTED, format, arguments);
  va_end (arguments);
  return FALSE;
}

static gboolean G_GNUC_PRINTF (2, 3) past_limit (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  refuse (error, FHIR_ERROR_LIMIT, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* ---- search parameters -------------------------------------------------------------------------
 */

static gboolean
modifier_is_supported (FhirSearchType type, const char *modifier)
{
  switch (type)
    {
    case FHIR_SEARCH_STRING:
      return g_str_equal (modifier, "exact") || g_str_equal (modifier, "contains");
    case FHIR_SEARCH_TOKEN:
      return g_str_equal (modifier, "not") || g_str_equal (modifier, "text");
    case FHIR_SEARCH_REFERENCE:
      return g_str_equal (modifier, "identifier");
    default:
      return FALSE;
    }
}

static const FhirSearchParameter *
find_definition (const char *type, const char *name, GError **error)
{
  const FhirSearchParameter *found = fhir_search_parameter_find (type, name);

  if (found == NULL)
    unsupported (error, "%s has no search parameter “%s”, or it is not supported", type, name);
  else if (!fhir_search_parameter_is_answered (type, name))
    {
      unsupported (error, "The search parameter “%s” of %s %s not supported", name, type,
                   found->type == FHIR_SEARCH_COMPOSITE ? "combines others and is" : "is");
      found = NULL;
    }
  return found;
}

static gboolean
read_modifier (FhirQueryParameter *self,
               const FhirSearchParameter *definition,
               const char *modifier,
               GError **error)
{
  gboolean is_type =
      definition->type == FHIR_SEARCH_REFERENCE && fhir_resource_type_is_known (modifier);

  if (is_type &&
      !fhir_search_parameter_has_target (definition->resource_type, definition->code, modifier))
    return unsupported (error, "“%s” never points at a %s", definition->code, modifier);
  if (!is_type && !modifier_is_supported (definition->type, modifier) &&
      (!g_str_equal (modifier, "missing") || definition->type == FHIR_SEARCH_COMPOSITE))
    return unsupported (error, "The modifier “:%s” of the search parameter “%s” is not supported",
                        modifier, definition->code);
  if (g_str_equal (modifier, "text") &&
      !fhir_search_parameter_has_texts (definition->resource_type, definition->code))
    return unsupported (error,
                        "No words stand beside the codes of “%s”, so that “:text” finds none",
                        definition->code);
  self->modifier = g_strdup (modifier);
  if (g_str_equal (modifier, "identifier"))
    self->type = FHIR_SEARCH_TOKEN;
  return TRUE;
}

/* "name:exact" is "name" and "exact"; without a colon the second is NULL. */
static char *
split_name (const char *text, char **after)
{
  const char *colon = strchr (text, ':');

  *after = colon != NULL ? g_strdup (colon + 1) : NULL;
  return colon != NULL ? g_strndup (text, (gsize) (colon - text)) : g_strdup (text);
}

/* @link is "subject" or "subject:Patient", @rest what stands after the dot. */
static const FhirSearchParameter *
read_chain (
    FhirQueryParameter *self, const char *type, const char *link, const char *rest, GError **error)
{
  const FhirSearchParameter *definition;
  g_autofree char *modifier = NULL;

  self->name = split_name (link, &self->chain_type);
  self->chain_name = split_name (rest, &modifier);
  definition = find_definition (type, self->name, error);
  if (definition == NULL)
    return NULL;
  if (self->chain_type == NULL)
    self->chain_type = fhir_search_parameter_dup_only_target (definition);
  if (strchr (rest, '.') != NULL)
    unsupported (error, "“%s.%s” goes over more than one reference, which is not supported", link,
                 rest);
  else if (self->chain_type == NULL)
    unsupported (error, "Say which type is meant, as in “%s:Patient.%s”", link, rest);
  else if (!fhir_search_parameter_has_target (type, self->name, self->chain_type))
    unsupported (error, "“%s” never points at a “%s”", self->name, self->chain_type);
  else
    {
      definition = find_definition (self->chain_type, self->chain_name, error);
      if (definition == NULL)
        return NULL;
      self->type = definition->type;
      return modifier == NULL || read_modifier (self, definition, modifier, error) ? definition
                                                                                   : NULL;
    }
  return NULL;
}

/* "_has:Observation:patient:code": who is pointed at by what the rest finds. */
static const FhirSearchParameter *
read_has (FhirQueryParameter *self, const char *type, const char *key, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (key, ":", 4);
  g_autofree char *modifier = NULL;
  const FhirSearchParameter *definition;

  if (g_strv_length (parts) != 4)
    unsupported (error, "“%s” is not supported: it takes _has:Type:reference:parameter", key);
  else if (g_str_has_prefix (parts[3], "_has") || strchr (parts[3], '.') != NULL)
    unsupported (error, "“%s” goes over more than one reference, which is not supported", key);
  else if (!fhir_search_parameter_has_target (parts[1], parts[2], type))
    unsupported (error, "“%s” of “%s” never points at a %s", parts[2], parts[1], type);
  else
    {
      self->name = g_strdup ("_has");
      self->chain_type = g_strdup (parts[1]);
      self->has_reference = g_strdup (parts[2]);
      self->chain_name = split_name (parts[3], &modifier);
      definition = find_definition (parts[1], self->chain_name, error);
      if (definition == NULL)
        return NULL;
      self->type = definition->type;
      return modifier == NULL || read_modifier (self, definition, modifier, error) ? definition
                                                                                   : NULL;
    }
  return NULL;
}

static const FhirSearchParameter *
read_name (FhirQueryParameter *self, const char *type, const char *key, GError **error)
{
  const char *dot = strchr (key, '.');
  g_autofree char *link = dot != NULL ? g_strndup (key, (gsize) (dot - key)) : NULL;
  g_autofree char *modifier = NULL;
  const FhirSearchParameter *definition;

  if (g_str_has_prefix (key, "_has:"))
    return read_has (self, type, key, error);
  if (link != NULL)
    return read_chain (self, type, link, dot + 1, error);
  self->name = split_name (key, &modifier);
  definition = find_definition (type, self->name, error);
  if (definition == NULL)
    return NULL;
  self->type = definition->type;
  return modifier == NULL || read_modifier (self, definition, modifier, error) ? definition : NULL;
}

static gboolean
read_parameter (FhirQuery *query, const char *key, const char *value, GError **error)
{
  FhirQueryParameter *self = g_new0 (FhirQueryParameter, 1);
  const FhirSearchParameter *definition;

  self->values = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_query_value_free);
  definition = read_name (self, query->type, key, error);
  if (definition == NULL || !fhir_query_read_values (self, definition, value, error))
    {
      parameter_free (self);
      return FALSE;
    }
  g_ptr_array_add (query->parameters, self);
  return TRUE;
}

/* ---- parameters of the result ------------------------------------------------------------------
 */

static gboolean
read_include (FhirQuery *query, gboolean reverse, const char *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (value, ":", -1);
  const char *name = reverse ? "_revinclude" : "_include";
  guint length = g_strv_length (parts);
  FhirQueryInclude *include;

  if (length < 2 || length > 3)
    return unsupported (error,
                        "“%s=%s” is not supported: it takes Type:parameter or "
                        "Type:parameter:Type",
                        name, value);
  if (!fhir_search_parameter_is_includable (parts[0], parts[1]))
    return unsupported (error, "“%s” in “%s” is not a Reference of %s", parts[1], name, parts[0]);
  if (!reverse && !g_str_equal (parts[0], query->type))
    return unsupported (error, "“%s=%s” in a search for %s is not supported", name, value,
                        query->type);
  if ((reverse && !fhir_search_parameter_has_target (parts[0], parts[1], query->type)) ||
      (length == 3 && !fhir_search_parameter_has_target (parts[0], parts[1], parts[2])) ||
      (reverse && length == 3 && !g_str_equal (parts[2], query->type)))
    return unsupported (error, "“%s” of %s never points at that type (%s)", parts[1], parts[0],
                        name);
  if (query->includes->len + query->revincludes->len >= FHIR_QUERY_MAX_INCLUDES)
    return past_limit (error, "The search has more than %d of _include and _revinclude",
                       FHIR_QUERY_MAX_INCLUDES);
  include = g_new0 (FhirQueryInclude, 1);
  include->source_type = g_strdup (parts[0]);
  include->parameter = g_strdup (parts[1]);
  include->target_type = g_strdup (parts[2]);
  g_ptr_array_add (reverse ? query->revincludes : query->includes, include);
  return TRUE;
}

static gboolean
read_sort (FhirQuery *query, const char *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (value, ",", -1);

  if (query->sorts->len + g_strv_length (parts) > FHIR_QUERY_MAX_SORTS)
    return past_limit (error, "The search has more than %d keys in _sort", FHIR_QUERY_MAX_SORTS);
  for (char **part = parts; *part != NULL; part++)
    {
      if (find_definition (query->type, **part == '-' ? *part + 1 : *part, error) == NULL)
        return FALSE;
      g_ptr_array_add (query->sorts, g_strdup (*part));
    }
  return TRUE;
}

static gboolean
read_count (FhirQuery *query, const char *value, GError **error)
{
  guint64 count;

  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT32, &count, NULL))
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_VALUE, "“_count=%s” is not a number", value);
      return FALSE;
    }
  query->count = (int) MIN (count, FHIR_QUERY_MAX_COUNT);
  query->count_limited = count > FHIR_QUERY_MAX_COUNT;
  return TRUE;
}

static gboolean
read_choice (const char *key, const char *value, const char *const *choices, GError **error)
{
  return g_strv_contains (choices, value) ||
         unsupported (error, "“%s=%s” is not supported", key, value);
}

static gboolean
read_summary (FhirQuery *query, const char *value, GError **error)
{
  static const char *const choices[] = { "true", "text", "data", "count", "false", NULL };

  if (!read_choice ("_summary", value, choices, error))
    return FALSE;
  g_free (query->summary);
  query->summary = g_strdup (value);
  query->total = query->total || g_str_equal (value, "count");
  return TRUE;
}

static gboolean
read_total (FhirQuery *query, const char *value, GError **error)
{
  static const char *const choices[] = { "none", "estimate", "accurate", NULL };

  if (!read_choice ("_total", value, choices, error))
    return FALSE;
  query->total = query->total || !g_str_equal (value, "none");
  return TRUE;
}

static gboolean
read_elements (FhirQuery *query, const char *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (value, ",", -1);

  if (query->elements->len + g_strv_length (parts) > FHIR_QUERY_MAX_ELEMENTS)
    return past_limit (error, "The search has more than %d names in _elements",
                       FHIR_QUERY_MAX_ELEMENTS);
  for (char **part = parts; *part != NULL; part++)
    {
      if (strspn (*part, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS) != strlen (*part))
        return unsupported (error, "“%s” in “_elements” is no name of an element at the top",
                            *part);
      if (**part != '\0')
        g_ptr_array_add (query->elements, g_strdup (*part));
    }
  return TRUE;
}

static gboolean
read_cursor (FhirQuery *query, const char *value, GError **error)
{
  g_free (query->cursor);
  query->cursor = g_strdup (value);
  return TRUE;
}

static gboolean
read_includes (FhirQuery *query, const char *value, GError **error)
{
  return read_include (query, FALSE, value, error);
}

static gboolean
read_revincludes (FhirQuery *query, const char *value, GError **error)
{
  return read_include (query, TRUE, value, error);
}

/* How the answer is written is a matter of HTTP; everything here answers JSON. */
static gboolean
read_format (FhirQuery *query, const char *value, GError **error)
{
  return strstr (value, "json") != NULL ||
         unsupported (error, "The format “%s” is not supported; JSON is", value);
}

static gboolean
read_pretty (FhirQuery *query, const char *value, GError **error)
{
  return TRUE;
}

/* ------------------------------------------------------------------------------------------------
 */

static gboolean
read_pair (FhirQuery *query, const char *key, const char *value, GError **error)
{
  static const struct
  {
    const char *key;
    gboolean (*read) (FhirQuery *query, const char *value, GError **error);
  } of_result[] = {
    { "_include", read_includes },  { "_revinclude", read_revincludes }, { "_sort", read_sort },
    { "_count", read_count },       { "_summary", read_summary },        { "_total", read_total },
    { "_elements", read_elements }, { "_cursor", read_cursor },          { "_format", read_format },
    { "_pretty", read_pretty },
  };

  /* An empty value would drop a filter: “patient=” must not answer with everybody. */
  if (*value == '\0')
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_VALUE, "The search parameter “%s” has no value",
                   key);
      return FALSE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (of_result); i++)
    {
      gsize length = strlen (of_result[i].key);

      if (g_str_equal (key, of_result[i].key))
        return of_result[i].read (query, value, error);
      if (strncmp (key, of_result[i].key, length) == 0 && key[length] == ':')
        return unsupported (error, "“%s” is not supported: only “%s”", key, of_result[i].key);
    }
  return read_parameter (query, key, value, error);
}

/* What each alone is fine: an answer cannot be cut in two ways at once. */
static gboolean
check_result_together (FhirQuery *query, GError **error)
{
  gboolean cut = query->summary != NULL && !g_str_equal (query->summary, "false") &&
                 !g_str_equal (query->summary, "count");

  if (cut && query->elements->len > 0)
    return unsupported (error, "“_elements” together with “_summary=%s” is not supported",
                        query->summary);
  if (g_strcmp0 (query->summary, "text") == 0 &&
      (query->includes->len > 0 || query->revincludes->len > 0))
    return unsupported (error, "“_include” and “_revinclude” together with “_summary=text” are not "
                               "supported");
  return TRUE;
}

static gboolean
read_encoded_pair (FhirQuery *query, const char *pair, gboolean lenient, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gsize key_length = strcspn (pair, "=");
  const char *encoded = pair[key_length] == '=' ? pair + key_length + 1 : "";
  g_autofree char *key = fhir_query_decode (pair, key_length, error);
  g_autofree char *value =
      key != NULL ? fhir_query_decode (encoded, strlen (encoded), error) : NULL;

  if (value == NULL)
    return FALSE;
  if (read_pair (query, key, value, &problem))
    return TRUE;
  if (lenient && g_error_matches (problem, FHIR_ERROR, FHIR_ERROR_UNSUPPORTED))
    {
      g_ptr_array_add (query->ignored, g_steal_pointer (&key));
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static FhirQuery *
query_new (const char *type)
{
  FhirQuery *self = g_new0 (FhirQuery, 1);

  self->type = g_strdup (type);
  self->parameters = g_ptr_array_new_with_free_func ((GDestroyNotify) parameter_free);
  self->sorts = g_ptr_array_new_with_free_func (g_free);
  self->includes = g_ptr_array_new_with_free_func ((GDestroyNotify) include_free);
  self->revincludes = g_ptr_array_new_with_free_func ((GDestroyNotify) include_free);
  self->elements = g_ptr_array_new_with_free_func (g_free);
  self->ignored = g_ptr_array_new_with_free_func (g_free);
  self->count = -1;
  return self;
}

/**
 * fhir_query_parse:
 * @type: the resource type that is searched
 * @query_string: (nullable): what stands after the "?", or a form's body, percent-encoded
 * @lenient: whether what is not supported is left out and named in `ignored`, instead of an error
 *
 * A value that cannot be read is an error in any case: leaving it out would answer another
 * question.
 *
 * Returns: (transfer full) (nullable): the search; NULL with %FHIR_ERROR_UNSUPPORTED,
 *   %FHIR_ERROR_VALUE or %FHIR_ERROR_LIMIT and a sentence that names what is wrong
 */
FhirQuery *
fhir_query_parse (const char *type, const char *query_string, gboolean lenient, GError **error)
{
  g_autoptr (FhirQuery) self = query_new (type);
  g_auto (GStrv) pairs = NULL;

  if (!fhir_resource_type_is_known (type))
    {
      unsupported (error, "“%s” is not a resource type of FHIR R4", type);
      return NULL;
    }
  if (query_string != NULL && strlen (query_string) > FHIR_QUERY_MAX_LENGTH)
    {
      past_limit (error, "The search is longer than %u KiB", FHIR_QUERY_MAX_LENGTH / 1024);
      return NULL;
    }
  pairs = g_strsplit (query_string != NULL ? query_string : "", "&", -1);
  if (g_strv_length (pairs) > FHIR_QUERY_MAX_PARAMETERS)
    {
      past_limit (error, "The search has more than %d parameters", FHIR_QUERY_MAX_PARAMETERS);
      return NULL;
    }
  for (char **pair = pairs; *pair != NULL; pair++)
    if (**pair != '\0' && !read_encoded_pair (self, *pair, lenient, error))
      return NULL;
  if (!check_result_together (self, error))
    return NULL;
  return g_steal_pointer (&self);
}
