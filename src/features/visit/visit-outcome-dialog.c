/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-outcome-dialog.h"

#include <glib/gi18n.h>

#include "care-note.h"
#include "care-prescription.h"
#include "care-row.h"
#include "fhir-date.h"
#include "visit-files-box.h"
#include "workspace-alert.h"
#include "workspace-birth-year.h"
#include "workspace-text.h"

/* Ends a visit with exactly one outcome, signs its note, and lets nobody leave past a signed
 * prescription that was not sent without saying that the patient was told (H1). */

struct _VisitOutcomeDialog
{
  AdwDialog parent_instance;

  VisitController *controller;
  CareContext *context;
  char *note;
  char *follow_up;
  GPtrArray *unsent_rows; /* of the group, not owned */

  GtkWidget *end_button;
  AdwPreferencesGroup *unsent_group;
  GtkToggleButton *told_check;
  VisitFilesBox *undecided_box;
  GtkToggleButton *settled_check;
  GtkToggleButton *in_person_check;
  GtkToggleButton *emergency_check;
  GtkToggleButton *follow_up_check;
  GtkToggleButton *not_completed_check;
  GtkMenuButton *follow_up_button;
  GtkCalendar *follow_up_calendar;
  AdwActionRow *note_row;
  AdwSwitchRow *course_row;
};

G_DEFINE_FINAL_TYPE (VisitOutcomeDialog, visit_outcome_dialog, ADW_TYPE_DIALOG)

static gboolean
get_outcome (VisitOutcomeDialog *self, CareOutcome *outcome)
{
  const struct
  {
    GtkToggleButton *check;
    CareOutcome outcome;
  } choices[] = {
    { self->settled_check, CARE_OUTCOME_SETTLED },
    { self->in_person_check, CARE_OUTCOME_IN_PERSON },
    { self->emergency_check, CARE_OUTCOME_EMERGENCY },
    { self->follow_up_check, CARE_OUTCOME_FOLLOW_UP },
    { self->not_completed_check, CARE_OUTCOME_NOT_COMPLETED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    if (gtk_toggle_button_get_active (choices[i].check))
      {
        *outcome = choices[i].outcome;
        return TRUE;
      }
  return FALSE;
}

static void
changed_cb (VisitOutcomeDialog *self)
{
  CareOutcome outcome = CARE_OUTCOME_SETTLED;
  gboolean chosen = get_outcome (self, &outcome);
  gboolean dated = outcome != CARE_OUTCOME_FOLLOW_UP || self->follow_up != NULL;
  gboolean told = !gtk_widget_get_visible (GTK_WIDGET (self->unsent_group)) ||
                  gtk_toggle_button_get_active (self->told_check);

  gtk_widget_set_sensitive (self->end_button, chosen && dated && told);
}

static void
day_selected_cb (VisitOutcomeDialog *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->follow_up_calendar);
  g_autofree char *shown = NULL;

  g_free (self->follow_up);
  self->follow_up = g_date_time_format (day, "%Y-%m-%d");
  shown = fhir_date_format (self->follow_up, NULL);
  gtk_menu_button_set_label (self->follow_up_button, shown);
  gtk_toggle_button_set_active (self->follow_up_check, TRUE);
  gtk_menu_button_popdown (self->follow_up_button);
  changed_cb (self);
}

static void
cancel_cb (VisitOutcomeDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
finish (VisitOutcomeDialog *self)
{
  CareOutcome outcome;

  if (get_outcome (self, &outcome))
    visit_controller_end (self->controller, outcome, self->follow_up);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
sign_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitOutcomeDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *document = care_note_sign_finish (result, &error);

  if (document != NULL)
    {
      g_autofree char *signature =
          g_strdup_printf ("%s %s", document, visit_controller_get_encounter (self->controller));

      /* the note's pane has its Undo while the signature rests (hazard H21) */
      workspace_patient_request (visit_controller_get_patient (self->controller), "note-signed",
                                 signature);
      finish (self);
      return;
    }
  adw_action_row_set_subtitle (self->note_row, error->message);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->note_row),
                                 _ ("The note was not signed, and the visit is still open"));
  changed_cb (self);
}

/* (transfer full): what is signed: the note, and what the machine drafted where that is wanted. */
static char *
dup_text (VisitOutcomeDialog *self)
{
  g_autofree char *course = NULL;

  if (!adw_switch_row_get_active (self->course_row))
    return g_strdup (self->note);
  course = visit_controller_dup_course (self->controller);
  return g_strconcat (self->note, g_str_has_suffix (self->note, "\n") ? "\n" : "\n\n", course,
                      NULL);
}

/* A note must say that a visit was held by phone, and when; and who else took part, what was kept
 * of it, and where it broke off: there the course is written unless somebody says no. */
static void
show_course (VisitOutcomeDialog *self)
{
  g_autofree char *course = visit_controller_dup_course (self->controller);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->course_row), course);
  adw_switch_row_set_active (self->course_row, visit_controller_is_eventful (self->controller));
}

static void
sign (VisitOutcomeDialog *self)
{
  g_autofree char *draft =
      care_note_dup_draft_id (visit_controller_get_encounter (self->controller),
                              care_context_get_user_reference (self->context));
  g_autofree char *text = dup_text (self);

  gtk_widget_set_sensitive (self->end_button, FALSE);
  care_note_sign_async (self->context, draft, text, NULL, sign_cb, g_object_ref (self));
}

static void
sign_response_cb (VisitOutcomeDialog *self, const char *response)
{
  if (g_str_equal (response, "sign"))
    sign (self);
}

/* Signing here asks what it asks at the note: while a patient with a like name is open, or another
 * one is on the line (H8). */
static void
ask_and_sign (VisitOutcomeDialog *self)
{
  WorkspacePatient *patient = visit_controller_get_patient (self->controller);
  AdwDialog *question = workspace_birth_year_dialog_new (patient);

  if (question == NULL)
    {
      sign (self);
      return;
    }
  g_signal_connect_object (question, "response", G_CALLBACK (sign_response_cb), self,
                           G_CONNECT_SWAPPED);
  workspace_alert_present (question, GTK_WIDGET (self));
}

static void
end_cb (VisitOutcomeDialog *self)
{
  if (self->note != NULL && *self->note != '\0')
    ask_and_sign (self);
  else
    {
      gtk_widget_set_sensitive (self->end_button, FALSE);
      finish (self);
    }
}

static void
note_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitOutcomeDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  self->note = care_note_load_finish (result, &error);
  if (self->note != NULL && *self->note != '\0')
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->note_row),
                                     _ ("Your note is signed with this"));
      adw_action_row_set_subtitle (self->note_row, self->note);
    }
  else
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->note_row),
                                     _ ("No note was written in this visit"));
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->course_row),
                                     _ ("The course of the visit stands in its record"));
      adw_switch_row_set_active (self->course_row, FALSE);
      gtk_widget_set_sensitive (GTK_WIDGET (self->course_row), FALSE);
    }
}

static void
show_unsent (VisitOutcomeDialog *self, GListModel *unsent)
{
  guint n = g_list_model_get_n_items (unsent);

  for (guint i = 0; i < self->unsent_rows->len; i++)
    adw_preferences_group_remove (self->unsent_group, self->unsent_rows->pdata[i]);
  g_ptr_array_set_size (self->unsent_rows, 0);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (unsent, i);
      GtkWidget *widget = adw_action_row_new ();
      const char *patient = care_row_get_text (row, CARE_ROW_SUBTITLE);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (widget), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (widget), care_row_get_title (row));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (widget), patient != NULL ? patient : "");
      adw_preferences_group_add (self->unsent_group, widget);
      g_ptr_array_add (self->unsent_rows, widget);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->unsent_group), n > 0);
  changed_cb (self);
}

static void
unsent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitOutcomeDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) unsent = care_prescription_list_unsent_finish (result, &error);
  g_autofree char *escaped = NULL;

  if (self->context == NULL) /* closed meanwhile */
    return;
  if (unsent != NULL)
    {
      show_unsent (self, G_LIST_MODEL (unsent));
      return;
    }
  /* not knowing must not look like nothing waiting */
  escaped = g_markup_escape_text (error->message, -1);
  adw_preferences_group_set_title (self->unsent_group, _ ("NOT KNOWN WHAT IS SENT"));
  adw_preferences_group_set_description (self->unsent_group, escaped);
  gtk_widget_set_visible (GTK_WIDGET (self->unsent_group), TRUE);
  changed_cb (self);
}

/* What was sent while the dialog stood open no longer stands in the way. */
static void
ask_unsent (VisitOutcomeDialog *self)
{
  care_prescription_list_unsent_async (self->context, NULL, unsent_cb, g_object_ref (self));
}

static void
visit_outcome_dialog_dispose (GObject *object)
{
  VisitOutcomeDialog *self = VISIT_OUTCOME_DIALOG (object);

  /* libadwaita may keep what was in a dialog that is gone, and the visit must not be kept by it */
  if (self->undecided_box != NULL)
    visit_files_box_set_controller (self->undecided_box, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_OUTCOME_DIALOG);
  g_clear_object (&self->controller);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (visit_outcome_dialog_parent_class)->dispose (object);
}

static void
visit_outcome_dialog_finalize (GObject *object)
{
  VisitOutcomeDialog *self = VISIT_OUTCOME_DIALOG (object);

  g_free (self->note);
  g_free (self->follow_up);
  g_ptr_array_unref (self->unsent_rows);

  G_OBJECT_CLASS (visit_outcome_dialog_parent_class)->finalize (object);
}

static void
visit_outcome_dialog_class_init (VisitOutcomeDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = visit_outcome_dialog_dispose;
  object_class->finalize = visit_outcome_dialog_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/visit/visit-outcome-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, VisitOutcomeDialog, name)
  CHILD (end_button);
  CHILD (unsent_group);
  CHILD (told_check);
  CHILD (undecided_box);
  CHILD (settled_check);
  CHILD (in_person_check);
  CHILD (emergency_check);
  CHILD (follow_up_check);
  CHILD (not_completed_check);
  CHILD (follow_up_button);
  CHILD (follow_up_calendar);
  CHILD (note_row);
  CHILD (course_row);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, day_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, end_cb);
}

static void
visit_outcome_dialog_init (VisitOutcomeDialog *self)
{
  g_type_ensure (VISIT_TYPE_FILES_BOX);
  self->unsent_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

/**
 * visit_outcome_dialog_new:
 *
 * Returns: (transfer floating): a dialog that ends @controller's visit
 */
VisitOutcomeDialog *
visit_outcome_dialog_new (VisitController *controller)
{
  VisitOutcomeDialog *self = g_object_new (VISIT_TYPE_OUTCOME_DIALOG, NULL);
  WorkspacePatient *patient = visit_controller_get_patient (controller);

  self->controller = g_object_ref (controller);
  self->context =
      g_object_ref (workspace_session_get_context (workspace_patient_get_session (patient)));
  visit_files_box_set_controller (self->undecided_box, controller);
  show_course (self);
  care_note_load_async (self->context, visit_controller_get_encounter (controller), NULL, note_cb,
                        g_object_ref (self));
  g_signal_connect_object (patient, "summary-changed", G_CALLBACK (ask_unsent), self,
                           G_CONNECT_SWAPPED);
  ask_unsent (self);
  return self;
}
