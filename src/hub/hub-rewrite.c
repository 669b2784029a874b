/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-rewrite.h"

#include <string.h>

#include "fhir-builder.h"

/* References are changed in the resource's own text, so that everything else stays as it came. The
 * text was parsed before and is JSON; a walk over its strings finds each member "reference". */

/* From an opening quote to just behind the closing one. */
static const char *
skip_string (const char *at)
{
  for (at++; *at != '"'; at++)
    if (*at == '\\')
      at++;
  return at + 1;
}

static const char *
skip_space (const char *at)
{
  return at + strspn (at, " \t\r\n");
}

/* Some writers escape the slash; any other escape stands in no reference that can be resolved. */
static char *
dup_string (const char *quote, const char *end)
{
  GString *text = g_string_sized_new ((gsize) (end - quote));

  for (const char *at = quote + 1; at < end - 1; at++)
    {
      if (*at == '\\' && at[1] == '/')
        continue;
      g_string_append_c (text, *at);
    }
  return g_string_free_and_steal (text);
}

static gboolean
names_reference (const char *quote, const char *end)
{
  gsize length = (gsize) (end - quote);

  return (length == 11 && memcmp (quote, "\"reference\"", 11) == 0) ||
         (length == 5 && memcmp (quote, "\"url\"", 5) == 0);
}

/**
 * hub_rewrite_is_conditional:
 * @type: (out): the type in "Practitioner?identifier=…"
 * @query: (out) (transfer none): what follows the question mark
 */
gboolean
hub_rewrite_is_conditional (const char *reference, char **type, const char **query)
{
  const char *mark = strchr (reference, '?');
  g_autofree char *name = mark != NULL ? g_strndup (reference, (gsize) (mark - reference)) : NULL;

  if (name == NULL || !fhir_resource_type_is_known (name))
    return FALSE;
  *type = g_steal_pointer (&name);
  *query = mark + 1;
  return TRUE;
}

/* @kept: up to where the text stands in @out already. */
static gboolean
walk (const char *text,
      const char *kept,
      GString *out,
      HubRewrite rewrite,
      gpointer data,
      GError **error)
{
  for (const char *at = strchr (text, '"'); at != NULL; at = strchr (at, '"'))
    {
      const char *end = skip_string (at), *value = skip_space (end);
      gboolean is_url = end - at == 5;

      if (*value != ':' || !names_reference (at, end) || *(value = skip_space (value + 1)) != '"')
        {
          at = end;
          continue;
        }
      at = skip_string (value);
      if (!is_url || g_str_has_prefix (value, "\"urn:"))
        {
          g_autofree char *reference = dup_string (value, at);
          g_autoptr (GError) problem = NULL;
          g_autofree char *better = rewrite (reference, data, &problem);

          if (problem != NULL)
            {
              g_propagate_error (error, g_steal_pointer (&problem));
              return FALSE;
            }
          if (better == NULL)
            continue;
          g_string_append_len (out, kept, value + 1 - kept);
          g_string_append (out, better);
          kept = at - 1;
        }
    }
  if (kept != text)
    g_string_append (out, kept);
  return TRUE;
}

/* As most programs write a new resource: its type first, no id. Returns where to go on, or @text
 * itself where it is written in another way. */
static const char *
put_id (FhirResource *resource, const char *text, const char *id, GString *out)
{
  g_autofree char *start = NULL;
  gsize length;

  if (fhir_resource_path (resource, "id") != NULL)
    return text;
  start = g_strdup_printf ("{\"resourceType\":\"%s\"", fhir_resource_get_type (resource));
  length = strlen (start);
  if (strncmp (text, start, length) != 0)
    return text;
  g_string_append_len (out, start, (gssize) length);
  g_string_append_printf (out, ",\"id\":\"%s\"", id);
  return text + length;
}

/**
 * hub_rewrite_references:
 * @resource: (inout): replaced by a changed copy where a reference changed
 *
 * Returns: FALSE with @error set where @rewrite refused
 */
gboolean
hub_rewrite_references (FhirResource **resource, HubRewrite rewrite, gpointer data, GError **error)
{
  return hub_rewrite_as (resource, NULL, rewrite, data, error);
}

static void
set_id (FhirResource **resource, const char *id)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (*resource);

  fhir_builder_set (builder, "id", id);
  fhir_resource_unref (*resource);
  *resource = fhir_builder_end (builder);
}

/**
 * hub_rewrite_as:
 * @resource: (inout): replaced by a changed copy where its id or a reference changed
 * @id: (nullable): which it gets, where it has another or none
 *
 * Returns: FALSE with @error set where @rewrite refused
 */
gboolean
hub_rewrite_as (
    FhirResource **resource, const char *id, HubRewrite rewrite, gpointer data, GError **error)
{
  gsize length;
  const char *text = fhir_resource_get_text (*resource, &length), *kept = text;
  g_autoptr (GString) out = g_string_sized_new (length + 128);
  FhirResource *changed;

  if (id != NULL && g_strcmp0 (fhir_resource_get_id (*resource), id) != 0)
    {
      kept = put_id (*resource, text, id, out);
      if (kept == text)
        {
          set_id (resource, id);
          kept = text = fhir_resource_get_text (*resource, NULL);
        }
    }
  if (!walk (text, kept, out, rewrite, data, error))
    return FALSE;
  if (out->len == 0)
    return TRUE;
  changed = fhir_resource_parse (out->str, (gssize) out->len, error);
  if (changed == NULL)
    return FALSE;
  fhir_resource_unref (*resource);
  *resource = changed;
  return TRUE;
}
