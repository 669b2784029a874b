/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-text.h"

#include <adwaita.h>

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

static void
wrap_label (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    {
      gtk_label_set_ellipsize (GTK_LABEL (widget), PANGO_ELLIPSIZE_NONE);
      gtk_label_set_wrap (GTK_LABEL (widget), TRUE);
      if (!gtk_widget_has_css_class (widget, "heading"))
        gtk_label_set_justify (GTK_LABEL (widget), GTK_JUSTIFY_CENTER);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_NATIVE (child))
      wrap_label (child);
}

static gboolean
has_words (GtkWidget *widget)
{
  return (GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "heading") &&
          gtk_label_get_ellipsize (GTK_LABEL (widget)) != PANGO_ELLIPSIZE_NONE) ||
         (GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget))) ||
         (GTK_IS_MENU_BUTTON (widget) && gtk_menu_button_get_label (GTK_MENU_BUTTON (widget)));
}

/**
 * workspace_text_fit:
 *
 * For the smallest window, large text and the longest of the languages: what stands on the buttons
 * of @widget, or on @widget itself, and above its groups of rows takes a second line where there is
 * no room for one, and a row that is typed in, whose title never does, says all of it to who points
 * at it.
 */
void
workspace_text_fit (GtkWidget *widget)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (ADW_IS_DIALOG (widget)) /* takes its child in only when it is shown */
    widget = adw_dialog_get_child (ADW_DIALOG (widget));
  if (has_words (widget))
    {
      wrap_label (widget);
      return;
    }
  if (ADW_IS_ENTRY_ROW (widget) && !gtk_widget_get_has_tooltip (widget))
    g_object_bind_property (widget, "title", widget, "tooltip-text", G_BINDING_SYNC_CREATE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    workspace_text_fit (child);
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
