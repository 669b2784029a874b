/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-capture-dialog.h"

#include <glib/gi18n.h>

#include "care-visit-picture.h"
#include "visit-controller-private.h"
#include "visit-still.h"
#include "workspace-alert.h"
#include "workspace-text.h"

/* One picture out of the call: the patient is asked, the picture is looked at under the patient's
 * name and birth date, and kept or not (hazard H22). Without an agreement that is on record nothing
 * is taken, and the picture is always of this visit's patient: it comes from that call alone. */

#define PATIENCE_SECONDS 120 /* for the patient's answer */
#define LOOK_MS          50
#define LOOKS            100 /* for a picture that is newer than the agreement */
/* The one that is counted next may have been on its way when the agreement came. */
#define NEWER 2

struct _VisitCaptureDialog
{
  AdwDialog parent_instance;

  VisitController *controller; /* NULL once it is closed */
  VisitAsked *asked;
  char *encounter, *patient; /* whose visit it was when it was asked */
  MediaStill *still;
  guint64 frames; /* when the agreement came */
  guint patience, look, looks;
  gboolean busy;

  AdwWindowTitle *title;
  GtkStack *stack;
  AdwStatusPage *problem_page;
  GtkWidget *again_button, *close_button;
  GtkLabel *name_label, *born_label, *state_label;
  GtkPicture *picture;
  GtkEditable *site_row, *note_row;
  AdwSwitchRow *sensitive_row;
  GtkWidget *fields, *keep_button, *discard_button, *retake_button;
};

G_DEFINE_FINAL_TYPE (VisitCaptureDialog, visit_capture_dialog, ADW_TYPE_DIALOG)

static void
say (VisitCaptureDialog *self, const char *sentence)
{
  gtk_label_set_label (self->state_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), *sentence != '\0');
  if (*sentence != '\0')
    gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
show_page (VisitCaptureDialog *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  adw_dialog_set_can_close (ADW_DIALOG (self), !g_str_equal (name, "preview"));
}

static void
stop_waiting (VisitCaptureDialog *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_handle_id (&self->look, g_source_remove);
}

static void
show_problem (VisitCaptureDialog *self, const char *title, const char *sentence, gboolean again)
{
  stop_waiting (self);
  adw_status_page_set_title (self->problem_page, title);
  adw_status_page_set_description (self->problem_page, sentence);
  gtk_widget_set_visible (self->again_button, again);
  show_page (self, "problem");
  gtk_widget_grab_focus (again ? self->again_button : self->close_button);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* ---- the picture ---- */

static void
update_buttons (VisitCaptureDialog *self)
{
  gboolean live =
      self->controller != NULL && visit_controller_get_stage (self->controller) == VISIT_STAGE_LIVE;

  gtk_widget_set_sensitive (self->fields, !self->busy);
  gtk_widget_set_sensitive (self->keep_button, self->still != NULL && !self->busy);
  gtk_widget_set_sensitive (self->discard_button, !self->busy);
  gtk_widget_set_sensitive (self->retake_button, live && !self->busy && self->look == 0);
}

static void
show_still (VisitCaptureDialog *self)
{
  g_autoptr (GdkTexture) texture = visit_still_dup_texture (self->still);

  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  say (self, "");
  show_page (self, "preview");
  update_buttons (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->site_row));
}

static void
no_picture (VisitCaptureDialog *self)
{
  const char *sentence =
      _ ("No new picture of the patient arrives. Their camera may be off, or the "
         "connection is slow.");

  if (self->still != NULL)
    say (self, sentence);
  else
    show_problem (self, _ ("No Picture"), sentence, TRUE);
  update_buttons (self);
}

/* Only a picture that came after the agreement is one that was agreed to. */
static gboolean
look_cb (gpointer data)
{
  VisitCaptureDialog *self = data;
  guint64 frames = visit_controller_get_frames (self->controller);
  MediaStill *still = NULL;

  self->frames = MIN (self->frames, frames); /* another connection counts anew */
  if (frames >= self->frames + NEWER)
    still = visit_controller_take_still (self->controller);
  if (still == NULL && ++self->looks < LOOKS)
    return G_SOURCE_CONTINUE;
  self->look = 0;
  if (still == NULL)
    {
      no_picture (self);
      return G_SOURCE_REMOVE;
    }
  g_clear_pointer (&self->still, media_still_free);
  self->still = still;
  show_still (self);
  return G_SOURCE_REMOVE;
}

static void
take (VisitCaptureDialog *self)
{
  stop_waiting (self);
  self->frames = visit_controller_get_frames (self->controller);
  self->looks = 0;
  self->look = g_timeout_add (LOOK_MS, look_cb, self);
  update_buttons (self);
}

static void
retake_cb (VisitCaptureDialog *self)
{
  take (self);
}

/* ---- the patient's answer ---- */

static gboolean
patience_cb (gpointer data)
{
  VisitCaptureDialog *self = data;

  self->patience = 0;
  visit_asked_lose_picture (self->asked,
                            _ ("The patient has not answered. Explain it, and ask again."));
  return G_SOURCE_REMOVE;
}

static void
asked_changed_cb (VisitCaptureDialog *self)
{
  switch (visit_asked_get_picture (self->asked))
    {
    case VISIT_ASKED_AGREED:
      if (self->patience != 0)
        take (self);
      break;
    case VISIT_ASKED_REFUSED:
      if (self->patience != 0)
        show_problem (self, _ ("The Patient Said No"),
                      _ ("No picture was taken. The visit goes on as before."), FALSE);
      break;
    case VISIT_ASKED_FAILED:
      show_problem (self, _ ("No Picture"), visit_asked_get_problem (self->asked), TRUE);
      break;
    case VISIT_ASKED_WAITING:
    case VISIT_ASKED_NOTHING:
      break;
    }
}

static void
ask (VisitCaptureDialog *self)
{
  show_page (self, "asking");
  self->patience = g_timeout_add_seconds (PATIENCE_SECONDS, patience_cb, self);
  visit_asked_begin_picture (self->asked);
}

static void
again_cb (VisitCaptureDialog *self)
{
  if (visit_controller_get_stage (self->controller) != VISIT_STAGE_LIVE)
    {
      show_problem (self, _ ("No Picture"),
                    _ ("A picture can be taken while you see the patient. Call them first."), TRUE);
      return;
    }
  visit_asked_end_picture (self->asked);
  ask (self);
}

/* ---- into the record ---- */

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitCaptureDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reference = care_visit_picture_keep_finish (result, &error);

  self->busy = FALSE;
  if (self->controller == NULL)
    return;
  if (reference == NULL)
    {
      update_buttons (self);
      say (self, error->message);
      return;
    }
  g_signal_emit_by_name (self->controller, "notice", _ ("The picture is in the record."));
  workspace_patient_reload (visit_controller_get_patient (self->controller));
  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
keep_picture (VisitCaptureDialog *self, GBytes *bytes)
{
  g_autofree char *site = g_strstrip (g_strdup (gtk_editable_get_text (self->site_row)));
  g_autofree char *note = g_strstrip (g_strdup (gtk_editable_get_text (self->note_row)));
  CareVisitPicture picture = {
    .encounter_id = self->encounter,
    .patient_id = self->patient,
    .request = visit_asked_get_request (self->asked),
    .consent = visit_asked_get_consent (self->asked),
    .site = site,
    .note = note,
    .sensitivity = adw_switch_row_get_active (self->sensitive_row) ? CARE_SENSITIVITY_SENSITIVE
                                                                   : CARE_SENSITIVITY_ORDINARY,
    .content_type = VISIT_STILL_TYPE,
    .bytes = bytes,
  };

  care_visit_picture_keep_async (self->controller->context, &picture, kept_cb, g_object_ref (self));
}

/* Closed meanwhile, by force as where the visit changes, it keeps nothing. */
static void
encoded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitCaptureDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = visit_still_encode_finish (result, &error);

  if (self->controller == NULL)
    return;
  if (bytes != NULL)
    {
      keep_picture (self, bytes);
      return;
    }
  self->busy = FALSE;
  update_buttons (self);
  say (self, error->message);
}

static void
keep_cb (VisitCaptureDialog *self)
{
  if (self->busy || self->still == NULL)
    return;
  stop_waiting (self);
  self->busy = TRUE;
  update_buttons (self);
  visit_still_encode_async (self->still, encoded_cb, g_object_ref (self));
}

/* ---- closing ---- */

static void
discard_cb (VisitCaptureDialog *self)
{
  if (!self->busy)
    adw_dialog_force_close (ADW_DIALOG (self));
}

static void
close_answered_cb (VisitCaptureDialog *self, const char *response)
{
  if (g_str_equal (response, "discard"))
    discard_cb (self);
}

/* What was agreed to and taken is not lost by a key alone. */
static void
close_attempt_cb (VisitCaptureDialog *self)
{
  AdwDialog *dialog;

  if (self->busy)
    return;
  dialog = adw_alert_dialog_new (_ ("Discard the Picture?"), _ ("It is kept nowhere else."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "keep", _ ("_Look Again"), "discard",
                                  _ ("_Discard"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "discard",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "keep");
  g_signal_connect_object (dialog, "response", G_CALLBACK (close_answered_cb), self,
                           G_CONNECT_SWAPPED);
  workspace_alert_present (dialog, GTK_WIDGET (self));
}

static void
closed_cb (VisitCaptureDialog *self)
{
  stop_waiting (self);
  if (self->asked != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->asked, self);
      visit_asked_end_picture (self->asked);
    }
  if (self->controller != NULL)
    g_signal_handlers_disconnect_by_data (self->controller, self);
  g_clear_object (&self->asked);
  g_clear_object (&self->controller);
}

/* Another visit of the same patient is not the one in which it was asked. */
static void
controller_changed_cb (VisitCaptureDialog *self)
{
  if (g_strcmp0 (visit_controller_get_encounter (self->controller), self->encounter) != 0)
    adw_dialog_force_close (ADW_DIALOG (self));
  else
    update_buttons (self);
}

static void
visit_capture_dialog_dispose (GObject *object)
{
  VisitCaptureDialog *self = VISIT_CAPTURE_DIALOG (object);

  closed_cb (self);
  g_clear_pointer (&self->still, media_still_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_CAPTURE_DIALOG);

  G_OBJECT_CLASS (visit_capture_dialog_parent_class)->dispose (object);
}

static void
visit_capture_dialog_finalize (GObject *object)
{
  VisitCaptureDialog *self = VISIT_CAPTURE_DIALOG (object);

  g_free (self->encounter);
  g_free (self->patient);

  G_OBJECT_CLASS (visit_capture_dialog_parent_class)->finalize (object);
}

static void
visit_capture_dialog_class_init (VisitCaptureDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = visit_capture_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = visit_capture_dialog_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/visit/visit-capture-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, VisitCaptureDialog, name)
  CHILD (title);
  CHILD (stack);
  CHILD (problem_page);
  CHILD (again_button);
  CHILD (close_button);
  CHILD (name_label);
  CHILD (born_label);
  CHILD (state_label);
  CHILD (picture);
  CHILD (site_row);
  CHILD (note_row);
  CHILD (sensitive_row);
  CHILD (fields);
  CHILD (keep_button);
  CHILD (discard_button);
  CHILD (retake_button);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, retake_cb);
  gtk_widget_class_bind_template_callback (widget_class, keep_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_attempt_cb);
  gtk_widget_class_bind_template_callback (widget_class, closed_cb);
}

static void
visit_capture_dialog_init (VisitCaptureDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

static void
show_whose (VisitCaptureDialog *self)
{
  WorkspacePatient *patient = visit_controller_get_patient (self->controller);
  CareSummary *summary = workspace_patient_get_summary (patient);
  const char *born = summary != NULL ? care_summary_get_birth_date (summary) : NULL;
  g_autofree char *name = workspace_patient_dup_name (patient);
  /* Translators: %s is a date of birth */
  g_autofree char *line = g_strdup_printf (_ ("Born %s"), born != NULL ? born : _ ("not recorded"));
  /* Translators: %s is a patient's name */
  g_autofree char *picture = g_strdup_printf (_ ("Picture of %s from the call"), name);

  adw_window_title_set_subtitle (self->title, name);
  gtk_label_set_label (self->name_label, name);
  gtk_label_set_label (self->born_label, line);
  gtk_picture_set_alternative_text (self->picture, picture);
}

/**
 * visit_capture_dialog_new:
 * @controller: of a visit whose patient is seen in a call
 *
 * Returns: (transfer floating): asks the patient at once
 */
VisitCaptureDialog *
visit_capture_dialog_new (VisitController *controller)
{
  VisitCaptureDialog *self = g_object_new (VISIT_TYPE_CAPTURE_DIALOG, NULL);

  self->controller = g_object_ref (controller);
  self->asked = g_object_ref (visit_controller_get_asked (controller));
  self->encounter = g_strdup (visit_controller_get_encounter (controller));
  self->patient = g_strdup (workspace_patient_get_id (visit_controller_get_patient (controller)));
  show_whose (self);
  g_signal_connect_swapped (self->asked, "changed", G_CALLBACK (asked_changed_cb), self);
  g_signal_connect_swapped (controller, "changed", G_CALLBACK (controller_changed_cb), self);
  ask (self);
  return self;
}
