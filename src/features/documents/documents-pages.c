/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-pages.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* One page at a time, as wide as there is room, or larger. It is drawn again when the room changes;
 * while one is being drawn only the last wish is kept. */

#define ZOOM_STEP        1.25
#define ZOOM_MIN         0.5
#define ZOOM_MAX         5.0
#define MARGIN           24
#define WIDTH_MAX        960 /* of a page at zoom 1 */
#define DESCRIBE_AT_MOST 8000

struct _DocumentsPages
{
  AdwBin parent_instance;

  WorkspaceRenderer *renderer;
  guint page;
  double zoom;
  int width; /* that the page was last drawn at */
  gboolean drawing, wanted;
  char *text;

  GtkScrolledWindow *scroller;
  GtkPicture *picture;
  GtkLabel *page_label;
  GtkLabel *zoom_label;
  GtkWidget *page_buttons;
  GtkToggleButton *text_button;
  GtkStack *stack;
  GtkTextView *text_view;
};

G_DEFINE_FINAL_TYPE (DocumentsPages, documents_pages, ADW_TYPE_BIN)

enum
{
  SIGNAL_FAILED,
  SIGNAL_WANTED, /* what was drawn meanwhile is no longer what is wished for */
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static int
fit_width (DocumentsPages *self)
{
  int room = gtk_widget_get_width (GTK_WIDGET (self->scroller)) - MARGIN;

  return (int) (CLAMP (room, 120, WIDTH_MAX) * self->zoom);
}

static guint
n_pages (DocumentsPages *self)
{
  return self->renderer ? workspace_renderer_get_n_pages (self->renderer) : 0;
}

static void
show_position (DocumentsPages *self)
{
  g_autofree char *position = g_strdup_printf (_ ("Page %u of %u"), self->page + 1, n_pages (self));
  g_autofree char *zoom = g_strdup_printf ("%d %%", (int) round (self->zoom * 100));

  gtk_label_set_label (self->page_label, position);
  gtk_label_set_label (self->zoom_label, zoom);
  gtk_widget_set_visible (self->page_buttons, n_pages (self) > 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  position, -1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "pages.previous", self->page > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "pages.next", self->page + 1 < n_pages (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "pages.zoom-in", self->zoom < ZOOM_MAX);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "pages.zoom-out", self->zoom > ZOOM_MIN);
}

/* The words of the page, for who reads it by ear and for who wants to copy them. */
static void
show_text (DocumentsPages *self, const char *text)
{
  gboolean has_words = text && strspn (text, " \t\r\n\f") < strlen (text);
  g_autofree char *short_text = NULL;
  const char *words = has_words ? text : _ ("This page is a picture without words.");

  g_set_str (&self->text, text);
  short_text = g_utf8_strlen (words, -1) > DESCRIBE_AT_MOST
                   ? g_utf8_substring (words, 0, DESCRIBE_AT_MOST)
                   : g_strdup (words);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), words, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, short_text, -1);
}

static void
show_sheet (DocumentsPages *self, WorkspaceSheet *sheet)
{
  int width = self->width;
  int height = (int) round ((double) width * gdk_texture_get_height (sheet->texture) /
                            gdk_texture_get_width (sheet->texture));

  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (sheet->texture));
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), width, height);
  show_text (self, sheet->text);
}

typedef struct
{
  DocumentsPages *self;
  guint page;
} Drawing;

static void
draw_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Drawing *drawing = user_data;
  g_autoptr (DocumentsPages) self = drawing->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (WorkspaceSheet) sheet = workspace_renderer_draw_finish (result, &error);

  if (source != (GObject *) self->renderer) /* another document took its place */
    return;
  self->drawing = FALSE;
  if (!sheet)
    {
      self->wanted = FALSE;
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error->message);
      return;
    }
  if (drawing->page == self->page)
    show_sheet (self, sheet);
  if (self->wanted)
    g_signal_emit (self, signals[SIGNAL_WANTED], 0);
}

static void
draw (DocumentsPages *self)
{
  Drawing *drawing;

  self->wanted = self->drawing;
  if (self->drawing || !self->renderer)
    return;
  drawing = g_new0 (Drawing, 1);
  drawing->self = g_object_ref (self);
  drawing->page = self->page;
  self->drawing = TRUE;
  self->width = fit_width (self);
  workspace_renderer_draw_async (self->renderer, self->page,
                                 (guint) (self->width *
                                          gtk_widget_get_scale_factor (GTK_WIDGET (self))),
                                 draw_cb, drawing);
}

static void
go_to (DocumentsPages *self, guint page)
{
  if (!self->renderer || page >= n_pages (self) || page == self->page)
    return;
  self->page = page;
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  show_position (self);
  gtk_accessible_announce (GTK_ACCESSIBLE (self->picture), gtk_label_get_label (self->page_label),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
  draw (self);
}

static void
set_zoom (DocumentsPages *self, double zoom)
{
  self->zoom = CLAMP (zoom, ZOOM_MIN, ZOOM_MAX);
  show_position (self);
  draw (self);
}

static void
act (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DocumentsPages *self = DOCUMENTS_PAGES (widget);
  const char *what = name + strlen ("pages.");

  if (g_str_equal (what, "next"))
    go_to (self, self->page + 1);
  else if (g_str_equal (what, "previous"))
    go_to (self, self->page - 1);
  else if (g_str_equal (what, "zoom-in"))
    set_zoom (self, self->zoom * ZOOM_STEP);
  else if (g_str_equal (what, "zoom-out"))
    set_zoom (self, self->zoom / ZOOM_STEP);
  else
    set_zoom (self, 1);
}

/* A page key scrolls while there is more of the page, and turns it at its end. */
static gboolean
turn (DocumentsPages *self, gboolean forward)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double value = gtk_adjustment_get_value (adjustment),
         size = gtk_adjustment_get_page_size (adjustment);
  double end = gtk_adjustment_get_upper (adjustment) - size;

  if (forward ? value < end - 1 : value > 1)
    gtk_adjustment_set_value (adjustment, value + (forward ? size : -size) * 0.9);
  else
    go_to (self, forward ? self->page + 1 : self->page - 1);
  return TRUE;
}

static gboolean
key_pressed_cb (DocumentsPages *self, guint key, guint code, GdkModifierType state)
{
  gboolean control = (state & GDK_CONTROL_MASK) != 0;

  if (gtk_toggle_button_get_active (self->text_button) && !control)
    return FALSE;
  switch (key)
    {
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      return turn (self, TRUE);
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      return turn (self, FALSE);
    case GDK_KEY_Home:
    case GDK_KEY_End:
      go_to (self, key == GDK_KEY_Home ? 0 : n_pages (self) - 1);
      return TRUE;
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      return control && gtk_widget_activate_action (GTK_WIDGET (self), "pages.zoom-in", NULL);
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      return control && gtk_widget_activate_action (GTK_WIDGET (self), "pages.zoom-out", NULL);
    case GDK_KEY_0:
      return control && gtk_widget_activate_action (GTK_WIDGET (self), "pages.zoom-fit", NULL);
    default:
      return FALSE;
    }
}

static void
text_toggled_cb (DocumentsPages *self)
{
  gtk_stack_set_visible_child_name (self->stack, gtk_toggle_button_get_active (self->text_button)
                                                     ? "text"
                                                     : "picture");
}

static void
room_changed_cb (DocumentsPages *self)
{
  if (self->renderer && ABS (fit_width (self) - self->width) > 4)
    draw (self);
}

static void
documents_pages_dispose (GObject *object)
{
  DocumentsPages *self = DOCUMENTS_PAGES (object);

  g_clear_object (&self->renderer);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), DOCUMENTS_TYPE_PAGES);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (documents_pages_parent_class)->dispose (object);
}

static void
documents_pages_class_init (DocumentsPagesClass *klass)
{
  static const char *const actions[] = { "pages.next", "pages.previous", "pages.zoom-in",
                                         "pages.zoom-out", "pages.zoom-fit" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = documents_pages_dispose;
  signals[SIGNAL_FAILED] = g_signal_new ("failed", DOCUMENTS_TYPE_PAGES, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_WANTED] = g_signal_new ("wanted", DOCUMENTS_TYPE_PAGES, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, act);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/documents/documents-pages.ui");
  gtk_widget_class_bind_template_child (widget_class, DocumentsPages, scroller);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPages, picture);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPages, page_label);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPages, zoom_label);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPages, page_buttons);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPages, text_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPages, stack);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPages, text_view);
  gtk_widget_class_bind_template_callback (widget_class, text_toggled_cb);
}

static void
documents_pages_init (DocumentsPages *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->zoom = 1;
  g_signal_connect (self, "wanted", G_CALLBACK (draw), NULL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (self->scroller),
                           "notify::page-size", G_CALLBACK (room_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Shows the first page of @renderer; NULL: nothing. */
void
documents_pages_set_renderer (DocumentsPages *self, WorkspaceRenderer *renderer)
{
  g_set_object (&self->renderer, renderer);
  self->page = 0;
  self->zoom = 1;
  self->drawing = FALSE;
  gtk_toggle_button_set_active (self->text_button, FALSE);
  gtk_picture_set_paintable (self->picture, NULL);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  if (!renderer)
    return;
  show_position (self);
  draw (self);
}

guint
documents_pages_get_page (DocumentsPages *self)
{
  return self->page;
}

/* (transfer none) (nullable): the page as it is drawn now */
GdkTexture *
documents_pages_get_texture (DocumentsPages *self)
{
  g_return_val_if_fail (DOCUMENTS_IS_PAGES (self), NULL);

  GdkPaintable *shown = gtk_picture_get_paintable (self->picture);

  return GDK_IS_TEXTURE (shown) ? GDK_TEXTURE (shown) : NULL;
}
