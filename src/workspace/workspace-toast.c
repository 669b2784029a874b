/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-toast.h"

#include <glib/gi18n.h>

/* As long as what was done rests before it leaves (hazard H21). */
#define UNDO_SECONDS 10
#define LINE         60 /* characters: a longer line is hard to read in a wide window */

/* ---- what it says ---- */

/* AdwToastOverlay asks how high a toast is at the width that it would like to have, and then gives
 * it less in a narrow window: a sentence would be cut off. This one learns how much there is. */
struct _ToastSentence
{
  GtkWidget parent_instance;
  GtkWidget *label;
  int room; /* pixels that there were where there were too few; 0: never */
  guint resize;
};

#define TOAST_TYPE_SENTENCE (toast_sentence_get_type ())
G_DECLARE_FINAL_TYPE (ToastSentence, toast_sentence, TOAST, SENTENCE, GtkWidget)
G_DEFINE_FINAL_TYPE (ToastSentence, toast_sentence, GTK_TYPE_WIDGET)

static void
toast_sentence_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  ToastSentence *self = TOAST_SENTENCE (widget);

  /* a label says how wide it is in one line where it is asked for the width of a low one */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    for_size = -1;
  gtk_widget_measure (self->label, orientation, for_size, minimum, natural, minimum_baseline,
                      natural_baseline);
  if (orientation == GTK_ORIENTATION_HORIZONTAL && self->room > 0)
    *natural = CLAMP (self->room, *minimum, *natural);
}

static gboolean
resize_cb (gpointer data)
{
  TOAST_SENTENCE (data)->resize = 0;
  gtk_widget_queue_resize (data);
  return G_SOURCE_REMOVE;
}

static void
toast_sentence_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ToastSentence *self = TOAST_SENTENCE (widget);
  int natural;

  toast_sentence_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &(int) { 0 }, &natural, NULL,
                          NULL);
  if (width < natural)
    {
      self->room = width;
      if (self->resize == 0) /* not at once: sizes are being given out */
        self->resize = g_idle_add_full (G_PRIORITY_HIGH_IDLE, resize_cb, self, NULL);
    }
  gtk_widget_allocate (self->label, width, height, baseline, NULL);
}

static GtkSizeRequestMode
toast_sentence_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
toast_sentence_dispose (GObject *object)
{
  ToastSentence *self = TOAST_SENTENCE (object);

  g_clear_handle_id (&self->resize, g_source_remove);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS (toast_sentence_parent_class)->dispose (object);
}

static void
toast_sentence_class_init (ToastSentenceClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = toast_sentence_dispose;
  widget_class->measure = toast_sentence_measure;
  widget_class->size_allocate = toast_sentence_size_allocate;
  widget_class->get_request_mode = toast_sentence_get_request_mode;
}

static void
toast_sentence_init (ToastSentence *self)
{
  self->label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (self->label), LINE);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_add_css_class (self->label, "heading");
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

/* ---- saying it ---- */

/**
 * workspace_toast_new:
 * @sentence: plain text, of any length
 *
 * A toast cuts its own title to one line; this one is read whole with large text, in a narrow
 * window and in every language.
 *
 * Returns: (transfer floating): a toast to add to an overlay
 */
AdwToast *
workspace_toast_new (const char *sentence)
{
  AdwToast *toast = adw_toast_new (sentence);
  ToastSentence *title = g_object_new (TOAST_TYPE_SENTENCE, NULL);

  adw_toast_set_use_markup (toast, FALSE);
  gtk_label_set_label (GTK_LABEL (title->label), sentence);
  adw_toast_set_custom_title (toast, GTK_WIDGET (title));
  return toast;
}

/**
 * workspace_toast_say:
 * @widget: where it is said; where no overlay is around it nobody is told
 * @sentence: what needs no answer
 */
void
workspace_toast_say (GtkWidget *widget, const char *sentence)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);

  if (overlay)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), workspace_toast_new (sentence));
}

/**
 * workspace_toast_add:
 * @toasts: (nullable): where it is said; NULL: the window is closed already, and nobody reads it
 * @sentence: what was done, or why not
 * @undo: the action that takes it back, with a text as its target
 * @target: (nullable): that text; NULL: there is nothing to take back
 */
void
workspace_toast_add (AdwToastOverlay *toasts,
                     const char *sentence,
                     const char *undo,
                     const char *target)
{
  AdwToast *toast;

  if (!toasts)
    return;
  toast = workspace_toast_new (sentence);
  if (target)
    {
      adw_toast_set_timeout (toast, UNDO_SECONDS);
      adw_toast_set_button_label (toast, _ ("_Undo"));
      adw_toast_set_action_name (toast, undo);
      adw_toast_set_action_target (toast, "s", target);
    }
  adw_toast_overlay_add_toast (toasts, toast);
}
