/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-print.h"

#include <glib/gi18n.h>
#include <pango/pangocairo.h>

/* The paper way out, when a prescription could not be sent: the same words and the same number as
 * the electronic one. */

static char *
page_text (WorkspacePatient *patient, CareRow *row)
{
  CareSummary *summary = workspace_patient_get_summary (patient);
  CareContext *context = workspace_session_get_context (workspace_patient_get_session (patient));

  return g_strdup_printf (
      _ ("Prescription\n\n%s\nBorn %s · %s\n%s\n\n%s\n%s\n\nPrescribed %s by %s\nNumber: %s\n\n"
         "Printed because it had not been sent when it was printed. If the electronic prescription "
         "with the same number arrives as well, supply only once.\n\nSignature:"),
      care_summary_get_name (summary), care_summary_get_birth_date (summary),
      care_summary_get_identifier (summary), care_summary_get_allergies_line (summary),
      care_row_get_title (row), care_row_get_text (row, CARE_ROW_SUBTITLE),
      care_row_get_text (row, CARE_ROW_DATE), care_context_get_user_name (context),
      care_row_get_reference (row));
}

static void
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *print, int page, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_print_context_create_pango_layout (print);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Cantarell 12");

  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) (gtk_print_context_get_width (print) * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, text, -1);
  pango_cairo_show_layout (gtk_print_context_get_cairo_context (print), layout);
}

/**
 * prescribe_print:
 * @prescription: a row of CARE_LIST_PRESCRIPTIONS
 *
 * Opens the print dialog; the print is recorded in the audit chain.
 */
void
prescribe_print (WorkspacePatient *patient, CareRow *prescription, GtkWindow *parent)
{
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  CareContext *context = workspace_session_get_context (workspace_patient_get_session (patient));
  GtkPrintOperationResult result;

  if (workspace_patient_get_summary (patient) == NULL)
    return;
  gtk_print_operation_set_n_pages (operation, 1);
  gtk_print_operation_set_job_name (operation, _ ("Prescription"));
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (draw_page_cb),
                         page_text (patient, prescription), (GClosureNotify) (GCallback) g_free, 0);
  result =
      gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, NULL);
  if (result == GTK_PRINT_OPERATION_RESULT_APPLY)
    care_context_audit (context, "print", workspace_patient_get_id (patient),
                        care_row_get_reference (prescription), NULL);
}
