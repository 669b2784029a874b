/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign-row.h"

#include <glib/gi18n.h>

#include "care-prescription-stage.h"
#include "workspace-finding-row.h"
#include "workspace-prescription-state.h"
#include "workspace-text.h"

#include "sign-words.h"

/* One item of the list: chosen at first where nothing has to be answered, and never where something
 * has not been. What it holds is kept on its row: the check button, and the list of findings that
 * ask for a reason. */

static GtkCheckButton *
check_of (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "check");
}

static gboolean
is_answered (GtkWidget *row)
{
  GtkWidget *asks = g_object_get_data (G_OBJECT (row), "asks");

  for (GtkWidget *child = gtk_widget_get_first_child (asks); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!workspace_finding_row_is_answered (child))
      return FALSE;
  return g_object_get_data (G_OBJECT (row), "problem") == NULL;
}

static void
answered_cb (GtkWidget *row)
{
  gboolean answered = is_answered (row);

  workspace_prescription_state_show (g_object_get_data (G_OBJECT (row), "stage"),
                                     answered ? CARE_STAGE_CHECKED : CARE_STAGE_DRAFT);
  gtk_widget_set_sensitive (GTK_WIDGET (check_of (row)), answered);
  if (!answered)
    gtk_check_button_set_active (check_of (row), FALSE);
}

/* What neither was found nor has to be answered: counted, and one press away. */
static void
append_rest (GtkWidget *box, GPtrArray *rest)
{
  g_autofree char *words =
      g_strdup_printf (ngettext ("%u other answer: not found, or not checked",
                                 "%u other answers: not found, or not checked", rest->len),
                       rest->len);
  GtkWidget *expander = gtk_expander_new (NULL), *label = gtk_label_new (words),
            *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  for (guint i = 0; i < rest->len; i++)
    gtk_box_append (GTK_BOX (lines), workspace_finding_line_new (rest->pdata[i]));
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_expander_set_label_widget (GTK_EXPANDER (expander), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (expander), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                  -1);
  gtk_widget_set_margin_top (lines, 4);
  gtk_expander_set_child (GTK_EXPANDER (expander), lines);
  gtk_widget_set_visible (expander, rest->len > 0);
  gtk_box_append (GTK_BOX (box), expander);
}

static void
append_findings (GtkWidget *row, GtkWidget *box, const CareToSign *item, GHashTable *reasons)
{
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();
  GtkWidget *asks = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (asks), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (asks, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (asks), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("To answer before signing"), -1);
  g_object_set_data (G_OBJECT (row), "asks", asks);
  for (guint i = 0; item->findings != NULL && i < item->findings->len; i++)
    {
      const ClinicalFinding *finding = item->findings->pdata[i];

      g_autofree char *key = care_to_sign_dup_key (item->task, finding);

      if (clinical_finding_needs_reason (finding))
        gtk_list_box_append (GTK_LIST_BOX (asks),
                             workspace_finding_row_new (finding, g_hash_table_lookup (reasons, key),
                                                        G_CALLBACK (answered_cb), row));
      else if (finding->answer == CLINICAL_FOUND)
        gtk_box_append (GTK_BOX (box), workspace_finding_line_new (finding));
      else
        g_ptr_array_add (rest, (gpointer) finding);
    }
  gtk_box_append (GTK_BOX (box), asks);
  gtk_widget_set_visible (asks, gtk_widget_get_first_child (asks) != NULL);
  append_rest (box, rest);
}

static GtkWidget *
words_new (GtkWidget *row, const CareToSign *item, GHashTable *reasons)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *back,
            *stage = workspace_prescription_state_new (CARE_STAGE_DRAFT);
  g_autofree char *by = g_strdup_printf (_ ("Prepared by %s, %s"),
                                         item->prepared_by != NULL ? item->prepared_by : "?",
                                         item->prepared != NULL ? item->prepared : "?");

  gtk_widget_set_hexpand (box, TRUE);
  sign_words_append (box, item);
  workspace_text_append (box, by, "dim-label");
  g_object_set_data (G_OBJECT (row), "stage", stage);
  gtk_box_append (GTK_BOX (box), stage);
  workspace_text_append (box, item->problem, "error");
  append_findings (row, box, item, reasons);
  back = gtk_button_new_with_mnemonic (_ ("Send _Back…"));
  gtk_widget_set_halign (back, GTK_ALIGN_START);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (back), "sign.send-back");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (back), "s", item->task);
  gtk_box_append (GTK_BOX (box), back);
  return box;
}

/**
 * sign_row_new:
 * @chosen: whether it is chosen at first, where nothing has to be answered
 * @reasons: what was answered before: care_to_sign_dup_key() to the reason
 *
 * Returns: (transfer floating): the row of @item
 */
GtkWidget *
sign_row_new (
    const CareToSign *item, gboolean chosen, GHashTable *reasons, GCallback changed, gpointer data)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12),
            *check = gtk_check_button_new ();
  g_autofree char *name =
      g_strdup_printf (_ ("Sign %s"), item->line != NULL ? item->line : _ ("A prescription"));

  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_valign (check, GTK_ALIGN_START);
  g_object_set_data (G_OBJECT (row), "check", check);
  g_object_set_data_full (G_OBJECT (row), "task", g_strdup (item->task), g_free);
  g_object_set_data_full (G_OBJECT (row), "problem", g_strdup (item->problem), g_free);
  g_object_set (box, "margin-start", 12, "margin-end", 12, "margin-top", 10, "margin-bottom", 10,
                NULL);
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), words_new (row, item, reasons));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), chosen);
  answered_cb (row);
  g_signal_connect_swapped (check, "toggled", changed, data);
  return row;
}

const char *
sign_row_get_task (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "task");
}

gboolean
sign_row_is_chosen (GtkWidget *row)
{
  return is_answered (row) && gtk_check_button_get_active (check_of (row));
}

/* Whether it could be signed and is not to be. */
gboolean
sign_row_is_taken_out (GtkWidget *row)
{
  return is_answered (row) && !gtk_check_button_get_active (check_of (row));
}

/**
 * sign_row_add_reasons:
 * @reasons: care_to_sign_dup_key() to the reason as it was typed
 */
void
sign_row_add_reasons (GtkWidget *row, GHashTable *reasons)
{
  GtkWidget *asks = g_object_get_data (G_OBJECT (row), "asks");

  for (GtkWidget *child = gtk_widget_get_first_child (asks); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      char *reason = workspace_finding_row_dup_reason (child);

      if (reason != NULL)
        g_hash_table_insert (reasons,
                             g_strconcat (sign_row_get_task (row), "|",
                                          workspace_finding_row_get_key (child), NULL),
                             reason);
    }
}
