/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-finding-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "clinical-override.h"

#include "workspace-text.h"

/* Sentence and scope stand together in the same size: an answer without its scope would look like
 * more than it is, and "not checked" never looks like "not found". */

static const char *
icon_of (const ClinicalFinding *finding)
{
  switch (finding->answer)
    {
    case CLINICAL_FOUND:
      return finding->overridden != NULL                  ? "dialog-warning-symbolic"
             : g_strcmp0 (finding->severity, "high") == 0 ? "dialog-error-symbolic"
                                                          : "dialog-warning-symbolic";
    case CLINICAL_NOT_FOUND:
      return "object-select-symbolic";
    case CLINICAL_NOT_CHECKED:
      if (clinical_finding_needs_reason (finding))
        return "dialog-error-symbolic";
      break;
    }
  return "dialog-question-symbolic";
}

static const char *
class_of (const ClinicalFinding *finding)
{
  if (clinical_finding_needs_reason (finding))
    return "error";
  return finding->answer == CLINICAL_FOUND ? "warning" : "dim-label";
}

/* (transfer full): the answer with its scope, once: most sentences name it themselves; and when and
 * why it was overridden before. */
static char *
dup_text (const ClinicalFinding *finding)
{
  g_autoptr (GString) text = g_string_new (finding->sentence);

  if (finding->scope != NULL && strstr (finding->sentence, finding->scope) == NULL)
    g_string_append_printf (text, " %s", finding->scope);
  if (finding->overridden != NULL)
    g_string_append_printf (text, " %s", finding->overridden);
  return g_string_free_and_steal (g_steal_pointer (&text));
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
  workspace_text_keep_dates_of (GTK_LABEL (label));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_margin_top (icon, 1);
  gtk_widget_add_css_class (icon, class_of (finding));
  if (finding->answer == CLINICAL_FOUND || clinical_finding_needs_reason (finding))
    gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), label);
  return line;
}

/* A coded reason to choose, or words: the first is words. */
static GtkWidget *
reasons_new (void)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  gsize n;
  const ClinicalOverrideReason *reasons = clinical_override_list_reasons (&n);

  gtk_string_list_append (labels, _ ("Another reason, in words"));
  for (gsize i = 0; i < n; i++)
    gtk_string_list_append (labels, _ (reasons[i].label));
  return gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&labels)), NULL);
}

/* What follows the id of a coded reason: "" or " words"; NULL where it is another. */
static const char *
words_after (const char *reason, const char *id)
{
  if (reason == NULL || !g_str_has_prefix (reason, id))
    return NULL;
  reason += strlen (id);
  return *reason == '\0' ? reason : *reason == ':' ? reason + 1 : NULL;
}

/* Chooses what was chosen before. Returns the words beside it. */
static const char *
restore_choice (GtkDropDown *choice, const char *reason)
{
  gsize n;
  const ClinicalOverrideReason *reasons = clinical_override_list_reasons (&n);

  for (gsize i = 0; i < n; i++)
    {
      const char *words = words_after (reason, reasons[i].id);

      if (words == NULL)
        continue;
      gtk_drop_down_set_selected (choice, (guint) i + 1);
      return *words == ' ' ? words + 1 : words;
    }
  return reason;
}

/* @reason: (nullable): as workspace_finding_row_dup_reason () gave it */
static void
append_reason (GtkWidget *row,
               GtkWidget *box,
               const ClinicalFinding *finding,
               const char *reason,
               GCallback changed,
               gpointer data)
{
  gboolean found = finding->answer == CLINICAL_FOUND;
  const char *label =
      found ? _ ("Reason for prescribing it anyway") : _ ("How you checked it yourself");
  GtkWidget *entry = gtk_entry_new ();

  if (found)
    {
      GtkWidget *choice = reasons_new ();

      gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("Kind of reason"), -1);
      reason = restore_choice (GTK_DROP_DOWN (choice), reason);
      g_signal_connect_swapped (choice, "notify::selected", changed, data);
      gtk_box_append (GTK_BOX (box), choice);
      g_object_set_data (G_OBJECT (row), "choice", choice);
    }
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_editable_set_text (GTK_EDITABLE (entry), reason != NULL ? reason : "");
  g_signal_connect_swapped (entry, "changed", changed, data);
  gtk_box_append (GTK_BOX (box), entry);
  g_object_set_data (G_OBJECT (row), "reason", entry);
}

/* Where the rule is from: a page that was read, or that nobody has read one. */
static void
append_source (GtkWidget *box, const ClinicalFinding *finding)
{
  g_autofree char *text = NULL;
  GtkWidget *label;

  if (finding->answer != CLINICAL_FOUND || finding->source == NULL)
    return;
  text = g_str_equal (finding->source, "unverified")
             ? g_strdup (_ ("Source: none was read for this rule."))
             : g_strdup_printf (_ ("Source: %s"), finding->source);
  label = gtk_label_new (text);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_margin_start (label, 24); /* below the words, not the icon */
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (box), label);
}

/**
 * workspace_finding_link_new:
 * @finding: with evidence
 *
 * Returns: (transfer floating): opens the datum that it rests on, in the window that it stands in
 */
GtkWidget *
workspace_finding_link_new (const ClinicalFinding *finding)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Show in the Chart"));
  g_autofree char *name = g_strdup_printf (_ ("Show in the chart what this is about: %s"),
                                           finding->sentence != NULL ? finding->sentence : "");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_margin_start (button, 12);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.show");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", finding->evidence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

/* @widget: (transfer floating): what can be done about it, below */
void
workspace_finding_row_append (GtkWidget *row, GtkWidget *widget)
{
  gtk_box_append (GTK_BOX (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row))), widget);
}

/* What blocks asks for no reason: no reason would do. */
GtkWidget *
workspace_finding_row_new (const ClinicalFinding *finding,
                           const char *reason,
                           GCallback changed,
                           gpointer data)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  gtk_box_append (GTK_BOX (box), workspace_finding_line_new (finding));
  append_source (box, finding);
  g_object_set (box, "margin-start", 12, "margin-end", 12, "margin-top", 8, "margin-bottom", 8,
                NULL);
  g_object_set_data_full (G_OBJECT (row), "key", clinical_finding_dup_key (finding), g_free);
  g_object_set_data (G_OBJECT (row), "blocks", GINT_TO_POINTER (finding->blocks));
  if (clinical_finding_needs_reason (finding) && !finding->blocks)
    append_reason (row, box, finding, reason, changed, data);
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

/* (nullable): the id of the coded reason that is chosen. */
static const char *
get_choice (GtkWidget *row)
{
  GtkDropDown *choice = g_object_get_data (G_OBJECT (row), "choice");
  guint selected = choice != NULL ? gtk_drop_down_get_selected (choice) : 0;
  gsize n;
  const ClinicalOverrideReason *reasons = clinical_override_list_reasons (&n);

  return selected > 0 && selected <= n ? reasons[selected - 1].id : NULL;
}

/**
 * workspace_finding_row_dup_reason:
 *
 * Returns: (transfer full) (nullable): the reason as chosen and typed, as
 *   clinical_override_parse () takes it; NULL where none is asked for or given
 */
char *
workspace_finding_row_dup_reason (GtkWidget *row)
{
  GtkEditable *entry = g_object_get_data (G_OBJECT (row), "reason");
  const char *choice = get_choice (row);
  char *text = entry != NULL ? g_strstrip (g_strdup (gtk_editable_get_text (entry))) : NULL;

  if (text != NULL && *text == '\0')
    g_clear_pointer (&text, g_free);
  if (choice != NULL)
    {
      g_autofree char *words = text;

      return words != NULL ? g_strdup_printf ("%s: %s", choice, words) : g_strdup (choice);
    }
  return text;
}

gboolean
workspace_finding_row_is_answered (GtkWidget *row)
{
  g_autofree char *reason = workspace_finding_row_dup_reason (row);

  if (g_object_get_data (G_OBJECT (row), "blocks") != NULL)
    return FALSE;
  return g_object_get_data (G_OBJECT (row), "reason") == NULL || reason != NULL;
}
