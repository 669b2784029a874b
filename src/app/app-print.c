/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-print.h"

#include <glib/gi18n.h>

#include "care-row.h"
#include "workspace-time.h"

/* What is printed: the lines of one text, cut into pages by their height. */
typedef struct
{
  WorkspaceSession *session;
  GListModel *rows;
  char *text;
  PangoLayout *layout;
  GArray *first_lines; /* of each page */
} Print;

static void
print_free (gpointer data)
{
  Print *print = data;

  g_object_unref (print->session);
  g_object_unref (print->rows);
  g_free (print->text);
  g_clear_object (&print->layout);
  g_array_unref (print->first_lines);
  g_free (print);
}

static char *
make_text (WorkspaceSession *session, GListModel *rows)
{
  g_autoptr (GString) text = g_string_new (NULL);
  BaseClock *clock = workspace_session_get_clock (session);
  g_autofree char *time =
      workspace_time_of_day (base_clock_now (clock), workspace_session_get_zone (session));
  g_autofree char *today = workspace_session_dup_today (session);

  g_string_append_printf (text, "%s\n%s %s\n%s\n\n", _ ("Signed, not yet sent"), today, time,
                          care_context_get_user_name (workspace_session_get_context (session)));
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);
      const char *subtitle = care_row_get_text (row, CARE_ROW_SUBTITLE);
      const char *group = care_row_get_text (row, CARE_ROW_GROUP);
      const char *status = care_row_get_text (row, CARE_ROW_STATUS);
      g_string_append_printf (text, "%s\n%s\n%s\n%s\n\n", group ? group : "",
                              care_row_get_title (row), subtitle ? subtitle : "",
                              status ? status : "");
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
begin_cb (GtkPrintOperation *operation, GtkPrintContext *context, gpointer user_data)
{
  Print *print = user_data;
  double height = gtk_print_context_get_height (context), used = 0;
  int first = 0;

  print->layout = gtk_print_context_create_pango_layout (context);
  pango_layout_set_width (print->layout,
                          (int) (gtk_print_context_get_width (context) * PANGO_SCALE));
  pango_layout_set_text (print->layout, print->text, -1);
  g_array_append_val (print->first_lines, first);
  for (int i = 0; i < pango_layout_get_line_count (print->layout); i++)
    {
      PangoRectangle extents;
      pango_layout_line_get_extents (pango_layout_get_line_readonly (print->layout, i), NULL,
                                     &extents);
      double line_height = (double) extents.height / PANGO_SCALE;
      if (used + line_height > height)
        {
          g_array_append_val (print->first_lines, i);
          used = 0;
        }
      used += line_height;
    }
  gtk_print_operation_set_n_pages (operation, (int) print->first_lines->len);
}

static void
draw_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, gpointer user_data)
{
  Print *print = user_data;
  cairo_t *cairo = gtk_print_context_get_cairo_context (context);
  int first = g_array_index (print->first_lines, int, page);
  int after = page + 1 < (int) print->first_lines->len
                  ? g_array_index (print->first_lines, int, page + 1)
                  : pango_layout_get_line_count (print->layout);
  double y = 0;

  for (int i = first; i < after; i++)
    {
      PangoLayoutLine *line = pango_layout_get_line_readonly (print->layout, i);
      PangoRectangle extents;
      pango_layout_line_get_extents (line, NULL, &extents);
      y += (double) extents.height / PANGO_SCALE;
      cairo_move_to (cairo, 0, y);
      pango_cairo_show_layout_line (cairo, line);
    }
}

static void
done_cb (GtkPrintOperation *operation, GtkPrintOperationResult result, gpointer user_data)
{
  Print *print = user_data;
  CareContext *context = workspace_session_get_context (print->session);

  if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
    {
      g_autoptr (GError) error = NULL;
      gtk_print_operation_get_error (operation, &error);
      g_warning ("cannot print: %s", error->message);
    }
  for (guint i = 0;
       result == GTK_PRINT_OPERATION_RESULT_APPLY && i < g_list_model_get_n_items (print->rows);
       i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (print->rows, i);
      care_context_audit (context, "print", NULL, care_row_get_reference (row), NULL);
    }
}

/* Prints what the patient and the pharmacy need to know while it is not sent, and keeps in the
 * audit that it was printed. @rows: of CareRow. Returns at once. */
void
app_print_unsent (GtkRoot *window, WorkspaceSession *session, GListModel *rows)
{
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  Print *print = g_new0 (Print, 1);

  print->session = g_object_ref (session);
  print->rows = g_object_ref (rows);
  print->text = make_text (session, rows);
  print->first_lines = g_array_new (FALSE, FALSE, sizeof (int));
  gtk_print_operation_set_job_name (operation, _ ("Signed, not yet sent"));
  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect (operation, "begin-print", G_CALLBACK (begin_cb), print);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_cb), print);
  g_signal_connect (operation, "done", G_CALLBACK (done_cb), print);
  g_object_set_data_full (G_OBJECT (operation), "print", print, print_free);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, GTK_WINDOW (window),
                           NULL);
}
