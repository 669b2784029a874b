/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-form.h"

#include <glib/gi18n.h>

#include "clinical-vocabulary.h"
#include "prescribe-drafts.h"
#include "prescribe-finding.h"
#include "prescribe-frequency.h"
#include "prescribe-group.h"
#include "prescribe-more.h"
#include "prescribe-shorthand.h"
#include "workspace-finding-row.h"
#include "workspace-line-layout.h"
#include "workspace-prescription-state.h"

struct _PrescribeForm
{
  AdwBin parent_instance;

  CareContext *context;
  PrescribeSheet *sheet; /* (nullable) */
  PrescribeDesk *desk;   /* (nullable): where several may be written at once */
  gconstpointer place;   /* on it; never looked into */
  GPtrArray *shown_findings;
  gboolean filling, ready;

  PrescribeDrafts *drafts;
  GtkWidget *several_group;
  GtkLabel *drug_label;
  GtkListBox *findings_list;
  PrescribeShorthand *shorthand;
  PrescribeMore *more;
  GtkEditable *dose_row;
  GtkEditable *unit_row;
  PrescribeFrequency *frequency;
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
  GtkLabel *stage_label;
  GtkLabel *state_label;
  GtkWidget *sign_button;
};

typedef enum
{
  PROP_READY = 1,
} PrescribeFormProperty;

enum
{
  SIGNAL_CHANGE_DRUG,
  SIGNAL_CHANGE_DRAFT,
  SIGNAL_DISCARD,
  N_SIGNALS
};

static GParamSpec *properties[PROP_READY + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrescribeForm, prescribe_form, ADW_TYPE_BIN)

static const char *const routes[] = { "oral",          "inhalation",  "nasal",      "topical",
                                      "ophthalmic",    "otic",        "rectal",     "vaginal",
                                      "injection",     "transdermal", "sublingual", "subcutaneous",
                                      "intramuscular", "intravenous", "buccal",     NULL };

/* (transfer full): what is signed together: of which this sheet is one. */
static GPtrArray *
dup_sheets (PrescribeForm *self)
{
  GPtrArray *sheets;

  if (self->desk != NULL)
    return prescribe_desk_dup_sheets_at (self->desk, self->place);
  sheets = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (sheets, g_object_ref (self->sheet));
  return sheets;
}

/* What stands here is said first. */
static char *
dup_problem (PrescribeForm *self, GPtrArray *sheets)
{
  char *problem = prescribe_sheet_dup_problem (self->sheet);

  return problem != NULL ? problem : prescribe_group_dup_problem (sheets, self->sheet);
}

static void
show_sign (PrescribeForm *self, guint n)
{
  g_autofree char *all =
      n > 1 ? g_strdup_printf (ngettext ("_Sign %u…", "_Sign All %u…", n), n) : NULL;

  gtk_button_set_label (GTK_BUTTON (self->sign_button), all != NULL ? all : _ ("_Sign…"));
}

static void
update_sign (PrescribeForm *self)
{
  g_autoptr (GPtrArray) sheets = self->sheet != NULL ? dup_sheets (self) : NULL;
  g_autofree char *problem = sheets != NULL ? dup_problem (self, sheets) : NULL;
  gboolean ready = self->sheet != NULL && problem == NULL && !prescribe_group_is_signing (sheets);

  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self),
                            self->sheet == NULL || !prescribe_sheet_is_signing (self->sheet));
  show_sign (self, sheets != NULL ? sheets->len : 1);
  if (self->ready == ready)
    return;
  self->ready = ready;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

/* (transfer full): clinical_finding_dup_key () to what stands in its row. */
static GHashTable *
read_reasons (PrescribeForm *self)
{
  GHashTable *reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->findings_list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      char *reason = workspace_finding_row_dup_reason (row);

      if (reason != NULL)
        g_hash_table_insert (reasons, g_strdup (workspace_finding_row_get_key (row)), reason);
    }
  return reasons;
}

static void
reason_changed_cb (PrescribeForm *self)
{
  g_autoptr (GHashTable) reasons = self->sheet != NULL ? read_reasons (self) : NULL;

  if (reasons != NULL)
    prescribe_sheet_set_reasons (self->sheet, reasons);
}

static void
show_frequency (PrescribeForm *self, CarePrescriptionDraft *draft)
{
  int frequency, period;
  g_autofree char *unit = NULL;

  g_object_get (draft, "frequency", &frequency, "period", &period, "period-unit", &unit, NULL);
  prescribe_frequency_show (self->frequency, frequency, period, unit);
}

/* The form does not write back meanwhile. */
static void
fill_rows (PrescribeForm *self)
{
  CarePrescriptionDraft *draft = prescribe_sheet_get_draft (self->sheet);
  g_autofree char *dose = NULL, *unit = NULL, *route = NULL, *needed_for = NULL, *quantity = NULL,
                  *instructions = NULL;
  g_autofree char *typed_dose = NULL, *typed_quantity = NULL;
  gboolean as_needed;
  int days, repeats;

  g_object_get (draft, "dose-value", &dose, "dose-unit", &unit, "route", &route, "as-needed",
                &as_needed, "as-needed-for", &needed_for, "quantity", &quantity, "instructions",
                &instructions, "duration-days", &days, "repeats", &repeats, NULL);
  typed_dose = prescribe_sheet_dup_typed (dose);
  typed_quantity = prescribe_sheet_dup_typed (quantity);
  self->filling = TRUE;
  gtk_editable_set_text (self->dose_row, typed_dose != NULL ? typed_dose : "");
  gtk_editable_set_text (self->unit_row, unit != NULL ? unit : "");
  show_frequency (self, draft);
  adw_combo_row_set_selected (self->route_row, 0);
  for (guint i = 0; routes[i] != NULL; i++)
    if (g_strcmp0 (routes[i], route) == 0)
      adw_combo_row_set_selected (self->route_row, i + 1);
  adw_spin_row_set_value (self->duration_row, days);
  adw_switch_row_set_active (self->as_needed_row, as_needed);
  gtk_editable_set_text (self->as_needed_for_row, needed_for != NULL ? needed_for : "");
  gtk_editable_set_text (self->quantity_row, typed_quantity != NULL ? typed_quantity : "");
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
dose_changed_cb (PrescribeForm *self)
{
  g_autoptr (GError) error = NULL;
  gboolean good;

  if (self->filling || self->sheet == NULL)
    return;
  /* typed by hand it is no range */
  g_object_set (prescribe_sheet_get_draft (self->sheet), "dose-high", NULL, NULL);
  good = prescribe_sheet_set_dose (self->sheet, gtk_editable_get_text (self->dose_row), &error);
  show_number (self->dose_row, good, _ ("Dose"), error);
}

static void
quantity_changed_cb (PrescribeForm *self)
{
  g_autoptr (GError) error = NULL;
  gboolean good;

  if (self->filling || self->sheet == NULL)
    return;
  good = prescribe_sheet_set_quantity (self->sheet, gtk_editable_get_text (self->quantity_row),
                                       &error);
  show_number (self->quantity_row, good, _ ("Quantity to supply"), error);
}

/* What is handed out is counted where it can be: a dose of 500 mg is not supplied in mg. */
static void
set_quantity_unit (CarePrescriptionDraft *draft)
{
  g_autofree char *unit = NULL, *counted = NULL;

  g_object_get (draft, "dose-unit", &unit, "quantity-unit", &counted, NULL);
  if (counted == NULL || (unit != NULL && clinical_unit_is_counted (unit)) ||
      !clinical_unit_is_counted (counted))
    g_object_set (draft, "quantity-unit", unit, NULL);
}

static void
form_changed_cb (PrescribeForm *self)
{
  CarePrescriptionDraft *draft;
  guint route;

  if (self->filling || self->sheet == NULL)
    return;
  draft = prescribe_sheet_get_draft (self->sheet);
  route = adw_combo_row_get_selected (self->route_row);
  g_object_freeze_notify (G_OBJECT (draft));
  prescribe_sheet_set_text (self->sheet, "dose-unit", gtk_editable_get_text (self->unit_row));
  set_quantity_unit (draft);
  prescribe_sheet_set_text (self->sheet, "as-needed-for",
                            gtk_editable_get_text (self->as_needed_for_row));
  prescribe_sheet_set_text (self->sheet, "instructions",
                            gtk_editable_get_text (self->instructions_row));
  g_object_set (draft, "route", route > 0 ? routes[route - 1] : NULL, "route-code",
                clinical_vocabulary_get_code_of_route (route > 0 ? routes[route - 1] : NULL),
                "duration-days", (int) adw_spin_row_get_value (self->duration_row), "repeats",
                (int) adw_spin_row_get_value (self->repeats_row), "as-needed",
                adw_switch_row_get_active (self->as_needed_row), NULL);
  g_object_thaw_notify (G_OBJECT (draft));
}

static void
frequency_cb (PrescribeForm *self)
{
  int frequency, period;
  const char *unit;

  if (self->sheet != NULL && prescribe_frequency_get (self->frequency, &frequency, &period, &unit))
    g_object_set (prescribe_sheet_get_draft (self->sheet), "frequency", frequency, "period", period,
                  "period-unit", unit, "period-max", 0, "days", NULL, NULL);
}

/* Another part of the form wrote into the draft. */
static void
taken_cb (PrescribeForm *self)
{
  if (self->sheet == NULL)
    return;
  fill_rows (self);
  prescribe_more_fill (self->more);
}

static void
show_findings (PrescribeForm *self)
{
  GPtrArray *findings = prescribe_sheet_get_findings (self->sheet);
  gboolean is_filled = gtk_widget_get_first_child (GTK_WIDGET (self->findings_list)) != NULL;
  g_autoptr (GHashTable) reasons = NULL;

  if (findings == self->shown_findings && is_filled)
    return;
  reasons = prescribe_sheet_dup_reasons (self->sheet);
  gtk_list_box_remove_all (self->findings_list);
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
    {
      g_autofree char *key = clinical_finding_dup_key (g_ptr_array_index (findings, i));

      gtk_list_box_append (self->findings_list,
                           prescribe_finding_row_new (self->sheet, g_ptr_array_index (findings, i),
                                                      g_hash_table_lookup (reasons, key),
                                                      G_CALLBACK (reason_changed_cb),
                                                      G_CALLBACK (taken_cb), self));
    }
}

static void
sheet_changed_cb (PrescribeForm *self)
{
  CarePrescriptionDraft *draft = prescribe_sheet_get_draft (self->sheet);
  g_autofree char *text = care_prescription_draft_dup_text (draft, NULL);
  g_autofree char *words = care_prescription_draft_dup_words (draft);
  const char *state = prescribe_sheet_get_state (self->sheet);
  g_autofree char *drug = prescribe_sheet_dup_drug (self->sheet);

  gtk_label_set_label (self->text_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->text_label), text != NULL && *text != '\0');
  gtk_label_set_label (self->words_label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->words_label), words != NULL);
  workspace_prescription_state_show (self->stage_label, prescribe_sheet_get_stage (self->sheet));
  gtk_label_set_label (self->state_label, state != NULL ? state : "");
  gtk_label_set_label (self->drug_label, drug);
  show_findings (self);
  update_sign (self);
}

/* What is in a form that nobody sees was not looked at. */
static void
looked_cb (PrescribeForm *self)
{
  if (self->sheet != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    prescribe_sheet_set_looked (self->sheet);
}

static void
change_drug_cb (PrescribeForm *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGE_DRUG], 0);
}

static void
draft_chosen_cb (PrescribeForm *self, PrescribeSheet *sheet)
{
  g_signal_emit (self, signals[SIGNAL_CHANGE_DRAFT], 0, sheet);
}

static void
discard_cb (PrescribeForm *self)
{
  g_signal_emit (self, signals[SIGNAL_DISCARD], 0);
}

/* ---- object ---- */

static void
prescribe_form_dispose (GObject *object)
{
  PrescribeForm *self = PRESCRIBE_FORM (object);

  if (self->sheet != NULL)
    g_signal_handlers_disconnect_by_data (self->sheet, self);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PRESCRIBE_TYPE_FORM);
  g_clear_pointer (&self->shown_findings, g_ptr_array_unref);
  g_clear_object (&self->sheet);
  g_clear_object (&self->desk);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (prescribe_form_parent_class)->dispose (object);
}

static void
prescribe_form_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((PrescribeFormProperty) id)
    {
    case PROP_READY:
      g_value_set_boolean (value, PRESCRIBE_FORM (object)->ready);
      break;
    }
}

static void
bind_children (GtkWidgetClass *widget_class)
{
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrescribeForm, name)
  CHILD (drafts);
  CHILD (several_group);
  CHILD (drug_label);
  CHILD (findings_list);
  CHILD (shorthand);
  CHILD (more);
  CHILD (dose_row);
  CHILD (unit_row);
  CHILD (frequency);
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
  CHILD (stage_label);
  CHILD (state_label);
  CHILD (sign_button);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, frequency_cb);
  gtk_widget_class_bind_template_callback (widget_class, taken_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_drug_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
  gtk_widget_class_bind_template_callback (widget_class, draft_chosen_cb);
}

static void
prescribe_form_class_init (PrescribeFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = prescribe_form_dispose;
  object_class->get_property = prescribe_form_get_property;
  g_type_ensure (PRESCRIBE_TYPE_DRAFTS);
  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  g_type_ensure (PRESCRIBE_TYPE_FREQUENCY);
  g_type_ensure (PRESCRIBE_TYPE_MORE);
  g_type_ensure (PRESCRIBE_TYPE_SHORTHAND);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/prescribe/prescribe-form.ui");
  bind_children (widget_class);

  properties[PROP_READY] =
      g_param_spec_boolean ("ready", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_CHANGE_DRUG] = g_signal_new ("change-drug", PRESCRIBE_TYPE_FORM, G_SIGNAL_RUN_LAST,
                                              0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CHANGE_DRAFT] =
      g_signal_new ("change-draft", PRESCRIBE_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, PRESCRIBE_TYPE_SHEET);
  signals[SIGNAL_DISCARD] = g_signal_new ("discard", PRESCRIBE_TYPE_FORM, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fill_routes (PrescribeForm *self)
{
  g_autoptr (GtkStringList) ways = gtk_string_list_new (NULL);

  gtk_string_list_append (ways, _ ("Choose the route"));
  for (gsize i = 0; routes[i] != NULL; i++)
    gtk_string_list_append (ways, routes[i]);
  self->filling = TRUE;
  adw_combo_row_set_model (self->route_row, G_LIST_MODEL (ways));
  self->filling = FALSE;
}

static void
connect_form (PrescribeForm *self)
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
prescribe_form_init (PrescribeForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_routes (self);
  connect_form (self);
  g_signal_connect_after (self, "map", G_CALLBACK (looked_cb), NULL);
}

/* Once. @lock: says when a sign-in that ran out is good again */
void
prescribe_form_set_context (PrescribeForm *self, CareContext *context, WorkspaceLock *lock)
{
  g_return_if_fail (PRESCRIBE_IS_FORM (self));

  g_set_object (&self->context, context);
  g_signal_connect_object (lock, "notify::text", G_CALLBACK (update_sign), self, G_CONNECT_SWAPPED);
}

/* What its button does instead of the window's signing, where another than the pane shows it. */
void
prescribe_form_set_sign_action (PrescribeForm *self, const char *action, const char *tooltip)
{
  g_return_if_fail (PRESCRIBE_IS_FORM (self));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->sign_button), action);
  gtk_widget_set_tooltip_text (self->sign_button, tooltip);
}

/* Once, where several may be written at once: what @place has of @desk is signed together. */
void
prescribe_form_set_desk (PrescribeForm *self, PrescribeDesk *desk, gconstpointer place)
{
  g_return_if_fail (PRESCRIBE_IS_FORM (self));

  g_set_object (&self->desk, desk);
  self->place = place;
  prescribe_drafts_set_desk (self->drafts, desk, place);
  gtk_widget_set_visible (self->several_group, TRUE);
  g_signal_connect_object (desk, "changed", G_CALLBACK (update_sign), self, G_CONNECT_SWAPPED);
}

/* @sheet: (nullable): none is open */
void
prescribe_form_set_sheet (PrescribeForm *self, PrescribeSheet *sheet)
{
  g_return_if_fail (PRESCRIBE_IS_FORM (self));

  if (self->sheet != NULL)
    g_signal_handlers_disconnect_by_data (self->sheet, self);
  g_set_object (&self->sheet, sheet);
  prescribe_drafts_set_current (self->drafts, sheet);
  prescribe_shorthand_set_sheet (self->shorthand, sheet);
  prescribe_more_set_sheet (self->more, sheet);
  /* what was found is of the other: a reason that is typed there would be this one's */
  gtk_list_box_remove_all (self->findings_list);
  g_clear_pointer (&self->shown_findings, g_ptr_array_unref);
  if (sheet == NULL)
    {
      update_sign (self);
      return;
    }
  g_signal_connect_object (sheet, "changed", G_CALLBACK (sheet_changed_cb), self,
                           G_CONNECT_SWAPPED);
  fill_rows (self);
  sheet_changed_cb (self);
  looked_cb (self);
}

/* Puts what the draft holds into the form again: another drug was chosen. */
void
prescribe_form_fill (PrescribeForm *self)
{
  g_return_if_fail (PRESCRIBE_IS_FORM (self));

  fill_rows (self);
  prescribe_more_fill (self->more);
}

gboolean
prescribe_form_is_ready (PrescribeForm *self)
{
  g_return_val_if_fail (PRESCRIBE_IS_FORM (self), FALSE);

  return self->ready;
}

/* (transfer full): clinical_finding_dup_key () to the prescriber's reason. */
GHashTable *
prescribe_form_dup_reasons (PrescribeForm *self)
{
  g_return_val_if_fail (PRESCRIBE_IS_FORM (self), NULL);

  return self->sheet != NULL ? prescribe_sheet_dup_reasons (self->sheet)
                             : g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* Once it is to be seen. */
void
prescribe_form_start (PrescribeForm *self)
{
  g_return_if_fail (PRESCRIBE_IS_FORM (self));

  prescribe_shorthand_start (self->shorthand);
}
