/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-alert.h"

#define BESIDE 148 /* pixels of a window that the words of an answer do not have */
#define LEAST  6   /* characters */

/* The answers are given the height of one line, however many they would like; so a label is told
 * how many characters there is room for, and asks for the height that they need. */
static void
wrap_label (GtkLabel *label, int room)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (label));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int width = PANGO_PIXELS_CEIL (pango_font_metrics_get_approximate_char_width (metrics)), natural,
      height;

  pango_font_metrics_unref (metrics);
  gtk_widget_measure (GTK_WIDGET (label), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL,
                      NULL);
  if (natural <= room)
    return;
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_wrap_mode (label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (label, GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (label, MAX (LEAST, room / MAX (1, width)));
  gtk_widget_measure (GTK_WIDGET (label), GTK_ORIENTATION_VERTICAL, room, NULL, &height, NULL,
                      NULL);
  gtk_widget_set_size_request (GTK_WIDGET (label), -1, height);
}

static void
wrap_labels (GtkWidget *widget, int room)
{
  if (GTK_IS_LABEL (widget))
    wrap_label (GTK_LABEL (widget), room);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    wrap_labels (child, room);
}

static void
wrap_buttons (GtkWidget *widget, GtkWidget *own, int room)
{
  if (widget == own)
    return;
  if (GTK_IS_BUTTON (widget))
    wrap_labels (widget, room);
  else
    for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
         child = gtk_widget_get_next_sibling (child))
      wrap_buttons (child, own, room);
}

/**
 * workspace_alert_wrap:
 * @alert: an #AdwAlertDialog with its answers, which is presented already
 * @parent: what it was presented in
 *
 * What an answer does is read whole: libadwaita cuts its words to one line, for which a narrow
 * window with large text has no room. The dialog's own child keeps its buttons as they are.
 */
void
workspace_alert_wrap (AdwDialog *alert, GtkWidget *parent)
{
  GtkRoot *root = gtk_widget_get_root (parent);
  GtkWidget *content = adw_dialog_get_child (alert);

  if (root && content && gtk_widget_get_width (GTK_WIDGET (root)) > BESIDE)
    wrap_buttons (content, adw_alert_dialog_get_extra_child (ADW_ALERT_DIALOG (alert)),
                  gtk_widget_get_width (GTK_WIDGET (root)) - BESIDE);
}

/**
 * workspace_alert_present:
 * @alert: an #AdwAlertDialog with its answers
 * @parent: (nullable): what it is about
 *
 * adw_dialog_present (), and workspace_alert_wrap ().
 */
void
workspace_alert_present (AdwDialog *alert, GtkWidget *parent)
{
  adw_dialog_present (alert, parent);
  if (parent)
    workspace_alert_wrap (alert, parent);
}
