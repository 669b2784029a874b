/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-search-text.h"

#include <string.h>

#include "fhir-text.h"
#include "store-connection-private.h"

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
  g_autofree char *match = dup_match (typed, &words);
  g_autoptr (StoreStatement) statement = NULL;
  gint64 type, number = 0;

  if (!store_name_lookup (connection, "Patient", &type, error) ||
      (patient != NULL && !store_identity_lookup (connection, type, patient, &number, error)))
    return NULL;
  if (words == 0 || (patient != NULL && number == 0))
    return g_steal_pointer (&found);
  statement = store_connection_query (connection, "note-text.search", error, "sii", match, number,
                                      (gint64) limit);
  return read_found (connection, statement, found, error) ? g_steal_pointer (&found) : NULL;
}
