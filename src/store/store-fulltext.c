/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fulltext.h"

#include <string.h>

#include "fhir-text.h"
#include "store-connection-private.h"

/* The words by which people and notes are found: names of people as a list sorts them and as one
 * types them, and what people wrote into notes, messages and reports. */

static const char *const person_types[] = { "Patient", "Practitioner", "RelatedPerson", "Person",
                                            NULL };

static void
append_word (GString *out, const char *word)
{
  if (word == NULL || *word == '\0')
    return;
  if (out->len > 0)
    g_string_append_c (out, ' ');
  g_string_append (out, word);
}

static void
append_name (GString *out, const FhirElement *name)
{
  const FhirElement *given = fhir_element_get (name, "given");

  append_word (out, fhir_element_path_text (name, "family"));
  fhir_element_foreach (one, given)
    append_word (out, fhir_element_get_text (one));
  append_word (out, out->len == 0 ? fhir_element_path_text (name, "text") : NULL);
}

/* The name that lists sort by: the official or usual one, family name first. */
static char *
dup_sort_name (FhirResource *resource)
{
  const FhirElement *names = fhir_resource_path (resource, "name"), *best = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  fhir_element_foreach (name, names)
    {
      const char *use = fhir_element_path_text (name, "use");

      if (best == NULL || g_strcmp0 (use, "official") == 0)
        best = name;
    }
  append_name (text, best);
  return fhir_fold (text->str);
}

static char *
dup_all_names (FhirResource *resource)
{
  const FhirElement *names = fhir_resource_path (resource, "name");
  g_autoptr (GString) text = g_string_new (NULL);

  fhir_element_foreach (name, names)
    {
      append_name (text, name);
      append_word (text, fhir_element_path_text (name, "text"));
    }
  return fhir_fold (text->str);
}

static void
append_attachments (GString *out, FhirResource *resource)
{
  const FhirElement *contents = fhir_resource_path (resource, "content");

  fhir_element_foreach (content, contents)
    {
      const char *kind = fhir_element_path_text (content, "attachment.contentType");
      const char *data = fhir_element_path_text (content, "attachment.data");
      g_autofree guchar *bytes = NULL;
      g_autofree char *text = NULL;
      gsize length;

      append_word (out, fhir_element_path_text (content, "attachment.title"));
      if (data == NULL || kind == NULL || !g_str_has_prefix (kind, "text/plain"))
        continue;
      bytes = g_base64_decode (data, &length);
      text = g_utf8_make_valid ((char *) bytes, (gssize) length);
      append_word (out, text);
    }
}

/* What a person wrote in words, or an empty text. */
static char *
dup_notes (FhirResource *resource)
{
  static const char *const lists[][2] = { { "note", "text" }, { "payload", "contentString" } };
  static const char *const texts[] = { "description", "summary", "conclusion" };
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      const FhirElement *list = fhir_resource_path (resource, lists[i][0]);

      fhir_element_foreach (item, list)
        append_word (out, fhir_element_path_text (item, lists[i][1]));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    append_word (out, fhir_element_get_text (fhir_resource_path (resource, texts[i])));
  if (strcmp (fhir_resource_get_type (resource), "DocumentReference") == 0)
    append_attachments (out, resource);
  return g_string_free_and_steal (out);
}

static gboolean
update_person (StoreConnection *connection,
               gint64 number,
               gint64 type,
               FhirResource *before,
               FhirResource *after,
               GError **error)
{
  g_autofree char *sort = NULL, *all = NULL;

  if (before != NULL &&
      (!store_connection_run (connection, "person.delete", error, "i", number) ||
       !store_connection_run (connection, "name-text.delete", error, "i", number)))
    return FALSE;
  if (after == NULL)
    return TRUE;
  sort = dup_sort_name (after);
  all = dup_all_names (after);
  return store_connection_run (connection, "person.put", error, "iis", number, type, sort) &&
         store_connection_run (connection, "name-text.put", error, "is", number, all);
}

/* Brings the words of a resource up to date; as store_index_update(). */
gboolean
store_fulltext_update (StoreConnection *connection,
                       gint64 number,
                       gint64 type,
                       FhirResource *before,
                       FhirResource *after,
                       GError **error)
{
  const char *name = fhir_resource_get_type (after != NULL ? after : before);
  g_autofree char *old = before != NULL ? dup_notes (before) : g_strdup ("");
  g_autofree char *new = after != NULL ? dup_notes (after) : g_strdup ("");

  if (g_strv_contains (person_types, name) &&
      !update_person (connection, number, type, before, after, error))
    return FALSE;
  if (strcmp (old, new) == 0)
    return TRUE;
  return (*old == '\0' ||
          store_connection_run (connection, "note-text.delete", error, "i", number)) &&
         (*new == '\0' ||
          store_connection_run (connection, "note-text.put", error, "is", number, new));
}

static gboolean
fill_one (StoreConnection *connection, gint64 number, const char *json, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (FhirResource) resource = fhir_resource_parse (json, -1, &local);
  g_autofree char *all = resource != NULL ? dup_all_names (resource) : NULL;

  if (resource != NULL)
    return store_connection_run (connection, "name-text.put", error, "is", number, all);
  g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "A stored record cannot be read: %s",
               local->message);
  return FALSE;
}

/* The third schema's words of everybody's names, one resource in memory at a time. */
gboolean
store_fulltext_fill_names (StoreConnection *connection, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "person.all", error, "");
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      if (!row)
        return TRUE;
      if (!fill_one (connection, sqlite3_column_int64 (statement, 0),
                     store_statement_text (statement, 1), error))
        return FALSE;
    }
  return FALSE;
}
