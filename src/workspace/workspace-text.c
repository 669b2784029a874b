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

/**
 * workspace_text_draw:
 * @align: how much of the text stands left of @x: 0 to 1; its middle is at @y
 *
 * Words of a picture: an axis, a name beside a curve.
 *
 * Returns: its width
 */
float
workspace_text_draw (
    GtkSnapshot *snapshot, PangoLayout *layout, const GdkRGBA *color, float x, float y, float align)
{
  int width = 0, height = 0;

  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (x - align * (float) width, y - (float) height / 2));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
  return (float) width;
}
