/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-size.h"

void
app_size_keep (GSettings *settings, GtkWindow *window, const char *which)
{
  static const char *const parts[][2] = { { "width", "default-width" },
                                          { "height", "default-height" },
                                          { "maximized", "maximized" } };

  for (gsize i = 0; settings && i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *key = g_strdup_printf ("%s-%s", which, parts[i][0]);
      g_settings_bind (settings, key, window, parts[i][1], G_SETTINGS_BIND_DEFAULT);
    }
}
