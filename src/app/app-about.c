/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-about.h"

#include <glib/gi18n.h>

/* (transfer floating): what this program is, and what it is not. */
AdwDialog *
app_about_new (void)
{
  AdwDialog *about = adw_about_dialog_new ();

  adw_about_dialog_set_application_name (ADW_ABOUT_DIALOG (about), "Bedside");
  adw_about_dialog_set_application_icon (ADW_ABOUT_DIALOG (about), "health.bedside.Workstation");
  adw_about_dialog_set_version (ADW_ABOUT_DIALOG (about), BEDSIDE_VERSION);
  adw_about_dialog_set_license_type (ADW_ABOUT_DIALOG (about), GTK_LICENSE_GPL_3_0);
  adw_about_dialog_set_comments (
      ADW_ABOUT_DIALOG (about),
      _ ("A workstation for clinicians who see patients through a screen.\n\n"
         "For evaluation by clinicians; not a certified medical device."));
  return about;
}
