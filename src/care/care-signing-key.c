/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-signing-key.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-extension.h"
#include "fhir-concept.h"
#include "store-resource.h"
#include "store-search.h"

#define EXTENSION_KEY   "public-key"
#define EXTENSION_ENDED "key-ended"

/* Whose it is stands in its identifier, too: nobody takes another one's place with the same key. */
static char *
dup_identifier (const char *who, const char *id)
{
  return g_strdup_printf ("%s/%s", who, id);
}

gboolean
care_signing_key_is (FhirResource *resource)
{
  return strcmp (fhir_resource_get_type (resource), "Basic") == 0 &&
         fhir_concept_has_code (fhir_resource_path (resource, "code"), CARE_SYSTEM_BASIC,
                                CARE_BASIC_SIGNING_KEY);
}

/**
 * care_signing_key_is_ended:
 *
 * Returns: whether the administrator has ended it: a computer was lost. It signs nothing any more
 */
gboolean
care_signing_key_is_ended (FhirResource *basic)
{
  return care_extension (basic, EXTENSION_ENDED) != NULL;
}

/**
 * care_signing_key_read:
 *
 * Returns: (transfer full) (nullable): the public half that @basic holds
 */
BaseKey *
care_signing_key_read (FhirResource *basic, GError **error)
{
  const FhirElement *key = care_extension (basic, EXTENSION_KEY);
  const char *x = NULL, *y = NULL;

  fhir_element_foreach (part, fhir_element_get (key, "extension"))
    {
      const char *url = fhir_element_path_text (part, "url");

      if (g_strcmp0 (url, "x") == 0)
        x = fhir_element_path_text (part, "valueString");
      else if (g_strcmp0 (url, "y") == 0)
        y = fhir_element_path_text (part, "valueString");
    }
  return base_key_new_public (x ? x : "", y ? y : "", error);
}

static gboolean
is_at (FhirResource *resource, const char *path, const char *text)
{
  return g_strcmp0 (fhir_resource_path_text (resource, path), text) == 0;
}

/**
 * care_signing_key_is_of:
 * @who: "Practitioner/x"
 *
 * Returns: whether @basic is a whole key of @who: in their name, and under the name of that key
 */
gboolean
care_signing_key_is_of (FhirResource *basic, const char *who)
{
  g_autoptr (BaseKey) key =
      care_signing_key_is (basic) ? care_signing_key_read (basic, NULL) : NULL;
  g_autofree char *identifier = key ? dup_identifier (who, base_key_get_id (key)) : NULL;

  return key && is_at (basic, "subject.reference", who) && is_at (basic, "author.reference", who) &&
         is_at (basic, "identifier.0.system", CARE_SYSTEM_SIGNING_KEY) &&
         is_at (basic, "identifier.0.value", identifier) &&
         fhir_resource_path (basic, "identifier.1") == NULL;
}

static FhirResource *
find_one (StoreConnection *connection, const char *who, const char *query)
{
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Basic", query, NULL);

  for (guint i = 0; ids && i < ids->len; i++)
    {
      g_autoptr (FhirResource) basic =
          store_resource_get (connection, "Basic", ids->pdata[i], NULL);

      if (basic && care_signing_key_is_of (basic, who))
        return g_steal_pointer (&basic);
    }
  return NULL;
}

/**
 * care_signing_key_find:
 * @who: whose it is said to be
 * @id: of the key: base_key_get_id()
 *
 * Returns: (transfer full) (nullable): the Basic that holds it
 */
FhirResource *
care_signing_key_find (StoreConnection *connection, const char *who, const char *id)
{
  g_autofree char *identifier = dup_identifier (who, id);
  g_autofree char *escaped = g_uri_escape_string (identifier, NULL, FALSE);
  g_autofree char *query = g_strdup_printf ("identifier=%s|%s", CARE_SYSTEM_SIGNING_KEY, escaped);

  return find_one (connection, who, query);
}

/**
 * care_signing_key_has_any:
 *
 * Returns: whether @who signs with a key: one that was ended counts, or a lost computer would take
 *   the rule away with it
 */
gboolean
care_signing_key_has_any (StoreConnection *connection, const char *who)
{
  g_autofree char *escaped = g_uri_escape_string (who, NULL, FALSE);
  g_autofree char *query =
      g_strdup_printf ("author=%s&code=%s|%s", escaped, CARE_SYSTEM_BASIC, CARE_BASIC_SIGNING_KEY);
  g_autoptr (FhirResource) basic = find_one (connection, who, query);

  return basic != NULL;
}

static FhirResource *
new_basic (CareContext *context, BaseKey *key)
{
  BaseClock *clock = care_context_get_clock (context);
  const char *who = care_context_get_user_reference (context);
  g_autofree char *id = base_id_new (base_clock_now (clock)), *today = base_clock_dup_today (clock);
  g_autofree char *identifier = dup_identifier (who, base_key_get_id (key));
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Basic", id);

  fhir_builder_set_many (builder, "identifier.0.system", CARE_SYSTEM_SIGNING_KEY,
                         "identifier.0.value", identifier, NULL);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_BASIC, CARE_BASIC_SIGNING_KEY,
                           "Key that verifies signatures");
  fhir_builder_set_many (builder, "subject.reference", who, "created", today, "author.reference",
                         who, "extension.0.url", CARE_EXTENSION_BASE EXTENSION_KEY,
                         "extension.0.extension.0.url", "kty", "extension.0.extension.0.valueCode",
                         "EC", "extension.0.extension.1.url", "crv",
                         "extension.0.extension.1.valueCode", "P-256",
                         "extension.0.extension.2.url", "x", "extension.0.extension.2.valueString",
                         base_key_get_x (key), "extension.0.extension.3.url", "y",
                         "extension.0.extension.3.valueString", base_key_get_y (key), NULL);
  return fhir_builder_end (builder);
}

/**
 * care_signing_key_publish:
 * @write: what is about to be signed
 *
 * Puts the public half of the user's key on record where it is not there yet, in a group of its own
 * that leaves before what it signed: Undo of the first prescription does not take it back.
 */
gboolean
care_signing_key_publish (CareWrite *write, GError **error)
{
  g_autoptr (BaseKey) key = care_context_dup_key (write->context);
  g_autoptr (FhirResource) known =
      key ? care_signing_key_find (write->connection,
                                   care_context_get_user_reference (write->context),
                                   base_key_get_id (key))
          : NULL;
  g_autoptr (FhirResource) basic = NULL;
  g_autofree char *reference = NULL;
  g_auto (CareWrite) own = { 0 };

  if (!key)
    return TRUE;
  if (known && care_signing_key_is_ended (known))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                   _ ("The clinic’s administrator has ended the key that this computer signs with. "
                      "Sign on another computer, or ask the administrator."));
      return FALSE;
    }
  if (known)
    return TRUE;
  basic = new_basic (write->context, key);
  reference = fhir_resource_dup_reference (basic);
  care_write_init (&own, write->connection, write->context, NULL, CARE_PRIORITY_PRESCRIPTION);
  return care_write_put (&own, basic, error) &&
         care_write_audit (&own, "key", reference, base_key_get_id (key), error);
}
