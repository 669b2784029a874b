/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-list-page.h"

#include <glib/gi18n.h>

#include "patients-list-words.h"
#include "patients-person-row.h"

struct _PatientsListPage
{
  GtkBox parent_instance;

  WorkspaceSession *session;
  PatientsListModel *model; /* NULL: no list is shown */

  GtkLabel *title_label;
  GtkWidget *change_button;
  GtkWidget *delete_button;
  GtkLabel *words_label;
  GtkLabel *share_label;
  GtkLabel *covers_label;
  GtkWidget *unjudged_box;
  GtkLabel *unjudged_label;
  GtkLabel *source_label;
  GtkLabel *empty_label;
  GtkStack *stack;
  GtkListView *list;
};

G_DEFINE_FINAL_TYPE (PatientsListPage, patients_list_page, GTK_TYPE_BOX)

static void
activate_cb (PatientsListPage *self, guint position)
{
  g_autoptr (PatientsListItem) item =
      self->model ? g_list_model_get_item (G_LIST_MODEL (self->model), position) : NULL;

  if (item)
    workspace_session_open_patient (self->session, patients_list_item_get_id (item), "show", NULL);
}

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

/* Says anew what is said with the time of day. */
void
patients_list_page_update (PatientsListPage *self)
{
  g_return_if_fail (PATIENTS_IS_LIST_PAGE (self));

  if (!self->model)
    return;
  CareCohort *cohort = patients_list_model_get_cohort (self->model);
  gboolean shipped = care_cohort_get_shipped (cohort);
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  gboolean reading = patients_list_model_get_state (self->model) == PATIENTS_LIST_READING;
  gint64 now = base_clock_now (workspace_session_get_clock (self->session));
  g_autofree char *words = care_cohort_dup_words (cohort);
  g_autofree char *covers =
      patients_list_words_covers (self->model, now, workspace_session_get_zone (self->session));
  g_autofree char *unjudged = patients_list_words_unjudged (self->model);
  g_autofree char *share = patients_list_words_share (self->model);
  g_autofree char *empty = patients_list_words_empty (self->model);

  gtk_label_set_label (self->title_label, care_cohort_get_name (cohort));
  gtk_widget_set_visible (self->change_button, !shipped);
  gtk_widget_set_visible (self->delete_button, !shipped);
  show_text (self->words_label, words);
  show_text (self->share_label, share);
  show_text (self->covers_label, covers);
  show_text (self->unjudged_label, unjudged);
  gtk_widget_set_visible (self->unjudged_box, unjudged != NULL);
  show_text (self->source_label,
             shipped ? care_cohort_get_source (cohort)
                     : _ ("The words and codes are as somebody here wrote them. Source: "
                          "unverified."));
  show_text (self->empty_label, empty);
  gtk_stack_set_visible_child_name (self->stack, reading      ? "reading"
                                                 : count == 0 ? "empty"
                                                              : "list");
}

static void
patients_list_page_dispose (GObject *object)
{
  PatientsListPage *self = PATIENTS_LIST_PAGE (object);

  if (self->model)
    g_signal_handlers_disconnect_by_data (self->model, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), PATIENTS_TYPE_LIST_PAGE);
  g_clear_object (&self->model);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (patients_list_page_parent_class)->dispose (object);
}

static gboolean
patients_list_page_grab_focus (GtkWidget *widget)
{
  GtkWidget *list = GTK_WIDGET (PATIENTS_LIST_PAGE (widget)->list);

  /* a list that is not shown would take the focus, and every key with it */
  return gtk_widget_get_mapped (list) && gtk_widget_grab_focus (list);
}

static void
patients_list_page_class_init (PatientsListPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_PERSON);
  g_type_ensure (PATIENTS_TYPE_LIST_ITEM);
  g_type_ensure (PATIENTS_TYPE_PERSON_ROW);
  G_OBJECT_CLASS (klass)->dispose = patients_list_page_dispose;
  widget_class->grab_focus = patients_list_page_grab_focus;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/patients/patients-list-page.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PatientsListPage, name)
  CHILD (title_label);
  CHILD (change_button);
  CHILD (delete_button);
  CHILD (words_label);
  CHILD (share_label);
  CHILD (covers_label);
  CHILD (unjudged_box);
  CHILD (unjudged_label);
  CHILD (source_label);
  CHILD (empty_label);
  CHILD (stack);
  CHILD (list);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, patients_person_row_describe);
}

static void
patients_list_page_init (PatientsListPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @model: (nullable) */
void
patients_list_page_set_model (PatientsListPage *self,
                              WorkspaceSession *session,
                              PatientsListModel *model)
{
  g_autoptr (GtkSingleSelection) selection = NULL;

  g_return_if_fail (PATIENTS_IS_LIST_PAGE (self));

  g_set_object (&self->session, session);
  if (self->model == model)
    return;
  if (self->model)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, model);
  if (model)
    {
      g_signal_connect_object (model, "updated", G_CALLBACK (patients_list_page_update), self,
                               G_CONNECT_SWAPPED);
      selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (model)));
    }
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  patients_list_page_update (self);
}

/* (nullable): the id of who is chosen */
const char *
patients_list_page_get_selected (PatientsListPage *self)
{
  GtkSelectionModel *selection;
  PatientsListItem *item;

  g_return_val_if_fail (PATIENTS_IS_LIST_PAGE (self), NULL);

  selection = gtk_list_view_get_model (self->list);
  item =
      selection ? gtk_single_selection_get_selected_item (GTK_SINGLE_SELECTION (selection)) : NULL;
  return item ? patients_list_item_get_id (item) : NULL;
}
