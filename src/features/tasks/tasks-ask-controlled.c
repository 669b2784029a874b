/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-ask-controlled.h"

#include <glib/gi18n.h>

#include "workspace-birth-year.h"
#include "workspace-second-factor.h"
#include "workspace-text.h"

/* Controlled drugs among what is approved: one patient's are read once more, and signed with the
 * second factor. */

#define HIGHEST 360 /* of what is read, in pixels, before it scrolls */
#define WIDTH   300

static gboolean
is_controlled (const CareSupplyAsk *ask)
{
  return ask->controlled && ask->controlled->state == CLINICAL_CONTROLLED;
}

/**
 * tasks_ask_controlled_first:
 * @asks: (element-type CareSupplyAsk): those that were ticked
 *
 * Source: 21 CFR 1311.140 (a) (1): a list is of one patient.
 *
 * Returns: (transfer container) (nullable): all of the first patient of whom a controlled drug is
 *   renewed; NULL where there is none
 */
GPtrArray *
tasks_ask_controlled_first (GPtrArray *asks)
{
  const char *patient = NULL;
  GPtrArray *first;

  for (guint i = 0; i < asks->len && !patient; i++)
    if (is_controlled (asks->pdata[i]))
      patient = ((CareSupplyAsk *) asks->pdata[i])->patient_id;
  if (!patient)
    return NULL;
  first = g_ptr_array_new ();
  for (guint i = 0; i < asks->len; i++)
    if (g_strcmp0 (((CareSupplyAsk *) asks->pdata[i])->patient_id, patient) == 0)
      g_ptr_array_add (first, asks->pdata[i]);
  return first;
}

/* Who of them is taken for somebody else that is open is asked about. */
static void
append_years (GtkWidget *box, WorkspaceSession *session, GPtrArray *asks, AdwAlertDialog *dialog)
{
  for (guint i = 0; i < asks->len; i++)
    {
      const CareSupplyAsk *ask = asks->pdata[i];

      workspace_birth_year_append (box, workspace_session_get_open (session), ask->patient_id,
                                   ask->patient, ask->born, dialog, "sign");
    }
}

/* (transfer floating): with the responses "cancel" and "sign" */
static AdwAlertDialog *
dialog_new (GPtrArray *asks)
{
  g_autofree char *heading =
      g_strdup_printf (ngettext ("Sign %u Prescription?", "Sign %u Prescriptions?", asks->len),
                       asks->len);
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, NULL));

  adw_alert_dialog_add_responses (dialog, "cancel", _ ("_Back"), "sign", _ ("_Sign"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "sign", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_set_default_response (dialog, "sign");
  return dialog;
}

/**
 * tasks_ask_years_dialog_new:
 * @asks: (element-type CareSupplyAsk): what is approved at once, without a controlled drug
 *
 * Returns: (transfer floating) (nullable): a dialog with the responses "cancel" and "sign"; NULL
 *   where none of them is taken for somebody else that is open
 */
AdwDialog *
tasks_ask_years_dialog_new (WorkspaceSession *session, GPtrArray *asks)
{
  AdwAlertDialog *dialog = dialog_new (asks);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  append_years (box, session, asks, dialog);
  adw_alert_dialog_set_extra_child (dialog, box);
  if (gtk_widget_get_first_child (box))
    return ADW_DIALOG (dialog);
  g_object_ref_sink (dialog);
  g_object_unref (dialog);
  return NULL;
}

static GtkWidget *
list_new (GPtrArray *asks)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *scroll = gtk_scrolled_window_new ();
  const CareSupplyAsk *first = asks->pdata[0];
  g_autofree char *who = first->born
                             ? g_strdup_printf (_ ("%s · born %s"), first->patient, first->born)
                             : g_strdup (first->patient);

  workspace_text_append (box, who, "title-4");
  for (guint i = 0; i < asks->len; i++)
    {
      const CareSupplyAsk *ask = asks->pdata[i];

      workspace_text_append (box, ask->medicine, "heading");
      workspace_second_factor_append_line (box, ask->controlled);
      workspace_text_append (box, ask->dosage, NULL);
      workspace_text_append (box, ask->supply, NULL);
      workspace_text_append (box, ask->what, "dim-label");
    }
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroll), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroll), HIGHEST);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), box);
  gtk_widget_set_size_request (scroll, WIDTH, -1);
  return scroll;
}

/**
 * tasks_ask_controlled_dialog_new:
 * @asks: (element-type CareSupplyAsk): of one patient
 * @more: whether others were ticked, too: they stay in the list
 *
 * Returns: (transfer floating): a dialog with the responses "cancel" and "sign"
 */
AdwDialog *
tasks_ask_controlled_dialog_new (WorkspaceSession *session, GPtrArray *asks, gboolean more)
{
  AdwAlertDialog *dialog = dialog_new (asks);
  g_autoptr (GPtrArray) controlled = g_ptr_array_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *factor;

  for (guint i = 0; i < asks->len; i++)
    g_ptr_array_add (controlled, ((CareSupplyAsk *) asks->pdata[i])->controlled);
  adw_alert_dialog_set_prefer_wide_layout (dialog, TRUE);
  gtk_box_append (GTK_BOX (box), list_new (asks));
  workspace_text_append (box,
                         more ? _ ("Controlled drugs are signed for each patient alone. The others "
                                   "stay in the list.")
                              : NULL,
                         "dim-label");
  append_years (box, session, asks, dialog);
  factor = workspace_second_factor_new (workspace_session_get_context (session), controlled, dialog,
                                        "sign");
  if (factor)
    gtk_box_append (GTK_BOX (box), factor);
  adw_alert_dialog_set_extra_child (dialog, box);
  return ADW_DIALOG (dialog);
}
