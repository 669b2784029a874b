/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-same.h"

gboolean
hub_same (const FhirElement *one, const FhirElement *other)
{
  return one == other || (one != NULL && other != NULL && fhir_element_equal (one, other));
}

/**
 * hub_same_at:
 * @path: of fhir_element_path()
 */
gboolean
hub_same_at (FhirResource *one, FhirResource *other, const char *path)
{
  return hub_same (fhir_resource_path (one, path), fhir_resource_path (other, path));
}

/* What a client sent may have a dot in the name of a member: it is a name, and no path. */
gboolean
hub_same_member (FhirResource *one, FhirResource *other, const char *name)
{
  return hub_same (fhir_element_get (fhir_resource_get_root (one), name),
                   fhir_element_get (fhir_resource_get_root (other), name));
}

static gboolean
has_all_of (FhirResource *one, FhirResource *other, const char *const *names)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, fhir_resource_get_root (other));
  while (fhir_member_iter_next (&iter, &name, &value))
    if (!g_strv_contains (names, name) && !hub_same_member (one, other, name))
      return FALSE;
  return TRUE;
}

/**
 * hub_same_but_for:
 * @names: the members that may differ
 *
 * Returns: whether each has all that the other has
 */
gboolean
hub_same_but_for (FhirResource *one, FhirResource *other, const char *const *names)
{
  return has_all_of (one, other, names) && has_all_of (other, one, names);
}
