/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-text.h"

#include <adwaita.h>

#define WHOLE_AT_MOST 12 /* bytes: "23-Dec-2026" */

/* A date in @line is not torn at its hyphens: a word of figures and hyphens stays whole. @at: the
 * byte of @line within the text that @attributes is for. */
void
workspace_text_keep_dates (PangoAttrList *attributes, const char *line, gsize at)
{
  for (const char *word = line; *word; word += strspn (word, " \n"))
    {
      gsize length = strcspn (word, " ,.;)\n");

      if (length > 0 && length <= WHOLE_AT_MOST && g_ascii_isdigit (word[0]) &&
          g_ascii_isdigit (word[length - 1]) && memchr (word, '-', length))
        {
          PangoAttribute *whole = pango_attr_allow_breaks_new (FALSE);

          whole->start_index = (guint) (at + (gsize) (word - line));
          whole->end_index = whole->start_index + (guint) length;
          pango_attr_list_insert (attributes, whole);
        }
      word += strcspn (word, " \n");
    }
}

/* For a label that shows text without markup and has no attributes of its own. */
void
workspace_text_keep_dates_of (GtkLabel *label)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  workspace_text_keep_dates (attributes, gtk_label_get_text (label), 0);
  gtk_label_set_attributes (label, attributes);
}

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
  workspace_text_keep_dates_of (GTK_LABEL (label));
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
