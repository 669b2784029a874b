/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-file-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "workspace-renderer.h"

/* What the patient sent, looked at under the patient's name before it is kept. A picture or a PDF
 * is drawn in a process of its own: the file may have been made to break its reader. */

#define WIDTH      560
#define HEIGHT     640
#define MOST_PAGES 20

typedef struct
{
  GtkBox *pages;
  GtkLabel *note_label;
  WorkspaceRenderer *renderer;
  guint drawn;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_clear_object (&look->renderer);
  g_free (look);
}

/* (transfer none): what @dialog shows; the dialog is kept while something is asked for it */
static Look *
look_of (gpointer dialog)
{
  return g_object_get_data (dialog, "visit-look");
}

static void
say (Look *look, const char *sentence)
{
  gtk_label_set_label (look->note_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (look->note_label), sentence != NULL);
}

static void
add_sheet (Look *look, WorkspaceSheet *sheet)
{
  GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (sheet->texture));

  gtk_picture_set_alternative_text (GTK_PICTURE (picture),
                                    *sheet->text != '\0' ? sheet->text : _ ("A picture"));
  gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
  gtk_box_append (look->pages, picture);
  look->drawn++;
}

static void
say_rest (Look *look, guint rest)
{
  g_autofree char *sentence = g_strdup_printf (ngettext ("%u more page is not shown here.",
                                                         "%u more pages are not shown here.", rest),
                                               rest);

  say (look, sentence);
}

/* Takes a page that was drawn, if one was, and asks for the next. */
static void
draw_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AdwDialog) dialog = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WorkspaceSheet) sheet = NULL;
  Look *look = look_of (dialog);
  guint n = workspace_renderer_get_n_pages (look->renderer);

  if (result != NULL)
    {
      sheet = workspace_renderer_draw_finish (result, &error);
      if (sheet == NULL)
        {
          say (look, error->message);
          return;
        }
      add_sheet (look, sheet);
    }
  if (look->drawn < MIN (n, MOST_PAGES))
    workspace_renderer_draw_async (look->renderer, look->drawn, 2 * WIDTH, draw_cb,
                                   g_object_ref (dialog));
  else if (n > MOST_PAGES)
    say_rest (look, n - MOST_PAGES);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AdwDialog) dialog = user_data;
  g_autoptr (GError) error = NULL;
  Look *look = look_of (dialog);

  look->renderer = workspace_renderer_open_finish (result, &error);
  if (look->renderer != NULL)
    draw_cb (NULL, NULL, g_object_ref (dialog));
  else
    say (look, error->message);
}

static void
show_text (Look *look, GBytes *bytes)
{
  GtkWidget *label = gtk_label_new (NULL);
  g_autofree char *text =
      g_strndup (g_bytes_get_data (bytes, NULL), MIN (g_bytes_get_size (bytes), 200000));
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  gtk_label_set_label (GTK_LABEL (label), valid);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_box_append (look->pages, label);
  if (g_bytes_get_size (bytes) > 200000)
    say (look, _ ("This is the beginning of a longer text."));
}

static void
show (AdwDialog *dialog, MediaTransfer *transfer)
{
  MediaFileKind kind = media_transfer_get_kind (transfer);
  GBytes *bytes = media_transfer_get_bytes (transfer);

  if (kind == MEDIA_FILE_TEXT)
    show_text (look_of (dialog), bytes);
  else
    workspace_renderer_open_async (bytes, kind == MEDIA_FILE_PDF ? "pdf" : "image", NULL, opened_cb,
                                   g_object_ref (dialog));
}

static void
add_cb (GtkButton *button, AdwDialog *dialog)
{
  visit_files_add_to_chart (g_object_get_data (G_OBJECT (dialog), "visit-controller"),
                            g_object_get_data (G_OBJECT (dialog), "visit-transfer"));
  adw_dialog_close (dialog);
}

static void
drop_cb (GtkButton *button, AdwDialog *dialog)
{
  visit_files_drop (g_object_get_data (G_OBJECT (dialog), "visit-controller"),
                    g_object_get_data (G_OBJECT (dialog), "visit-transfer"));
  adw_dialog_close (dialog);
}

static GtkWidget *
make_buttons (AdwDialog *dialog, const char *patient)
{
  GtkWidget *box = adw_wrap_box_new ();
  GtkWidget *drop = gtk_button_new_with_mnemonic (_ ("Do _Not Keep"));
  g_autofree char *add_words = g_strdup_printf (_ ("Add to the Chart of %s"), patient);
  GtkWidget *add = gtk_button_new ();
  GtkWidget *label = gtk_label_new (add_words);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_button_set_child (GTK_BUTTON (add), label);
  gtk_widget_add_css_class (add, "suggested-action");
  gtk_widget_add_css_class (box, "toolbar");
  adw_wrap_box_set_child_spacing (ADW_WRAP_BOX (box), 6);
  adw_wrap_box_set_line_spacing (ADW_WRAP_BOX (box), 6);
  adw_wrap_box_set_align (ADW_WRAP_BOX (box), 1);
  adw_wrap_box_append (ADW_WRAP_BOX (box), drop);
  adw_wrap_box_append (ADW_WRAP_BOX (box), add);
  g_signal_connect (add, "clicked", G_CALLBACK (add_cb), dialog);
  g_signal_connect (drop, "clicked", G_CALLBACK (drop_cb), dialog);
  return box;
}

static GtkWidget *
make_body (Look *look)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  look->pages = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  look->note_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (look->note_label, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (look->note_label), FALSE);
  gtk_widget_set_margin_start (box, 16);
  gtk_widget_set_margin_end (box, 16);
  gtk_widget_set_margin_bottom (box, 16);
  gtk_widget_set_margin_top (box, 4);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (look->pages));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (look->note_label));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  return scroller;
}

/**
 * visit_file_dialog_present:
 * @transfer: a file that came whole
 */
void
visit_file_dialog_present (VisitController *controller, MediaTransfer *transfer, GtkWidget *parent)
{
  AdwDialog *dialog = adw_dialog_new ();
  Look *look = g_new0 (Look, 1);
  GtkWidget *view = adw_toolbar_view_new ();
  GtkWidget *header = adw_header_bar_new ();
  g_autofree char *name = workspace_patient_dup_name (visit_controller_get_patient (controller));
  /* Translators: %s is a patient's name */
  g_autofree char *from = g_strdup_printf (_ ("From %s, in this visit"), name);

  g_object_set_data_full (G_OBJECT (dialog), "visit-look", look, look_free);
  g_object_set_data_full (G_OBJECT (dialog), "visit-controller", g_object_ref (controller),
                          g_object_unref);
  g_object_set_data_full (G_OBJECT (dialog), "visit-transfer", g_object_ref (transfer),
                          g_object_unref);
  adw_dialog_set_title (dialog, media_transfer_get_name (transfer));
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header),
                                   adw_window_title_new (media_transfer_get_name (transfer), from));
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), header);
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), make_body (look));
  if (visit_files_get_fate (transfer) == VISIT_FILE_NEW)
    adw_toolbar_view_add_bottom_bar (ADW_TOOLBAR_VIEW (view), make_buttons (dialog, name));
  adw_dialog_set_child (dialog, view);
  adw_dialog_set_content_width (dialog, WIDTH);
  adw_dialog_set_content_height (dialog, HEIGHT);
  show (dialog, transfer);
  adw_dialog_present (dialog, parent);
}
