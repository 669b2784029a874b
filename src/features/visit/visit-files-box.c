/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-files-box.h"

#include "visit-file-row.h"

struct _VisitFilesBox
{
  AdwBin parent_instance;

  VisitController *controller;
  GListModel *model; /* what is listed now: of the line that there is */

  gboolean open_only;
  GtkWidget *send_button;
  GtkBox *list;
};

typedef enum
{
  PROP_OPEN_ONLY = 1,
} VisitFilesBoxProperty;

G_DEFINE_FINAL_TYPE (VisitFilesBox, visit_files_box, ADW_TYPE_BIN)

static void
show_rows (VisitFilesBox *self)
{
  gboolean any = FALSE;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      gboolean open = visit_files_is_open (visit_file_row_get_transfer (VISIT_FILE_ROW (row)));

      gtk_widget_set_visible (row, open || !self->open_only);
      any = any || gtk_widget_get_visible (row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->list), any);
  gtk_widget_set_visible (GTK_WIDGET (self), any || !self->open_only);
}

/* A card is no file: it stands above, for as long as it is shown. */
static void
fill (VisitFilesBox *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_box_remove (self->list, child);
  for (guint i = 0; self->model != NULL && i < g_list_model_get_n_items (self->model); i++)
    {
      g_autoptr (MediaTransfer) transfer = g_list_model_get_item (self->model, i);

      if (media_transfer_is_card (transfer))
        continue;
      child = visit_file_row_new (self->controller, transfer);
      gtk_box_prepend (self->list, child);
      g_signal_connect_object (transfer, "changed", G_CALLBACK (show_rows), self,
                               G_CONNECT_SWAPPED);
    }
  show_rows (self);
}

static void
update (VisitFilesBox *self)
{
  MediaTransfers *transfers =
      self->controller != NULL ? visit_files_get_transfers (self->controller) : NULL;
  GListModel *model = transfers != NULL ? media_transfers_get_list (transfers) : NULL;

  if (model == self->model)
    return;
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, model);
  if (model != NULL)
    g_signal_connect_object (model, "items-changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  fill (self);
}

static void
visit_files_box_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  VisitFilesBox *self = VISIT_FILES_BOX (object);

  switch ((VisitFilesBoxProperty) id)
    {
    case PROP_OPEN_ONLY:
      self->open_only = g_value_get_boolean (value);
      gtk_widget_set_visible (self->send_button, !self->open_only);
      return;
    }
  G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
visit_files_box_dispose (GObject *object)
{
  VisitFilesBox *self = VISIT_FILES_BOX (object);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_FILES_BOX);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  g_clear_object (&self->controller);

  G_OBJECT_CLASS (visit_files_box_parent_class)->dispose (object);
}

static void
visit_files_box_class_init (VisitFilesBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = visit_files_box_dispose;
  G_OBJECT_CLASS (klass)->set_property = visit_files_box_set_property;
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_OPEN_ONLY,
                                   g_param_spec_boolean ("open-only", NULL, NULL, FALSE,
                                                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY |
                                                             G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/visit/visit-files-box.ui");
  gtk_widget_class_bind_template_child (widget_class, VisitFilesBox, list);
  gtk_widget_class_bind_template_child (widget_class, VisitFilesBox, send_button);
}

static void
visit_files_box_init (VisitFilesBox *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * visit_files_box_set_controller:
 * @controller: (nullable): whose files are shown; NULL: nobody's any more
 */
void
visit_files_box_set_controller (VisitFilesBox *self, VisitController *controller)
{
  if (self->controller != NULL)
    g_signal_handlers_disconnect_by_func (self->controller, update, self);
  g_set_object (&self->controller, controller);
  if (controller != NULL)
    g_signal_connect_object (controller, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
