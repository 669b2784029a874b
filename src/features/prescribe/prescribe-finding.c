/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-finding.h"

#include <glib/gi18n.h>

#include "prescribe-sheet-private.h"
#include "prescribe-weight-dialog.h"
#include "workspace-finding-row.h"

/* An answer of the checks with the way out beside it: what never may be signed is changed to what
 * may be, and what could not be checked gets what is missing. */

static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

/* ---- once a week ---- */

static void
day_chosen_cb (GtkDropDown *choice)
{
  PrescribeSheet *sheet = g_object_get_data (G_OBJECT (choice), "sheet");
  guint day = gtk_drop_down_get_selected (choice);

  if (day > 0 && day <= G_N_ELEMENTS (days))
    g_object_set (prescribe_sheet_get_draft (sheet), "frequency", 1, "period", 1, "period-max", 0,
                  "period-unit", "wk", "days", days[day - 1], NULL);
}

static GtkWidget *
weekly_new (PrescribeSheet *sheet, GCallback written, gpointer data)
{
  const char *const labels[] = {
    _ ("Change to once a week, on…"), _ ("Once a week, on Monday"),   _ ("Once a week, on Tuesday"),
    _ ("Once a week, on Wednesday"),  _ ("Once a week, on Thursday"), _ ("Once a week, on Friday"),
    _ ("Once a week, on Saturday"),   _ ("Once a week, on Sunday"),   NULL,
  };
  GtkWidget *choice = gtk_drop_down_new_from_strings (labels);

  gtk_widget_set_halign (choice, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Change to once a week, on a named day"), -1);
  g_object_set_data_full (G_OBJECT (choice), "sheet", g_object_ref (sheet), g_object_unref);
  g_signal_connect (choice, "notify::selected", G_CALLBACK (day_chosen_cb), NULL);
  g_signal_connect_swapped (choice, "notify::selected", written, data);
  return choice;
}

/* ---- the weight ---- */

static void
weight_saved (gpointer data)
{
  PrescribeSheet *sheet = data;
  GPtrArray *beside = prescribe_sheet_get_beside (sheet);

  prescribe_sheet_read_again (sheet);
  for (guint i = 0; beside != NULL && i < beside->len; i++)
    if (beside->pdata[i] != sheet)
      prescribe_sheet_read_again (beside->pdata[i]);
}

/* Asks for the weight of the sheet's patient, and reads and checks again with it. */
void
prescribe_finding_ask_weight (PrescribeSheet *sheet, GtkWidget *parent)
{
  prescribe_weight_dialog_present (parent, prescribe_sheet_get_context (sheet),
                                   care_prescription_draft_get_patient_id (
                                       prescribe_sheet_get_draft (sheet)),
                                   weight_saved, G_OBJECT (sheet));
}

static GtkWidget *
weight_button_new (PrescribeSheet *sheet)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Enter the Weight…"));

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_signal_connect_object (button, "clicked", G_CALLBACK (prescribe_finding_ask_weight), sheet,
                           G_CONNECT_SWAPPED);
  return button;
}

/* ---- where it can be recorded ---- */

/* (transfer floating) (nullable): leads to the page that has what this check lacks */
static GtkWidget *
page_button_new (const ClinicalFinding *finding)
{
  static const struct
  {
    const char *check, *why, *action, *label;
  } pages[] = {
    { "allergy", "not recorded", "win.show::problems", N_ ("Record the Allergies") },
    { "pregnancy", "pregnancy not recorded", "win.show::problems", N_ ("Show the Problems") },
    { "renal", "kidney function not known", "win.show::results", N_ ("Show the Results") },
  };
  GtkWidget *button = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (pages) && button == NULL; i++)
    if (g_strcmp0 (pages[i].check, finding->check) == 0 &&
        g_strcmp0 (pages[i].why, finding->why) == 0)
      {
        button = gtk_button_new_with_label (_ (pages[i].label));
        gtk_widget_add_css_class (button, "flat");
        gtk_widget_set_halign (button, GTK_ALIGN_START);
        gtk_widget_set_margin_start (button, 12);
        gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), pages[i].action);
      }
  return button;
}

/* ---- rows ---- */

/* What is written beside it is in no chart yet. */
static gboolean
is_in_chart (PrescribeSheet *sheet, const char *reference)
{
  GPtrArray *beside = prescribe_sheet_get_beside (sheet);

  for (guint i = 0; beside != NULL && i < beside->len; i++)
    {
      CarePrescriptionDraft *draft = prescribe_sheet_get_draft (beside->pdata[i]);

      if (g_str_has_suffix (reference, care_prescription_draft_get_id (draft)))
        return FALSE;
    }
  return TRUE;
}

GtkWidget *
prescribe_finding_row_new (PrescribeSheet *sheet,
                           const ClinicalFinding *finding,
                           const char *reason,
                           GCallback changed,
                           GCallback written,
                           gpointer data)
{
  GtkWidget *row = workspace_finding_row_new (finding, reason, changed, data);
  GtkWidget *page = page_button_new (finding);

  if (finding->blocks && g_strcmp0 (finding->rule, "methotrexate-weekly") == 0)
    workspace_finding_row_append (row, weekly_new (sheet, written, data));
  if (finding->why != NULL && g_str_has_prefix (finding->why, "weight "))
    workspace_finding_row_append (row, weight_button_new (sheet));
  if (finding->evidence != NULL && finding->answer == CLINICAL_FOUND &&
      is_in_chart (sheet, finding->evidence))
    workspace_finding_row_append (row, workspace_finding_link_new (finding));
  if (page != NULL)
    workspace_finding_row_append (row, page);
  return row;
}
