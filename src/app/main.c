/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-application.h"
#include "app-restart.h"
#include "base-locale.h"

int
main (int argc, char *argv[])
{
  base_locale_start (BEDSIDE_LOCALE_DIR);

  g_autoptr (AppApplication) application = app_application_new ();
  int status = g_application_run (G_APPLICATION (application), argc, argv);
  g_auto (GStrv) again = app_application_dup_restart (application, argv);

  g_clear_object (&application);
  if (again)
    app_restart_run (again, "health.bedside.Workstation");
  return status;
}
