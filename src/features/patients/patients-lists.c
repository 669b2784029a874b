/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-lists.h"

#include <glib/gi18n.h>

#include "patients-list-dialog.h"
#include "patients-list-words.h"
#include "patients-say.h"

/**
 * PatientsLists:
 *
 * The lists are read, and their people found, when they are first seen. A list that is deleted can
 * be had back for ten seconds.
 */

struct _PatientsLists
{
  AdwBin parent_instance;

  WorkspaceSession *session;
  GPtrArray *models;           /* PatientsListModel */
  GPtrArray *buttons;          /* GtkToggleButton of each, borrowed */
  PatientsListModel *selected; /* borrowed from @models */
  GHashTable *removed;         /* CareCohort by id, for the Undo of each */
  char *wanted;                /* nullable: id to be chosen once it is there */
  GCancellable *cancellable;
  gboolean was_read, filling;

  AdwWrapBox *box;
  GtkWidget *new_button;
};

enum
{
  PROP_SELECTED = 1,
};

static GParamSpec *selected_property;

G_DEFINE_FINAL_TYPE (PatientsLists, patients_lists, ADW_TYPE_BIN)

static void
update_actions (PatientsLists *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  gboolean own =
      self->selected && !care_cohort_get_shipped (patients_list_model_get_cohort (self->selected));

  for (const char *const *name =
           (const char *const[]) { "change-patient-list", "delete-patient-list", NULL };
       *name && G_IS_ACTION_MAP (root); name++)
    {
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (root), *name);

      if (action)
        g_simple_action_set_enabled (G_SIMPLE_ACTION (action), own);
    }
}

static void
select_model (PatientsLists *self, PatientsListModel *model)
{
  if (model == self->selected)
    return;
  self->selected = model;
  self->filling = TRUE;
  for (guint i = 0; i < self->buttons->len; i++)
    gtk_toggle_button_set_active (self->buttons->pdata[i], self->models->pdata[i] == model);
  self->filling = FALSE;
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), selected_property);
}

static void
toggled_cb (PatientsLists *self, GtkToggleButton *button)
{
  guint at;

  if (!self->filling && g_ptr_array_find (self->buttons, button, &at))
    select_model (self, gtk_toggle_button_get_active (button) ? self->models->pdata[at] : NULL);
}

static void
updated_cb (PatientsLists *self, PatientsListModel *model)
{
  g_autofree char *words = patients_list_words_pill (model);
  guint at;

  if (!g_ptr_array_find (self->models, model, &at))
    return;
  gtk_label_set_label (GTK_LABEL (gtk_button_get_child (self->buttons->pdata[at])), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->buttons->pdata[at]),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

/* ---- the lists ---- */

/* (transfer full): the model of @cohort that is there, if it still asks the same; else a new one.
 */
static PatientsListModel *
take_model (PatientsLists *self, GPtrArray *before, CareCohort *cohort)
{
  g_autofree char *text = care_cohort_to_text (cohort);

  for (guint i = 0; i < before->len; i++)
    {
      CareCohort *other = patients_list_model_get_cohort (before->pdata[i]);
      g_autofree char *same = care_cohort_to_text (other);

      if (g_strcmp0 (care_cohort_get_id (other), care_cohort_get_id (cohort)) == 0 &&
          g_str_equal (text, same))
        return g_object_ref (before->pdata[i]);
    }
  return patients_list_model_new (self->session, cohort);
}

static void
add_button (PatientsLists *self, PatientsListModel *model)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (label, "numeric");
  g_signal_connect_object (button, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  adw_wrap_box_append (self->box, button);
  g_ptr_array_add (self->models, model);
  g_ptr_array_add (self->buttons, button);
  g_signal_connect_object (model, "updated", G_CALLBACK (updated_cb), self, G_CONNECT_SWAPPED);
  updated_cb (self, model);
}

static void
show_lists (PatientsLists *self, GListModel *lists)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->models);
  g_autofree char *wanted = g_steal_pointer (&self->wanted);
  PatientsListModel *chosen = NULL;

  if (!wanted && self->selected)
    wanted = g_strdup (care_cohort_get_id (patients_list_model_get_cohort (self->selected)));
  for (guint i = 0; i < before->len; i++)
    g_signal_handlers_disconnect_by_data (before->pdata[i], self);
  self->models = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->buttons->len; i++)
    adw_wrap_box_remove (self->box, self->buttons->pdata[i]);
  g_ptr_array_set_size (self->buttons, 0);
  adw_wrap_box_remove (self->box, self->new_button);
  for (guint i = 0; i < g_list_model_get_n_items (lists); i++)
    {
      g_autoptr (CareCohort) cohort = g_list_model_get_item (lists, i);
      PatientsListModel *model = take_model (self, before, cohort);

      add_button (self, model);
      if (g_strcmp0 (care_cohort_get_id (cohort), wanted) == 0)
        chosen = model;
    }
  adw_wrap_box_append (self->box, self->new_button);
  self->selected = NULL;
  if (chosen)
    select_model (self, chosen);
  else
    {
      update_actions (self);
      g_object_notify_by_pspec (G_OBJECT (self), selected_property);
    }
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PatientsLists) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) lists = care_cohort_list_finish (result, &error);

  if (lists)
    show_lists (self, G_LIST_MODEL (lists));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    patients_say (GTK_WIDGET (self), error->message, NULL, NULL);
}

static void
reload (PatientsLists *self)
{
  care_cohort_list_async (workspace_session_get_context (self->session), self->cancellable,
                          listed_cb, g_object_ref (self));
}

/* ---- making, changing, deleting ---- */

static void
saved_cb (PatientsLists *self, CareCohort *cohort)
{
  g_set_str (&self->wanted, care_cohort_get_id (cohort));
  reload (self);
}

static void
open_dialog (PatientsLists *self, CareCohort *cohort)
{
  AdwDialog *dialog =
      patients_list_dialog_new (workspace_session_get_context (self->session), cohort);

  g_signal_connect_object (dialog, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
new_cb (PatientsLists *self)
{
  open_dialog (self, NULL);
}

static void
change_cb (PatientsLists *self)
{
  if (self->selected)
    open_dialog (self, patients_list_model_get_cohort (self->selected));
}

typedef struct
{
  PatientsLists *lists;
  CareCohort *cohort;
} Command;

static Command *
command_new (PatientsLists *self, CareCohort *cohort)
{
  Command *command = g_new0 (Command, 1);

  command->lists = g_object_ref (self);
  command->cohort = g_object_ref (cohort);
  return command;
}

static void
command_free (Command *command)
{
  g_object_unref (command->lists);
  g_object_unref (command->cohort);
  g_free (command);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Command *command = user_data;
  PatientsLists *self = command->lists;
  const char *id = care_cohort_get_id (command->cohort);
  g_autoptr (GError) error = NULL;

  if (!care_cohort_command_finish (result, &error))
    patients_say (GTK_WIDGET (self), error->message, NULL, NULL);
  else
    {
      g_autofree char *text =
          g_strdup_printf (_ ("The list “%s” is deleted."), care_cohort_get_name (command->cohort));

      g_hash_table_replace (self->removed, g_strdup (id), g_object_ref (command->cohort));
      patients_say (GTK_WIDGET (self), text, "win.undo-patient-list", id);
      reload (self);
    }
  command_free (command);
}

static void
delete_cb (PatientsLists *self)
{
  CareCohort *cohort = self->selected ? patients_list_model_get_cohort (self->selected) : NULL;

  if (cohort)
    care_cohort_remove_async (workspace_session_get_context (self->session), cohort, removed_cb,
                              command_new (self, cohort));
}

static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Command *command = user_data;
  g_autoptr (GError) error = NULL;

  if (care_cohort_command_finish (result, &error))
    {
      g_hash_table_remove (command->lists->removed, care_cohort_get_id (command->cohort));
      saved_cb (command->lists, command->cohort);
    }
  else
    patients_say (GTK_WIDGET (command->lists), error->message, "win.undo-patient-list",
                  care_cohort_get_id (command->cohort));
  command_free (command);
}

static void
undo_cb (PatientsLists *self, GVariant *id)
{
  CareCohort *cohort = g_hash_table_lookup (self->removed, g_variant_get_string (id, NULL));

  if (cohort)
    care_cohort_save_async (workspace_session_get_context (self->session), cohort, restored_cb,
                            command_new (self, cohort));
}

static void
add_action (PatientsLists *self,
            GActionMap *window,
            const char *name,
            const GVariantType *target,
            GCallback callback)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new (name, target);

  g_signal_connect_object (action, "activate", callback, self, G_CONNECT_SWAPPED);
  g_action_map_add_action (window, G_ACTION (action));
}

/* Those of the window: new, change, delete and undo. */
void
patients_lists_add_actions (PatientsLists *self, GActionMap *window)
{
  g_return_if_fail (PATIENTS_IS_LISTS (self));

  add_action (self, window, "new-patient-list", NULL, G_CALLBACK (new_cb));
  add_action (self, window, "change-patient-list", NULL, G_CALLBACK (change_cb));
  add_action (self, window, "delete-patient-list", NULL, G_CALLBACK (delete_cb));
  add_action (self, window, "undo-patient-list", G_VARIANT_TYPE_STRING, G_CALLBACK (undo_cb));
  update_actions (self);
}

/* Now and then, while it is seen: a day may have begun. */
void
patients_lists_refresh (PatientsLists *self)
{
  g_return_if_fail (PATIENTS_IS_LISTS (self));

  for (guint i = 0; i < self->models->len; i++)
    patients_list_model_refresh (self->models->pdata[i]);
}

/* ---- object ---- */

static void
patients_lists_map (GtkWidget *widget)
{
  PatientsLists *self = PATIENTS_LISTS (widget);

  GTK_WIDGET_CLASS (patients_lists_parent_class)->map (widget);
  patients_lists_refresh (self);
  if (!self->was_read && self->session)
    {
      self->was_read = TRUE;
      reload (self);
    }
}

static void
patients_lists_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, PATIENTS_LISTS (object)->selected);
}

static void
patients_lists_dispose (GObject *object)
{
  PatientsLists *self = PATIENTS_LISTS (object);

  g_cancellable_cancel (self->cancellable);
  self->selected = NULL;
  g_clear_pointer (&self->models, g_ptr_array_unref);
  g_clear_pointer (&self->buttons, g_ptr_array_unref);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PATIENTS_TYPE_LISTS);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->wanted, g_free);
  G_OBJECT_CLASS (patients_lists_parent_class)->dispose (object);
}

static void
patients_lists_finalize (GObject *object)
{
  g_hash_table_unref (PATIENTS_LISTS (object)->removed);
  G_OBJECT_CLASS (patients_lists_parent_class)->finalize (object);
}

static void
patients_lists_class_init (PatientsListsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = patients_lists_dispose;
  G_OBJECT_CLASS (klass)->finalize = patients_lists_finalize;
  G_OBJECT_CLASS (klass)->get_property = patients_lists_get_property;
  widget_class->map = patients_lists_map;
  selected_property = g_param_spec_object ("selected", NULL, NULL, PATIENTS_TYPE_LIST_MODEL,
                                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_SELECTED, selected_property);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/patients/patients-lists.ui");
  gtk_widget_class_bind_template_child (widget_class, PatientsLists, box);
  gtk_widget_class_bind_template_child (widget_class, PatientsLists, new_button);
}

static void
patients_lists_init (PatientsLists *self)
{
  self->models = g_ptr_array_new_with_free_func (g_object_unref);
  self->buttons = g_ptr_array_new ();
  self->removed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Once. */
void
patients_lists_set_session (PatientsLists *self, WorkspaceSession *session)
{
  g_return_if_fail (PATIENTS_IS_LISTS (self));

  g_set_object (&self->session, session);
}

/* (transfer none) (nullable) */
PatientsListModel *
patients_lists_get_selected (PatientsLists *self)
{
  g_return_val_if_fail (PATIENTS_IS_LISTS (self), NULL);

  return self->selected;
}

void
patients_lists_unselect (PatientsLists *self)
{
  g_return_if_fail (PATIENTS_IS_LISTS (self));

  select_model (self, NULL);
}

/* The one after the chosen one; after the last none, and after none the first. */
void
patients_lists_select_next (PatientsLists *self)
{
  guint at = 0;

  g_return_if_fail (PATIENTS_IS_LISTS (self));

  if (self->selected && g_ptr_array_find (self->models, self->selected, &at))
    at++;
  select_model (self, at < self->models->len ? self->models->pdata[at] : NULL);
}
