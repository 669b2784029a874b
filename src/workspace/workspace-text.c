/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-text.h"

/* One paragraph more in a dialog that is read line by line; nothing where there is nothing to say.
 * @css_class: (nullable) */
void
workspace_text_append (GtkWidget *box, const char *text, const char *css_class)
{
  GtkWidget *label;

  if (text == NULL || *text == '\0')
    return;
  label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
}
