/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-author.h"

#include <string.h>

#include "fhir-name.h"
#include "store-resource.h"
#include "store-search.h"
#include "sync-search.h"

/* Who wrote a version. Only a Provenance says so: one whose target is that very version, or one
 * that names the record alone and that the server wrote down together with that version. When a
 * signature says that it was made is a clock elsewhere, and says nothing about which version came
 * of it. A wrong name is worse than none. */

#define TOGETHER_US (2 * G_USEC_PER_SEC)

static gint64
instant_of (FhirResource *resource)
{
  const char *text = resource != NULL ? fhir_resource_get_updated (resource) : NULL;
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) instant = text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return instant != NULL ? g_date_time_to_unix_usec (instant) : 0;
}

/* A person by name where the record is here, else as the reference says. */
static char *
dup_who (StoreConnection *connection, FhirResource *provenance)
{
  const FhirElement *who = fhir_resource_path (provenance, "agent.0.who");
  const char *display = fhir_element_path_text (who, "display");
  const char *text = fhir_element_path_text (who, "reference");
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", "/", 3);
  g_autoptr (FhirResource) person =
      g_strv_length (parts) == 2 ? store_resource_get (connection, parts[0], parts[1], NULL) : NULL;
  char *name = person != NULL ? fhir_human_name_format (fhir_resource_path (person, "name")) : NULL;

  return name != NULL ? name : g_strdup (display != NULL ? display : text);
}

typedef enum
{
  TARGET_NONE,   /* another record, or another version */
  TARGET_RECORD, /* the record, without a version */
  TARGET_VERSION,
} Target;

/* A reference may be absolute. */
static gboolean
ends_in (const char *reference, const char *relative)
{
  gsize length = strlen (reference), end = strlen (relative);

  return g_str_has_suffix (reference, relative) &&
         (length == end || reference[length - end - 1] == '/');
}

static Target
target_of (FhirResource *provenance, const char *record, const char *version)
{
  g_autofree char *exact = g_strdup_printf ("%s/_history/%s", record, version);
  Target best = TARGET_NONE;

  fhir_element_foreach (target, fhir_resource_path (provenance, "target"))
    {
      const char *reference = fhir_element_path_text (target, "reference");

      if (reference == NULL)
        continue;
      if (version != NULL && ends_in (reference, exact))
        return TARGET_VERSION;
      if (ends_in (reference, record))
        best = TARGET_RECORD;
    }
  return best;
}

/* Written down with @version, and not rather with what both sides started from. */
static gboolean
is_together (FhirResource *provenance, FhirResource *version, FhirResource *base)
{
  gint64 when = instant_of (provenance), stands = instant_of (version), was = instant_of (base);

  return when != 0 && stands != 0 && ABS (when - stands) <= TOGETHER_US &&
         (was == 0 || ABS (when - stands) < ABS (when - was));
}

/* Two who could have written it are nobody in particular. */
typedef struct
{
  char *exact, *together;
  gboolean several;
} Found;

static void
take (Found *found, Target target, char *who)
{
  g_autofree char *name = who;

  if (target == TARGET_VERSION && found->exact == NULL)
    found->exact = g_steal_pointer (&name);
  else if (target == TARGET_RECORD && found->together == NULL)
    found->together = g_steal_pointer (&name);
  else if (target == TARGET_RECORD)
    found->several |= g_strcmp0 (found->together, name) != 0;
}

/**
 * sync_author_of_version:
 * @group: the change that collided with it; its own signatures are not asked
 * @version: of the server
 * @base: (nullable): the version before, as far as it is known
 *
 * Returns: (transfer full) (nullable): a name or a reference; NULL: not known
 */
char *
sync_author_of_version (StoreConnection *connection,
                        SyncGroup *group,
                        FhirResource *version,
                        FhirResource *base)
{
  g_autofree char *record = fhir_resource_dup_reference (version);
  g_autofree char *query = g_strdup_printf ("target=%s", record);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Provenance", query, NULL);
  Found found = { 0 };

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      g_autoptr (FhirResource) provenance =
          sync_group_touches (group, "Provenance", ids->pdata[i])
              ? NULL
              : store_resource_get (connection, "Provenance", ids->pdata[i], NULL);
      Target target = provenance != NULL
                          ? target_of (provenance, record, fhir_resource_get_version (version))
                          : TARGET_NONE;

      if (target == TARGET_VERSION ||
          (target == TARGET_RECORD && is_together (provenance, version, base)))
        take (&found, target, dup_who (connection, provenance));
    }
  if (found.exact == NULL && !found.several)
    return found.together;
  g_free (found.together);
  return found.exact;
}

/**
 * sync_author_of_group:
 *
 * Returns: (transfer full) (nullable): who wrote what waits here: whose signature waits with it
 */
char *
sync_author_of_group (StoreConnection *connection,
                      SyncGroup *group,
                      const char *type,
                      const char *id)
{
  g_autofree char *record = g_strdup_printf ("%s/%s", type, id);

  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];
      g_autoptr (FhirResource) provenance =
          strcmp (entry->type, "Provenance") == 0
              ? store_resource_get (connection, entry->type, entry->id, NULL)
              : NULL;

      if (provenance != NULL && target_of (provenance, record, NULL) != TARGET_NONE)
        return dup_who (connection, provenance);
    }
  return NULL;
}

/**
 * sync_author_fetch:
 * @version: of the server, that a person will be shown
 *
 * Blocks. Reads the signatures of the record, which the next reading might bring too late. That it
 * fails is no fault: then nobody is named.
 */
void
sync_author_fetch (SyncContext *context, FhirResource *version)
{
  g_autofree char *record = fhir_resource_dup_reference (version);
  g_autofree char *query = g_strdup_printf ("target=%s&_count=50", record);
  g_auto (SyncApply) apply = sync_search_apply_new (context);
  g_autoptr (GError) error = NULL;

  if (!sync_capability_searches (context->capability, "Provenance"))
    return;
  if (!sync_search_if_offered (context, &(SyncWanted) { .type = "Provenance", .pages = 2 }, query,
                               &apply, &error) ||
      !sync_search_put (context, &apply, &error))
    g_debug ("Who wrote a version could not be asked: %s", error->message);
}
