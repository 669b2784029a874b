/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-scan-dialog.h"

#include <glib/gi18n.h>

#include "media-camera.h"
#include "media-picture.h"
#include "workspace-renderer.h"

#include "app-scan.h"

/**
 * AppScanDialog:
 *
 * The camera runs only while its picture is shown. A picture from a file is drawn by the program
 * that draws documents, in its cage: it comes from anybody, too.
 */

#define LOOK_MS      200
#define LARGEST_FILE ((gsize) 20 * 1024 * 1024)
#define DRAWN_WIDTH  1400

struct _AppScanDialog
{
  AdwDialog parent_instance;

  MediaSources *sources;
  MediaCamera *camera;
  GCancellable *cancellable; /* of what is being read */
  guint source;
  gboolean reading;
  char *server; /* that was found */

  GtkStack *stack;
  GtkPicture *live_picture;
  AdwStatusPage *failed_page;
  GtkLabel *state_label;
  AdwActionRow *address_row;
  GtkWidget *use_button;
  GtkWidget *again_button;
};

enum
{
  SIGNAL_FOUND,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppScanDialog, app_scan_dialog, ADW_TYPE_DIALOG)

static void
say (AppScanDialog *self, const char *sentence)
{
  if (g_strcmp0 (gtk_label_get_text (self->state_label), sentence) == 0)
    return;
  gtk_label_set_text (self->state_label, sentence);
  if (*sentence)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
stop (AppScanDialog *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->reading = FALSE;
  if (self->camera)
    media_camera_stop (self->camera);
}

/* ---- what was read ---- */

static void
show_found (AppScanDialog *self, char *server)
{
  stop (self);
  g_free (self->server);
  self->server = server;
  adw_action_row_set_subtitle (self->address_row, server);
  gtk_stack_set_visible_child_name (self->stack, "found");
  say (self, _ ("An address was found. Nothing was opened: read it first."));
  gtk_widget_grab_focus (self->use_button);
}

/* @is_picture: chosen by a person, who waits for an answer also where there is no code */
static void
take_finding (AppScanDialog *self, BaseQrFinding finding, const char *text, gboolean is_picture)
{
  g_autoptr (GError) error = NULL;
  char *server = finding == BASE_QR_TEXT ? app_scan_dup_server (text, &error) : NULL;

  if (server)
    show_found (self, server);
  else if (error)
    say (self, error->message);
  else if (is_picture || finding != BASE_QR_NONE)
    say (self, app_scan_explain (finding));
}

/* ---- the camera ---- */

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppScanDialog) self = user_data;
  g_autofree char *text = NULL;
  BaseQrFinding finding = app_scan_pixels_finish (result, &text);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  self->reading = FALSE;
  if (self->source)
    take_finding (self, finding, text, FALSE);
}

static gboolean
look_cb (gpointer user_data)
{
  AppScanDialog *self = user_data;
  g_autoptr (MediaStill) still = NULL;

  if (self->reading || !media_camera_is_live (self->camera))
    return G_SOURCE_CONTINUE;
  still = media_camera_take (self->camera, NULL);
  if (!still)
    return G_SOURCE_CONTINUE;
  self->reading = TRUE;
  app_scan_pixels_async (still->pixels, (guint) still->width, (guint) still->height,
                         (gsize) still->stride, 3, self->cancellable, looked_cb,
                         g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

static GstElement *
make_sink (AppScanDialog *self)
{
  g_autoptr (GObject) picture = NULL;
  GstElement *sink = media_picture_new (&picture);

  gtk_picture_set_paintable (self->live_picture, GDK_PAINTABLE (picture));
  return sink;
}

static void
failed_cb (AppScanDialog *self, const char *sentence)
{
  g_clear_handle_id (&self->source, g_source_remove);
  adw_status_page_set_description (self->failed_page, sentence);
  gtk_stack_set_visible_child_name (self->stack, "failed");
  say (self, "");
}

static void
start (AppScanDialog *self)
{
  g_autoptr (GError) error = NULL;

  stop (self);
  self->cancellable = g_cancellable_new ();
  gtk_stack_set_visible_child_name (self->stack, "loading");
  say (self, "");
  if (media_camera_start (self->camera, make_sink (self), &error))
    self->source = g_timeout_add (LOOK_MS, look_cb, self);
  else
    failed_cb (self, error->message);
}

static void
live_cb (AppScanDialog *self)
{
  gtk_stack_set_visible_child_name (self->stack, "live");
  say (self, _ ("Hold the code before the camera."));
}

static void
waiting_cb (AppScanDialog *self, const char *sentence)
{
  say (self, sentence);
}

static void
again_cb (AppScanDialog *self)
{
  media_sources_try_again (self->sources);
  start (self);
}

/* Another one was plugged in while there was none. */
static void
camera_changed_cb (AppScanDialog *self)
{
  if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "failed") &&
      g_list_model_get_n_items (media_sources_get_cameras (self->sources)) > 0)
    start (self);
}

/* ---- a picture ---- */

static void
refuse_picture (AppScanDialog *self)
{
  say (self, _ ("This file cannot be read as a picture. Choose another one, or type the address."));
}

static void
picture_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppScanDialog) self = user_data;
  g_autofree char *text = NULL;
  BaseQrFinding finding = app_scan_pixels_finish (result, &text);

  take_finding (self, finding, text, TRUE);
}

static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppScanDialog) self = user_data;
  g_autoptr (WorkspaceSheet) sheet = workspace_renderer_draw_finish (result, NULL);
  g_autoptr (GBytes) pixels = NULL;
  gsize stride, height;
  guint8 *data;

  if (!sheet)
    {
      refuse_picture (self);
      return;
    }
  stride = (gsize) gdk_texture_get_width (sheet->texture) * 4;
  height = (gsize) gdk_texture_get_height (sheet->texture);
  data = g_malloc (stride * height);
  gdk_texture_download (sheet->texture, data, stride);
  pixels = g_bytes_new_take (data, stride * height);
  app_scan_pixels_async (pixels, (guint) stride / 4, (guint) height, stride, 4, NULL,
                         picture_read_cb, g_object_ref (self));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppScanDialog) self = user_data;
  g_autoptr (WorkspaceRenderer) renderer = workspace_renderer_open_finish (result, NULL);

  if (renderer)
    workspace_renderer_draw_async (renderer, 0, DRAWN_WIDTH, drawn_cb, g_object_ref (self));
  else
    refuse_picture (self);
}

/* @picture: the bytes of a file */
void
app_scan_dialog_read (AppScanDialog *self, GBytes *picture)
{
  g_return_if_fail (APP_IS_SCAN_DIALOG (self));

  workspace_renderer_open_async (picture, "image", NULL, opened_cb, g_object_ref (self));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppScanDialog) self = user_data;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  if (!bytes || g_bytes_get_size (bytes) == 0 || g_bytes_get_size (bytes) > LARGEST_FILE)
    refuse_picture (self);
  else
    app_scan_dialog_read (self, bytes);
}

static void
file_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppScanDialog) self = user_data;
  g_autoptr (GFileInputStream) stream = g_file_read_finish (G_FILE (source), result, NULL);

  if (stream)
    g_input_stream_read_bytes_async (G_INPUT_STREAM (stream), LARGEST_FILE + 1, G_PRIORITY_DEFAULT,
                                     NULL, loaded_cb, g_object_ref (self));
  else
    refuse_picture (self);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppScanDialog) self = user_data;
  g_autoptr (GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, NULL);

  if (file)
    g_file_read_async (file, G_PRIORITY_DEFAULT, NULL, file_read_cb, g_object_ref (self));
}

/* In a sandbox the desktop shows it, and lends the one file. */
static void
open_cb (AppScanDialog *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_file_filter_set_name (filter, _ ("Pictures"));
  gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_dialog_set_title (dialog, _ ("Choose a Picture of the Code"));
  gtk_file_dialog_set_default_filter (dialog, filter);
  gtk_file_dialog_open (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, chosen_cb,
                        g_object_ref (self));
}

static void
use_cb (AppScanDialog *self)
{
  g_autofree char *server = g_strdup (self->server);

  adw_dialog_close (ADW_DIALOG (self));
  g_signal_emit (self, signals[SIGNAL_FOUND], 0, server);
}

/* ---- object ---- */

static void
app_scan_dialog_unmap (GtkWidget *widget)
{
  stop (APP_SCAN_DIALOG (widget));
  GTK_WIDGET_CLASS (app_scan_dialog_parent_class)->unmap (widget);
}

static void
app_scan_dialog_dispose (GObject *object)
{
  AppScanDialog *self = APP_SCAN_DIALOG (object);

  stop (self);
  if (self->camera)
    g_signal_handlers_disconnect_by_data (self->camera, self);
  g_clear_object (&self->camera);
  if (self->sources)
    g_signal_handlers_disconnect_by_data (self->sources, self);
  g_clear_object (&self->sources);
  g_clear_pointer (&self->server, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_SCAN_DIALOG);
  G_OBJECT_CLASS (app_scan_dialog_parent_class)->dispose (object);
}

static void
app_scan_dialog_class_init (AppScanDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = app_scan_dialog_dispose;
  widget_class->unmap = app_scan_dialog_unmap;
  signals[SIGNAL_FOUND] = g_signal_new ("found", APP_TYPE_SCAN_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/app/app-scan-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AppScanDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, AppScanDialog, live_picture);
  gtk_widget_class_bind_template_child (widget_class, AppScanDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, AppScanDialog, state_label);
  gtk_widget_class_bind_template_child (widget_class, AppScanDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, AppScanDialog, use_button);
  gtk_widget_class_bind_template_child (widget_class, AppScanDialog, again_button);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
}

static void
app_scan_dialog_init (AppScanDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer floating): @sources: (nullable): instead of what is plugged in */
AppScanDialog *
app_scan_dialog_new (MediaSources *sources)
{
  AppScanDialog *self = g_object_new (APP_TYPE_SCAN_DIALOG, NULL);

  if (!gst_is_initialized ()) /* heavy: not before somebody scans */
    gst_init (NULL, NULL);
  self->sources = sources ? g_object_ref (sources) : media_sources_new ();
  self->camera = media_camera_new (self->sources);
  g_signal_connect_swapped (self->camera, "live", G_CALLBACK (live_cb), self);
  g_signal_connect_swapped (self->camera, "waiting", G_CALLBACK (waiting_cb), self);
  g_signal_connect_swapped (self->camera, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect_swapped (self->sources, "camera-changed", G_CALLBACK (camera_changed_cb), self);
  if (!sources)
    media_sources_watch (self->sources);
  start (self);
  return self;
}
