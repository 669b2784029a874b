/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-summary.h"

#include <stdlib.h>
#include <string.h>

#include "fhir-builder.h"

/* A part of a resource, as _summary and _elements ask for it. It carries the tag SUBSETTED, so that
 * nobody writes such a copy back for the whole. */

typedef struct
{
  const char *resource_type;
  const char
      *parts; /* members of a summary; "content(attachment(title) format)" is a part of one */
  const char *needed; /* members that must be there */
} Summary;

static const Summary summaries[] = {
#define SUMMARY(resource_type, parts, needed) { resource_type, parts, needed },
#include "fhir-summary-elements.inc"
#undef SUMMARY
};

static int
compare_types (const void *type, const void *row)
{
  return strcmp (type, ((const Summary *) row)->resource_type);
}

/* Where the parts of one member end: at its closing parenthesis. */
static const char *
skip_parts (const char *at)
{
  for (int depth = 1; depth > 0; at++)
    depth += (*at == '(') - (*at == ')');
  return at;
}

/* Whether @parts names @name, or what stands beside a primitive under "_name".
 * @inside: (out): the parts of it that are meant; NULL: all of it */
static gboolean
find_part (const char *parts, const char *name, const char **inside)
{
  gsize wanted;

  if (*name == '_')
    name++;
  wanted = strlen (name);
  while (*parts != '\0' && *parts != ')')
    {
      gsize length = strcspn (parts, " ()");
      gboolean found = length == wanted && memcmp (parts, name, length) == 0;

      *inside = parts[length] == '(' ? parts + length + 1 : NULL;
      if (found)
        return TRUE;
      parts = *inside != NULL ? skip_parts (*inside) : parts + length;
      parts += *parts == ' ';
    }
  return FALSE;
}

/* What changes the meaning of the rest is never left out. */
static gboolean
is_always_kept (const char *name)
{
  return g_str_equal (name, "modifierExtension") || g_str_equal (name, "id");
}

/* Copies those parts of @element to @path; FALSE where none of them is there. Positions of a list
 * move up, as R4 allows no empty object. */
static gboolean
copy_parts (FhirBuilder *builder, const char *path, const FhirElement *element, const char *parts)
{
  FhirMemberIter iter;
  const char *name, *inside;
  const FhirElement *value;
  gsize kept = 0;

  if (parts == NULL || (fhir_element_get_kind (element) != FHIR_KIND_OBJECT &&
                        fhir_element_get_kind (element) != FHIR_KIND_ARRAY))
    {
      fhir_builder_set_element (builder, path, element);
      return TRUE;
    }
  fhir_element_foreach (item, element)
    {
      g_autofree char *to = g_strdup_printf ("%s.%" G_GSIZE_FORMAT, path, kept);

      if (copy_parts (builder, to, item, parts))
        kept++;
    }
  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      g_autofree char *to = g_strconcat (path, ".", name, NULL);

      if (is_always_kept (name))
        inside = NULL;
      else if (!find_part (parts, name, &inside))
        continue;
      if (copy_parts (builder, to, value, inside))
        kept++;
    }
  return kept > 0;
}

static gboolean
is_wanted (const Summary *summary, FhirQuery *query, const char *name, const char **inside)
{
  const char *unused;

  *inside = NULL;
  if (g_str_equal (name, "meta") || g_str_equal (name, "implicitRules") || is_always_kept (name))
    return TRUE;
  if (g_strcmp0 (query->summary, "true") == 0)
    return find_part (summary->parts, name, inside);
  if (find_part (summary->needed, name, &unused))
    return TRUE;
  if (g_strcmp0 (query->summary, "text") == 0)
    return g_str_equal (name, "text");
  for (guint i = 0; i < query->elements->len; i++)
    if (g_str_equal (query->elements->pdata[i], *name == '_' ? name + 1 : name))
      return TRUE;
  return FALSE;
}

static FhirBuilder *
build_parts (FhirResource *resource, FhirQuery *query)
{
  const char *type = fhir_resource_get_type (resource), *name, *inside;
  const Summary *summary =
      bsearch (type, summaries, G_N_ELEMENTS (summaries), sizeof *summaries, compare_types);
  FhirBuilder *builder = fhir_builder_new (type, fhir_resource_get_id (resource));
  FhirMemberIter iter;
  const FhirElement *value;

  fhir_member_iter_init (&iter, fhir_resource_get_root (resource));
  while (summary != NULL && fhir_member_iter_next (&iter, &name, &value))
    if (!g_str_equal (name, "resourceType") && !g_str_equal (name, "id") &&
        is_wanted (summary, query, name, &inside))
      copy_parts (builder, name, value, inside);
  return builder;
}

static void
add_tag (FhirBuilder *builder)
{
  g_autofree char *tag = NULL, *system = NULL, *code = NULL;

  tag =
      g_strdup_printf ("meta.tag.%" G_GSIZE_FORMAT, fhir_builder_get_length (builder, "meta.tag"));
  system = g_strconcat (tag, ".system", NULL);
  code = g_strconcat (tag, ".code", NULL);
  fhir_builder_set_many (builder, system,
                         "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", code,
                         "SUBSETTED", NULL);
}

/**
 * fhir_summary_is_asked:
 *
 * Returns: whether @query asks for parts of the resources, and not for the whole
 */
gboolean
fhir_summary_is_asked (FhirQuery *query)
{
  return query->elements->len > 0 ||
         (query->summary != NULL && !g_str_equal (query->summary, "false") &&
          !g_str_equal (query->summary, "count"));
}

/**
 * fhir_summary_new:
 * @query: whose `summary` ("true", "text" or "data") or `elements` say what is wanted
 *
 * The parts keep the literal text of decimals, extensions and what stands beside primitives.
 * Elements that must be there come with _elements and _summary=text; modifier extensions and what a
 * server says of itself always.
 *
 * Returns: (transfer full): a copy with these parts, tagged SUBSETTED
 */
FhirResource *
fhir_summary_new (FhirResource *resource, FhirQuery *query)
{
  gboolean data = g_strcmp0 (query->summary, "data") == 0;
  g_autoptr (FhirBuilder) builder =
      data ? fhir_builder_new_from (resource) : build_parts (resource, query);

  if (data)
    fhir_builder_remove (builder, "text");
  add_tag (builder);
  return fhir_builder_end (builder);
}
