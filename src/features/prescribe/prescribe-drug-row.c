/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-drug-row.h"

#include <glib/gi18n.h>

#include "clinical-drug-name.h"

/* One drug of the formulary: the whole name, never shortened, in tall-man letters. */

static void
append (GString *subtitle, const char *text)
{
  g_string_append_printf (subtitle, "%s%s", subtitle->len > 0 ? " · " : "", text);
}

static char *
dup_subtitle (const StoreDrug *drug, guint prescribed)
{
  g_autoptr (GString) subtitle = g_string_new (NULL);

  if (drug->brand != NULL && *drug->brand != '\0')
    {
      g_auto (GStrv) brands = g_strsplit (drug->brand, "|", 4);
      g_autofree char *joined = NULL;

      g_clear_pointer (&brands[MIN (g_strv_length (brands), 3)], g_free);
      joined = g_strjoinv (", ", brands);
      append (subtitle, joined);
    }
  if (prescribed > 0)
    {
      g_autofree char *often = g_strdup_printf (ngettext ("you prescribed it once",
                                                          "you prescribed it %u times", prescribed),
                                                prescribed);

      append (subtitle, often);
    }
  if (g_strcmp0 (drug->source, "unconfirmed") == 0)
    append (subtitle, _ ("not confirmed as current"));
  return g_string_free_and_steal (g_steal_pointer (&subtitle));
}

static void
show_star (GtkToggleButton *star)
{
  gtk_button_set_icon_name (GTK_BUTTON (star), gtk_toggle_button_get_active (star)
                                                   ? "starred-symbolic"
                                                   : "non-starred-symbolic");
}

static GtkWidget *
star_new (const char *title, gboolean favourite)
{
  GtkWidget *star = gtk_toggle_button_new ();
  g_autofree char *label = g_strdup_printf (_ ("Favourite: %s"), title);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (star), favourite);
  show_star (GTK_TOGGLE_BUTTON (star));
  gtk_widget_set_valign (star, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (star, "flat");
  gtk_widget_set_tooltip_text (star, _ ("Favourite (Ctrl+D)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (star), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect (star, "toggled", G_CALLBACK (show_star), NULL);
  return star;
}

/**
 * prescribe_drug_row_new:
 * @drug: owned by its content, which must outlive the row
 * @favourite: whether its star is set
 * @prescribed: how often this prescriber did
 *
 * Returns: (transfer floating): an activatable row
 */
GtkWidget *
prescribe_drug_row_new (const StoreDrug *drug, gboolean favourite, guint prescribed)
{
  GtkWidget *row = adw_action_row_new ();
  /* a list row offers assistive technology no action of its own */
  GtkWidget *choose = gtk_button_new_from_icon_name ("go-next-symbolic");
  g_autofree char *title = clinical_drug_name (drug->name);
  g_autofree char *label = g_strdup_printf (_ ("Prescribe %s"), title);
  g_autofree char *subtitle = dup_subtitle (drug, prescribed);
  GtkWidget *star = star_new (title, favourite);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_valign (choose, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (choose, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (choose), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_swapped (choose, "clicked", G_CALLBACK (gtk_widget_activate), row);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), star);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), choose);
  g_object_set_data (G_OBJECT (row), "drug", (gpointer) drug);
  g_object_set_data (G_OBJECT (row), "star", star);
  g_object_set_data (G_OBJECT (star), "drug", (gpointer) drug);
  return row;
}

const StoreDrug *
prescribe_drug_row_get_drug (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "drug");
}

/* The toggle by which a drug becomes a favourite; its own "drug" is that of the row. */
GtkToggleButton *
prescribe_drug_row_get_star (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "star");
}
