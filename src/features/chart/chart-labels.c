/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-labels.h"

/* Names for those who hear a screen: libadwaita's rows and groups hold lists that take the focus
 * and have none. */

static void
name_lists (GtkWidget *widget, const char *name)
{
  if (GTK_IS_LIST_BOX (widget) || GTK_IS_LIST_VIEW (widget))
    {
      /* A group's list is labelled by its title, which may be empty. */
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
      gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_LIST_BOX_ROW (child))
      name_lists (child, name);
}

/* Names @widget, a group or one of its rows, and the lists inside it. The rows of a group have
 * names of their own. */
void
chart_labels_name (GtkWidget *widget, const char *name)
{
  if (GTK_IS_LIST_BOX_ROW (widget))
    {
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
      gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
    }
  name_lists (widget, name);
}

static void
setup_choice_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer marked)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "ellipsize", PANGO_ELLIPSIZE_END,
                                   "max-width-chars", 20, NULL);

  gtk_box_append (GTK_BOX (box), label);
  if (marked)
    {
      GtkWidget *mark = gtk_image_new_from_icon_name ("object-select-symbolic");

      gtk_widget_set_hexpand (label, TRUE);
      g_object_bind_property (item, "selected", mark, "visible", G_BINDING_SYNC_CREATE);
      gtk_box_append (GTK_BOX (box), mark);
    }
  gtk_list_item_set_child (item, box);
}

static void
bind_choice_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  const char *text = gtk_string_object_get_string (gtk_list_item_get_item (item));

  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_list_item_set_accessible_label (item, text);
}

/* (transfer full): the items of an AdwComboRow over strings, whose own have no names. @marked:
 * those of its list, where the chosen one has a mark. */
GtkListItemFactory *
chart_labels_choices_new (gboolean marked)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_choice_cb), GINT_TO_POINTER (marked));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_choice_cb), NULL);
  return factory;
}
