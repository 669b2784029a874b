/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-camera.h"

#include <glib/gi18n.h>
#include <string.h>

#include "documents-attach.h"
#include "documents-camera-row.h"
#include "documents-photo.h"
#include "media-camera.h"
#include "media-picture.h"
#include "workspace-alert.h"
#include "workspace-text.h"

/**
 * DocumentsCamera:
 *
 * Either the live picture is shown or one of the pages that were taken. The camera runs only while
 * its picture is shown: its light says so truly. Whose record it becomes stands above all the time,
 * and before it becomes that somebody says whether anything on it is sensitive (hazard H22).
 */

#define PAGES_AT_MOST 50

struct _DocumentsCamera
{
  AdwDialog parent_instance;

  WorkspacePatient *patient;
  MediaSources *sources;
  MediaCamera *camera;
  GPtrArray *pages; /* GdkPixbuf */
  int shown;        /* the page that is shown; -1: the live picture */
  int retaken;      /* the page that the next picture replaces; -1: it becomes a new one */
  guint waiting;    /* source: devices may still be found */
  gboolean busy;

  AdwWindowTitle *title;
  AdwEntryRow *name_row;
  DocumentsCameraRow *camera_row;
  GtkWidget *sensitive_group;
  GtkCheckButton *ordinary_check, *sensitive_check;
  GtkStack *stack;
  GtkPicture *live_picture, *page_picture;
  AdwStatusPage *failed_page;
  GtkLabel *state_label;
  GtkWidget *take_button, *again_button, *next_button, *rotate_button, *remove_button,
      *previous_button, *following_button, *attach_button, *page_tools;
};

enum
{
  ATTACHED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DocumentsCamera, documents_camera, ADW_TYPE_DIALOG)

/* How long the first camera may take to be found. */
#define FIND_SECONDS 3

static void
say (DocumentsCamera *self, const char *sentence)
{
  gtk_label_set_text (self->state_label, sentence);
  if (*sentence)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
update (DocumentsCamera *self)
{
  gboolean live = self->shown < 0;
  g_autofree char *state = NULL;
  g_autofree char *attach =
      g_strdup_printf (ngettext ("_Attach %u Page", "_Attach %u Pages", self->pages->len),
                       self->pages->len);

  gtk_widget_set_visible (self->take_button, live);
  gtk_widget_set_sensitive (self->take_button, media_camera_is_live (self->camera) && !self->busy);
  gtk_widget_set_visible (self->page_tools, !live);
  gtk_widget_set_visible (self->next_button, !live);
  gtk_widget_set_sensitive (self->next_button, self->pages->len < PAGES_AT_MOST && !self->busy);
  gtk_widget_set_sensitive (self->page_tools, !self->busy);
  gtk_widget_set_sensitive (self->previous_button, live ? self->pages->len > 0 : self->shown > 0);
  gtk_widget_set_visible (self->previous_button, self->pages->len > 0);
  gtk_widget_set_visible (self->following_button, self->pages->len > 0 && !live);
  gtk_widget_set_sensitive (self->following_button, self->shown + 1 < (int) self->pages->len);
  gtk_widget_set_sensitive (self->attach_button, self->pages->len > 0 && !self->busy);
  gtk_widget_set_visible (self->attach_button, self->pages->len > 0);
  gtk_button_set_label (GTK_BUTTON (self->attach_button), attach);
  gtk_widget_set_visible (self->sensitive_group, self->pages->len > 0);
  gtk_widget_set_sensitive (self->sensitive_group, !self->busy);
  adw_dialog_set_can_close (ADW_DIALOG (self), self->pages->len == 0);
  if (self->busy)
    return;
  if (!live)
    state = g_strdup_printf (_ ("Page %d of %u"), self->shown + 1, self->pages->len);
  say (self, state ? state : "");
}

/* ---- the live picture ---- */

static void
show_failure (DocumentsCamera *self, const char *sentence)
{
  adw_status_page_set_description (self->failed_page, sentence);
  gtk_stack_set_visible_child_name (self->stack, "failed");
  update (self);
}

static GstElement *
make_sink (DocumentsCamera *self)
{
  g_autoptr (GObject) picture = NULL;
  GstElement *sink = media_picture_new (&picture);

  gtk_picture_set_paintable (self->live_picture, GDK_PAINTABLE (picture));
  return sink;
}

static void
start (DocumentsCamera *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  self->shown = -1;
  gtk_stack_set_visible_child_name (self->stack, "loading");
  if (media_camera_start (self->camera, make_sink (self), &error))
    {
      update (self);
      return;
    }
  if (self->waiting) /* the computer is still being asked what is plugged in */
    return;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      show_failure (self, error->message);
      return;
    }
  sentence = g_strdup_printf (_ ("%s Plug one in or switch it on, then try again. A photograph "
                                 "from a phone can be attached "
                                 "as a file."),
                              error->message);
  show_failure (self, sentence);
}

static void
live_cb (DocumentsCamera *self)
{
  gtk_stack_set_visible_child_name (self->stack, "live");
  update (self);
  gtk_widget_grab_focus (self->take_button);
}

static void
failed_cb (DocumentsCamera *self, const char *sentence)
{
  if (self->shown < 0)
    show_failure (self, sentence);
}

/* Another camera was found or chosen. */
static void
camera_changed_cb (DocumentsCamera *self)
{
  if (self->shown < 0)
    start (self);
}

static void
notice_cb (DocumentsCamera *self, const char *sentence)
{
  say (self, sentence);
}

static gboolean
waited_cb (gpointer data)
{
  DocumentsCamera *self = data;

  self->waiting = 0;
  if (self->shown < 0 && !media_camera_is_live (self->camera))
    start (self);
  return G_SOURCE_REMOVE;
}

static void
try_again_cb (DocumentsCamera *self)
{
  media_sources_try_again (self->sources);
  start (self);
}

/* ---- what is on them ---- */

/* Of each picture it is said anew: "No" to the first page says nothing of the second. */
static void
forget_answer (DocumentsCamera *self)
{
  gtk_check_button_set_active (self->ordinary_check, FALSE);
  gtk_check_button_set_active (self->sensitive_check, FALSE);
}

static CareSensitivity
get_sensitivity (DocumentsCamera *self)
{
  if (gtk_check_button_get_active (self->sensitive_check))
    return CARE_SENSITIVITY_SENSITIVE;
  return gtk_check_button_get_active (self->ordinary_check) ? CARE_SENSITIVITY_ORDINARY
                                                            : CARE_SENSITIVITY_NOT_ASKED;
}

/* ---- pages ---- */

static void
show_page (DocumentsCamera *self, int page)
{
  g_autoptr (GdkTexture) texture = NULL;
  GdkPixbuf *pixels = self->pages->pdata[page];
  g_autofree char *name = g_strdup_printf (_ ("Photograph of page %d"), page + 1);
  g_autoptr (GBytes) bytes = gdk_pixbuf_read_pixel_bytes (pixels);

  media_camera_stop (self->camera);
  self->shown = page;
  self->retaken = -1;
  texture =
      gdk_memory_texture_new (gdk_pixbuf_get_width (pixels), gdk_pixbuf_get_height (pixels),
                              GDK_MEMORY_R8G8B8, bytes, (gsize) gdk_pixbuf_get_rowstride (pixels));
  gtk_picture_set_paintable (self->page_picture, GDK_PAINTABLE (texture));
  gtk_picture_set_alternative_text (self->page_picture, name);
  gtk_stack_set_visible_child_name (self->stack, "page");
  update (self);
}

static GdkPixbuf *
pixbuf_of (MediaStill *still)
{
  return gdk_pixbuf_new_from_bytes (still->pixels, GDK_COLORSPACE_RGB, FALSE, 8, still->width,
                                    still->height, still->stride);
}

static void
take_cb (DocumentsCamera *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaStill) still = media_camera_take (self->camera, &error);
  int page = self->retaken >= 0 ? self->retaken : (int) self->pages->len;

  if (!still)
    {
      say (self, error->message);
      return;
    }
  if (self->retaken >= 0)
    {
      g_object_unref (self->pages->pdata[page]);
      self->pages->pdata[page] = pixbuf_of (still);
    }
  else
    g_ptr_array_add (self->pages, pixbuf_of (still));
  forget_answer (self);
  show_page (self, page);
  gtk_widget_grab_focus (self->next_button);
}

static void
again_cb (DocumentsCamera *self)
{
  self->retaken = self->shown;
  start (self);
}

static void
next_cb (DocumentsCamera *self)
{
  self->retaken = -1;
  start (self);
}

static void
rotate_cb (DocumentsCamera *self)
{
  GdkPixbuf *turned =
      gdk_pixbuf_rotate_simple (self->pages->pdata[self->shown], GDK_PIXBUF_ROTATE_CLOCKWISE);

  if (!turned)
    return;
  g_object_unref (self->pages->pdata[self->shown]);
  self->pages->pdata[self->shown] = turned;
  show_page (self, self->shown);
}

static void
remove_cb (DocumentsCamera *self)
{
  g_ptr_array_remove_index (self->pages, (guint) self->shown);
  if (self->pages->len > 0)
    show_page (self, MIN (self->shown, (int) self->pages->len - 1));
  else
    start (self);
}

static void
previous_cb (DocumentsCamera *self)
{
  show_page (self, self->shown < 0 ? (int) self->pages->len - 1 : self->shown - 1);
}

static void
following_cb (DocumentsCamera *self)
{
  show_page (self, self->shown + 1);
}

/* ---- into the record ---- */

static void
attached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsCamera) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reference = documents_attach_finish (result, &error);

  self->busy = FALSE;
  if (!self->patient)
    return;
  if (!reference)
    {
      update (self);
      say (self, error->message);
      return;
    }
  g_signal_emit (self, signals[ATTACHED], 0, gtk_editable_get_text (GTK_EDITABLE (self->name_row)),
                 reference);
  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
encoded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsCamera) self = user_data;
  g_autoptr (GError) error = NULL;
  const char *content_type = NULL;
  g_autoptr (GBytes) bytes = documents_photo_encode_finish (result, &content_type, &error);

  if (!self->patient)
    return;
  if (bytes)
    {
      documents_attach_bytes_async (self->patient,
                                    gtk_editable_get_text (GTK_EDITABLE (self->name_row)),
                                    content_type, bytes, get_sensitivity (self), attached_cb,
                                    g_object_ref (self));
      return;
    }
  self->busy = FALSE;
  update (self);
  say (self, error->message);
}

static void
attach_cb (DocumentsCamera *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name_row));

  if (self->busy || self->pages->len == 0)
    return;
  if (strspn (name, " \t") == strlen (name))
    {
      say (self, _ ("Give the document a name first."));
      gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
      return;
    }
  if (get_sensitivity (self) == CARE_SENSITIVITY_NOT_ASKED)
    {
      say (self, _ ("Say first whether anything on the photographs is sensitive."));
      gtk_widget_grab_focus (GTK_WIDGET (self->ordinary_check));
      return;
    }
  self->busy = TRUE;
  update (self);
  say (self, _ ("Being attached…"));
  documents_photo_encode_async (self->pages, encoded_cb, g_object_ref (self));
}

/* What was photographed and not attached is nowhere else. */
static void
close_answered_cb (DocumentsCamera *self, const char *response)
{
  if (g_str_equal (response, "discard"))
    adw_dialog_force_close (ADW_DIALOG (self));
}

static void
close_attempt_cb (DocumentsCamera *self)
{
  AdwDialog *dialog;

  if (self->busy)
    return;
  dialog = adw_alert_dialog_new (_ ("Discard the Photographs?"),
                                 _ ("They are not attached, and they are kept nowhere else."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "keep", _ ("_Keep"), "discard",
                                  _ ("_Discard"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "discard",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "keep");
  g_signal_connect_object (dialog, "response", G_CALLBACK (close_answered_cb), self,
                           G_CONNECT_SWAPPED);
  workspace_alert_present (dialog, GTK_WIDGET (self));
}

static void
documents_camera_unmap (GtkWidget *widget)
{
  DocumentsCamera *self = DOCUMENTS_CAMERA (widget);

  if (self->camera)
    media_camera_stop (self->camera);
  GTK_WIDGET_CLASS (documents_camera_parent_class)->unmap (widget);
}

static void
documents_camera_dispose (GObject *object)
{
  DocumentsCamera *self = DOCUMENTS_CAMERA (object);

  g_clear_handle_id (&self->waiting, g_source_remove);
  if (self->camera)
    {
      media_camera_stop (self->camera);
      g_signal_handlers_disconnect_by_data (self->camera, self);
    }
  g_clear_object (&self->camera);
  if (self->sources)
    g_signal_handlers_disconnect_by_data (self->sources, self);
  g_clear_object (&self->sources);
  g_clear_object (&self->patient);
  gtk_widget_dispose_template (GTK_WIDGET (self), DOCUMENTS_TYPE_CAMERA);
  G_OBJECT_CLASS (documents_camera_parent_class)->dispose (object);
}

static void
documents_camera_finalize (GObject *object)
{
  g_ptr_array_unref (DOCUMENTS_CAMERA (object)->pages);
  G_OBJECT_CLASS (documents_camera_parent_class)->finalize (object);
}

static void
bind (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, title);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, name_row);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, camera_row);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, sensitive_group);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, ordinary_check);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, sensitive_check);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, stack);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, live_picture);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, page_picture);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, failed_page);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, state_label);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, take_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, again_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, next_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, rotate_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, remove_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, previous_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, following_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, attach_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsCamera, page_tools);
  gtk_widget_class_bind_template_callback (widget_class, take_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, rotate_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, following_cb);
  gtk_widget_class_bind_template_callback (widget_class, attach_cb);
  gtk_widget_class_bind_template_callback (widget_class, try_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_attempt_cb);
}

static void
documents_camera_class_init (DocumentsCameraClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (DOCUMENTS_TYPE_CAMERA_ROW);
  G_OBJECT_CLASS (klass)->dispose = documents_camera_dispose;
  G_OBJECT_CLASS (klass)->finalize = documents_camera_finalize;
  widget_class->unmap = documents_camera_unmap;
  signals[ATTACHED] = g_signal_new ("attached", DOCUMENTS_TYPE_CAMERA, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/documents/documents-camera.ui");
  bind (widget_class);
}

static void
documents_camera_init (DocumentsCamera *self)
{
  self->pages = g_ptr_array_new_with_free_func (g_object_unref);
  self->shown = self->retaken = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

AdwDialog *
documents_camera_new (WorkspacePatient *patient, MediaSources *sources)
{
  DocumentsCamera *self = g_object_new (DOCUMENTS_TYPE_CAMERA, NULL);
  g_autofree char *name = workspace_patient_dup_name (patient);

  if (!gst_is_initialized ()) /* heavy: not before somebody photographs */
    gst_init (NULL, NULL);
  self->patient = g_object_ref (patient);
  self->sources = sources ? g_object_ref (sources) : media_sources_new ();
  self->camera = media_camera_new (self->sources);
  adw_window_title_set_subtitle (self->title, name);
  documents_camera_row_set_sources (self->camera_row, self->sources);
  g_signal_connect_swapped (self->sources, "notice", G_CALLBACK (notice_cb), self);
  g_signal_connect_swapped (self->camera, "waiting", G_CALLBACK (notice_cb), self);
  g_signal_connect_swapped (self->camera, "live", G_CALLBACK (live_cb), self);
  g_signal_connect_swapped (self->camera, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect_swapped (self->sources, "camera-changed", G_CALLBACK (camera_changed_cb), self);
  if (!sources)
    {
      media_sources_watch (self->sources);
      self->waiting = g_timeout_add_seconds (FIND_SECONDS, waited_cb, self);
    }
  start (self);
  return ADW_DIALOG (self);
}

guint
documents_camera_get_n_pages (DocumentsCamera *self)
{
  return self->pages->len;
}
