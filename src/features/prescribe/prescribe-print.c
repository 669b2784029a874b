/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-print.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "base-qr.h"
#include "care-supply-code.h"
#include "workspace-alert.h"

/* The paper way out, when a prescription could not be sent: the same words and the same number as
 * the electronic one, and a code by which a counter finds it once it is sent. That it is printed
 * stands in the record before it is; where nothing was printed after all, that does. */

#define SIDE  110 /* points of the square */
#define QUIET 4   /* modules of white around it */

typedef struct
{
  WorkspacePatient *patient;
  CareRow *row;
  GtkWindow *parent;
  char *text, *code;
} Printing;

static void
printing_free (Printing *self)
{
  g_clear_object (&self->patient);
  g_clear_object (&self->row);
  g_clear_object (&self->parent);
  g_free (self->text);
  g_free (self->code);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Printing, printing_free)

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

/* Black on white, a point more than nothing between the squares: that is what readers read. */
static void
draw_square (cairo_t *cairo, const char *code, double y)
{
  guint width = 0;
  g_autoptr (GBytes) modules = base_qr_new (code, &width);
  const guint8 *data = modules ? g_bytes_get_data (modules, NULL) : NULL;
  double size = width > 0 ? (double) SIDE / (width + 2 * QUIET) : 0;

  if (!data)
    return;
  cairo_set_source_rgb (cairo, 0, 0, 0);
  cairo_set_antialias (cairo, CAIRO_ANTIALIAS_NONE);
  for (guint row = 0; row < width; row++)
    for (guint column = 0; column < width; column++)
      if (data[row * width + column])
        cairo_rectangle (cairo, (column + QUIET) * size, y + (row + QUIET) * size, size, size);
  cairo_fill (cairo);
}

static PangoLayout *
layout_new (GtkPrintContext *print, const char *text, const char *font_name)
{
  PangoLayout *layout = gtk_print_context_create_pango_layout (print);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (font_name);

  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) (gtk_print_context_get_width (print) * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static void
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *print, int page, Printing *self)
{
  cairo_t *cairo = gtk_print_context_get_cairo_context (print);
  g_autoptr (PangoLayout) words = layout_new (print, self->text, "Cantarell 12");
  g_autoptr (PangoLayout) code = layout_new (print, self->code, "Monospace 9");
  int height = 0;

  pango_cairo_show_layout (cairo, words);
  pango_layout_get_pixel_size (words, NULL, &height);
  draw_square (cairo, self->code, height + 24);
  cairo_move_to (cairo, 0, height + 24 + SIDE);
  pango_cairo_show_layout (cairo, code);
}

static void
say (Printing *self, const char *text)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("It Was Not Printed"), text);

  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _ ("_Close"));
  workspace_alert_present (dialog, GTK_WIDGET (self->parent));
}

static CareContext *
context_of (Printing *self)
{
  return workspace_session_get_context (workspace_patient_get_session (self->patient));
}

static void
voided_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Printing) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_supply_code_void_finish (result, &error))
    say (self, error->message);
}

static void
marked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Printing) self = user_data;
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  g_autoptr (GError) error = NULL;

  self->code = care_supply_code_print_finish (result, &error);
  if (!self->code)
    {
      say (self, error->message);
      return;
    }
  gtk_print_operation_set_n_pages (operation, 1);
  gtk_print_operation_set_job_name (operation, _ ("Prescription"));
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_page_cb), self);
  if (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, self->parent,
                               NULL) != GTK_PRINT_OPERATION_RESULT_APPLY)
    {
      CareContext *context = context_of (self);
      const char *code = self->code;

      care_supply_code_void_async (context, code, voided_cb, g_steal_pointer (&self));
    }
}

/**
 * prescribe_print:
 * @prescription: a row of CARE_LIST_PRESCRIPTIONS
 *
 * Marks it as printed, which is recorded in the audit chain, and opens the print dialog.
 */
void
prescribe_print (WorkspacePatient *patient, CareRow *prescription, GtkWindow *parent)
{
  Printing *self;
  const char *reference = care_row_get_reference (prescription);

  if (workspace_patient_get_summary (patient) == NULL || !reference)
    return;
  self = g_new0 (Printing, 1);
  self->patient = g_object_ref (patient);
  self->row = g_object_ref (prescription);
  self->parent = g_object_ref (parent);
  self->text = page_text (patient, prescription);
  care_supply_code_print_async (context_of (self), strchr (reference, '/') + 1, marked_cb, self);
}
