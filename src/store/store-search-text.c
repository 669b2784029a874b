/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-search-text.h"

#include <string.h>

#include "fhir-text.h"
#include "store-connection-private.h"
#include "store-fulltext.h"

/* Searches by what a person types: names as they are typed letter by letter, and words in notes. */

#define AFTER_EVERY_TEXT "\xf4\x8f\xbf\xbf"
#define MAX_WORDS        8

static GPtrArray *
resources_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
}

/* The words as the full text splits them, each as a prefix in quotes, which its syntax takes as it
 * is. A text without words gives an empty match. */
static char *
dup_match (const char *typed, guint *n_words)
{
  g_autoptr (GString) match = g_string_new (NULL);
  gboolean inside = FALSE;

  *n_words = 0;
  for (const char *p = typed; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar letter = g_utf8_get_char (p);
      gboolean word = g_unichar_isalnum (letter) || g_unichar_ismark (letter);

      if (word && !inside && ++*n_words > MAX_WORDS)
        break;
      if (word && !inside)
        g_string_append (match, *n_words > 1 ? " \"" : "\"");
      if (word)
        g_string_append_unichar (match, letter);
      if (!word && inside)
        g_string_append (match, "\"*");
      inside = word;
    }
  if (inside)
    g_string_append (match, "\"*");
  return g_string_free_and_steal (g_steal_pointer (&match));
}

static gboolean
read_found (StoreConnection *connection,
            StoreStatement *statement,
            GPtrArray *found,
            GError **error)
{
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      FhirResource *resource;

      if (!row)
        return TRUE;
      resource = fhir_resource_parse (store_statement_text (statement, 0), -1, error);
      if (resource == NULL)
        return FALSE;
      g_ptr_array_add (found, resource);
    }
  return FALSE;
}

/* Those whose family name begins as typed, in the order of their names. */
static gboolean
read_by_family (StoreConnection *connection,
                gint64 type,
                const char *first,
                const char *match,
                gboolean one_word,
                guint limit,
                GPtrArray *found,
                GError **error)
{
  g_autofree char *end = g_strconcat (first, AFTER_EVERY_TEXT, NULL);
  g_autoptr (StoreStatement) statement =
      one_word ? store_connection_query (connection, "person.family", error, "issi", type, first,
                                         end, (gint64) limit)
               : store_connection_query (connection, "person.family-and-words", error, "issis",
                                         type, first, end, (gint64) limit, match);

  return read_found (connection, statement, found, error);
}

/* Then those who match by any other name. */
static gboolean
read_by_other_names (StoreConnection *connection,
                     gint64 type,
                     const char *first,
                     const char *match,
                     guint limit,
                     GPtrArray *found,
                     GError **error)
{
  g_autofree char *end = g_strconcat (first, AFTER_EVERY_TEXT, NULL);
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "person.other-names", error, "issis", type, first, end,
                              (gint64) limit, match);

  return read_found (connection, statement, found, error);
}

/**
 * store_search_names:
 * @type: "Patient", "Practitioner", "RelatedPerson" or "Person"
 * @typed: what was typed so far: beginnings of names, in any order
 *
 * First whose family name begins with the first word, in the order of names; then whoever has names
 * that begin with all words. All hits are never sorted, so that a letter takes as long as a word.
 *
 * Returns: (transfer full) (element-type FhirResource) (nullable): at most @limit
 */
GPtrArray *
store_search_names (
    StoreConnection *connection, const char *type, const char *typed, guint limit, GError **error)
{
  g_autoptr (GPtrArray) found = resources_new ();
  g_autofree char *folded = fhir_fold (typed), *match = NULL;
  guint words;
  gint64 type_id;

  g_strdelimit (folded, ",;", ' ');
  g_strstrip (folded);
  match = dup_match (folded, &words);
  folded[strcspn (folded, " ")] = '\0'; /* the first word, with the marks inside it */
  if (!store_name_lookup (connection, type, &type_id, error))
    return NULL;
  if (words == 0 || type_id == 0)
    return g_steal_pointer (&found);
  if (!read_by_family (connection, type_id, folded, match, words == 1, limit, found, error))
    return NULL;
  if (found->len < limit &&
      !read_by_other_names (connection, type_id, folded, match, limit - found->len, found, error))
    return NULL;
  return g_steal_pointer (&found);
}

/* The number of a patient, 0 for nobody known. */
static gboolean
lookup_patient (StoreConnection *connection, const char *id, gint64 *number, GError **error)
{
  gint64 type;

  *number = 0;
  return store_name_lookup (connection, "Patient", &type, error) &&
         (id == NULL || store_identity_lookup (connection, type, id, number, error));
}

/* As dup_match(), where each letter of some scripts is a word: what was typed together stays
 * together, as the words of a phrase. */
static char *
dup_note_match (const char *typed, guint *n_words)
{
  g_auto (GStrv) words = store_search_split_words (typed);
  g_autoptr (GString) match = g_string_new (NULL);

  *n_words = g_strv_length (words);
  for (char **word = words; *word != NULL; word++)
    {
      g_autofree char *split = store_fulltext_dup_words (*word);

      g_string_append_printf (match, "%s\"%s\"*", match->len > 0 ? " " : "", g_strstrip (split));
    }
  return g_string_free_and_steal (g_steal_pointer (&match));
}

/**
 * store_search_split_words:
 *
 * Returns: (transfer full): the words of what was typed, folded, without anything between them
 */
GStrv
store_search_split_words (const char *typed)
{
  g_autofree char *folded = fhir_fold (typed);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  const char *start = NULL;
  guint n_words = 0;

  for (const char *p = folded;; p = g_utf8_next_char (p))
    {
      gunichar letter = g_utf8_get_char (p);
      gboolean word = letter != 0 && (g_unichar_isalnum (letter) || g_unichar_ismark (letter));

      if (word && start == NULL)
        start = p;
      if (!word && start != NULL)
        {
          g_strv_builder_take (words, g_strndup (start, (gsize) (p - start)));
          start = NULL;
          if (++n_words == MAX_WORDS)
            break;
        }
      if (letter == 0)
        break;
    }
  return g_strv_builder_end (words);
}

/**
 * store_search_notes:
 * @patient: (nullable): only this patient's
 * @typed: words, the last of which may be half typed
 *
 * Returns: (transfer full) (element-type FhirResource) (nullable): what has all the words, newest
 * first
 */
GPtrArray *
store_search_notes (StoreConnection *connection,
                    const char *patient,
                    const char *typed,
                    guint limit,
                    GError **error)
{
  g_autoptr (GPtrArray) found = resources_new ();
  guint words;
  g_autofree char *match = dup_note_match (typed, &words);
  g_autoptr (StoreStatement) statement = NULL;
  gint64 number;

  if (!lookup_patient (connection, patient, &number, error))
    return NULL;
  if (words == 0 || (patient != NULL && number == 0))
    return g_steal_pointer (&found);
  statement = store_connection_query (connection, "note-text.search", error, "sii", match, number,
                                      (gint64) limit);
  return read_found (connection, statement, found, error) ? g_steal_pointer (&found) : NULL;
}

/* As a word stands in a text that begins with a space; one of a script without spaces stands
 * anywhere. */
static char *
dup_needle (const char *word)
{
  g_autofree char *split = store_fulltext_dup_words (word);

  return strchr (split, ' ') != NULL ? g_strdup (word) : g_strconcat (" ", word, NULL);
}

/**
 * store_search_words:
 * @patient: (nullable): only this patient's
 * @typed: beginnings of words, in any order, whatever their case and accents
 *
 * By what people wrote and by the words beside codes: each hit has all words in one of them.
 *
 * Returns: (transfer full) (element-type FhirResource) (nullable): records that belong to a
 * patient, the last changed first, at most @limit
 */
GPtrArray *
store_search_words (StoreConnection *connection,
                    const char *patient,
                    const char *typed,
                    guint limit,
                    GError **error)
{
  g_autoptr (GPtrArray) found = resources_new ();
  g_auto (GStrv) words = store_search_split_words (typed);
  g_autoptr (GPtrArray) needles = g_ptr_array_new_with_free_func (g_free);
  guint n_words;
  g_autofree char *match = dup_note_match (typed, &n_words);
  g_autoptr (StoreStatement) statement = NULL;
  gint64 number;
  char **n;

  if (!lookup_patient (connection, patient, &number, error))
    return NULL;
  if (n_words == 0 || (patient != NULL && number == 0))
    return g_steal_pointer (&found);
  for (guint i = 0; i < MAX_WORDS; i++) /* a space stands in every text */
    g_ptr_array_add (needles, i < n_words ? dup_needle (words[i]) : g_strdup (" "));
  n = (char **) needles->pdata;
  statement =
      store_connection_query (connection, "word.search", error, "siissssssss", match, number,
                              (gint64) limit, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
  return read_found (connection, statement, found, error) ? g_steal_pointer (&found) : NULL;
}

/* (transfer full): what people wrote into a record, as the full text knows it; "" for nothing. */
char *
store_search_dup_notes (FhirResource *resource)
{
  return store_fulltext_dup_notes (resource);
}
