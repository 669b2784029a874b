/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-about.h"

/* Every library that the build asks for is named, with its licence. */
static void
look_through (const char *path, guint *found)
{
  g_autoptr (GRegex) regex = g_regex_new ("dependency\\('([^']+)'", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *module = g_match_info_fetch (match, 1);
      const AppAboutLibrary *library = app_about_find_library (module);

      if (!library)
        g_error ("%s: app-about.c does not name the licence of %s", path, module);
      g_assert_true (*library->name && *library->licence);
      (*found)++;
    }
}

static void
walk (const char *folder, guint *found)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *build = g_build_filename (folder, "meson.build", NULL);

  look_through (build, found);
  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        walk (path, found);
    }
}

static void
test_libraries (void)
{
  const char *root = g_getenv ("BEDSIDE_PROJECT");
  g_autofree char *top = g_build_filename (root, "meson.build", NULL);
  g_autofree char *sources = g_build_filename (root, "src", NULL);
  guint found = 0;

  look_through (top, &found);
  walk (sources, &found);
  g_assert_cmpuint (found, >=, 17);
  g_assert_null (app_about_find_library ("libsomething-else"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/about/libraries", test_libraries);
  return g_test_run ();
}
