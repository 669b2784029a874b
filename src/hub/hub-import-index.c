/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-import-private.h"

#include <string.h>

/* The first pass: which resources stand in the files, by their URLs and identifiers, so that the
 * second pass resolves references whatever the order of files. */

HubImportIndex *
hub_import_index_new (void)
{
  HubImportIndex *self = g_new (HubImportIndex, 1);

  self->urls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->identifiers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
hub_import_index_free (HubImportIndex *self)
{
  g_hash_table_unref (self->urls);
  g_hash_table_unref (self->identifiers);
  g_free (self);
}

static void
add_identifier (HubImportIndex *self, HubSpan identifier, const char *type, const char *target)
{
  g_autofree char *system = NULL;
  g_autofree char *value = NULL;
  char *key, *known;
  HubSpan name, member;

  if (!hub_span_open (&identifier, '{'))
    return;
  while (hub_span_next_member (&identifier, &name, &member))
    {
      if (hub_span_is_string (&name, "system") && system == NULL)
        system = hub_span_dup_string (&member);
      else if (hub_span_is_string (&name, "value") && value == NULL)
        value = hub_span_dup_string (&member);
    }
  if (value == NULL)
    return;
  key = g_strdup_printf ("%s?identifier=%s|%s", type, system != NULL ? system : "", value);
  known = g_hash_table_lookup (self->identifiers, key);
  if (known != NULL && strcmp (known, target) != 0)
    target = "";
  g_hash_table_replace (self->identifiers, key, g_strdup (target));
}

/* The four members that matter here. */
typedef struct
{
  char *type, *id;
  HubSpan identifiers;
} Head;

static void
read_head (HubSpan object, Head *head)
{
  HubSpan name, value;

  if (!hub_span_open (&object, '{'))
    return;
  while (hub_span_next_member (&object, &name, &value))
    {
      if (hub_span_is_string (&name, "resourceType") && head->type == NULL)
        head->type = hub_span_dup_string (&value);
      else if (hub_span_is_string (&name, "id") && head->id == NULL)
        head->id = hub_span_dup_string (&value);
      else if (hub_span_is_string (&name, "identifier"))
        head->identifiers = value;
    }
}

/**
 * hub_import_index_add:
 * @data: the HubImportIndex; made for hub_import_walk()
 */
void
hub_import_index_add (HubImportEntry *entry, gpointer data)
{
  HubImportIndex *self = data;
  Head head = { 0 };
  HubSpan item;

  read_head (entry->resource, &head);
  if (entry->full_url != NULL && g_str_has_prefix (entry->full_url, "urn:uuid:"))
    {
      g_free (head.id);
      head.id = g_ascii_strdown (entry->full_url + strlen ("urn:uuid:"), -1);
    }
  if (head.type != NULL && head.id != NULL)
    {
      g_autofree char *target = g_strdup_printf ("%s/%s", head.type, head.id);

      if (entry->full_url != NULL)
        g_hash_table_replace (self->urls, g_strdup (entry->full_url), g_strdup (target));
      if (head.identifiers.at != NULL && hub_span_open (&head.identifiers, '['))
        while (hub_span_next_item (&head.identifiers, &item))
          add_identifier (self, item, head.type, target);
    }
  g_free (head.type);
  g_free (head.id);
}

/**
 * hub_import_index_resolve:
 *
 * Returns: (transfer full) (nullable): "Type/id" for a full URL or a conditional reference by
 *   identifier that leads to one resource of these files
 */
char *
hub_import_index_resolve (HubImportIndex *self, const char *reference)
{
  const char *found = g_hash_table_lookup (self->urls, reference);

  if (found == NULL && strchr (reference, '?') != NULL)
    {
      g_autofree char *plain = g_uri_unescape_string (reference, NULL);

      found = g_hash_table_lookup (self->identifiers, plain != NULL ? plain : reference);
    }
  return found != NULL && *found != '\0' ? g_strdup (found) : NULL;
}
