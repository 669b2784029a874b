/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-about.h"

#include <glib/gi18n.h>

static const AppAboutLibrary libraries[] = {
  { "gio-", "GLib", "LGPL-2.1-or-later" },
  { "gtk4", "GTK", "LGPL-2.1-or-later" },
  { "libadwaita-1", "libadwaita", "LGPL-2.1-or-later" },
  { "pangocairo", "Pango", "LGPL-2.0-or-later" },
  { "gstreamer-", "GStreamer", "LGPL-2.1-or-later" },
  { "libsoup-", "libsoup", "LGPL-2.0-or-later" },
  { "libsecret-1", "libsecret", "LGPL-2.1-or-later" },
  { "json-glib-1.0", "JSON-GLib", "LGPL-2.1-or-later" },
  { "yyjson", "yyjson", "MIT" },
  { "sqlcipher", "SQLCipher", "BSD-3-Clause" },
  { "libspelling-1", "libspelling", "LGPL-2.1-or-later" },
  { "poppler-glib", "Poppler", "GPL-2.0-or-later" },
  { "gnutls", "GnuTLS", "LGPL-2.1-or-later" },
  { "libqrencode", "libqrencode", "LGPL-2.1-or-later" },
  { "libcurl", "curl", "curl" },
};

/* (transfer none) (nullable): @module is a name for pkg-config. */
const AppAboutLibrary *
app_about_find_library (const char *module)
{
  for (gsize i = 0; i < G_N_ELEMENTS (libraries); i++)
    if (g_str_has_prefix (module, libraries[i].module))
      return &libraries[i];
  return NULL;
}

static void
add_libraries (AdwAboutDialog *about)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (libraries); i++)
    g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "", libraries[i].name,
                            libraries[i].licence);
  adw_about_dialog_add_legal_section (about, _ ("Libraries"), NULL, GTK_LICENSE_CUSTOM, text->str);
}

static char *
dup_comments (const char *content)
{
  return g_strdup_printf ("%s%s%s",
                          _ ("A workstation for clinicians who see patients through a screen.\n\n"
                             "For evaluation by clinicians; not a certified medical device."),
                          content ? "\n\n" : "", content ? content : "");
}

/* Of when the tables of the checks are, and whether they may be relied on. */
static void
state_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AdwAboutDialog) about = user_data;
  StoreContent *content = STORE_CONTENT (source);
  g_autofree char *sentence = NULL;
  StoreContentState state = store_content_get_state_finish (result, &sentence);
  gboolean is_read = state == STORE_CONTENT_READY || state == STORE_CONTENT_EXPIRED;
  g_autofree char *label = is_read ? store_content_dup_label (content) : NULL;
  g_autofree char *attribution = is_read ? store_content_dup_attribution (content) : NULL;
  g_autofree char *said = label && sentence
                              ? g_strdup_printf (_ ("Clinical content: %s. %s"), label, sentence)
                          : label ? g_strdup_printf (_ ("Clinical content: %s."), label)
                                  : g_strdup (sentence);
  g_autofree char *comments = dup_comments (said);

  adw_about_dialog_set_comments (about, comments);
  if (attribution)
    adw_about_dialog_add_legal_section (about, _ ("Clinical Content"), NULL, GTK_LICENSE_CUSTOM,
                                        attribution);
}

/* Links to what the program has itself open no browser. */
static gboolean
link_cb (AdwAboutDialog *about, const char *uri)
{
  if (g_str_has_prefix (uri, "help:"))
    gtk_widget_activate_action (GTK_WIDGET (about), "app.help", "s", uri + strlen ("help:"));
  else if (g_str_equal (uri, "report:"))
    gtk_widget_activate_action (GTK_WIDGET (about), "app.report", NULL);
  else
    return FALSE;
  return TRUE;
}

/* (transfer floating): what this program is, and what it is not. @content: (nullable) */
AdwDialog *
app_about_new (StoreContent *content)
{
  AdwDialog *dialog = adw_about_dialog_new ();
  AdwAboutDialog *about = ADW_ABOUT_DIALOG (dialog);
  const char *const developers[] = { _ ("The Bedside contributors"), NULL };
  g_autofree char *comments = dup_comments (NULL);

  adw_about_dialog_set_application_name (about, "Bedside");
  adw_about_dialog_set_application_icon (about, "health.bedside.Workstation");
  adw_about_dialog_set_version (about, BEDSIDE_VERSION);
  adw_about_dialog_set_developer_name (about, developers[0]);
  adw_about_dialog_set_developers (about, (const char **) developers);
  adw_about_dialog_set_license_type (about, GTK_LICENSE_GPL_3_0);
  adw_about_dialog_set_comments (about, comments);
  adw_about_dialog_add_link (about, _ ("Help"), "help:start");
  adw_about_dialog_add_link (about, _ ("What Bedside Does Not Do"), "help:limits");
  adw_about_dialog_add_link (about, _ ("Privacy"), "help:privacy");
  adw_about_dialog_add_link (about, _ ("Diagnostic Report"), "report:");
  add_libraries (about);
  g_signal_connect (about, "activate-link", G_CALLBACK (link_cb), NULL);
  if (content)
    store_content_get_state_async (content, state_cb, g_object_ref_sink (about));
  return dialog;
}
