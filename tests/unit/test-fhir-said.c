/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-said.h"

#include <locale.h>
#include <string.h>

#include "base-locale.h"

static void
assert_said (const char *said, const char *expected)
{
  g_autofree char *words = fhir_said_dup (said);

  g_assert_cmpstr (words, ==, expected);
}

static void
test_as_it_is (void)
{
  static const char *const texts[] = { "",
                                       "%s",
                                       "Nonsense",
                                       "This visit has ended and more",
                                       "Given up after",
                                       "Given up after 3 tries." };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_said (texts[i], texts[i]);
  assert_said ("The mail server refused it (550): the address may be wrong.",
               "The mail server refused it (550): the address may be wrong.");
  assert_said ("Given up after 3 tries. The mail server could not be reached.",
               "Given up after 3 tries. The mail server could not be reached.");
}

/* As the build's own German catalogue has it; a sentence in a sentence too. */
static void
test_in_german (void)
{
  g_autofree char *catalogues = g_build_filename (g_getenv ("BEDSIDE_BUILD"), "po", NULL);
  g_autofree char *ended = NULL;
  g_autofree char *inner = NULL;
  g_autofree char *outer = NULL;

  g_setenv ("LC_ALL", "de_DE.UTF-8", TRUE);
  g_setenv ("LANGUAGE", "de", TRUE);
  g_setenv ("BEDSIDE_LOCALE_DIR", catalogues, TRUE);
  base_locale_start ("/nowhere");
  if (!g_str_equal (setlocale (LC_MESSAGES, NULL), "de_DE.UTF-8"))
    {
      g_test_skip ("no German locale");
      return;
    }
  ended = fhir_said_dup ("This visit has ended");
  inner = fhir_said_dup ("The mail server could not be reached.");
  outer = fhir_said_dup ("Given up after 3 tries. The mail server could not be reached.");
  g_assert_cmpstr (ended, !=, "This visit has ended");
  g_assert_cmpstr (inner, !=, "The mail server could not be reached.");
  g_assert_nonnull (strstr (outer, inner));
  g_assert_nonnull (strstr (outer, "3"));
  assert_said ("What another server says", "What another server says");
}

/* The text of all string literals in the hub, as the compiler joins them. */
static char *
read_hub (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "src", "hub", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GRegex) gap = g_regex_new ("\"\\s*\\n\\s*\"", 0, 0, NULL);
  g_autoptr (GString) all = g_string_new (NULL);

  g_assert_nonnull (dir);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      g_autofree char *joined = NULL;

      if (!g_str_has_suffix (name, ".c") || !g_file_get_contents (path, &text, NULL, NULL))
        continue;
      joined = g_regex_replace_literal (gap, text, -1, 0, "", 0, NULL);
      g_string_append (all, joined);
    }
  g_string_replace (all, "%u", "%s", 0);
  g_string_replace (all, "%ld", "%s", 0);
  g_string_replace (all, "%d", "%s", 0);
  return g_string_free_and_steal (g_steal_pointer (&all));
}

/* A sentence that the hub words anew is one that nobody reads in their language any more. */
static void
test_the_hub_says_them (void)
{
  g_autofree char *hub = read_hub ();
  g_autofree char *path =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "src", "fhir", "fhir-said.c", NULL);
  g_autofree char *source = NULL;
  g_autofree char *joined = NULL;
  g_autoptr (GRegex) gap = g_regex_new ("\"\\s*\\n\\s*\"", 0, 0, NULL);
  g_autoptr (GRegex) sentence = g_regex_new ("N_ \\(\"([^\"]+)\"\\)", 0, 0, NULL);
  g_autoptr (GMatchInfo) found = NULL;
  guint count = 0;

  g_assert_true (g_file_get_contents (path, &source, NULL, NULL));
  joined = g_regex_replace_literal (gap, source, -1, 0, "", 0, NULL);
  g_regex_match (sentence, joined, 0, &found);
  for (; g_match_info_matches (found); g_match_info_next (found, NULL), count++)
    {
      g_autofree char *text = g_match_info_fetch (found, 1);

      if (strstr (hub, text) == NULL)
        g_error ("the hub does not say “%s”", text);
    }
  g_assert_cmpuint (count, >=, 40);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir-said/as-it-is", test_as_it_is);
  g_test_add_func ("/fhir-said/the-hub-says-them", test_the_hub_says_them);
  g_test_add_func ("/fhir-said/in-german", test_in_german);
  return g_test_run ();
}
