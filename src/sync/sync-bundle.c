/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-bundle.h"

#include <string.h>

#include "fhir-builder.h"
#include "store-resource.h"
#include "store-setting.h"
#include "sync-reference.h"
#include "sync-setting.h"

/* A group as the transaction that goes out. What carries an identifier of ours is created by POST
 * with If-None-Exist, so that no retry can make a second one; anything else by PUT to its own id,
 * or, where the server chooses ids, by POST with an identity that is given on the way out. */

#define HISTORY_MAX 200u

void
sync_item_free (SyncItem *item)
{
  g_free (item->type);
  g_free (item->id);
  g_free (item->entry_id);
  g_free (item->base);
  g_clear_pointer (&item->resource, fhir_resource_unref);
  g_clear_pointer (&item->before, fhir_resource_unref);
  g_free (item);
}

static SyncItem *
find_item (GPtrArray *items, const StoreJournalEntry *entry)
{
  for (guint i = 0; i < items->len; i++)
    {
      SyncItem *item = items->pdata[i];

      if (strcmp (item->type, entry->type) == 0 && strcmp (item->entry_id, entry->id) == 0)
        return item;
    }
  return NULL;
}

static SyncItem *
add_item (GPtrArray *items, const StoreJournalEntry *entry, GHashTable *aliases)
{
  SyncItem *item = g_new0 (SyncItem, 1);
  g_autofree char *ours = g_strdup_printf ("%s/%s", entry->type, entry->id);
  const char *alias = g_hash_table_lookup (aliases, ours);

  item->verb = entry->verb;
  item->type = g_strdup (entry->type);
  item->entry_id = g_strdup (entry->id);
  item->id = g_strdup (alias != NULL ? strchr (alias, '/') + 1 : entry->id);
  item->base = g_strdup (entry->base_version);
  g_ptr_array_add (items, item);
  return item;
}

/* Several changes of one resource in one group become one. */
static void
fold (GPtrArray *items, SyncItem *item, const StoreJournalEntry *entry)
{
  if (item->verb == STORE_JOURNAL_CREATE && entry->verb == STORE_JOURNAL_DELETE)
    g_ptr_array_remove (items, item);
  else if (item->verb != STORE_JOURNAL_CREATE)
    item->verb = entry->verb;
}

static void
look_around (GPtrArray *groups, SyncGroup *group, SyncItem *item)
{
  for (guint i = 0; i < groups->len; i++)
    {
      SyncGroup *other = groups->pdata[i];

      for (guint j = 0; j < other->entries->len; j++)
        {
          StoreJournalEntry *entry = other->entries->pdata[j];

          if (strcmp (entry->type, item->type) != 0 || strcmp (entry->id, item->entry_id) != 0)
            continue;
          item->changes++;
          item->later |= other->first > group->first;
        }
    }
}

static gboolean
fill_item (StoreConnection *connection, SyncItem *item, GError **error)
{
  g_autoptr (GPtrArray) history = NULL;
  g_autofree char *base = sync_setting_get_base (connection, item->type, item->id);
  StoreVersion *head;
  g_autoptr (GError) problem = NULL;

  if (base != NULL)
    g_set_str (&item->base, base);
  history = store_resource_history (connection, item->type, item->id, 1, &problem);
  if (g_error_matches (problem, STORE_ERROR, STORE_ERROR_NOT_FOUND))
    return TRUE;
  if (history == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  head = history->len > 0 ? history->pdata[0] : NULL;
  if (head != NULL)
    item->sequence = head->sequence;
  if (head != NULL && head->resource != NULL && item->verb != STORE_JOURNAL_DELETE)
    item->resource = fhir_resource_ref (head->resource);
  return TRUE;
}

/**
 * sync_bundle_base:
 *
 * The local versions since are passed over by count: a local version number may look like one of
 * the server's.
 *
 * Returns: (transfer full) (nullable): the server's version that @item was changed from
 */
FhirResource *
sync_bundle_base (StoreConnection *connection, const SyncItem *item)
{
  g_autofree char *noted = sync_setting_get_base (connection, item->type, item->id);
  FhirResource *kept = noted != NULL && g_strcmp0 (noted, item->base) == 0
                           ? sync_setting_get_base_resource (connection, item->type, item->id)
                           : NULL;
  g_autoptr (GPtrArray) history = NULL;

  if (kept != NULL)
    return kept;
  history = store_resource_history (connection, item->type, item->id, HISTORY_MAX, NULL);
  for (guint i = item->changes; history != NULL && i < history->len; i++)
    {
      StoreVersion *version = history->pdata[i];

      if (version->resource != NULL && g_strcmp0 (version->version, item->base) == 0)
        return fhir_resource_ref (version->resource);
    }
  return NULL;
}

/**
 * sync_bundle_items:
 * @groups: all that are open
 *
 * Returns: (transfer full) (nullable): what @group sends; a resource that has since been deleted
 * here is left to the group that deletes it
 */
GPtrArray *
sync_bundle_items (StoreConnection *connection, GPtrArray *groups, SyncGroup *group, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) sync_item_free);
  g_autoptr (GHashTable) aliases = sync_setting_get_aliases (connection);

  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];
      SyncItem *item = find_item (items, entry);

      if (item != NULL)
        fold (items, item, entry);
      else
        add_item (items, entry, aliases);
    }
  for (guint i = 0; i < items->len;)
    {
      SyncItem *item = items->pdata[i];

      look_around (groups, group, item);
      if (!fill_item (connection, item, error))
        return NULL;
      if (item->resource == NULL && item->verb != STORE_JOURNAL_DELETE)
        {
          g_ptr_array_remove_index (items, i);
          continue;
        }
      if (item->verb != STORE_JOURNAL_CREATE)
        item->before = sync_bundle_base (connection, item);
      i++;
    }
  return g_steal_pointer (&items);
}

/* The identifier that Bedside gave when it made the resource. */
static const FhirElement *
find_identifier (FhirResource *resource)
{
  fhir_element_foreach (identifier, fhir_resource_path (resource, "identifier"))
    {
      const char *system = fhir_element_path_text (identifier, "system");

      if (system != NULL && g_str_has_prefix (system, SYNC_IDENTIFIER_SYSTEM) &&
          fhir_element_path_text (identifier, "value") != NULL)
        return identifier;
    }
  return NULL;
}

/* Types with a list of identifiers; any other carries its identity as a tag. */
static gboolean
has_identifiers (const char *type)
{
  static const char *const without[] = { "Provenance",  "Binary",  "AuditEvent",
                                         "Composition", "Bundle",  "QuestionnaireResponse",
                                         "Parameters",  "Linkage", "MessageHeader",
                                         NULL };

  return !g_strv_contains (without, type);
}

/**
 * sync_bundle_is_posted:
 *
 * Returns: whether this creation goes by POST: it has an identifier to know it by, or the server
 * chooses ids itself
 */
gboolean
sync_bundle_is_posted (const SyncItem *item, SyncCapability *capability)
{
  return item->verb == STORE_JOURNAL_CREATE &&
         (find_identifier (item->resource) != NULL ||
          sync_capability_get (capability, SYNC_FEATURE_UPDATE_CREATE, item->type) ==
              SYNC_ANSWER_NO);
}

/**
 * sync_bundle_dup_identity:
 *
 * Returns: (transfer full): the query that finds @item on a server whatever id it got there
 */
char *
sync_bundle_dup_identity (const SyncItem *item)
{
  const FhirElement *identifier = find_identifier (item->resource);
  const char *value =
      identifier != NULL ? fhir_element_path_text (identifier, "value") : item->entry_id;
  g_autofree char *escaped = g_uri_escape_string (value, NULL, FALSE);

  return g_strdup_printf ("%s=%s|%s",
                          identifier != NULL || has_identifiers (item->type) ? "identifier"
                                                                             : "_tag",
                          identifier != NULL ? fhir_element_path_text (identifier, "system")
                                             : SYNC_IDENTITY_SYSTEM,
                          escaped);
}

static gboolean
has_pair (const FhirElement *list, const char *member, const char *system, const char *value)
{
  fhir_element_foreach (one, list)
    if (g_strcmp0 (fhir_element_path_text (one, "system"), system) == 0 &&
        g_strcmp0 (fhir_element_path_text (one, member), value) == 0)
      return TRUE;
  return FALSE;
}

/**
 * sync_bundle_has_identity:
 * @resource: what a server sent, which may have ignored the question
 *
 * Returns: whether it is @item
 */
gboolean
sync_bundle_has_identity (FhirResource *resource, const SyncItem *item)
{
  const FhirElement *own = find_identifier (item->resource);

  if (strcmp (fhir_resource_get_type (resource), item->type) != 0)
    return FALSE;
  if (own != NULL)
    return has_pair (fhir_resource_path (resource, "identifier"), "value",
                     fhir_element_path_text (own, "system"), fhir_element_path_text (own, "value"));
  return has_pair (fhir_resource_path (resource, "identifier"), "value", SYNC_IDENTITY_SYSTEM,
                   item->entry_id) ||
         has_pair (fhir_resource_path (resource, "meta.tag"), "code", SYNC_IDENTITY_SYSTEM,
                   item->entry_id);
}

/**
 * sync_bundle_is_other:
 * @resource: (nullable): what the server says that it made of @item
 *
 * Returns: whether it is something else: a server whose If-None-Exist finds the wrong record would
 * otherwise make an order disappear
 */
gboolean
sync_bundle_is_other (FhirResource *resource, const SyncItem *item)
{
  return resource != NULL && item->verb == STORE_JOURNAL_CREATE &&
         find_identifier (item->resource) != NULL && !sync_bundle_has_identity (resource, item);
}

/* Where the server chooses the id, ours goes along as something that it keeps. */
static FhirResource *
with_identity (FhirResource *resource, const SyncItem *item)
{
  gboolean listed = has_identifiers (item->type);
  const char *list = listed ? "identifier" : "meta.tag";
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (resource);
  gsize at = fhir_builder_get_length (builder, list);
  g_autofree char *system = g_strdup_printf ("%s.%" G_GSIZE_FORMAT ".system", list, at);
  g_autofree char *value =
      g_strdup_printf ("%s.%" G_GSIZE_FORMAT ".%s", list, at, listed ? "value" : "code");

  fhir_builder_set (builder, system, SYNC_IDENTITY_SYSTEM);
  fhir_builder_set (builder, value, item->entry_id);
  return fhir_builder_end (builder);
}

/* What the server keeps by itself is not sent. */
static FhirResource *
strip (FhirResource *resource)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (resource);
  const FhirElement *meta = fhir_resource_path (resource, "meta");
  gsize members = 0;
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, meta);
  while (meta != NULL && fhir_member_iter_next (&iter, &name, &value))
    members += strcmp (name, "versionId") != 0 && strcmp (name, "lastUpdated") != 0;
  if (members == 0)
    fhir_builder_remove (builder, "meta");
  else
    {
      fhir_builder_remove (builder, "meta.versionId");
      fhir_builder_remove (builder, "meta.lastUpdated");
    }
  return fhir_builder_end (builder);
}

/**
 * sync_bundle_outgoing:
 * @renamed: reference as written here → as the server knows it
 *
 * Returns: (transfer full): the resource as it leaves
 */
FhirResource *
sync_bundle_outgoing (const SyncItem *item, SyncCapability *capability, GHashTable *renamed)
{
  g_autoptr (FhirResource) bare = strip (item->resource);
  g_autoptr (FhirResource) renamed_one = sync_reference_rewrite (bare, renamed);

  return sync_bundle_is_posted (item, capability) && find_identifier (item->resource) == NULL
             ? with_identity (renamed_one, item)
             : g_steal_pointer (&renamed_one);
}

static void
add_request (FhirBuilder *bundle, guint position, const SyncItem *item, const char *identity)
{
  g_autofree char *path = g_strdup_printf ("entry.%u.request", position);
  g_autofree char *method = g_strconcat (path, ".method", NULL);
  g_autofree char *url = g_strconcat (path, ".url", NULL);
  g_autofree char *if_match = g_strconcat (path, ".ifMatch", NULL);
  g_autofree char *if_none_exist = g_strconcat (path, ".ifNoneExist", NULL);
  g_autofree char *reference = g_strdup_printf ("%s/%s", item->type, item->id);
  g_autofree char *tag = item->base != NULL ? g_strdup_printf ("W/\"%s\"", item->base) : NULL;
  static const char *const methods[] = { "PUT", "PUT", "DELETE" };

  fhir_builder_set (bundle, method, identity != NULL ? "POST" : methods[item->verb]);
  fhir_builder_set (bundle, url, identity != NULL ? item->type : reference);
  if (item->verb != STORE_JOURNAL_CREATE)
    fhir_builder_set (bundle, if_match, tag);
  fhir_builder_set (bundle, if_none_exist, identity);
}

static char *
make_full_url (const SyncItem *item, gboolean posted, const char *base_url)
{
  if (posted && g_uuid_string_is_valid (item->id))
    return g_strdup_printf ("urn:uuid:%s", item->id);
  return g_strdup_printf ("%s/%s/%s", base_url, item->type, item->id);
}

/**
 * sync_bundle_new:
 *
 * Returns: (transfer full): a transaction with an entry for each of @items, in their order
 */
FhirResource *
sync_bundle_new (StoreConnection *connection,
                 GPtrArray *items,
                 SyncCapability *capability,
                 const char *base_url)
{
  g_autoptr (FhirBuilder) bundle = fhir_builder_new ("Bundle", NULL);
  g_autoptr (GHashTable) renamed = sync_setting_get_aliases (connection);

  fhir_builder_set (bundle, "type", "transaction");
  for (guint i = 0; i < items->len; i++)
    {
      SyncItem *item = items->pdata[i];

      if (sync_bundle_is_posted (item, capability))
        g_hash_table_replace (renamed, g_strdup_printf ("%s/%s", item->type, item->id),
                              make_full_url (item, TRUE, base_url));
    }
  for (guint i = 0; i < items->len; i++)
    {
      SyncItem *item = items->pdata[i];
      gboolean posted = sync_bundle_is_posted (item, capability);
      g_autofree char *identity = posted ? sync_bundle_dup_identity (item) : NULL;
      g_autofree char *url_path = g_strdup_printf ("entry.%u.fullUrl", i);
      g_autofree char *resource_path = g_strdup_printf ("entry.%u.resource", i);
      g_autofree char *full_url = make_full_url (item, posted, base_url);
      g_autoptr (FhirResource) outgoing =
          item->resource != NULL ? sync_bundle_outgoing (item, capability, renamed) : NULL;

      fhir_builder_set (bundle, url_path, full_url);
      if (outgoing != NULL)
        fhir_builder_set_element (bundle, resource_path, fhir_resource_get_root (outgoing));
      add_request (bundle, i, item, identity);
    }
  return fhir_builder_end (bundle);
}

/**
 * sync_bundle_sent:
 * @sequence: noted when it was sent
 *
 * Returns: (transfer full) (nullable): the local version that was sent
 */
FhirResource *
sync_bundle_sent (StoreConnection *connection, const SyncItem *item, gint64 sequence)
{
  g_autoptr (GPtrArray) history =
      store_resource_history (connection, item->type, item->id, HISTORY_MAX, NULL);

  for (guint i = 0; history != NULL && i < history->len; i++)
    {
      StoreVersion *version = history->pdata[i];

      if (version->resource != NULL && version->sequence == sequence)
        return fhir_resource_ref (version->resource);
    }
  return NULL;
}

/**
 * sync_bundle_head_sequence:
 *
 * Returns: the store's sequence of the newest local version of @item, 0 where there is none
 */
gint64
sync_bundle_head_sequence (StoreConnection *connection, const SyncItem *item)
{
  g_autoptr (GPtrArray) history =
      store_resource_history (connection, item->type, item->entry_id, 1, NULL);

  return history != NULL && history->len > 0 ? ((StoreVersion *) history->pdata[0])->sequence : 0;
}

/**
 * sync_bundle_sent_sequence:
 *
 * Returns: the store's sequence of the version of @item that left with @group; 0 where none did
 */
gint64
sync_bundle_sent_sequence (SyncGroup *group, const SyncItem *item)
{
  gint64 sequence = 0;

  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];

      if (strcmp (entry->type, item->type) == 0 && strcmp (entry->id, item->entry_id) == 0 &&
          entry->reason != NULL && g_str_has_prefix (entry->reason, SYNC_REASON_SENT))
        sequence = g_ascii_strtoll (entry->reason + strlen (SYNC_REASON_SENT), NULL, 10);
    }
  return sequence;
}
