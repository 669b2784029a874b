/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-view.h"

#include <glib/gi18n.h>

#include "base-id.h"
#include "care-prescription.h"
#include "clinical-drug-name.h"
#include "prescribe-drug-row.h"
#include "workspace-finding-row.h"
#include "prescribe-row.h"
#include "prescribe-sheet.h"
#include "prescribe-sign-dialog.h"

/* The prescription pane: what was signed and where it is, the drug search, and the form. The form
 * only writes into its sheet's draft; the sheet keeps it on disk and asks the checks. */

#define TICK_SECONDS 5
#define MAX_DRUGS    40

struct _PrescribeView
{
  AdwBin parent_instance;

  WorkspacePatient *patient;
  CareContext *context;
  StoreContent *content;
  PrescribeSheet *sheet;
  GSimpleAction *new_action;
  GSimpleAction *sign_action;
  guint tick_source;
  gboolean filling;

  GtkStack *stack;
  GtkWidget *empty_label;
  GtkListBox *list;
  GtkSearchEntry *search_entry;
  GtkLabel *search_label;
  GtkListBox *drug_list;
  GtkLabel *drug_label;
  GtkListBox *findings_list;
  GtkEditable *dose_row;
  GtkEditable *unit_row;
  AdwWrapBox *frequency_box;
  AdwComboRow *route_row;
  AdwSpinRow *duration_row;
  AdwSwitchRow *as_needed_row;
  GtkEditable *as_needed_for_row;
  GtkEditable *quantity_row;
  AdwSpinRow *repeats_row;
  GtkEditable *instructions_row;
  GtkLabel *text_label;
  GtkLabel *words_label;
  GtkLabel *problem_label;
  GtkLabel *state_label;
  GPtrArray *shown_findings;
};

G_DEFINE_FINAL_TYPE (PrescribeView, prescribe_view, ADW_TYPE_BIN)

static const struct
{
  const char *text;
  int frequency;
  int period;
  const char *unit;
} frequencies[] = {
  { N_ ("Once a day"), 1, 1, "d" },    { N_ ("Twice a day"), 2, 1, "d" },
  { N_ ("3 times a day"), 3, 1, "d" }, { N_ ("4 times a day"), 4, 1, "d" },
  { N_ ("Every 4 hours"), 1, 4, "h" }, { N_ ("Every 6 hours"), 1, 6, "h" },
  { N_ ("Every 8 hours"), 1, 8, "h" }, { N_ ("Every 12 hours"), 1, 12, "h" },
  { N_ ("Every 2 days"), 1, 2, "d" },  { N_ ("Once a week"), 1, 1, "wk" },
};

static const char *const routes[] = { "oral",       "inhalation",  "nasal",      "topical",
                                      "ophthalmic", "otic",        "rectal",     "vaginal",
                                      "injection",  "transdermal", "sublingual", NULL };

/* ---- the form ---- */

static void
clear_list (GtkListBox *list)
{
  gtk_list_box_remove_all (list);
}

static gboolean
findings_are_answered (PrescribeView *self)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->findings_list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (!workspace_finding_row_is_answered (row))
      return FALSE;
  return TRUE;
}

static void
update_sign (PrescribeView *self)
{
  g_autoptr (GError) error = NULL;
  const char *problem = NULL;
  gboolean ready = FALSE;

  if (self->sheet == NULL)
    {
      g_simple_action_set_enabled (self->sign_action, FALSE);
      return;
    }
  if (!care_prescription_draft_is_complete (prescribe_sheet_get_draft (self->sheet), &error))
    problem = error->message;
  else if (prescribe_sheet_get_findings (self->sheet) == NULL)
    problem = _ ("The checks have not answered yet.");
  else if (!findings_are_answered (self))
    problem = _ ("A match above needs your reason.");
  else
    ready = TRUE;
  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
  g_simple_action_set_enabled (self->sign_action, ready);
}

static void
reason_changed_cb (PrescribeView *self)
{
  update_sign (self);
}

static void
show_findings (PrescribeView *self)
{
  GPtrArray *findings = prescribe_sheet_get_findings (self->sheet);

  if (findings == self->shown_findings)
    return;
  clear_list (self->findings_list);
  g_clear_pointer (&self->shown_findings, g_ptr_array_unref);
  if (findings == NULL)
    {
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Checking…"));
      gtk_list_box_append (self->findings_list, row);
      return;
    }
  self->shown_findings = g_ptr_array_ref (findings);
  for (guint i = 0; i < findings->len; i++)
    gtk_list_box_append (self->findings_list,
                         workspace_finding_row_new (g_ptr_array_index (findings, i), NULL,
                                                    G_CALLBACK (reason_changed_cb), self));
}

static void
sheet_changed_cb (PrescribeView *self)
{
  CarePrescriptionDraft *draft = prescribe_sheet_get_draft (self->sheet);
  g_autofree char *text = care_prescription_draft_dup_text (draft, NULL);
  g_autofree char *words = care_prescription_draft_dup_words (draft);
  const char *state = prescribe_sheet_get_state (self->sheet);
  const char *name = care_prescription_draft_get_drug_name (draft);
  g_autofree char *drug = name != NULL ? clinical_drug_name (name) : NULL;

  gtk_label_set_label (self->text_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->text_label), text != NULL && *text != '\0');
  gtk_label_set_label (self->words_label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->words_label), words != NULL);
  gtk_label_set_label (self->state_label, state != NULL ? state : "");
  gtk_label_set_label (self->drug_label, drug != NULL ? drug : "");
  show_findings (self);
  update_sign (self);
}

static GtkToggleButton *
frequency_button (PrescribeView *self, guint index)
{
  GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->frequency_box));

  for (; button != NULL && index > 0; index--)
    button = gtk_widget_get_next_sibling (button);
  return GTK_TOGGLE_BUTTON (button);
}

static void
show_frequency (PrescribeView *self, CarePrescriptionDraft *draft)
{
  int frequency, period;
  g_autofree char *unit = NULL;

  g_object_get (draft, "frequency", &frequency, "period", &period, "period-unit", &unit, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (frequencies); i++)
    gtk_toggle_button_set_active (frequency_button (self, i),
                                  frequencies[i].frequency == frequency &&
                                      frequencies[i].period == period &&
                                      g_strcmp0 (frequencies[i].unit, unit) == 0);
}

/* Puts what the draft holds into the form; the form does not write back meanwhile. */
static void
fill_form (PrescribeView *self)
{
  CarePrescriptionDraft *draft = prescribe_sheet_get_draft (self->sheet);
  g_autofree char *dose = NULL, *unit = NULL, *route = NULL, *needed_for = NULL, *quantity = NULL,
                  *instructions = NULL;
  gboolean as_needed;
  int days, repeats;

  g_object_get (draft, "dose-value", &dose, "dose-unit", &unit, "route", &route, "as-needed",
                &as_needed, "as-needed-for", &needed_for, "quantity", &quantity, "instructions",
                &instructions, "duration-days", &days, "repeats", &repeats, NULL);
  self->filling = TRUE;
  gtk_editable_set_text (self->dose_row, dose != NULL ? dose : "");
  gtk_editable_set_text (self->unit_row, unit != NULL ? unit : "");
  show_frequency (self, draft);
  adw_combo_row_set_selected (self->route_row, 0);
  for (guint i = 0; routes[i] != NULL; i++)
    if (g_strcmp0 (routes[i], route) == 0)
      adw_combo_row_set_selected (self->route_row, i + 1);
  adw_spin_row_set_value (self->duration_row, days);
  adw_switch_row_set_active (self->as_needed_row, as_needed);
  gtk_editable_set_text (self->as_needed_for_row, needed_for != NULL ? needed_for : "");
  gtk_editable_set_text (self->quantity_row, quantity != NULL ? quantity : "");
  adw_spin_row_set_value (self->repeats_row, repeats);
  gtk_editable_set_text (self->instructions_row, instructions != NULL ? instructions : "");
  self->filling = FALSE;
}

/* The number rows say what is wrong with them at once: 1.000 is a thousand in one language and one
 * in another. */
static void
show_number (GtkEditable *row, gboolean good, const char *title, const GError *error)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), good ? title : error->message);
  if (good)
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
}

static void
dose_changed_cb (PrescribeView *self)
{
  g_autoptr (GError) error = NULL;
  gboolean good;

  if (self->filling || self->sheet == NULL)
    return;
  good = prescribe_sheet_set_dose (self->sheet, gtk_editable_get_text (self->dose_row), &error);
  show_number (self->dose_row, good, _ ("Dose"), error);
}

static void
quantity_changed_cb (PrescribeView *self)
{
  g_autoptr (GError) error = NULL;
  gboolean good;

  if (self->filling || self->sheet == NULL)
    return;
  good = prescribe_sheet_set_quantity (self->sheet, gtk_editable_get_text (self->quantity_row),
                                       &error);
  show_number (self->quantity_row, good, _ ("Quantity to supply"), error);
}

static void
set_text (CarePrescriptionDraft *draft, const char *property, GtkEditable *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (row)));

  g_object_set (draft, property, *text != '\0' ? text : NULL, NULL);
}

static void
form_changed_cb (PrescribeView *self)
{
  CarePrescriptionDraft *draft;
  guint route;

  if (self->filling || self->sheet == NULL)
    return;
  draft = prescribe_sheet_get_draft (self->sheet);
  route = adw_combo_row_get_selected (self->route_row);
  g_object_freeze_notify (G_OBJECT (draft));
  set_text (draft, "dose-unit", self->unit_row);
  set_text (draft, "quantity-unit", self->unit_row);
  set_text (draft, "as-needed-for", self->as_needed_for_row);
  set_text (draft, "instructions", self->instructions_row);
  g_object_set (draft, "route", route > 0 ? routes[route - 1] : NULL, "duration-days",
                (int) adw_spin_row_get_value (self->duration_row), "repeats",
                (int) adw_spin_row_get_value (self->repeats_row), "as-needed",
                adw_switch_row_get_active (self->as_needed_row), NULL);
  g_object_thaw_notify (G_OBJECT (draft));
}

static void
frequency_cb (PrescribeView *self, GtkToggleButton *button)
{
  CarePrescriptionDraft *draft;

  if (self->filling || self->sheet == NULL || !gtk_toggle_button_get_active (button))
    return;
  draft = prescribe_sheet_get_draft (self->sheet);
  for (guint i = 0; i < G_N_ELEMENTS (frequencies); i++)
    if (frequency_button (self, i) == button)
      g_object_set (draft, "frequency", frequencies[i].frequency, "period", frequencies[i].period,
                    "period-unit", frequencies[i].unit, NULL);
}

/* ---- from one page to the next ---- */

static void
take_sheet (PrescribeView *self, CarePrescriptionDraft *draft)
{
  if (self->sheet != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->sheet, self);
      prescribe_sheet_close (self->sheet);
    }
  g_clear_object (&self->sheet);
  g_clear_pointer (&self->shown_findings, g_ptr_array_unref);
  if (draft == NULL)
    {
      update_sign (self);
      return;
    }
  self->sheet = prescribe_sheet_new (self->context, self->content, draft);
  g_signal_connect_object (self->sheet, "changed", G_CALLBACK (sheet_changed_cb), self,
                           G_CONNECT_SWAPPED);
  fill_form (self);
  sheet_changed_cb (self);
}

static void
show_search (PrescribeView *self)
{
  g_autofree char *label = self->content != NULL ? store_content_dup_label (self->content) : NULL;

  gtk_label_set_label (self->search_label, label != NULL
                                               ? label
                                               : _ ("The formulary cannot be read: nothing can be "
                                                    "prescribed. Reinstall Bedside, or tell your "
                                                    "administrator."));
  gtk_stack_set_visible_child_name (self->stack, "search");
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
new_cb (PrescribeView *self)
{
  if (self->sheet != NULL)
    gtk_stack_set_visible_child_name (self->stack, "form");
  else
    show_search (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show", "s", "prescribe");
}

static void
search_changed_cb (PrescribeView *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  g_autoptr (GPtrArray) drugs = NULL;

  clear_list (self->drug_list);
  if (self->content == NULL || *text == '\0')
    return;
  drugs = store_content_search_drugs (self->content, text, MAX_DRUGS);
  for (guint i = 0; drugs != NULL && i < drugs->len; i++)
    gtk_list_box_append (self->drug_list, prescribe_drug_row_new (g_ptr_array_index (drugs, i)));
  if (drugs == NULL || drugs->len == 0)
    gtk_label_set_label (self->search_label,
                         _ ("No drug of the formulary matches. Try another spelling, the "
                            "ingredient, or fewer words."));
  else
    {
      g_autofree char *label = store_content_dup_label (self->content);

      gtk_label_set_label (self->search_label, label);
    }
}

static void
choose (PrescribeView *self, const StoreDrug *drug)
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
  fill_form (self);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_stack_set_visible_child_name (self->stack, "form");
  gtk_widget_grab_focus (GTK_WIDGET (self->dose_row));
}

static void
drug_activated_cb (PrescribeView *self, GtkListBoxRow *row)
{
  choose (self, prescribe_drug_row_get_drug (row));
}

/* Enter in the search goes to the list: a drug is never taken unseen. */
static void
search_activate_cb (PrescribeView *self)
{
  GtkListBoxRow *row;

  search_changed_cb (self);
  row = gtk_list_box_get_row_at_index (self->drug_list, 0);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
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
      gtk_widget_grab_focus (GTK_WIDGET (self->dose_row));
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
  g_autoptr (GHashTable) reasons = NULL;

  if (!g_str_equal (response, "sign") || self->sheet == NULL)
    return;
  reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->findings_list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      char *reason = workspace_finding_row_dup_reason (row);

      if (reason != NULL)
        g_hash_table_insert (reasons, g_strdup (workspace_finding_row_get_key (row)), reason);
    }
  care_prescription_sign_async (self->context, prescribe_sheet_get_draft (self->sheet),
                                CLINICAL_CONTENT (self->content), reasons, NULL, signed_cb,
                                g_object_ref (self));
}

static void
sign_cb (PrescribeView *self)
{
  AdwDialog *dialog =
      prescribe_sign_dialog_new (self->patient, prescribe_sheet_get_draft (self->sheet),
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

  clear_list (self->list);
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

  if (draft == NULL || self->sheet != NULL)
    return;
  take_sheet (self, draft);
  gtk_stack_set_visible_child_name (self->stack,
                                    care_prescription_draft_get_drug_code (draft) != NULL
                                        ? "form"
                                        : "search");
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
  if (self->sheet != NULL)
    g_signal_handlers_disconnect_by_data (self->sheet, self);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PRESCRIBE_TYPE_VIEW);
  g_clear_pointer (&self->shown_findings, g_ptr_array_unref);
  g_clear_object (&self->sheet);
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
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/prescribe/prescribe-view.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrescribeView, name)
  CHILD (stack);
  CHILD (empty_label);
  CHILD (list);
  CHILD (search_entry);
  CHILD (search_label);
  CHILD (drug_list);
  CHILD (drug_label);
  CHILD (findings_list);
  CHILD (dose_row);
  CHILD (unit_row);
  CHILD (frequency_box);
  CHILD (route_row);
  CHILD (duration_row);
  CHILD (as_needed_row);
  CHILD (as_needed_for_row);
  CHILD (quantity_row);
  CHILD (repeats_row);
  CHILD (instructions_row);
  CHILD (text_label);
  CHILD (words_label);
  CHILD (problem_label);
  CHILD (state_label);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, drug_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_drug_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
}

static void
fill_choices (PrescribeView *self)
{
  g_autoptr (GtkStringList) ways = gtk_string_list_new (NULL);
  GtkWidget *first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (frequencies); i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (_ (frequencies[i].text));

      if (first == NULL)
        first = button;
      else
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
      g_signal_connect_object (button, "toggled", G_CALLBACK (frequency_cb), self,
                               G_CONNECT_SWAPPED);
      adw_wrap_box_append (self->frequency_box, button);
    }
  gtk_string_list_append (ways, _ ("Choose the route"));
  for (gsize i = 0; routes[i] != NULL; i++)
    gtk_string_list_append (ways, routes[i]);
  self->filling = TRUE;
  adw_combo_row_set_model (self->route_row, G_LIST_MODEL (ways));
  self->filling = FALSE;
}

static void
connect_form (PrescribeView *self)
{
  GtkEditable *texts[] = { self->unit_row, self->as_needed_for_row, self->instructions_row };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_signal_connect_object (texts[i], "changed", G_CALLBACK (form_changed_cb), self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (self->dose_row, "changed", G_CALLBACK (dose_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->quantity_row, "changed", G_CALLBACK (quantity_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->route_row, "notify::selected", G_CALLBACK (form_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->duration_row, "notify::value", G_CALLBACK (form_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->repeats_row, "notify::value", G_CALLBACK (form_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->as_needed_row, "notify::active", G_CALLBACK (form_changed_cb),
                           self, G_CONNECT_SWAPPED);
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
  fill_choices (self);
  connect_form (self);
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
  g_signal_connect_object (patient, "summary-changed", G_CALLBACK (show_prescriptions), self,
                           G_CONNECT_SWAPPED);
  show_prescriptions (self);
  care_prescription_find_draft_async (self->context, workspace_patient_get_id (patient), NULL,
                                      found_draft_cb, g_object_ref (self));
  return GTK_WIDGET (self);
}
