/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-merge.h"

#include <string.h>

#include "sync-difference.h"

/* Three versions into one, where that is safe: demographics, tasks, visits, bookings and what is
 * still a draft, and only where the two sides changed different elements. What treats a patient
 * always waits for a person (HAZARDS.md, H3). */

static const char *const mergeable[] = { "Patient",   "RelatedPerson", "Person", "Task",
                                         "Encounter", "Appointment",   NULL };

/* Where a type says that it is not signed yet. */
static const struct
{
  const char *type, *path, *value;
} drafts[] = {
  { "DocumentReference", "docStatus", "preliminary" },
  { "Composition", "status", "preliminary" },
  { "QuestionnaireResponse", "status", "in-progress" },
};

static gboolean
is_draft (FhirResource *resource)
{
  for (gsize i = 0; i < G_N_ELEMENTS (drafts); i++)
    if (strcmp (drafts[i].type, fhir_resource_get_type (resource)) == 0 &&
        g_strcmp0 (fhir_resource_path_text (resource, drafts[i].path), drafts[i].value) == 0)
      return TRUE;
  return FALSE;
}

gboolean
sync_merge_is_same (FhirResource *a, FhirResource *b)
{
  return sync_difference_is_same (a, b);
}

/* These change what the rest means. */
static gboolean
changes_meaning (const SyncDifference *difference)
{
  return strcmp (difference->name, "modifierExtension") == 0 ||
         strcmp (difference->name, "implicitRules") == 0;
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
  g_autoptr (GPtrArray) differences = NULL;
  g_autoptr (GHashTable) choices = g_hash_table_new (g_str_hash, g_str_equal);

  if (!g_strv_contains (mergeable, fhir_resource_get_type (mine)) &&
      !(is_draft (base) && is_draft (mine) && is_draft (theirs)))
    return NULL;
  differences = sync_difference_list (base, mine, theirs);
  for (guint i = 0; i < differences->len; i++)
    {
      SyncDifference *difference = differences->pdata[i];

      if ((difference->mine_changed && difference->theirs_changed) || changes_meaning (difference))
        return NULL;
      g_hash_table_insert (choices, difference->key,
                           GINT_TO_POINTER (difference->mine_changed ? SYNC_SIDE_MINE
                                                                     : SYNC_SIDE_THEIRS));
    }
  return sync_difference_combine (mine, theirs, differences, choices);
}
