/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print-job.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* One document on its way out. It is recorded before its first page is drawn; a PDF is made in
 * memory, so that no disk holds a page that was not saved on purpose. */

#define MARGIN_MM 16

typedef struct
{
  CareContext *context;
  CarePaper *paper;
  PrintStamp stamp;
  GtkPrintOperation *operation;
  PrintLayout *layout;
  cairo_surface_t *surface; /* of the last page, to ask how its writing went */
  GFile *target;            /* NULL: a printer */
  int memory;               /* the PDF, or -1 */
  gboolean recording, recorded, done;
  GError *error;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;

  g_clear_object (&self->context);
  g_clear_pointer (&self->paper, care_paper_unref);
  print_stamp_clear (&self->stamp);
  g_clear_object (&self->operation);
  g_clear_object (&self->layout);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_clear_object (&self->target);
  g_clear_error (&self->error);
  if (self->memory >= 0)
    close (self->memory);
  g_free (self);
}

GtkPageSetup *
print_page_setup_new (void)
{
  GtkPageSetup *setup = gtk_page_setup_new ();

  gtk_page_setup_set_top_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_page_setup_set_bottom_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_page_setup_set_left_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_page_setup_set_right_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  return setup;
}

/* ---- drawing ---- */

static void
recorded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *self = g_task_get_task_data (task);

  self->recorded = care_paper_record_finish (result, &self->error);
  self->recording = FALSE;
}

static void
begin_print_cb (GtkPrintOperation *operation, GtkPrintContext *context, GTask *task)
{
  Job *self = g_task_get_task_data (task);
  PangoContext *pango = gtk_print_context_create_pango_context (context);

  self->layout =
      print_layout_new (self->paper, &self->stamp, pango, gtk_print_context_get_width (context),
                        gtk_print_context_get_height (context));
  g_object_unref (pango);
  self->recording = TRUE;
  care_paper_record_async (self->context, self->target ? "export" : "print", self->paper,
                           recorded_cb, g_object_ref (task));
}

/* Asked again and again until the record stands; what cannot be recorded is not drawn. */
static gboolean
paginate_cb (GtkPrintOperation *operation, GtkPrintContext *context, GTask *task)
{
  Job *self = g_task_get_task_data (task);

  if (self->recording)
    return FALSE;
  if (!self->recorded)
    gtk_print_operation_cancel (operation);
  gtk_print_operation_set_n_pages (operation, (int) print_layout_get_n_pages (self->layout));
  return TRUE;
}

static void
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, GTask *task)
{
  Job *self = g_task_get_task_data (task);
  cairo_t *cairo = gtk_print_context_get_cairo_context (context);

  if (!self->recorded)
    return;
  if (!self->surface)
    self->surface = cairo_surface_reference (cairo_get_target (cairo));
  print_layout_draw (self->layout, cairo, (guint) page);
}

/* ---- the PDF ---- */

/* (nullable): a sentence that says what to do, for what commonly goes wrong. */
const char *
print_job_why_not_saved (GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return _ ("Not saved: the disk is full. Free some space or choose another place, then save it "
              "again.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY))
    return _ ("Not saved: nothing may be written in that place. Choose another one.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY))
    return _ ("Not saved: that folder is not there any more. Choose another place.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY))
    return _ ("Not saved: there is a folder of that name. Choose another name.");
  return NULL;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    {
      g_task_return_int (task, (gssize) print_layout_get_n_pages (self->layout));
      return;
    }
  care_context_audit (self->context, "export-failed", self->paper->patient_id,
                      self->paper->reference, NULL);
  if (print_job_why_not_saved (error))
    g_task_return_new_error_literal (task, error->domain, error->code,
                                     print_job_why_not_saved (error));
  else
    g_task_return_new_error (task, error->domain, error->code, _ ("Not saved: %s"), error->message);
}

/* (transfer full) (nullable): the whole PDF, or NULL where a part of it is missing. */
static GBytes *
read_memory (Job *self)
{
  struct stat stat;
  gpointer bytes;
  gsize length;

  if (self->surface && cairo_surface_status (self->surface) != CAIRO_STATUS_SUCCESS)
    return NULL;
  if (fstat (self->memory, &stat) != 0 || stat.st_size < 8)
    return NULL;
  length = (gsize) stat.st_size;
  bytes = g_malloc (length);
  for (gsize done = 0; done < length;)
    {
      ssize_t n = pread (self->memory, (char *) bytes + done, length - done, (off_t) done);

      if (n <= 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          g_free (bytes);
          return NULL;
        }
      done += (gsize) n;
    }
  if (!memmem ((char *) bytes + length - 8, 8, "%%EOF", 5))
    {
      g_free (bytes);
      return NULL;
    }
  return g_bytes_new_take (bytes, length);
}

static void
save (GTask *task)
{
  Job *self = g_task_get_task_data (task);
  g_autoptr (GBytes) bytes = read_memory (self);

  if (bytes)
    g_file_replace_contents_bytes_async (self->target, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE,
                                         NULL, saved_cb, g_object_ref (task));
  else
    g_task_return_new_error_literal (
        task, G_IO_ERROR, G_IO_ERROR_FAILED,
        _ ("Not saved: the PDF could not be made whole. This computer may be short of memory."));
}

/* ---- the end ---- */

static void
done_cb (GtkPrintOperation *operation, GtkPrintOperationResult result, GTask *task)
{
  Job *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->done = TRUE;
  if (self->error)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
    {
      gtk_print_operation_get_error (operation, &error);
      g_task_return_new_error (
          task, GTK_PRINT_ERROR, GTK_PRINT_ERROR_GENERAL,
          _ ("Nothing was printed: %s. Look whether a printer is connected and switched on, or "
             "save a PDF instead."),
          error ? error->message : _ ("the printer did not answer"));
    }
  else if (result == GTK_PRINT_OPERATION_RESULT_CANCEL || !self->layout)
    g_task_return_int (task, 0);
  else if (self->target)
    save (task);
  else
    g_task_return_int (task, (gssize) print_layout_get_n_pages (self->layout));
  g_object_unref (task);
}

static GTask *
job_new (CareContext *context,
         CarePaper *paper,
         const PrintStamp *stamp,
         gpointer tag,
         GAsyncReadyCallback callback,
         gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr (GtkPageSetup) setup = print_page_setup_new ();
  Job *self = g_new0 (Job, 1);

  self->context = g_object_ref (context);
  self->paper = care_paper_ref (paper);
  self->stamp.printed = g_strdup (stamp->printed);
  self->stamp.as_of = g_strdup (stamp->as_of);
  self->memory = -1;
  self->operation = gtk_print_operation_new ();
  gtk_print_operation_set_default_page_setup (self->operation, setup);
  gtk_print_operation_set_unit (self->operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_allow_async (self->operation, TRUE);
  gtk_print_operation_set_job_name (self->operation, paper->title);
  g_signal_connect (self->operation, "begin-print", G_CALLBACK (begin_print_cb), task);
  g_signal_connect (self->operation, "paginate", G_CALLBACK (paginate_cb), task);
  g_signal_connect (self->operation, "draw-page", G_CALLBACK (draw_page_cb), task);
  g_signal_connect (self->operation, "done", G_CALLBACK (done_cb), task);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, self, job_free);
  return task;
}

/* An answer comes by "done", but for what is refused before anything began. */
static void
run (GTask *task, GtkPrintOperationAction action, GtkWindow *parent)
{
  Job *self = g_task_get_task_data (task);
  g_autoptr (GTask) held = g_object_ref (task);
  GtkPrintOperationResult result = gtk_print_operation_run (self->operation, action, parent, NULL);

  if (result == GTK_PRINT_OPERATION_RESULT_ERROR && !self->done)
    done_cb (self->operation, result, task);
}

void
print_job_print_async (CareContext *context,
                       CarePaper *paper,
                       const PrintStamp *stamp,
                       GtkWindow *parent,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = job_new (context, paper, stamp, print_job_print_async, callback, user_data);

  run (task, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent);
}

void
print_job_export_async (CareContext *context,
                        CarePaper *paper,
                        const PrintStamp *stamp,
                        GFile *target,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = job_new (context, paper, stamp, print_job_export_async, callback, user_data);
  Job *self = g_task_get_task_data (task);
  g_autofree char *name = NULL;

  self->target = g_object_ref (target);
  self->memory = memfd_create ("bedside-print", MFD_CLOEXEC);
  if (self->memory < 0)
    {
      g_task_return_new_error_literal (
          task, G_IO_ERROR, G_IO_ERROR_FAILED,
          _ ("Not saved: the PDF could not be made whole. This computer may be short of memory."));
      g_object_unref (task);
      return;
    }
  name = g_strdup_printf ("/proc/self/fd/%d", self->memory);
  gtk_print_operation_set_export_filename (self->operation, name);
  run (task, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL);
}

int
print_job_finish (GAsyncResult *result, GError **error)
{
  return (int) g_task_propagate_int (G_TASK (result), error);
}
