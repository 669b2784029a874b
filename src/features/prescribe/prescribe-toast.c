/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-toast.h"

#include <adwaita.h>

/* One sentence that needs no answer, where @widget is. */
void
prescribe_toast (GtkWidget *widget, const char *text)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), adw_toast_new (text));
}
