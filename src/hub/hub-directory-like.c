/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-element.h"
#include "hub-directory-private.h"
#include "hub-patient-directory.h"
#include "hub-reply.h"

/* Which sign-ups look like another one or like a pharmacy that is listed: the same registration, or
 * the same name in the same place. It decides nothing: anybody may post anybody's registration, and
 * so it keeps nobody out. An administrator who sees both looks at which of them is true. */

/* Letters and digits alone, so that a space or a dash makes no other pharmacy. */
static char *
dup_plain (const char *text)
{
  g_autofree char *folded =
      text != NULL ? g_utf8_normalize (text, -1, G_NORMALIZE_ALL) : g_strdup ("");
  g_autoptr (GString) plain = g_string_new (NULL);

  for (const char *at = folded; at != NULL && *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_isalnum (g_utf8_get_char (at)))
      g_string_append_unichar (plain, g_unichar_tolower (g_utf8_get_char (at)));
  return g_string_free_and_steal (g_steal_pointer (&plain));
}

static gboolean
is_same (const char *a, const char *b)
{
  g_autofree char *plain_a = dup_plain (a);
  g_autofree char *plain_b = dup_plain (b);

  return *plain_a != '\0' && g_str_equal (plain_a, plain_b);
}

static const char *
text_of (JsonObject *object, const char *name)
{
  return object != NULL ? json_object_get_string_member_with_default (object, name, NULL) : NULL;
}

static const char *
code_of (JsonObject *listing)
{
  return text_of (json_object_get_object_member (listing, "address"), "postalCode");
}

static gboolean
is_like_listing (JsonObject *a, JsonObject *b)
{
  return is_same (text_of (a, "registration"), text_of (b, "registration")) ||
         (is_same (text_of (a, "name"), text_of (b, "name")) && is_same (code_of (a), code_of (b)));
}

static gboolean
is_like_organization (JsonObject *listing, FhirResource *organization)
{
  fhir_element_foreach (identifier, fhir_resource_path (organization, "identifier"))
    if (is_same (text_of (listing, "registration"), fhir_element_path_text (identifier, "value")))
      return TRUE;
  if (!is_same (text_of (listing, "name"), fhir_resource_path_text (organization, "name")))
    return FALSE;
  fhir_element_foreach (address, fhir_resource_path (organization, "address"))
    if (is_same (code_of (listing), fhir_element_path_text (address, "postalCode")))
      return TRUE;
  return FALSE;
}

/**
 * hub_listing_write_like:
 * @entries: (element-type utf8 JsonObject): all sign-ups, by their ids
 * @organizations: (element-type FhirResource): pharmacies in the records
 * @out: in the object of the sign-up @id
 *
 * Adds `like`: ids of other sign-ups that wait, and references of Organizations.
 */
void
hub_listing_write_like (GHashTable *entries,
                        GPtrArray *organizations,
                        const char *id,
                        JsonBuilder *out)
{
  JsonObject *entry = g_hash_table_lookup (entries, id);
  JsonObject *listing = json_object_get_object_member (entry, "listing");
  GHashTableIter iter;
  gpointer other, object;

  json_builder_set_member_name (out, "like");
  json_builder_begin_array (out);
  g_hash_table_iter_init (&iter, entries);
  while (g_hash_table_iter_next (&iter, &other, &object))
    if (object != entry && g_strcmp0 (text_of (object, "status"), "waiting") == 0 &&
        is_like_listing (listing, json_object_get_object_member (object, "listing")))
      json_builder_add_string_value (out, other);
  for (guint i = 0; i < organizations->len; i++)
    {
      FhirResource *organization = organizations->pdata[i];
      g_autofree char *reference = fhir_resource_dup_reference (organization);

      if (g_strcmp0 (fhir_resource_get_id (organization), text_of (entry, "organization")) != 0 &&
          is_like_organization (listing, organization))
        json_builder_add_string_value (out, reference);
    }
  json_builder_end_array (out);
}
