/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-cover-dialog.h"

#include <glib/gi18n.h>

#include "care-route.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "store-resource.h"

#include "tasks-words.h"
#include "workspace-text.h"

/**
 * TasksCoverDialog:
 *
 * A clinician says from when until when they are absent, and who stands in (H18). What was said is
 * listed with a way to end it.
 */

struct _TasksCoverDialog
{
  AdwDialog parent_instance;

  WorkspaceSession *session;
  char *from_day, *until_day; /* YYYY-MM-DD */
  GPtrArray *colleagues;      /* references, in the order of the row after "nobody" */
  GPtrArray *rows;            /* of what was said; owned by the group */
  GCancellable *cancellable;
  gboolean is_saving;

  GtkButton *save_button;
  AdwPreferencesGroup *current_group;
  AdwActionRow *from_row, *until_row;
  GtkMenuButton *from_button, *until_button;
  GtkCalendar *from_calendar, *until_calendar;
  AdwEntryRow *from_time_row, *until_time_row;
  AdwComboRow *colleague_row;
  GtkLabel *state_label, *rule_label;
};

G_DEFINE_FINAL_TYPE (TasksCoverDialog, tasks_cover_dialog, ADW_TYPE_DIALOG)

static CareContext *
context_of (TasksCoverDialog *self)
{
  return workspace_session_get_context (self->session);
}

static void
set_state (TasksCoverDialog *self, const char *text, gboolean wrong)
{
  const char *classes[] = { wrong ? "error" : "warning", NULL };

  gtk_label_set_label (self->state_label, text);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state_label), classes);
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), *text != '\0');
  if (wrong)
    gtk_accessible_announce (GTK_ACCESSIBLE (self->state_label), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* ---- what is chosen ---- */

/* (transfer full) (nullable): an instant; NULL where the time cannot be read. */
static char *
dup_instant (TasksCoverDialog *self, const char *day, AdwEntryRow *row)
{
  gint64 at = tasks_words_instant (day, gtk_editable_get_text (GTK_EDITABLE (row)),
                                   workspace_session_get_zone (self->session));

  return at ? base_clock_format_instant (at) : NULL;
}

static const char *
get_colleague (TasksCoverDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->colleague_row);

  return selected == 0 || selected > self->colleagues->len ? NULL
                                                           : self->colleagues->pdata[selected - 1];
}

static void
changed_cb (TasksCoverDialog *self)
{
  g_autofree char *from = NULL, *until = NULL;

  if (!self->session)
    return;
  from = dup_instant (self, self->from_day, self->from_time_row);
  until = dup_instant (self, self->until_day, self->until_time_row);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), from && until && !self->is_saving);
  set_state (self,
             get_colleague (self)
                 ? ""
                 : _ ("Nobody stands in: your critical results go to every doctor at once."),
             FALSE);
}

static void
show_days (TasksCoverDialog *self)
{
  g_autofree char *from = fhir_date_format (self->from_day, NULL);
  g_autofree char *until = fhir_date_format (self->until_day, NULL);

  adw_action_row_set_subtitle (self->from_row, from);
  adw_action_row_set_subtitle (self->until_row, until);
  changed_cb (self);
}

static void
take_day (TasksCoverDialog *self, GtkCalendar *calendar, GtkMenuButton *button, char **day)
{
  g_autoptr (GDateTime) chosen = gtk_calendar_get_date (calendar);

  g_free (*day);
  *day = g_date_time_format (chosen, "%Y-%m-%d");
  gtk_menu_button_popdown (button);
  show_days (self);
}

static void
from_selected_cb (TasksCoverDialog *self)
{
  take_day (self, self->from_calendar, self->from_button, &self->from_day);
}

static void
until_selected_cb (TasksCoverDialog *self)
{
  take_day (self, self->until_calendar, self->until_button, &self->until_day);
}

/* ---- saving ---- */

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TasksCoverDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_saving = FALSE;
  if (care_cover_finish (result, &error))
    {
      adw_dialog_force_close (ADW_DIALOG (self));
      return;
    }
  changed_cb (self);
  set_state (self, error->message, TRUE);
}

static void
save_cb (TasksCoverDialog *self)
{
  g_autofree char *from = dup_instant (self, self->from_day, self->from_time_row);
  g_autofree char *until = dup_instant (self, self->until_day, self->until_time_row);
  GtkStringObject *name = adw_combo_row_get_selected_item (self->colleague_row);
  CareCoverRequest request = { get_colleague (self),
                               name ? gtk_string_object_get_string (name) : NULL, from, until };

  if (self->is_saving || !from || !until)
    return;
  self->is_saving = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), FALSE);
  care_cover_set_async (context_of (self), &request, saved_cb, g_object_ref (self));
}

/* ---- what was said, and who there is ---- */

typedef struct
{
  CareRota *rota;
  GPtrArray *names;
} Loaded;

static void
loaded_free (gpointer data)
{
  Loaded *loaded = data;

  g_clear_pointer (&loaded->rota, care_rota_free);
  g_ptr_array_unref (loaded->names);
  g_free (loaded);
}

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  Loaded *loaded = data;

  loaded->rota = care_rota_load (connection, error);
  for (guint i = 0; loaded->rota && i < loaded->rota->staff->len; i++)
    {
      const char *reference = loaded->rota->staff->pdata[i];
      g_autoptr (FhirResource) person =
          store_resource_get (connection, "Practitioner", strchr (reference, '/') + 1, NULL);

      g_ptr_array_add (loaded->names,
                       person ? fhir_human_name_format (fhir_resource_path (person, "name"))
                              : g_strdup (reference));
    }
  return loaded->rota != NULL;
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TasksCoverDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (care_cover_finish (result, &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "cover.load", NULL);
  else
    set_state (self, error->message, TRUE);
}

static void
end_action (GtkWidget *widget, const char *name, GVariant *task)
{
  care_cover_end_async (context_of (TASKS_COVER_DIALOG (widget)), g_variant_get_string (task, NULL),
                        ended_cb, g_object_ref (widget));
}

static void
add_said (TasksCoverDialog *self, const CareCover *cover)
{
  GTimeZone *zone = workspace_session_get_zone (self->session);
  g_autofree char *period = tasks_words_period (cover, zone);
  g_autofree char *spoken = g_strdup_printf (_ ("I am back: %s"), period);
  const char *name = cover->cover_name ? cover->cover_name : cover->cover;
  GtkWidget *row = adw_action_row_new (), *button = gtk_button_new_with_label (_ ("I Am Back"));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), period);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), name ? name : _ ("Nobody stands in"));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", cover->task);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "cover.end");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (self->current_group, row);
  g_ptr_array_add (self->rows, row);
}

static void
show_said (TasksCoverDialog *self, GPtrArray *covers)
{
  gint64 now = base_clock_now (workspace_session_get_clock (self->session));
  const char *user = care_context_get_user_reference (context_of (self));

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->current_group, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < covers->len; i++)
    {
      const CareCover *cover = covers->pdata[i];

      if (g_strcmp0 (cover->who, user) == 0 && cover->until_us > now)
        add_said (self, cover);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->current_group), self->rows->len > 0);
}

/* "Nobody" stands first and is what no choice means; one cannot choose oneself. */
static void
show_colleagues (TasksCoverDialog *self, const Loaded *loaded)
{
  const char *user = care_context_get_user_reference (context_of (self));
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_ptr_array_set_size (self->colleagues, 0);
  gtk_string_list_append (names, _ ("Nobody"));
  for (guint i = 0; i < loaded->rota->staff->len; i++)
    {
      const char *reference = loaded->rota->staff->pdata[i];

      if (g_str_equal (reference, user))
        continue;
      gtk_string_list_append (names, loaded->names->pdata[i]);
      g_ptr_array_add (self->colleagues, g_strdup (reference));
    }
  adw_combo_row_set_model (self->colleague_row, G_LIST_MODEL (names));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TasksCoverDialog *self = g_task_get_source_object (task);
  Loaded *loaded = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        set_state (self, error->message, TRUE);
      return;
    }
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  show_said (self, loaded->rota->covers);
  if (self->colleagues->len == 0)
    show_colleagues (self, loaded);
  changed_cb (self);
}

static void
load (TasksCoverDialog *self)
{
  GTask *task = g_task_new (self, NULL, NULL, NULL);
  Loaded *loaded = g_new0 (Loaded, 1);

  loaded->names = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, loaded, loaded_free);
  store_database_read_async (workspace_session_get_database (self->session), load_work, loaded,
                             NULL, self->cancellable, loaded_cb, task);
}

static void
load_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  load (TASKS_COVER_DIALOG (widget));
}

/* ---- object ---- */

static void
tasks_cover_dialog_dispose (GObject *object)
{
  TasksCoverDialog *self = TASKS_COVER_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), TASKS_TYPE_COVER_DIALOG);
  g_clear_pointer (&self->from_day, g_free);
  g_clear_pointer (&self->until_day, g_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (tasks_cover_dialog_parent_class)->dispose (object);
}

static void
tasks_cover_dialog_finalize (GObject *object)
{
  TasksCoverDialog *self = TASKS_COVER_DIALOG (object);

  g_ptr_array_unref (self->colleagues);
  g_ptr_array_unref (self->rows);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (tasks_cover_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/tasks/tasks-cover-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TasksCoverDialog, name)
  CHILD (save_button);
  CHILD (current_group);
  CHILD (from_row);
  CHILD (until_row);
  CHILD (from_button);
  CHILD (until_button);
  CHILD (from_calendar);
  CHILD (until_calendar);
  CHILD (from_time_row);
  CHILD (until_time_row);
  CHILD (colleague_row);
  CHILD (state_label);
  CHILD (rule_label);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, from_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, until_selected_cb);
}

static void
tasks_cover_dialog_class_init (TasksCoverDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tasks_cover_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = tasks_cover_dialog_finalize;
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "cover.end", "s", end_action);
  gtk_widget_class_install_action (widget_class, "cover.load", NULL, load_action);
}

static void
tasks_cover_dialog_init (TasksCoverDialog *self)
{
  self->colleagues = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_ptr_array_new ();
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

AdwDialog *
tasks_cover_dialog_new (WorkspaceSession *session)
{
  TasksCoverDialog *self = g_object_new (TASKS_TYPE_COVER_DIALOG, NULL);
  g_autoptr (GDateTime) now = base_clock_dup_now (workspace_session_get_clock (session));
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (now, 1);
  g_autofree char *time = g_date_time_format (now, "%H:%M");
  g_autofree char *rule =
      g_strdup_printf (_ ("A critical result that nobody answers for %d minutes goes to every "
                          "doctor, absent or not (the clinic’s own rule; source: unverified)."),
                       CARE_ROUTE_WAIT_MINUTES);

  self->session = g_object_ref (session);
  self->from_day = g_date_time_format (now, "%Y-%m-%d");
  self->until_day = g_date_time_format (tomorrow, "%Y-%m-%d");
  gtk_editable_set_text (GTK_EDITABLE (self->from_time_row), time);
  gtk_editable_set_text (GTK_EDITABLE (self->until_time_row), "08:00");
  gtk_label_set_label (self->rule_label, rule);
  show_days (self);
  load (self);
  return ADW_DIALOG (self);
}
