/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-application.h"
#include "base-locale.h"

int
main (int argc, char *argv[])
{
  base_locale_start (BEDSIDE_LOCALE_DIR);

  g_autoptr (AppApplication) application = app_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
