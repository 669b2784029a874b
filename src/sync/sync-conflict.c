/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-conflict.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fhir-concept.h"
#include "fhir-name.h"
#include "fhir-quantity.h"
#include "store-resource.h"
#include "sync-author.h"
#include "sync-bundle.h"
#include "sync-setting.h"

/* What a page needs to show both sides of a conflict: what differs, who wrote each side and when.
 */

#define LONG_BYTES 400u

void
sync_conflict_free (SyncConflict *self)
{
  g_free (self->group);
  g_free (self->type);
  g_free (self->id);
  g_free (self->patient);
  g_free (self->sentence);
  g_clear_pointer (&self->differences, g_ptr_array_unref);
  g_clear_pointer (&self->base, fhir_resource_unref);
  g_clear_pointer (&self->mine, fhir_resource_unref);
  g_clear_pointer (&self->theirs, fhir_resource_unref);
  g_free (self->mine_who);
  g_free (self->theirs_who);
  g_free (self);
}

static gint64
instant_of (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) instant = text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return instant != NULL ? g_date_time_to_unix_usec (instant) : 0;
}

static gint64
find_when (SyncGroup *group, const SyncItem *item)
{
  gint64 when = 0;

  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];

      if (strcmp (entry->type, item->type) == 0 && strcmp (entry->id, item->id) == 0)
        when = entry->created_us;
    }
  return when;
}

static SyncConflict *
describe (StoreConnection *connection, SyncGroup *group, const SyncItem *item)
{
  SyncConflict *conflict = g_new0 (SyncConflict, 1);
  const char *reason = sync_group_get_reason (group);

  conflict->group = g_strdup (group->name);
  conflict->type = g_strdup (item->type);
  conflict->id = g_strdup (item->id);
  conflict->patient = g_strdup (sync_group_get_patient (group));
  conflict->sentence = g_strdup (reason != NULL && g_str_has_prefix (reason, SYNC_REASON_CONFLICT)
                                     ? reason + strlen (SYNC_REASON_CONFLICT)
                                     : reason);
  conflict->mine = item->resource != NULL ? fhir_resource_ref (item->resource) : NULL;
  conflict->theirs = sync_setting_get_theirs (connection, item->type, item->id);
  conflict->base = sync_bundle_base (connection, item);
  conflict->differences =
      conflict->mine != NULL && conflict->theirs != NULL
          ? sync_difference_list (conflict->base, conflict->mine, conflict->theirs)
          : g_ptr_array_new ();
  conflict->mine_who = sync_author_of_group (connection, group, item->type, item->id);
  conflict->mine_when = find_when (group, item);
  if (conflict->theirs != NULL)
    {
      conflict->theirs_who =
          sync_author_of_version (connection, group, conflict->theirs, conflict->base);
      conflict->theirs_when = instant_of (fhir_resource_get_updated (conflict->theirs));
    }
  return conflict;
}

static gboolean
has_conflict (StoreConnection *connection, const SyncItem *item)
{
  g_autoptr (FhirResource) theirs = sync_setting_get_theirs (connection, item->type, item->id);

  return theirs != NULL;
}

static gboolean
add_conflicts (StoreConnection *connection,
               GPtrArray *groups,
               SyncGroup *group,
               GPtrArray *conflicts,
               GError **error)
{
  g_autoptr (GPtrArray) items = sync_bundle_items (connection, groups, group, error);

  for (guint i = 0; items != NULL && i < items->len; i++)
    if (has_conflict (connection, items->pdata[i]))
      g_ptr_array_add (conflicts, describe (connection, group, items->pdata[i]));
  return items != NULL;
}

/**
 * sync_conflict_list:
 *
 * Returns: (transfer full) (nullable): SyncConflict of each record that waits for a choice, in the
 * order in which they were changed here
 */
GPtrArray *
sync_conflict_list (StoreConnection *connection, GError **error)
{
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  g_autoptr (GPtrArray) conflicts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) sync_conflict_free);

  for (guint i = 0; groups != NULL && i < groups->len; i++)
    {
      SyncGroup *group = groups->pdata[i];

      if (group->state == SYNC_GROUP_CONFLICT &&
          !add_conflicts (connection, groups, group, conflicts, error))
        return NULL;
    }
  return groups != NULL ? g_steal_pointer (&conflicts) : NULL;
}

/**
 * sync_conflict_describe:
 *
 * Returns: (transfer full) (nullable): this record's conflict; NULL with @error set where it does
 * not wait any more
 */
SyncConflict *
sync_conflict_describe (StoreConnection *connection,
                        const char *group,
                        const char *type,
                        const char *id,
                        GError **error)
{
  g_autoptr (GPtrArray) conflicts = sync_conflict_list (connection, error);

  for (guint i = 0; conflicts != NULL && i < conflicts->len; i++)
    {
      SyncConflict *conflict = conflicts->pdata[i];

      if (strcmp (conflict->group, group) == 0 && strcmp (conflict->type, type) == 0 &&
          strcmp (conflict->id, id) == 0)
        return g_ptr_array_steal_index (conflicts, i);
    }
  if (conflicts != NULL)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                         _ ("This does not wait any more."));
  return NULL;
}

/* "doseAndRate" as "dose and rate". */
static void
append_label (GString *text, const char *member)
{
  for (; *member != '\0'; member++)
    {
      if (g_ascii_isupper (*member))
        g_string_append_c (text, ' ');
      g_string_append_c (text, g_ascii_tolower (*member));
    }
}

static void
append_plain (GString *text, const FhirElement *element)
{
  const char *plain = fhir_element_get_text (element);

  if (fhir_element_get_kind (element) == FHIR_KIND_BOOLEAN)
    g_string_append (text, fhir_element_is_true (element) ? _ ("yes") : _ ("no"));
  else if (plain != NULL && strlen (plain) > LONG_BYTES && strchr (plain, ' ') == NULL)
    g_string_append_printf (text, _ ("(a file of %u kB)"), (guint) (strlen (plain) / 1024 * 3 / 4));
  else if (plain != NULL)
    g_string_append (text, plain);
}

/* Every leaf, so that nothing that differs is left out. */
static void
append_all (GString *text, const FhirElement *element)
{
  FhirMemberIter iter;
  const char *member;
  const FhirElement *value;
  gboolean first = TRUE;

  if (fhir_element_get_kind (element) == FHIR_KIND_ARRAY)
    fhir_element_foreach (item, element)
      {
        g_string_append (text, first ? "" : "; ");
        append_all (text, item);
        first = FALSE;
      }
  else if (fhir_element_get_kind (element) == FHIR_KIND_OBJECT)
    {
      fhir_member_iter_init (&iter, element);
      while (fhir_member_iter_next (&iter, &member, &value))
        {
          g_string_append (text, first ? "" : ", ");
          append_label (text, member);
          g_string_append (text, ": ");
          append_all (text, value);
          first = FALSE;
        }
    }
  else
    append_plain (text, element);
}

static char *
dup_all (const FhirElement *element)
{
  GString *text = g_string_new (NULL);

  append_all (text, element);
  return g_string_free_and_steal (text);
}

static char *
dup_object (const FhirElement *object)
{
  char *text = NULL;

  if (fhir_element_get (object, "coding") != NULL)
    text = fhir_concept_dup_text (object);
  else if (fhir_element_get (object, "family") != NULL ||
           fhir_element_get (object, "given") != NULL)
    text = fhir_human_name_format (object);
  else if (fhir_element_get (object, "value") != NULL && fhir_element_get (object, "unit") != NULL)
    text = fhir_quantity_dup_shown (object, NULL);
  else if (fhir_element_get (object, "reference") != NULL)
    text = g_strdup (fhir_element_path_text (object, "display"));
  else if (fhir_element_get (object, "text") != NULL)
    text = g_strdup (fhir_element_path_text (object, "text"));
  return text != NULL ? text : dup_all (object);
}

/**
 * sync_conflict_dup_text:
 * @element: (nullable)
 *
 * Returns: (transfer full) (nullable): in words, as short as its kind allows
 */
char *
sync_conflict_dup_text (const FhirElement *element)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (element == NULL)
    return NULL;
  if (fhir_element_get_kind (element) == FHIR_KIND_OBJECT)
    return dup_object (element);
  if (fhir_element_get_kind (element) != FHIR_KIND_ARRAY)
    return dup_all (element);
  fhir_element_foreach (item, element)
    {
      g_autofree char *one = sync_conflict_dup_text (item);

      g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", one != NULL ? one : "");
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/**
 * sync_conflict_dup_side_text:
 *
 * The two sides of a difference never read alike: where the short words of both are the same, every
 * leaf is named.
 *
 * Returns: (transfer full) (nullable): one side in words; NULL: that side does not have it
 */
char *
sync_conflict_dup_side_text (const SyncDifference *difference, SyncSide side)
{
  g_autofree char *mine = sync_conflict_dup_text (difference->mine);
  g_autofree char *theirs = sync_conflict_dup_text (difference->theirs);
  const FhirElement *element = side == SYNC_SIDE_MINE ? difference->mine : difference->theirs;

  if (element == NULL)
    return NULL;
  if (g_strcmp0 (mine, theirs) == 0)
    return dup_all (element);
  return g_strdup (side == SYNC_SIDE_MINE ? mine : theirs);
}
