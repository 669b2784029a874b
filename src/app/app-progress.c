/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-progress.h"

#include <glib/gi18n.h>

#include "workspace-time.h"

/* (transfer full): @done of @total records; @total 0: not known. @seconds_left 0: no estimate, and
 * none is made up. */
char *
app_progress_dup_text (guint done, guint total, guint seconds_left)
{
  g_autoptr (GString) text = g_string_new (_ ("Reading the clinic’s records for the first time"));
  g_autofree char *span = workspace_time_span ((gint64) (seconds_left + 59) * G_USEC_PER_SEC);

  if (total > 0)
    g_string_append_printf (text, _ (": %u of %u"), MIN (done, total), total);
  if (seconds_left > 0)
    g_string_append_printf (text, _ (", about %s left"), span);
  g_string_append (text, _ (". You can work meanwhile."));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* From 0 to 1; negative: not known. */
double
app_progress_get_fraction (guint done, guint total)
{
  return total > 0 ? MIN (1.0, (double) done / total) : -1;
}
