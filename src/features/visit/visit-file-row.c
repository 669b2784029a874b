/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-file-row.h"

#include <glib/gi18n.h>

#include "visit-file-dialog.h"

struct _VisitFileRow
{
  AdwBin parent_instance;

  VisitController *controller;
  MediaTransfer *transfer;

  GtkImage *icon;
  GtkLabel *name_label;
  GtkLabel *words_label;
  GtkProgressBar *progress_bar;
  GtkButton *look_button;
  GtkButton *add_button;
  GtkLabel *add_label;
  GtkButton *drop_button;
  GtkButton *undo_button;
};

G_DEFINE_FINAL_TYPE (VisitFileRow, visit_file_row, ADW_TYPE_BIN)

/* Buttons of several files read alike: each is named by its file too. */
static void
name_button (VisitFileRow *self, GtkButton *button, const char *form)
{
  g_autofree char *name = g_strdup_printf (form, media_transfer_get_name (self->transfer));

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
update_buttons (VisitFileRow *self)
{
  MediaTransferState state = media_transfer_get_state (self->transfer);
  VisitFileFate fate = visit_files_get_fate (self->transfer);
  gboolean here = media_transfer_is_incoming (self->transfer) && state == MEDIA_TRANSFER_DONE;
  gboolean waits = here && fate == VISIT_FILE_NEW;
  gboolean moves = !media_transfer_is_over (self->transfer);

  gtk_widget_set_visible (GTK_WIDGET (self->look_button),
                          here && media_transfer_get_bytes (self->transfer) != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->add_button), waits);
  gtk_widget_set_visible (GTK_WIDGET (self->drop_button), waits || moves);
  gtk_widget_set_visible (GTK_WIDGET (self->undo_button), here && fate == VISIT_FILE_ADDED);
  gtk_button_set_label (self->drop_button, waits ? _ ("Do _Not Keep") : _ ("_Cancel"));
  name_button (self, self->drop_button,
               /* Translators: %s is the name of a file */
               waits ? _ ("Do not keep %s") : _ ("Cancel %s"));
}

static void
update (VisitFileRow *self)
{
  MediaTransferState state = media_transfer_get_state (self->transfer);
  guint64 size = media_transfer_get_size (self->transfer);
  g_autofree char *words = visit_files_dup_words (self->transfer);

  gtk_label_set_label (self->words_label, words);
  if (state == MEDIA_TRANSFER_REFUSED)
    gtk_widget_add_css_class (GTK_WIDGET (self->words_label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->words_label), "error");
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), state == MEDIA_TRANSFER_RUNNING);
  gtk_progress_bar_set_fraction (self->progress_bar,
                                 size > 0 ? (double) media_transfer_get_moved (self->transfer) /
                                                (double) size
                                          : 0);
  update_buttons (self);
}

static void
add_cb (VisitFileRow *self)
{
  visit_files_add_to_chart (self->controller, self->transfer);
}

static void
drop_cb (VisitFileRow *self)
{
  visit_files_drop (self->controller, self->transfer);
}

static void
undo_cb (VisitFileRow *self)
{
  visit_files_undo (self->controller, self->transfer);
}

static void
look_cb (VisitFileRow *self)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);

  visit_file_dialog_present (self->controller, self->transfer,
                             GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
visit_file_row_dispose (GObject *object)
{
  VisitFileRow *self = VISIT_FILE_ROW (object);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_FILE_ROW);
  g_clear_object (&self->controller);
  g_clear_object (&self->transfer);

  G_OBJECT_CLASS (visit_file_row_parent_class)->dispose (object);
}

static void
visit_file_row_class_init (VisitFileRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = visit_file_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/visit/visit-file-row.ui");
  gtk_widget_class_bind_template_child (widget_class, VisitFileRow, icon);
  gtk_widget_class_bind_template_child (widget_class, VisitFileRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, VisitFileRow, words_label);
  gtk_widget_class_bind_template_child (widget_class, VisitFileRow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, VisitFileRow, look_button);
  gtk_widget_class_bind_template_child (widget_class, VisitFileRow, add_button);
  gtk_widget_class_bind_template_child (widget_class, VisitFileRow, add_label);
  gtk_widget_class_bind_template_child (widget_class, VisitFileRow, drop_button);
  gtk_widget_class_bind_template_child (widget_class, VisitFileRow, undo_button);
  gtk_widget_class_bind_template_callback (widget_class, look_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, drop_cb);
  gtk_widget_class_bind_template_callback (widget_class, undo_cb);
}

static void
visit_file_row_init (VisitFileRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
visit_file_row_new (VisitController *controller, MediaTransfer *transfer)
{
  VisitFileRow *self = g_object_new (VISIT_TYPE_FILE_ROW, NULL);
  g_autofree char *name = workspace_patient_dup_name (visit_controller_get_patient (controller));
  /* Translators: %s is a patient's name */
  g_autofree char *add = g_strdup_printf (_ ("Add to the Chart of %s"), name);

  self->controller = g_object_ref (controller);
  self->transfer = g_object_ref (transfer);
  gtk_image_set_from_icon_name (self->icon, media_transfer_is_incoming (transfer)
                                                ? "go-down-symbolic"
                                                : "go-up-symbolic");
  gtk_label_set_label (self->name_label, media_transfer_get_name (transfer));
  gtk_label_set_label (self->add_label, add);
  name_button (self, self->look_button, _ ("Look at %s"));
  name_button (self, self->undo_button, _ ("Take %s out of the chart again"));
  g_signal_connect_object (transfer, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

/* (transfer none) */
MediaTransfer *
visit_file_row_get_transfer (VisitFileRow *self)
{
  return self->transfer;
}
