/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

/* fuzz-replay FOLDER: gives each file of the corpus to the fuzzer once, in a build without
 * libFuzzer. What a fuzzer once found stays there, so that it is tried again in every run. Prints
 * TAP. */

int
main (int argc, char **argv)
{
  g_autoptr (GDir) dir = argc == 2 ? g_dir_open (argv[1], 0, NULL) : NULL;
  const char *name;
  guint count = 0;

  if (dir == NULL)
    {
      g_printerr ("usage: fuzz-replay FOLDER\n");
      return 2;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (argv[1], name, NULL), *text = NULL;
      gsize length;

      if (!g_file_get_contents (path, &text, &length, NULL))
        continue;
      g_print ("# %s\n", name);
      LLVMFuzzerTestOneInput ((const guint8 *) text, length);
      g_print ("ok %u - %s\n", ++count, name);
    }
  g_print ("1..%u\n", count);
  return count > 0 ? 0 : 1;
}
