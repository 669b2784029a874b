/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-quirk-private.h"

#include <string.h>

#include "fhir-builder.h"

/* Versions that are opaque: each number of each record is a UUID of its own, and back again,
 * without a table. A UUID of another record, like a number that somebody made up, is none of this
 * record's versions. */

/* A number times an odd one, modulo 2^32: one to one, and without an order that one could see. */
#define SCRAMBLE 0x9e3779b1u

#define TYPE_AND_ID "([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})"
#define UUID        "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

static guint32
inverse (void)
{
  guint32 x = SCRAMBLE; /* Newton: each step doubles the bits that are right */

  for (int i = 0; i < 5; i++)
    x *= 2u - SCRAMBLE * x;
  return x;
}

/* @key: how the numbers of this record are hidden. */
static char *
dup_digest (const char *reference, guint32 *key)
{
  char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, reference, -1);
  char word[9];

  g_strlcpy (word, digest, sizeof word);
  *key = (guint32) g_ascii_strtoull (word, NULL, 16);
  return digest;
}

static char *
version_to_uuid (const char *reference, guint32 version)
{
  guint32 key;
  g_autofree char *record = dup_digest (reference, &key);
  g_autofree char *both = g_strdup_printf ("%s/%u", record, version);
  g_autofree char *rest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);

  return g_strdup_printf ("%08x-%.4s-4%.3s-8%.3s-%.12s", (version * SCRAMBLE) ^ key, rest, rest + 4,
                          rest + 7, rest + 10);
}

static gboolean
is_number (const char *text)
{
  return text != NULL && *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

static char *
encode (const char *reference, const char *version)
{
  return is_number (version) && reference != NULL
             ? version_to_uuid (reference, (guint32) g_ascii_strtoull (version, NULL, 10))
             : g_strdup (version);
}

/* What is no version of this record becomes a word that never was one. */
static char *
decode (const char *reference, const char *version)
{
  g_autofree char *again = NULL;
  guint32 key, number;

  if (reference != NULL && strlen (version) == 36)
    {
      g_free (dup_digest (reference, &key));
      number = ((guint32) g_ascii_strtoull (version, NULL, 16) ^ key) * inverse ();
      again = version_to_uuid (reference, number);
      if (strcmp (again, version) == 0)
        return g_strdup_printf ("%u", number);
    }
  return g_strconcat ("no-", version, NULL);
}

typedef char *(*Change) (const char *reference, const char *version);

static gboolean
url_cb (const GMatchInfo *match, GString *out, gpointer data)
{
  g_autofree char *reference = g_match_info_fetch (match, 1);
  g_autofree char *version = g_match_info_fetch (match, 2);
  g_autofree char *changed = ((Change) data) (reference, version);

  g_string_append_printf (out, "%s/_history/%s", reference, changed);
  return FALSE;
}

/* A URL that names a version names its record as well. */
static char *
change_urls (const char *text, Change change)
{
  g_autoptr (GRegex) regex = g_regex_new (TYPE_AND_ID "/_history/([0-9]+(?![0-9A-Za-z-])|" UUID ")",
                                          G_REGEX_OPTIMIZE, G_REGEX_MATCH_DEFAULT, NULL);
  char *changed =
      g_regex_replace_eval (regex, text, -1, 0, G_REGEX_MATCH_DEFAULT, url_cb, change, NULL);

  return changed != NULL ? changed : g_strdup (text);
}

char *
hub_quirk_encode_urls (const char *text)
{
  return change_urls (text, encode);
}

char *
hub_quirk_decode_urls (const char *text)
{
  return change_urls (text, decode);
}

/* "Patient/a" of a URL, whether or not it names a version. */
static char *
dup_reference (const char *url)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("(?:^|/)" TYPE_AND_ID "(?:/_history(?:/[^/?]*)?)?/?(?:\\?|$)", G_REGEX_OPTIMIZE,
                   G_REGEX_MATCH_DEFAULT, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return url != NULL && g_regex_match (regex, url, G_REGEX_MATCH_DEFAULT, &match)
             ? g_match_info_fetch (match, 1)
             : NULL;
}

static char *
change_tag (const char *tag, const char *url, Change change)
{
  g_autofree char *reference = dup_reference (url);
  g_autofree char *version = NULL;
  g_autofree char *changed = NULL;
  gsize length = strlen (tag);

  if (!g_str_has_prefix (tag, "W/\"") || length < 5 || tag[length - 1] != '"')
    return g_strdup (tag);
  version = g_strndup (tag + 3, length - 4);
  changed = change (reference, version);
  return g_strdup_printf ("W/\"%s\"", changed);
}

/**
 * hub_quirk_encode_tag:
 * @url: (nullable): of the record that it is a version of
 */
char *
hub_quirk_encode_tag (const char *tag, const char *url)
{
  return change_tag (tag, url, encode);
}

char *
hub_quirk_decode_tag (const char *tag, const char *url)
{
  return change_tag (tag, url, decode);
}

/* meta.versionId of the record that stands at @path. */
static void
encode_record (FhirBuilder *builder, const char *path, const FhirElement *record)
{
  const char *type = fhir_element_path_text (record, "resourceType");
  const char *id = fhir_element_path_text (record, "id");
  const char *version = fhir_element_path_text (record, "meta.versionId");
  g_autofree char *reference = NULL;
  g_autofree char *where = NULL;
  g_autofree char *changed = NULL;

  if (type == NULL || id == NULL || version == NULL)
    return;
  reference = g_strdup_printf ("%s/%s", type, id);
  where = g_strconcat (path, "meta.versionId", NULL);
  changed = encode (reference, version);
  fhir_builder_set (builder, where, changed);
}

static void
change_member (FhirBuilder *builder,
               gsize position,
               const char *member,
               const char *tag,
               const char *url,
               Change change)
{
  g_autofree char *where = g_strdup_printf ("entry.%" G_GSIZE_FORMAT ".%s", position, member);
  g_autofree char *changed = change_tag (tag, url, change);

  fhir_builder_set (builder, where, changed);
}

/* Of an entry: where it stands now, else where it was asked to be, else what it calls itself. */
static const char *
url_of_entry (const FhirElement *entry)
{
  static const char *const paths[] = { "response.location", "request.url", "fullUrl" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const char *url = fhir_element_path_text (entry, paths[i]);
      g_autofree char *reference = dup_reference (url);

      if (reference != NULL)
        return url;
    }
  return NULL;
}

static char *
dup_changed (FhirResource *resource, Change change)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (resource);
  g_autoptr (FhirResource) changed = NULL;
  gsize position = 0;

  if (change == encode)
    encode_record (builder, "", fhir_resource_get_root (resource));
  fhir_element_foreach (entry, fhir_resource_path (resource, "entry"))
    {
      const FhirElement *record = fhir_element_get (entry, "resource");
      const char *tag = fhir_element_path_text (entry, "response.etag");
      const char *match = fhir_element_path_text (entry, "request.ifMatch");
      g_autofree char *path = g_strdup_printf ("entry.%" G_GSIZE_FORMAT ".resource.", position);

      if (record != NULL && change == encode)
        encode_record (builder, path, record);
      if (tag != NULL)
        change_member (builder, position, "response.etag", tag, url_of_entry (entry), change);
      if (match != NULL)
        change_member (builder, position, "request.ifMatch", match,
                       fhir_element_path_text (entry, "request.url"), change);
      position++;
    }
  changed = fhir_builder_end (builder);
  return g_strdup (fhir_resource_get_text (changed, NULL));
}

static char *
change_body (const char *text, Change change)
{
  g_autoptr (FhirResource) resource = fhir_resource_parse (text, -1, NULL);
  g_autofree char *inside = resource != NULL ? dup_changed (resource, change) : g_strdup (text);

  return change_urls (inside, change);
}

/**
 * hub_quirk_encode_body:
 * @text: a resource or a Bundle that leaves; anything else keeps all but its URLs
 */
char *
hub_quirk_encode_body (const char *text)
{
  return change_body (text, encode);
}

/**
 * hub_quirk_decode_body:
 * @text: a resource or a Bundle that came
 */
char *
hub_quirk_decode_body (const char *text)
{
  return change_body (text, decode);
}
