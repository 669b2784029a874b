/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-finding-row.h"

#include <glib/gi18n.h>
#include <string.h>

/* Sentence and scope stand together in the same size: an answer without its scope would look like
 * more than it is, and "not checked" never looks like "not found". */

static const char *
icon_of (const ClinicalFinding *finding)
{
  switch (finding->answer)
    {
    case CLINICAL_FOUND:
      return g_strcmp0 (finding->severity, "high") == 0 ? "dialog-error-symbolic"
                                                        : "dialog-warning-symbolic";
    case CLINICAL_NOT_FOUND:
      return "object-select-symbolic";
    case CLINICAL_NOT_CHECKED:
      break;
    }
  return "dialog-question-symbolic";
}

static const char *
class_of (const ClinicalFinding *finding)
{
  if (finding->answer != CLINICAL_FOUND)
    return "dim-label";
  return g_strcmp0 (finding->severity, "high") == 0 ? "error" : "warning";
}

/* (transfer full): the answer with its scope, once: most sentences name it themselves. */
static char *
dup_text (const ClinicalFinding *finding)
{
  if (finding->scope == NULL || strstr (finding->sentence, finding->scope) != NULL)
    return g_strdup (finding->sentence);
  return g_strdup_printf ("%s %s", finding->sentence, finding->scope);
}

/**
 * workspace_finding_line_new:
 *
 * Returns: (transfer floating): a finding's shape and words, to be read only
 */
GtkWidget *
workspace_finding_line_new (const ClinicalFinding *finding)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_of (finding));
  g_autofree char *text = dup_text (finding);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_margin_top (icon, 1);
  gtk_widget_add_css_class (icon, class_of (finding));
  if (finding->answer == CLINICAL_FOUND)
    gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), label);
  return line;
}

GtkWidget *
workspace_finding_row_new (const ClinicalFinding *finding,
                           const char *reason,
                           GCallback changed,
                           gpointer data)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  gtk_box_append (GTK_BOX (box), workspace_finding_line_new (finding));
  g_object_set (box, "margin-start", 12, "margin-end", 12, "margin-top", 8, "margin-bottom", 8,
                NULL);
  g_object_set_data_full (G_OBJECT (row), "key", clinical_finding_dup_key (finding), g_free);
  if (clinical_finding_needs_reason (finding))
    {
      GtkWidget *entry = gtk_entry_new ();

      gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("Reason for prescribing it anyway"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("Reason for prescribing it anyway"), -1);
      gtk_editable_set_text (GTK_EDITABLE (entry), reason != NULL ? reason : "");
      g_signal_connect_swapped (entry, "changed", changed, data);
      gtk_box_append (GTK_BOX (box), entry);
      g_object_set_data (G_OBJECT (row), "reason", entry);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

const char *
workspace_finding_row_get_key (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "key");
}

/**
 * workspace_finding_row_dup_reason:
 *
 * Returns: (transfer full) (nullable): the reason as typed, NULL where none is asked for or given
 */
char *
workspace_finding_row_dup_reason (GtkWidget *row)
{
  GtkEditable *entry = g_object_get_data (G_OBJECT (row), "reason");
  char *text = entry != NULL ? g_strstrip (g_strdup (gtk_editable_get_text (entry))) : NULL;

  if (text != NULL && *text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

gboolean
workspace_finding_row_is_answered (GtkWidget *row)
{
  g_autofree char *reason = workspace_finding_row_dup_reason (row);

  return g_object_get_data (G_OBJECT (row), "reason") == NULL || reason != NULL;
}
