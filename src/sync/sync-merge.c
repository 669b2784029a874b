/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-merge.h"

#include <string.h>

#include "fhir-builder.h"

/* Three versions into one, where that is safe: demographics, tasks, visits and bookings only, and
 * only where the two sides changed different elements. An element is taken whole, so that a number
 * never meets another side's unit (HAZARDS.md, H3). Extensions count one by one, by their url. */

static const char *const mergeable[] = { "Patient", "Task", "Encounter", "Appointment", NULL };

/* A sibling "_birthDate" belongs to "birthDate". */
static const char *
element_name (const char *name)
{
  return *name == '_' ? name + 1 : name;
}

static gboolean
is_administrative (const char *name)
{
  return strcmp (name, "meta") == 0 || strcmp (name, "text") == 0 || strcmp (name, "id") == 0 ||
         strcmp (name, "resourceType") == 0;
}

static void
collect_names (FhirResource *resource, GHashTable *names)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, fhir_resource_get_root (resource));
  while (fhir_member_iter_next (&iter, &name, &value))
    if (!is_administrative (element_name (name)))
      g_hash_table_add (names, g_strdup (element_name (name)));
}

static gboolean
is_equal (const FhirElement *a, const FhirElement *b)
{
  return (a == NULL || b == NULL) ? a == b : fhir_element_equal (a, b);
}

static gboolean
element_is_equal (FhirResource *a, FhirResource *b, const char *name)
{
  g_autofree char *sibling = g_strconcat ("_", name, NULL);

  return is_equal (fhir_element_get (fhir_resource_get_root (a), name),
                   fhir_element_get (fhir_resource_get_root (b), name)) &&
         is_equal (fhir_element_get (fhir_resource_get_root (a), sibling),
                   fhir_element_get (fhir_resource_get_root (b), sibling));
}

/**
 * sync_merge_is_same:
 *
 * Returns: whether both say the same; the server's bookkeeping and the narrative made of the rest
 * do not count
 */
gboolean
sync_merge_is_same (FhirResource *a, FhirResource *b)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer name;

  collect_names (a, names);
  collect_names (b, names);
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!element_is_equal (a, b, name))
      return FALSE;
  return TRUE;
}

static const FhirElement *
find_extension (FhirResource *resource, const char *url, guint *count)
{
  const FhirElement *found = NULL;

  *count = 0;
  fhir_element_foreach (extension, fhir_resource_path (resource, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), url) == 0)
      {
        found = extension;
        ++*count;
      }
  return found;
}

/* Puts what became of the extension @url at the end of the list; FALSE where both sides changed it.
 */
static gboolean
merge_extension (FhirBuilder *merged,
                 FhirResource *base,
                 FhirResource *mine,
                 FhirResource *theirs,
                 const char *url)
{
  guint counts[3];
  const FhirElement *was = find_extension (base, url, &counts[0]);
  const FhirElement *ours = find_extension (mine, url, &counts[1]);
  const FhirElement *other = find_extension (theirs, url, &counts[2]);
  const FhirElement *kept = is_equal (was, ours) ? other : ours;
  g_autofree char *path = NULL;

  if (MAX (counts[0], MAX (counts[1], counts[2])) > 1)
    return FALSE;
  if (!is_equal (was, ours) && !is_equal (was, other) && !is_equal (ours, other))
    return FALSE;
  path =
      g_strdup_printf ("extension.%" G_GSIZE_FORMAT, fhir_builder_get_length (merged, "extension"));
  fhir_builder_set_element (merged, path, kept);
  return TRUE;
}

static gboolean
merge_extensions (FhirBuilder *merged, FhirResource *base, FhirResource *mine, FhirResource *theirs)
{
  g_autoptr (GHashTable) urls = g_hash_table_new (g_str_hash, g_str_equal);
  FhirResource *sides[] = { theirs, mine };

  fhir_builder_remove (merged, "extension");
  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    fhir_element_foreach (extension, fhir_resource_path (sides[i], "extension"))
      {
        const char *url = fhir_element_path_text (extension, "url");

        if (url == NULL)
          return FALSE;
        if (g_hash_table_add (urls, (gpointer) url) &&
            !merge_extension (merged, base, mine, theirs, url))
          return FALSE;
      }
  return TRUE;
}

static void
take_element (FhirBuilder *merged, FhirResource *from, const char *name)
{
  const FhirElement *value = fhir_element_get (fhir_resource_get_root (from), name);

  fhir_builder_remove (merged, name);
  fhir_builder_set_element (merged, name, value);
}

static gboolean
merge_element (FhirBuilder *merged,
               FhirResource *base,
               FhirResource *mine,
               FhirResource *theirs,
               const char *name)
{
  g_autofree char *sibling = g_strconcat ("_", name, NULL);

  if (element_is_equal (base, mine, name))
    return TRUE;
  if (strcmp (name, "modifierExtension") == 0 || strcmp (name, "implicitRules") == 0)
    return FALSE;
  if (!element_is_equal (base, theirs, name) && !element_is_equal (mine, theirs, name))
    return strcmp (name, "extension") == 0 && merge_extensions (merged, base, mine, theirs);
  if (element_is_equal (base, theirs, name))
    {
      take_element (merged, mine, name);
      take_element (merged, mine, sibling);
    }
  return TRUE;
}

/**
 * sync_merge:
 * @base: what both started from
 *
 * Returns: (transfer full) (nullable): @theirs with my changes in it, or NULL where a person has to
 *   decide
 */
FhirResource *
sync_merge (FhirResource *base, FhirResource *mine, FhirResource *theirs)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (FhirBuilder) merged = NULL;
  GHashTableIter iter;
  gpointer name;

  if (!g_strv_contains (mergeable, fhir_resource_get_type (mine)))
    return NULL;
  merged = fhir_builder_new_from (theirs);
  collect_names (base, names);
  collect_names (mine, names);
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!merge_element (merged, base, mine, theirs, name))
      return NULL;
  return fhir_builder_end (merged);
}
