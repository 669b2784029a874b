/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-set-row.h"

#include <glib/gi18n.h>

#include "clinical-drug-name.h"

/* One order set among what the search finds: its name, and every drug that is in it, whole. */

static char *
dup_drugs (const CareOrderSet *set)
{
  g_autoptr (GString) drugs = g_string_new (NULL);

  for (guint i = 0; i < set->items->len; i++)
    {
      const CareOrderSetItem *item = set->items->pdata[i];
      g_autofree char *drug = clinical_drug_name (item->name);

      g_string_append_printf (drugs, "%s%s", i > 0 ? "\n" : "", drug);
    }
  return g_string_free_and_steal (g_steal_pointer (&drugs));
}

/**
 * prescribe_set_row_new:
 * @set: must outlive the row
 *
 * Returns: (transfer floating): an activatable row
 */
GtkWidget *
prescribe_set_row_new (const CareOrderSet *set)
{
  GtkWidget *row = adw_action_row_new ();
  /* a list row offers assistive technology no action of its own */
  GtkWidget *choose = gtk_button_new_from_icon_name ("go-next-symbolic"),
            *retire = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *drugs = dup_drugs (set);
  g_autofree char *label = g_strdup_printf (_ ("Take over the order set %s"), set->title);
  g_autofree char *remove = g_strdup_printf (_ ("Remove the order set %s"), set->title);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), set->title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), drugs);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_valign (choose, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (choose, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (choose), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_swapped (choose, "clicked", G_CALLBACK (gtk_widget_activate), row);
  gtk_widget_set_valign (retire, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (retire, "flat");
  gtk_widget_set_tooltip_text (retire, _ ("Remove This Order Set…"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (retire), GTK_ACCESSIBLE_PROPERTY_LABEL, remove,
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (retire), "search.retire-set");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (retire), "s", set->id);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), retire);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), choose);
  g_object_set_data (G_OBJECT (row), "order-set", (gpointer) set);
  return row;
}

/* (transfer none) (nullable): NULL for another row */
const CareOrderSet *
prescribe_set_row_get_set (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "order-set");
}
