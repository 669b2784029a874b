/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-rewrite.h"

#include <string.h>

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

static gboolean
walk (const char *text, GString *out, HubRewrite rewrite, gpointer data, GError **error)
{
  const char *kept = text;

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

/**
 * hub_rewrite_references:
 * @resource: (inout): replaced by a changed copy where a reference changed
 *
 * Returns: FALSE with @error set where @rewrite refused
 */
gboolean
hub_rewrite_references (FhirResource **resource, HubRewrite rewrite, gpointer data, GError **error)
{
  gsize length;
  const char *text = fhir_resource_get_text (*resource, &length);
  g_autoptr (GString) out = g_string_sized_new (length + 64);
  FhirResource *changed;

  if (!walk (text, out, rewrite, data, error))
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
