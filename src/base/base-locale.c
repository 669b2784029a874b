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

/**
 * base_locale_use_language:
 * @language: "de", "en", "es", "fr" or "ja"
 *
 * From here on words and the names of days are those of @language; numbers stay as they are written
 * on the computer. On one without a language of its own gettext heeds no other wish, so its
 * messages get one. Before there is a second thread.
 */
void
base_locale_use_language (const char *language)
{
  static const char *const locales[] = { "de_DE.UTF-8", "en_US.UTF-8", "es_ES.UTF-8", "fr_FR.UTF-8",
                                         "ja_JP.UTF-8" };
  const char *messages = setlocale (LC_MESSAGES, NULL);
  gboolean set = !g_str_equal (messages, "C") && !g_str_has_prefix (messages, "C.") &&
                 !g_str_equal (messages, "POSIX");

  g_setenv ("LANGUAGE", language, TRUE);
  /* that of the language first; any other lets LANGUAGE say which */
  for (gsize i = 0; !set && i < G_N_ELEMENTS (locales); i++)
    set = g_str_has_prefix (locales[i], language) && setlocale (LC_MESSAGES, locales[i]);
  for (gsize i = 0; !set && i < G_N_ELEMENTS (locales); i++)
    set = setlocale (LC_MESSAGES, locales[i]) != NULL;
  /* the names of days, where the computer has them */
  for (gsize i = 0; i < G_N_ELEMENTS (locales); i++)
    if (g_str_has_prefix (locales[i], language) &&
        !g_str_has_prefix (setlocale (LC_TIME, NULL), language))
      setlocale (LC_TIME, locales[i]);
}
