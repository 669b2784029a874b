/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-locale.h"

#include <libintl.h>
#include <locale.h>

/**
 * base_locale_start:
 * @installed: the folder of the installed catalogues
 *
 * From here on every string of the workstation, whichever room or template it stands in, is looked
 * up in the domain "bedside". The environment's BEDSIDE_LOCALE_DIR goes before @installed: a build
 * tree has its catalogues in po. What never calls this, as the hub, speaks English.
 */
void
base_locale_start (const char *installed)
{
  const char *folder = g_getenv ("BEDSIDE_LOCALE_DIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : installed);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
