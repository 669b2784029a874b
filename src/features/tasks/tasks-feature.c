/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-feature.h"

#include <glib/gi18n.h>

#include "tasks-composer.h"
#include "tasks-cover-dialog.h"
#include "tasks-new-dialog.h"
#include "tasks-page.h"
#include "tasks-view.h"

/* What somebody has to do: for the clinic, and for one patient. */

struct _TasksFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (TasksFeature, tasks_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_CLINIC, "tasks", N_ ("Tasks"), "checkbox-checked-symbolic", "<Alt>t", 15 },
  { WORKSPACE_PLACE_SIDE_BOTTOM, "tasks", N_ ("Tasks"), "checkbox-checked-symbolic", "<Alt>t", 30 },
};

static const WorkspaceCommand commands[] = {
  { WORKSPACE_SCOPE_CLINIC, "win.absence", N_ ("Say That I Am Absent, and Who Stands In…"),
    "<Control><Alt>a" },
  { WORKSPACE_SCOPE_BOTH, "win.task-complete", N_ ("Close the Selected Task"),
    "<Control><Shift>d" },
  { WORKSPACE_SCOPE_PATIENT, "win.task-new", N_ ("New Task for This Patient…"),
    "<Control><Shift>t" },
};

static GtkWidget *
create_clinic_page (WorkspaceFeature *feature,
                    const WorkspaceOffer *offer,
                    WorkspaceSession *session)
{
  return tasks_page_new (session);
}

static GtkWidget *
create_patient_widget (WorkspaceFeature *feature,
                       const WorkspaceOffer *offer,
                       WorkspacePatient *patient)
{
  return tasks_view_new (patient);
}

static void
absence_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  WorkspaceSession *session = g_object_get_data (G_OBJECT (action), "session");

  adw_dialog_present (tasks_cover_dialog_new (session), GTK_WIDGET (window));
}

/* Of clinicians: who cannot answer a result is asked for none. */
static void
add_clinic_actions (WorkspaceFeature *feature, GActionMap *window, WorkspaceSession *session)
{
  static const char *const clinicians[] = { "prescriber", "nurse", "admin", NULL };
  g_autoptr (GSimpleAction) action = g_simple_action_new ("absence", NULL);
  const char *role = care_context_get_role (workspace_session_get_context (session));

  g_object_set_data_full (G_OBJECT (action), "session", g_object_ref (session), g_object_unref);
  g_simple_action_set_enabled (action, role && g_strv_contains (clinicians, role));
  g_signal_connect_object (action, "activate", G_CALLBACK (absence_cb), window, 0);
  g_action_map_add_action (window, G_ACTION (action));
}

static void
new_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  WorkspacePatient *patient = g_object_get_data (G_OBJECT (action), "patient");

  adw_dialog_present (tasks_new_dialog_new (patient), GTK_WIDGET (window));
}

static void
add_patient_actions (WorkspaceFeature *feature, GActionMap *window, WorkspacePatient *patient)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("task-new", NULL);

  g_object_set_data_full (G_OBJECT (action), "patient", g_object_ref (patient), g_object_unref);
  g_signal_connect_object (action, "activate", G_CALLBACK (new_cb), window, 0);
  g_action_map_add_action (window, G_ACTION (action));
}

static const char *const composers[] = { "task", NULL };

static WorkspaceComposer *
tasks_feature_create_composer (WorkspaceFeature *feature,
                               const char *keyword,
                               WorkspacePatient *patient,
                               const char *encounter_id,
                               const char *draft_id)
{
  return tasks_composer_new (patient);
}

static void
tasks_feature_class_init (TasksFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "tasks";
  feature_class->composers = composers;
  feature_class->create_composer = tasks_feature_create_composer;
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->commands = commands;
  feature_class->n_commands = G_N_ELEMENTS (commands);
  feature_class->create_clinic_page = create_clinic_page;
  feature_class->create_patient_widget = create_patient_widget;
  feature_class->add_clinic_actions = add_clinic_actions;
  feature_class->add_patient_actions = add_patient_actions;
}

static void
tasks_feature_init (TasksFeature *self)
{
}
