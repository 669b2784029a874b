/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-drug-row.h"

#include <glib/gi18n.h>

#include "clinical-drug-name.h"

/* One drug of the formulary: the whole name, never shortened, in tall-man letters. */

/**
 * prescribe_drug_row_new:
 * @drug: owned by its content, which must outlive the row
 *
 * Returns: (transfer floating): an activatable row
 */
GtkWidget *
prescribe_drug_row_new (const StoreDrug *drug)
{
  GtkWidget *row = adw_action_row_new ();
  /* a list row offers assistive technology no action of its own */
  GtkWidget *choose = gtk_button_new_from_icon_name ("go-next-symbolic");
  g_autofree char *title = clinical_drug_name (drug->name);
  g_autofree char *label = g_strdup_printf (_ ("Prescribe %s"), title);
  g_autoptr (GString) subtitle = g_string_new (NULL);

  if (drug->brand != NULL && *drug->brand != '\0')
    {
      g_auto (GStrv) brands = g_strsplit (drug->brand, "|", 4);
      g_autofree char *joined = NULL;

      g_clear_pointer (&brands[MIN (g_strv_length (brands), 3)], g_free);
      joined = g_strjoinv (", ", brands);
      g_string_append (subtitle, joined);
    }
  if (g_strcmp0 (drug->source, "unconfirmed") == 0)
    g_string_append_printf (subtitle, "%s%s", subtitle->len > 0 ? " · " : "",
                            _ ("not confirmed as current"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle->str);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_valign (choose, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (choose, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (choose), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_swapped (choose, "clicked", G_CALLBACK (gtk_widget_activate), row);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), choose);
  g_object_set_data (G_OBJECT (row), "drug", (gpointer) drug);
  return row;
}

const StoreDrug *
prescribe_drug_row_get_drug (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "drug");
}
