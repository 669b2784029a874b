/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-prescription-state.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-prescription-stage.h"

/* Where a prescription is on its way, as one line: what was, what is, in bold, and what is to come.
 */

/**
 * workspace_prescription_state_show:
 * @label: whose text it becomes
 * @nick: (nullable): of care-prescription-stage.h; of none the label is not to be seen
 */
void
workspace_prescription_state_show (GtkLabel *label, const char *nick)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  g_autofree char *name = NULL;
  CareStages stages = { 0 };
  gboolean known = nick != NULL && care_prescription_stages (nick, &stages);

  gtk_widget_set_visible (GTK_WIDGET (label), known);
  if (!known)
    return;
  for (guint i = 0; i < stages.n; i++)
    {
      if (i > 0)
        g_string_append (text, " \xe2\x80\xba ");
      if (i == stages.at)
        {
          PangoAttribute *bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);

          bold->start_index = (guint) text->len;
          bold->end_index = bold->start_index + (guint) strlen (stages.words[i]);
          pango_attr_list_insert (attributes, bold);
        }
      g_string_append (text, stages.words[i]);
    }
  gtk_label_set_text (label, text->str);
  gtk_label_set_attributes (label, attributes);
  /* Translators: one stage of a prescription's way, its number, and of how many */
  name =
      g_strdup_printf (_ ("State: %s, %u of %u"), stages.words[stages.at], stages.at + 1, stages.n);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * workspace_prescription_state_new:
 *
 * Returns: (transfer floating): the line of workspace_prescription_state_show()
 */
GtkWidget *
workspace_prescription_state_new (const char *nick)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption");
  workspace_prescription_state_show (GTK_LABEL (label), nick);
  return label;
}
