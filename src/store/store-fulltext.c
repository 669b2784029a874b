/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fulltext.h"

#include <string.h>

#include "fhir-text.h"
#include "store-connection-private.h"

/* The words by which people and notes are found: names of people as a list sorts them and as one
 * types them, and what people wrote into notes, messages and reports. */

#define MAX_DEPTH 8 /* of sections within sections */

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

/* The words of XHTML, without its marks. */
static void
append_markup (GString *out, const char *markup)
{
  g_autoptr (GString) words = g_string_new (NULL);
  gboolean inside = FALSE;

  for (const char *p = markup; p != NULL && *p != '\0'; p++)
    {
      if (*p == '<' || *p == '>')
        {
          inside = *p == '<';
          g_string_append_c (words, ' ');
        }
      else if (!inside)
        g_string_append_c (words, *p);
    }
  append_word (out, g_strstrip (words->str));
}

static void
append_sections (GString *out, const FhirElement *sections, guint depth)
{
  fhir_element_foreach (section, sections)
    {
      append_word (out, fhir_element_path_text (section, "title"));
      append_markup (out, fhir_element_path_text (section, "text.div"));
      if (depth < MAX_DEPTH)
        append_sections (out, fhir_element_get (section, "section"), depth + 1);
    }
}

static void
append_concept (GString *out, const FhirElement *concept)
{
  const FhirElement *codings = fhir_element_get (concept, "coding");

  append_word (out, fhir_element_path_text (concept, "text"));
  fhir_element_foreach (coding, codings)
    append_word (out, fhir_element_path_text (coding, "display"));
}

/* Why something was stopped or not done: one concept in some types, a list of them in others. */
static void
append_reasons (GString *out, const FhirElement *reasons)
{
  if (fhir_element_get_kind (reasons) != FHIR_KIND_ARRAY)
    append_concept (out, reasons);
  fhir_element_foreach (reason, reasons)
    append_concept (out, reason);
}

/* What a person wrote in words, or an empty text. */
char *
store_fulltext_dup_notes (FhirResource *resource)
{
  static const char *const lists[][2] = { { "note", "text" },
                                          { "payload", "contentString" },
                                          { "dosageInstruction", "text" },
                                          { "dosage", "text" } };
  static const char *const texts[] = { "description", "summary", "conclusion", "valueString",
                                       "patientInstruction" };
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      const FhirElement *list = fhir_resource_path (resource, lists[i][0]);

      fhir_element_foreach (item, list)
        append_word (out, fhir_element_path_text (item, lists[i][1]));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    append_word (out, fhir_element_get_text (fhir_resource_path (resource, texts[i])));
  append_reasons (out, fhir_resource_path (resource, "statusReason"));
  append_sections (out, fhir_resource_path (resource, "section"), 1);
  if (strcmp (fhir_resource_get_type (resource), "DocumentReference") == 0)
    append_attachments (out, resource);
  return g_string_free_and_steal (out);
}

/* Scripts that put no spaces between their words. */
static gboolean
is_unspaced (gunichar letter)
{
  switch (g_unichar_get_script (letter))
    {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_THAI:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR:
    case G_UNICODE_SCRIPT_TIBETAN:
      return TRUE;
    default:
      return letter == 0x30FC; /* the long vowel of Japanese, which belongs to no script */
    }
}

/* (transfer full): @text as the full text splits it: folded, and each letter of a script without
 * spaces a word of its own, so that what is searched for is found wherever it stands in a sentence.
 */
char *
store_fulltext_dup_words (const char *text)
{
  g_autofree char *folded = fhir_fold (text);
  GString *words;

  if (g_str_is_ascii (folded))
    return g_steal_pointer (&folded);
  words = g_string_sized_new (strlen (folded) * 2);
  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar letter = g_utf8_get_char (p);
      gboolean apart = is_unspaced (letter);

      if (apart)
        g_string_append_c (words, ' ');
      g_string_append_unichar (words, letter);
      if (apart)
        g_string_append_c (words, ' ');
    }
  return g_string_free_and_steal (words);
}

static gboolean
put_notes (StoreConnection *connection, gint64 number, const char *notes, GError **error)
{
  g_autofree char *words = store_fulltext_dup_words (notes);

  return store_connection_run (connection, "note-text.put", error, "is", number, words);
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
  g_autofree char *old = before != NULL ? store_fulltext_dup_notes (before) : g_strdup ("");
  g_autofree char *new = after != NULL ? store_fulltext_dup_notes (after) : g_strdup ("");

  if (g_strv_contains (person_types, name) &&
      !update_person (connection, number, type, before, after, error))
    return FALSE;
  if (strcmp (old, new) == 0)
    return TRUE;
  return (*old == '\0' ||
          store_connection_run (connection, "note-text.delete", error, "i", number)) &&
         (*new == '\0' || put_notes (connection, number, new, error));
}

typedef gboolean (*Fill) (StoreConnection *connection,
                          gint64 number,
                          FhirResource *resource,
                          GError **error);

static gboolean
fill_name (StoreConnection *connection, gint64 number, FhirResource *resource, GError **error)
{
  g_autofree char *all = dup_all_names (resource);

  return store_connection_run (connection, "name-text.put", error, "is", number, all);
}

static gboolean
fill_notes (StoreConnection *connection, gint64 number, FhirResource *resource, GError **error)
{
  g_autofree char *notes = store_fulltext_dup_notes (resource);

  return *notes == '\0' || put_notes (connection, number, notes, error);
}

static gboolean
fill_one (StoreConnection *connection, gint64 number, const char *json, Fill fill, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (FhirResource) resource = fhir_resource_parse (json, -1, &local);

  if (resource != NULL)
    return fill (connection, number, resource, error);
  g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "A stored record cannot be read: %s",
               local->message);
  return FALSE;
}

/* One resource in memory at a time. */
static gboolean
fill_all (StoreConnection *connection, const char *name, Fill fill, GError **error)
{
  g_autoptr (StoreStatement) statement = store_connection_query (connection, name, error, "");
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      if (!row)
        return TRUE;
      if (!fill_one (connection, sqlite3_column_int64 (statement, 0),
                     store_statement_text (statement, 1), fill, error))
        return FALSE;
    }
  return FALSE;
}

/* The third schema's words of everybody's names. */
gboolean
store_fulltext_fill_names (StoreConnection *connection, GError **error)
{
  return fill_all (connection, "person.all", fill_name, error);
}

/* The fourth schema's words of what people wrote. */
gboolean
store_fulltext_fill_notes (StoreConnection *connection, GError **error)
{
  return fill_all (connection, "resource.all", fill_notes, error);
}

static gboolean
refill_notes (StoreConnection *connection, gint64 number, FhirResource *resource, GError **error)
{
  return store_connection_run (connection, "note-text.delete", error, "i", number) &&
         fill_notes (connection, number, resource, error);
}

/* The fifth schema's words of why something was stopped. */
gboolean
store_fulltext_fill_reasons (StoreConnection *connection, GError **error)
{
  return fill_all (connection, "resource.with-reason", refill_notes, error);
}
