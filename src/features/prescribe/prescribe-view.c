/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-view.h"

#include <glib/gi18n.h>

#include "base-id.h"
#include "care-prescription.h"
#include "prescribe-desk.h"
#include "prescribe-form.h"
#include "prescribe-row.h"
#include "prescribe-search.h"
#include "prescribe-sheet.h"
#include "prescribe-sign-dialog.h"

/* The prescription pane: what was signed and where it is, the drug search, and the form. It moves
 * from one to the next, and signs. What is written in a note is written there alone, until it is
 * asked for here. */

#define TICK_SECONDS 5

struct _PrescribeView
{
  AdwBin parent_instance;

  WorkspacePatient *patient;
  CareContext *context;
  StoreContent *content;
  PrescribeDesk *desk;
  PrescribeSheet *sheet;
  GSimpleAction *new_action;
  GSimpleAction *sign_action;
  guint tick_source;
  guint read; /* prescribe_sheet_get_checked () of what is confirmed in the dialog */

  GtkStack *stack;
  GtkWidget *empty_label;
  GtkListBox *list;
  PrescribeSearch *search;
  PrescribeForm *form;
};

G_DEFINE_FINAL_TYPE (PrescribeView, prescribe_view, ADW_TYPE_BIN)

/* ---- from one page to the next ---- */

static void
ready_cb (PrescribeView *self)
{
  g_simple_action_set_enabled (self->sign_action, prescribe_form_is_ready (self->form));
}

static void
take_sheet (PrescribeView *self, CarePrescriptionDraft *draft)
{
  if (self->sheet != NULL)
    prescribe_sheet_close (self->sheet);
  g_clear_object (&self->sheet);
  if (draft != NULL)
    self->sheet = prescribe_sheet_new (self->context, self->content, draft);
  prescribe_form_set_sheet (self->form, self->sheet);
  prescribe_desk_put (self->desk, self->sheet, self);
}

static void
show_sheet (PrescribeView *self)
{
  CarePrescriptionDraft *draft = prescribe_sheet_get_draft (self->sheet);

  gtk_stack_set_visible_child_name (self->stack,
                                    care_prescription_draft_get_drug_code (draft) != NULL
                                        ? "form"
                                        : "search");
}

/* Goes on here with what is written in a note, or was left there. */
static void
adopt (PrescribeView *self)
{
  PrescribeSheet *sheet = prescribe_desk_get_sheet (self->desk);

  if (sheet == NULL || sheet == self->sheet)
    return;
  g_set_object (&self->sheet, sheet);
  prescribe_desk_put (self->desk, sheet, self);
  prescribe_form_set_sheet (self->form, sheet);
  prescribe_form_fill (self->form);
  show_sheet (self);
}

/* It went to a note, which signs it; or a note let go of it. */
static void
moved_cb (PrescribeView *self)
{
  if (prescribe_desk_is_at (self->desk, self))
    return;
  if (prescribe_desk_is_at (self->desk, NULL))
    {
      adopt (self);
      return;
    }
  if (self->sheet == NULL)
    return;
  g_clear_object (&self->sheet);
  prescribe_form_set_sheet (self->form, NULL);
  gtk_stack_set_visible_child_name (self->stack, "list");
}

static void
show_search (PrescribeView *self)
{
  gtk_stack_set_visible_child_name (self->stack, "search");
  prescribe_search_start (self->search);
}

static void
new_cb (PrescribeView *self)
{
  adopt (self);
  if (self->sheet != NULL)
    gtk_stack_set_visible_child_name (self->stack, "form");
  else
    show_search (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show", "s", "prescribe");
}

static void
chosen_cb (PrescribeView *self, const StoreDrug *drug)
{
  if (self->sheet == NULL)
    {
      g_autofree char *id = base_id_new (base_clock_now (care_context_get_clock (self->context)));
      g_autoptr (CarePrescriptionDraft) draft =
          care_prescription_draft_new (id, workspace_patient_get_id (self->patient),
                                       care_context_get_user_reference (self->context),
                                       workspace_patient_get_encounter (self->patient));

      take_sheet (self, draft);
    }
  prescribe_sheet_choose_drug (self->sheet, drug);
  prescribe_form_fill (self->form);
  prescribe_search_clear (self->search);
  gtk_stack_set_visible_child_name (self->stack, "form");
  prescribe_form_start (self->form);
}

static void
change_drug_cb (PrescribeView *self)
{
  show_search (self);
}

static void
discarded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_prescription_command_finish (result, &error))
    g_warning ("A draft could not be removed: %s", error->message);
}

static void
discard_cb (PrescribeView *self)
{
  if (self->sheet != NULL)
    {
      CarePrescriptionDraft *draft = prescribe_sheet_get_draft (self->sheet);

      prescribe_sheet_close (self->sheet);
      care_prescription_discard_async (self->context, care_prescription_draft_get_id (draft), NULL,
                                       discarded_cb, g_object_ref (self));
    }
  take_sheet (self, NULL);
  gtk_stack_set_visible_child_name (self->stack, "list");
}

/* Escape leaves the search; it throws nothing away that was written. */
static void
search_cancel_cb (PrescribeView *self)
{
  if (self->sheet != NULL &&
      care_prescription_draft_get_drug_code (prescribe_sheet_get_draft (self->sheet)) != NULL)
    {
      gtk_stack_set_visible_child_name (self->stack, "form");
      prescribe_form_start (self->form);
    }
  else
    discard_cb (self);
}

/* ---- signing ---- */

static void
toast (PrescribeView *self, const char *text)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), adw_toast_new (text));
}

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *request = care_prescription_sign_finish (result, &error);

  if (request == NULL)
    {
      /* most often: the chart changed meanwhile, and what the checks now say must be read */
      toast (self, error->message);
      if (self->sheet != NULL)
        prescribe_sheet_check_again (self->sheet);
      return;
    }
  take_sheet (self, NULL);
  gtk_stack_set_visible_child_name (self->stack, "list");
  toast (self, _ ("Signed. It leaves in ten seconds."));
}

static void
sign_response_cb (AdwAlertDialog *dialog, const char *response, PrescribeView *self)
{
  if (!g_str_equal (response, "sign") || self->sheet == NULL)
    return;
  if (prescribe_sheet_get_checked (self->sheet) != self->read)
    {
      toast (self, _ ("It changed while you read. Look again."));
      return;
    }
  g_autoptr (GHashTable) reasons = prescribe_form_dup_reasons (self->form);
  care_prescription_sign_async (self->context, prescribe_sheet_get_draft (self->sheet),
                                CLINICAL_CONTENT (self->content), reasons, NULL, signed_cb,
                                g_object_ref (self));
}

static void
sign_cb (PrescribeView *self)
{
  AdwDialog *dialog;

  if (self->sheet == NULL || !prescribe_form_is_ready (self->form))
    return;
  self->read = prescribe_sheet_get_checked (self->sheet);
  dialog = prescribe_sign_dialog_new (self->patient, prescribe_sheet_get_draft (self->sheet),
                                      prescribe_sheet_get_findings (self->sheet));
  /* an alert is as narrow as its buttons; this one is read line by line */
  if (gtk_widget_get_width (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)))) > 640)
    gtk_widget_set_size_request (adw_alert_dialog_get_extra_child (ADW_ALERT_DIALOG (dialog)), 460,
                                 -1);
  g_signal_connect_object (dialog, "response", G_CALLBACK (sign_response_cb), self, 0);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* ---- what was signed ---- */

static gboolean
tick_cb (gpointer data)
{
  PrescribeView *self = data;

  self->tick_source = 0;
  workspace_patient_reload (self->patient);
  return G_SOURCE_REMOVE;
}

static void
show_prescriptions (PrescribeView *self)
{
  CareSummary *summary = workspace_patient_get_summary (self->patient);
  GListModel *rows =
      summary != NULL ? care_summary_get_list (summary, CARE_LIST_PRESCRIPTIONS) : NULL;
  guint n = rows != NULL ? g_list_model_get_n_items (rows) : 0;
  gboolean settled = TRUE;

  gtk_list_box_remove_all (self->list);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);

      gtk_list_box_append (self->list, prescribe_row_new (self->patient, row));
      settled = settled && prescribe_row_is_settled (row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->list), n > 0);
  gtk_widget_set_visible (self->empty_label, n == 0);
  if (!settled && self->tick_source == 0)
    self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
}

static void
found_draft_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CarePrescriptionDraft) draft = care_prescription_find_draft_finish (result, &error);

  if (draft == NULL || self->sheet != NULL || prescribe_desk_get_sheet (self->desk) != NULL)
    return;
  take_sheet (self, draft);
  show_sheet (self);
}

static void
resumed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CarePrescriptionDraft) draft = care_prescription_find_draft_finish (result, &error);

  if (draft == NULL)
    {
      toast (self, error != NULL ? error->message : _ ("This draft is no longer there."));
      return;
    }
  take_sheet (self, draft);
  prescribe_form_fill (self->form);
  show_sheet (self);
}

/* Goes on with this very draft: what is in the form now is on disk already. */
static void
resume_cb (PrescribeView *self, const char *draft)
{
  PrescribeSheet *sheet = prescribe_desk_get_sheet (self->desk);

  if (sheet != NULL &&
      g_strcmp0 (care_prescription_draft_get_id (prescribe_sheet_get_draft (sheet)), draft) == 0)
    {
      adopt (self);
      gtk_stack_set_visible_child_name (self->stack, "form");
    }
  else if (strpbrk (draft, ": ") == NULL) /* the others name their kind */
    care_prescription_load_draft_async (self->context, draft, resumed_cb, g_object_ref (self));
}

/* ---- object ---- */

static void
prescribe_view_root (GtkWidget *widget)
{
  PrescribeView *self = PRESCRIBE_VIEW (widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS (prescribe_view_parent_class)->root (widget);

  root = gtk_widget_get_root (widget);
  if (G_IS_ACTION_MAP (root))
    {
      g_action_map_add_action (G_ACTION_MAP (root), G_ACTION (self->new_action));
      g_action_map_add_action (G_ACTION_MAP (root), G_ACTION (self->sign_action));
    }
}

static void
prescribe_view_dispose (GObject *object)
{
  PrescribeView *self = PRESCRIBE_VIEW (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  if (self->desk != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->desk, self);
      prescribe_desk_leave (self->desk, self);
    }
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PRESCRIBE_TYPE_VIEW);
  g_clear_object (&self->sheet);
  g_clear_object (&self->desk);
  g_clear_object (&self->new_action);
  g_clear_object (&self->sign_action);
  g_clear_object (&self->patient);
  g_clear_object (&self->context);
  g_clear_object (&self->content);

  G_OBJECT_CLASS (prescribe_view_parent_class)->dispose (object);
}

static void
prescribe_view_class_init (PrescribeViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = prescribe_view_dispose;
  widget_class->root = prescribe_view_root;
  g_type_ensure (PRESCRIBE_TYPE_SEARCH);
  g_type_ensure (PRESCRIBE_TYPE_FORM);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/prescribe/prescribe-view.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrescribeView, name)
  CHILD (stack);
  CHILD (empty_label);
  CHILD (list);
  CHILD (search);
  CHILD (form);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, ready_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_drug_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
}

static void
prescribe_view_init (PrescribeView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->new_action = g_simple_action_new ("prescribe-new", NULL);
  self->sign_action = g_simple_action_new ("prescribe-sign", NULL);
  g_simple_action_set_enabled (self->sign_action, FALSE);
  g_signal_connect_object (self->new_action, "activate", G_CALLBACK (new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sign_action, "activate", G_CALLBACK (sign_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * prescribe_view_new:
 * @content: (nullable): the formulary; without it the search says so, and nothing is prescribed
 *
 * Returns: (transfer floating): the prescription pane of @patient's window
 */
GtkWidget *
prescribe_view_new (WorkspacePatient *patient, StoreContent *content)
{
  PrescribeView *self = g_object_new (PRESCRIBE_TYPE_VIEW, NULL);

  self->patient = g_object_ref (patient);
  self->context =
      g_object_ref (workspace_session_get_context (workspace_patient_get_session (patient)));
  g_set_object (&self->content, content);
  self->desk = g_object_ref (prescribe_desk_of (patient));
  g_signal_connect_object (self->desk, "moved", G_CALLBACK (moved_cb), self, G_CONNECT_SWAPPED);
  prescribe_search_set_content (self->search, content);
  prescribe_search_set_context (self->search, self->context);
  prescribe_form_set_context (self->form, self->context,
                              workspace_session_get_lock (workspace_patient_get_session (patient)));
  g_signal_connect_object (patient, "summary-changed", G_CALLBACK (show_prescriptions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (patient, "request::resume", G_CALLBACK (resume_cb), self,
                           G_CONNECT_SWAPPED);
  show_prescriptions (self);
  care_prescription_find_draft_async (self->context, workspace_patient_get_id (patient), NULL,
                                      found_draft_cb, g_object_ref (self));
  return GTK_WIDGET (self);
}
