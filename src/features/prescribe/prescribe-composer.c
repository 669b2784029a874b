/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-composer.h"

#include <glib/gi18n.h>

#include "base-id.h"
#include "care-prescription.h"
#include "clinical-drug-name.h"
#include "prescribe-desk.h"
#include "prescribe-form.h"
#include "prescribe-search.h"
#include "prescribe-sheet.h"
#include "prescribe-sign-dialog.h"
#include "prescribe-undo.h"
#include "workspace-alert.h"
#include "workspace-second-factor.h"
#include "workspace-text.h"

/* The search and the form of the prescription pane, in a note. What is begun in the pane, of this
 * visit or of none, goes on here, and back there when it is left or asked for. */

struct _PrescribeComposer
{
  WorkspaceComposer parent_instance;

  WorkspacePatient *patient;
  CareContext *context;
  StoreContent *content;
  PrescribeDesk *desk;
  PrescribeSheet *sheet;
  char *encounter;
  guint read; /* prescribe_sheet_get_checked () of what is confirmed in the dialog */

  GtkStack *stack;
  PrescribeSearch *search;
  PrescribeForm *form;
  GtkLabel *problem_label;
};

G_DEFINE_FINAL_TYPE (PrescribeComposer, prescribe_composer, WORKSPACE_TYPE_COMPOSER)

static void
show_problem (PrescribeComposer *self, const char *text)
{
  gtk_label_set_label (self->problem_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), text != NULL);
  if (text)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
ready_cb (PrescribeComposer *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "prescription.sign",
                                 prescribe_form_is_ready (self->form));
}

static void
drop_sheet (PrescribeComposer *self)
{
  g_autoptr (PrescribeSheet) sheet = g_steal_pointer (&self->sheet);

  prescribe_form_set_sheet (self->form, NULL);
  if (!sheet)
    return;
  prescribe_sheet_close (sheet);
  prescribe_desk_remove (self->desk, sheet);
}

static void
take_sheet (PrescribeComposer *self)
{
  g_autofree char *id = base_id_new (base_clock_now (care_context_get_clock (self->context)));
  g_autoptr (CarePrescriptionDraft) draft =
      care_prescription_draft_new (id, workspace_patient_get_id (self->patient),
                                   care_context_get_user_reference (self->context),
                                   self->encounter);

  self->sheet = prescribe_sheet_new (self->context, self->content, draft);
  prescribe_form_set_sheet (self->form, self->sheet);
  prescribe_desk_put (self->desk, self->sheet, self);
}

static void
show_form (PrescribeComposer *self)
{
  gtk_stack_set_visible_child_name (self->stack, "form");
  prescribe_form_start (self->form);
}

static void
show_search (PrescribeComposer *self)
{
  gtk_stack_set_visible_child_name (self->stack, "search");
  prescribe_search_start (self->search);
}

/* Goes on with what was begun in the pane. What belongs to another visit stays there. */
static void
adopt (PrescribeComposer *self)
{
  PrescribeSheet *sheet = prescribe_desk_get_sheet (self->desk);
  const char *encounter =
      sheet ? care_prescription_draft_get_encounter_id (prescribe_sheet_get_draft (sheet)) : NULL;

  if (!sheet || self->sheet || prescribe_sheet_is_signing (sheet) ||
      g_strcmp0 (encounter, self->encounter) != 0)
    return;
  self->sheet = g_object_ref (sheet);
  prescribe_desk_put (self->desk, sheet, self);
  prescribe_form_set_sheet (self->form, sheet);
  prescribe_form_fill (self->form);
}

/* It went to the pane, or to another note. */
static void
moved_cb (PrescribeComposer *self)
{
  if (!self->sheet || prescribe_desk_is_at (self->desk, self->sheet, self))
    return;
  g_clear_object (&self->sheet);
  workspace_composer_closed (WORKSPACE_COMPOSER (self)); /* the note takes the focus back */
  prescribe_form_set_sheet (self->form, NULL);
  show_problem (self, NULL);
  gtk_stack_set_visible_child_name (self->stack, "search");
}

/* What was begun is on disk; the pane goes on with it, or the note when it is asked again. */
static void
left_cb (PrescribeComposer *self)
{
  if (!self->sheet)
    return;
  g_clear_object (&self->sheet);
  prescribe_form_set_sheet (self->form, NULL);
  gtk_stack_set_visible_child_name (self->stack, "search");
  prescribe_desk_leave (self->desk, self);
}

static void
chosen_cb (PrescribeComposer *self, const StoreDrug *drug)
{
  if (!self->sheet)
    take_sheet (self);
  prescribe_sheet_choose_drug (self->sheet, drug);
  prescribe_form_fill (self->form);
  prescribe_search_clear (self->search);
  show_form (self);
}

static void
change_drug_cb (PrescribeComposer *self)
{
  show_search (self);
}

static void
search_cancel_cb (PrescribeComposer *self)
{
  if (self->sheet)
    show_form (self);
  else
    workspace_composer_closed (WORKSPACE_COMPOSER (self));
}

static void
discarded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!care_prescription_command_finish (result, &error))
    g_warning ("A draft could not be removed: %s", error->message);
}

static void
discard_cb (PrescribeComposer *self)
{
  g_autoptr (PrescribeSheet) sheet = self->sheet ? g_object_ref (self->sheet) : NULL;

  drop_sheet (self);
  if (sheet)
    {
      care_prescription_discard_async (self->context,
                                       care_prescription_draft_get_id (
                                           prescribe_sheet_get_draft (sheet)),
                                       NULL, discarded_cb, NULL);
      prescribe_undo_offer (GTK_WIDGET (self), self->desk, self->content, sheet);
    }
  gtk_stack_set_visible_child_name (self->stack, "search");
  workspace_composer_closed (WORKSPACE_COMPOSER (self));
}

/* ---- signing ---- */

static char *
dup_words (CarePrescriptionDraft *draft)
{
  const char *name = care_prescription_draft_get_drug_name (draft);
  g_autofree char *drug = name ? clinical_drug_name (name) : g_strdup ("");
  g_autofree char *text = care_prescription_draft_dup_text (draft, NULL);

  return g_strdup_printf (_ ("Prescribed: %s, %s"), drug, text ? text : "");
}

/* What is signed, wherever it is shown when the answer comes: the note may be left before. */
typedef struct
{
  PrescribeComposer *composer;
  PrescribeDesk *desk;
  PrescribeSheet *sheet;
} Signing;

static void
signing_free (Signing *self)
{
  g_object_unref (self->composer);
  g_object_unref (self->desk);
  g_object_unref (self->sheet);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Signing, signing_free)

static Signing *
signing_new (PrescribeComposer *self)
{
  Signing *signing = g_new0 (Signing, 1);

  signing->composer = g_object_ref (self);
  signing->desk = g_object_ref (self->desk);
  signing->sheet = g_object_ref (self->sheet);
  prescribe_sheet_set_signing (self->sheet, TRUE);
  return signing;
}

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Signing) signing = user_data;
  PrescribeComposer *self = signing->composer;
  gboolean here = self->stack && self->sheet == signing->sheet;
  g_autoptr (GError) error = NULL;
  g_autofree char *request = care_prescription_sign_finish (result, &error);
  g_autofree char *reference = NULL, *words = NULL;

  if (here)
    show_problem (self, error ? error->message : NULL);
  if (!request)
    {
      prescribe_sheet_set_signing (signing->sheet, FALSE);
      /* most often: the chart changed meanwhile, and what the checks now say must be read */
      prescribe_sheet_check_again (signing->sheet);
      return;
    }
  reference = g_strconcat ("MedicationRequest/", request, NULL);
  words = dup_words (prescribe_sheet_get_draft (signing->sheet));
  if (here)
    drop_sheet (self);
  prescribe_sheet_close (signing->sheet);
  prescribe_desk_remove (signing->desk, signing->sheet);
  if (here)
    workspace_composer_committed (WORKSPACE_COMPOSER (self), reference, words);
}

static void
sign_response_cb (PrescribeComposer *self, const char *response, AdwAlertDialog *dialog)
{
  g_autofree char *code = workspace_second_factor_dup_code_of (dialog);
  g_autoptr (GHashTable) reasons = NULL;

  if (!g_str_equal (response, "sign") || !self->sheet)
    return;
  if (prescribe_sheet_get_checked (self->sheet) != self->read)
    {
      show_problem (self, _ ("It changed while you read. Look again."));
      return;
    }
  reasons = prescribe_form_dup_reasons (self->form);
  care_prescription_sign_async (self->context, prescribe_sheet_get_draft (self->sheet),
                                CLINICAL_CONTENT (self->content), reasons, code, NULL, signed_cb,
                                signing_new (self));
}

static void
sign (PrescribeComposer *self)
{
  g_autoptr (GPtrArray) sheets = NULL;
  AdwDialog *dialog;

  if (!self->sheet || !prescribe_form_is_ready (self->form))
    return;
  self->read = prescribe_sheet_get_checked (self->sheet);
  sheets = g_ptr_array_new ();
  g_ptr_array_add (sheets, self->sheet);
  dialog = prescribe_sign_dialog_new_for (self->patient, sheets);
  g_signal_connect_object (dialog, "response", G_CALLBACK (sign_response_cb), self,
                           G_CONNECT_SWAPPED);
  workspace_alert_present (dialog, GTK_WIDGET (self));
}

static void
sign_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sign (PRESCRIBE_COMPOSER (widget));
}

/* Enter in a field of the form signs, where nothing stands in the way; a finding without a reason,
 * or a dose that is missing, is said by the form. */
static gboolean
key_cb (PrescribeComposer *self, guint key, guint code, GdkModifierType state)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter) || !GTK_IS_TEXT (focus) ||
      !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->form)) ||
      !prescribe_form_is_ready (self->form))
    return GDK_EVENT_PROPAGATE;
  sign (self);
  return GDK_EVENT_STOP;
}

/* ---- object ---- */

static void
prescribe_composer_start (WorkspaceComposer *composer)
{
  PrescribeComposer *self = PRESCRIBE_COMPOSER (composer);

  adopt (self);
  if (self->sheet &&
      care_prescription_draft_get_drug_code (prescribe_sheet_get_draft (self->sheet)))
    show_form (self);
  else
    show_search (self);
}

static void
prescribe_composer_dispose (GObject *object)
{
  PrescribeComposer *self = PRESCRIBE_COMPOSER (object);

  if (self->desk)
    {
      g_signal_handlers_disconnect_by_data (self->desk, self);
      prescribe_desk_leave (self->desk, self);
    }
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PRESCRIBE_TYPE_COMPOSER);
  g_clear_object (&self->sheet);
  g_clear_object (&self->desk);
  g_clear_object (&self->patient);
  g_clear_object (&self->context);
  g_clear_object (&self->content);
  g_clear_pointer (&self->encounter, g_free);
  G_OBJECT_CLASS (prescribe_composer_parent_class)->dispose (object);
}

static void
prescribe_composer_class_init (PrescribeComposerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = prescribe_composer_dispose;
  WORKSPACE_COMPOSER_CLASS (klass)->start = prescribe_composer_start;
  g_type_ensure (PRESCRIBE_TYPE_SEARCH);
  g_type_ensure (PRESCRIBE_TYPE_FORM);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/prescribe/prescribe-composer.ui");
  gtk_widget_class_install_action (widget_class, "prescription.sign", NULL, sign_cb);
  gtk_widget_class_bind_template_child (widget_class, PrescribeComposer, stack);
  gtk_widget_class_bind_template_child (widget_class, PrescribeComposer, search);
  gtk_widget_class_bind_template_child (widget_class, PrescribeComposer, form);
  gtk_widget_class_bind_template_child (widget_class, PrescribeComposer, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, ready_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_drug_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
}

static void
prescribe_composer_init (PrescribeComposer *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
  prescribe_form_set_sign_action (self->form, "prescription.sign",
                                  _ ("Read It Once More and Sign (Enter)"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "prescription.sign", FALSE);
  /* before the field takes it */
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

/**
 * prescribe_composer_new:
 * @encounter_id: (nullable): the visit that it is prescribed in
 * @content: (nullable): the formulary; without it the search says so, and nothing is prescribed
 *
 * Returns: (transfer floating)
 */
WorkspaceComposer *
prescribe_composer_new (WorkspacePatient *patient, const char *encounter_id, StoreContent *content)
{
  PrescribeComposer *self = g_object_new (PRESCRIBE_TYPE_COMPOSER, NULL);
  WorkspaceSession *session = workspace_patient_get_session (patient);

  self->patient = g_object_ref (patient);
  self->context = g_object_ref (workspace_session_get_context (session));
  self->encounter = g_strdup (encounter_id);
  self->desk = g_object_ref (prescribe_desk_of (patient));
  g_signal_connect_object (self->desk, "moved", G_CALLBACK (moved_cb), self, G_CONNECT_SWAPPED);
  /* after the note took the focus back */
  g_signal_connect_after (self, "closed", G_CALLBACK (left_cb), NULL);
  g_set_object (&self->content, content);
  prescribe_search_set_content (self->search, content);
  prescribe_search_set_context (self->search, self->context);
  prescribe_form_set_context (self->form, self->context, workspace_session_get_lock (session));
  return WORKSPACE_COMPOSER (self);
}
