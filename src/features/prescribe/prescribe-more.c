/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-more.h"

#include <glib/gi18n.h>

#include "clinical-supply.h"
#include "prescribe-finding.h"
#include "prescribe-shorthand.h"

struct _PrescribeMore
{
  AdwBin parent_instance;

  PrescribeSheet *sheet; /* (nullable) */
  GPtrArray *step_rows;
  char *shown_steps;
  gboolean filling;
  char *offered_quantity; /* (nullable): what the supply button writes */
  int offered_days;       /* or this */

  GtkWidget *limits_group;
  AdwComboRow *day_row;
  GtkEditable *max_row;
  AdwPreferencesGroup *steps_group;
  GtkEditable *then_row;
  GtkLabel *then_label;
  GtkWidget *weight_row;
  GtkEditable *per_kg_row;
  GtkEditable *rounding_row;
  AdwActionRow *result_row;
  GtkWidget *result_button;
  GtkWidget *enter_row;
  AdwActionRow *supply_row;
  GtkButton *supply_button;
  AdwSwitchRow *substitution_row;
  GtkEditable *substitution_reason_row;
  GtkEditable *reason_row;
  GtkEditable *note_row;
  GtkLabel *patient_label;
};

enum
{
  SIGNAL_TAKEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrescribeMore, prescribe_more, ADW_TYPE_BIN)

static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
static const char *const day_names[] = {
  N_ ("No certain day"), N_ ("Monday"),   N_ ("Tuesday"),
  N_ ("Wednesday"),      N_ ("Thursday"), N_ ("Friday"),
  N_ ("Saturday"),       N_ ("Sunday"),   N_ ("Several days, as written below"),
};
#define SEVERAL (G_N_ELEMENTS (day_names) - 1)

static CarePrescriptionDraft *
draft_of (PrescribeMore *self)
{
  return prescribe_sheet_get_draft (self->sheet);
}

static void
set_wrong (GtkEditable *row, const char *title, const GError *error)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), error != NULL ? error->message : title);
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
}

/* ---- on which day, at most ---- */

static guint
day_index (const char *text)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (days); i++)
    if (g_str_equal (days[i], text))
      return i + 1;
  return text != NULL ? SEVERAL : 0;
}

static void
show_limits (PrescribeMore *self)
{
  g_autofree char *unit = NULL, *on = NULL, *most = NULL;
  gboolean as_needed, weekly, limited;
  int period;

  g_object_get (draft_of (self), "period-unit", &unit, "period", &period, "days", &on, "as-needed",
                &as_needed, "max-a-day", &most, NULL);
  weekly = (g_strcmp0 (unit, "wk") == 0 && period == 1) || on != NULL;
  gtk_widget_set_visible (GTK_WIDGET (self->day_row), weekly);
  limited = as_needed || most != NULL || *gtk_editable_get_text (self->max_row) != '\0';
  gtk_widget_set_visible (GTK_WIDGET (self->max_row), limited);
  gtk_widget_set_visible (self->limits_group, weekly || limited);
  self->filling = TRUE;
  adw_combo_row_set_selected (self->day_row, day_index (on));
  self->filling = FALSE;
}

static void
day_cb (PrescribeMore *self)
{
  guint index = adw_combo_row_get_selected (self->day_row);

  if (self->filling || self->sheet == NULL || index == SEVERAL ||
      index == GTK_INVALID_LIST_POSITION)
    return;
  g_object_set (draft_of (self), "days", index > 0 ? days[index - 1] : NULL, NULL);
}

static void
max_cb (PrescribeMore *self)
{
  const char *typed = gtk_editable_get_text (self->max_row);
  g_autoptr (GError) error = NULL;
  g_autofree char *literal = NULL;

  if (self->filling || self->sheet == NULL)
    return;
  literal = *typed != '\0' ? prescribe_sheet_read_typed (typed, &error) : NULL;
  set_wrong (self->max_row, _ ("At most in a day"), error);
  g_object_set (draft_of (self), "max-a-day", literal, NULL);
}

/* ---- then ---- */

static void
remove_step_cb (PrescribeMore *self, GtkWidget *button)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index"));
  g_autoptr (GPtrArray) steps = NULL;

  if (self->sheet == NULL)
    return;
  steps = care_prescription_draft_dup_steps (draft_of (self));
  if (index + 1 >= steps->len)
    return;
  g_ptr_array_remove_index (steps, index + 1);
  g_ptr_array_remove_index (steps, 0);
  care_prescription_draft_set_steps (draft_of (self), steps, NULL); /* fewer are always taken */
  gtk_widget_grab_focus (GTK_WIDGET (self->then_row));
}

static GtkWidget *
step_row_new (PrescribeMore *self, const ClinicalDosage *step, guint index)
{
  GtkWidget *row = adw_action_row_new (), *button;
  g_autofree char *text = clinical_dosage_text (step, NULL);
  g_autofree char *words = clinical_dosage_words (step);
  g_autofree char *name = g_strdup_printf (_ ("Remove the step: %s"), text != NULL ? text : "");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text != NULL ? text : "");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words != NULL ? words : "");
  button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Remove This Step"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "index", GUINT_TO_POINTER (index));
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_step_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
show_steps (PrescribeMore *self, GPtrArray *steps)
{
  g_autofree char *text = NULL;

  g_object_get (draft_of (self), "steps", &text, NULL);
  if (g_strcmp0 (text, self->shown_steps) == 0)
    return;
  g_set_str (&self->shown_steps, text);
  for (guint i = 0; i < self->step_rows->len; i++)
    adw_preferences_group_remove (self->steps_group, self->step_rows->pdata[i]);
  g_ptr_array_set_size (self->step_rows, 0);
  /* the row for the next one stays the last */
  g_object_ref (self->then_row);
  adw_preferences_group_remove (self->steps_group, GTK_WIDGET (self->then_row));
  for (guint i = 1; i < steps->len; i++)
    {
      GtkWidget *row = step_row_new (self, steps->pdata[i], i - 1);

      adw_preferences_group_add (self->steps_group, row);
      g_ptr_array_add (self->step_rows, row);
    }
  adw_preferences_group_add (self->steps_group, GTK_WIDGET (self->then_row));
  g_object_unref (self->then_row);
}

/* (transfer full) (nullable): the step that is typed; the label says what was understood. */
static ClinicalShorthand *
read_then (PrescribeMore *self)
{
  g_autofree char *echo = NULL;
  ClinicalShorthand *said =
      prescribe_shorthand_read (self->sheet, gtk_editable_get_text (self->then_row), &echo);

  if (echo != NULL)
    gtk_label_set_label (self->then_label, echo);
  gtk_widget_set_visible (GTK_WIDGET (self->then_label), echo != NULL);
  return said;
}

static void
then_changed_cb (PrescribeMore *self)
{
  g_autoptr (ClinicalShorthand) said = read_then (self);
}

/* What the label says is heard too. */
static void
refuse_then (PrescribeMore *self)
{
  gtk_widget_error_bell (GTK_WIDGET (self->then_row));
  gtk_accessible_announce (GTK_ACCESSIBLE (self), gtk_label_get_label (self->then_label),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
then_cb (PrescribeMore *self)
{
  g_autoptr (ClinicalShorthand) said = read_then (self);
  g_autoptr (GPtrArray) steps = NULL;
  g_autoptr (GError) error = NULL;

  if (said == NULL)
    {
      refuse_then (self);
      return;
    }
  steps = care_prescription_draft_dup_steps (draft_of (self));
  g_ptr_array_remove_index (steps, 0);
  for (guint i = 0; i < said->steps->len; i++)
    g_ptr_array_add (steps, clinical_dosage_copy (said->steps->pdata[i]));
  if (care_prescription_draft_set_steps (draft_of (self), steps, &error))
    gtk_editable_set_text (GTK_EDITABLE (self->then_row), "");
  else
    {
      gtk_label_set_label (self->then_label, error->message);
      refuse_then (self);
    }
}

/* ---- by weight ---- */

/* (transfer full) (nullable): with the sentence that says what it was made of, or why there is
 * none. */
static ClinicalWeightDose *
read_weight (PrescribeMore *self, char **sentence)
{
  const CarePrescriptionFacts *facts = prescribe_sheet_get_facts (self->sheet);
  const char *typed = gtk_editable_get_text (self->per_kg_row),
             *multiple = gtk_editable_get_text (self->rounding_row);
  g_autofree char *per_kg = NULL, *step = NULL, *unit = NULL;
  g_autoptr (GError) error = NULL;
  ClinicalWeightDose *dose = NULL;

  g_object_get (draft_of (self), "dose-unit", &unit, NULL);
  if (facts == NULL || facts->weight_problem != NULL)
    {
      *sentence = g_strdup (facts != NULL ? facts->weight_problem : _ ("The chart is being read."));
      return NULL;
    }
  if (unit == NULL || *typed == '\0')
    {
      *sentence = g_strdup_printf (_ ("Weight %s kg, %s"), facts->weight, facts->weight_date);
      return NULL;
    }
  per_kg = prescribe_sheet_read_typed (typed, &error);
  step = per_kg != NULL ? prescribe_sheet_read_typed (*multiple != '\0' ? multiple : "1", &error)
                        : NULL;
  dose = step != NULL ? clinical_weight_dose (per_kg, facts->weight, step, &error) : NULL;
  if (dose == NULL)
    *sentence = g_strdup (error->message);
  else
    /* Translators: a dose per kilogram, its unit, a weight and its date, the product, the dose */
    *sentence = g_strdup_printf (
        _ ("%1$s %2$s for each kg at %3$s kg (%4$s) is %5$s %2$s, rounded to %6$s %2$s"), per_kg,
        unit, facts->weight, facts->weight_date, dose->exact, dose->rounded);
  return dose;
}

static void
show_weight (PrescribeMore *self)
{
  g_autofree char *unit = NULL, *sentence = NULL, *title = NULL;
  g_autoptr (ClinicalWeightDose) dose = read_weight (self, &sentence);
  const CarePrescriptionFacts *facts = prescribe_sheet_get_facts (self->sheet);

  gtk_widget_set_visible (self->enter_row, facts != NULL && facts->weight_problem != NULL);
  g_object_get (draft_of (self), "dose-unit", &unit, NULL);
  title = unit != NULL ? g_strdup_printf (_ ("%s for each kg"), unit)
                       : g_strdup (_ ("Dose for each kg"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->per_kg_row), title);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->result_row), sentence);
  gtk_widget_set_sensitive (self->result_button, dose != NULL);
}

static void
weight_cb (PrescribeMore *self)
{
  if (self->sheet != NULL && !self->filling)
    show_weight (self);
}

static void
enter_weight_cb (PrescribeMore *self)
{
  if (self->sheet != NULL)
    prescribe_finding_ask_weight (self->sheet, GTK_WIDGET (self));
}

static void
use_weight_cb (PrescribeMore *self)
{
  const CarePrescriptionFacts *facts =
      self->sheet != NULL ? prescribe_sheet_get_facts (self->sheet) : NULL;
  g_autofree char *sentence = NULL;
  g_autoptr (ClinicalWeightDose) dose = facts != NULL ? read_weight (self, &sentence) : NULL;

  if (dose == NULL)
    return;
  g_object_set (draft_of (self), "dose-value", dose->rounded, "dose-high", NULL, "weight-note",
                sentence, "weight-reference", facts->weight_reference, NULL);
  g_signal_emit (self, signals[SIGNAL_TAKEN], 0);
}

/* ---- supply ---- */

static char *
amount (const char *literal, const char *unit)
{
  return clinical_dose_amount (literal, unit);
}

/* What is needed and what is written, and what the button can do about it. */
static char *
dup_supply (PrescribeMore *self, GPtrArray *steps, const char *quantity, const char *unit)
{
  const ClinicalDosage *first = steps->pdata[0];
  int total = clinical_supply_total_days (steps), lasts = clinical_supply_days (steps, quantity);
  g_autofree char *needed = NULL, *shown = NULL,
                  *written = quantity ? amount (quantity, unit) : NULL;

  g_clear_pointer (&self->offered_quantity, g_free);
  self->offered_days = 0;
  if (!clinical_dosage_check (first, NULL))
    return NULL;
  if (g_strcmp0 (first->dose_unit, unit) != 0)
    return g_strdup (_ ("The dose has another unit than the quantity: nothing is counted."));
  needed = total > 0 ? clinical_supply_quantity (steps, NULL) : NULL;
  shown = needed != NULL ? amount (needed, unit) : NULL;
  if (needed != NULL && g_strcmp0 (needed, quantity) == 0)
    return g_strdup_printf (ngettext ("%s for %d day", "%s for %d days", (gulong) total), shown,
                            total);
  if (needed != NULL)
    {
      self->offered_quantity = g_strdup (needed);
      return quantity == NULL
                 ? g_strdup_printf (ngettext ("%s are needed for %d day",
                                              "%s are needed for %d days", (gulong) total),
                                    shown, total)
                 : g_strdup_printf (ngettext ("%s are needed for %d day, %s are written",
                                              "%s are needed for %d days, %s are written",
                                              (gulong) total),
                                    shown, total, written);
    }
  if (lasts == 0)
    return NULL;
  self->offered_days = lasts <= 365 ? lasts : 0; /* as far as the form goes */
  return g_strdup_printf (ngettext ("%s last %d day", "%s last %d days", (gulong) lasts), written,
                          lasts);
}

static void
show_supply (PrescribeMore *self, GPtrArray *steps)
{
  g_autofree char *quantity = NULL, *unit = NULL, *text = NULL, *label = NULL;

  g_object_get (draft_of (self), "quantity", &quantity, "quantity-unit", &unit, NULL);
  text = dup_supply (self, steps, quantity, unit);
  if (self->offered_quantity != NULL)
    {
      g_autofree char *offered = amount (self->offered_quantity, unit);

      label = g_strdup_printf (_ ("Supply %s"), offered);
    }
  else if (self->offered_days > 0)
    label = g_strdup_printf (ngettext ("Set %d Day", "Set %d Days", (gulong) self->offered_days),
                             self->offered_days);
  gtk_widget_set_visible (GTK_WIDGET (self->supply_row), text != NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->supply_row), text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->supply_button), label != NULL);
  gtk_button_set_label (self->supply_button, label != NULL ? label : "");
}

static void
supply_cb (PrescribeMore *self)
{
  if (self->sheet == NULL)
    return;
  if (self->offered_quantity != NULL)
    {
      g_autofree char *quantity = g_strdup (self->offered_quantity);

      g_object_set (draft_of (self), "quantity", quantity, NULL);
    }
  else if (self->offered_days > 0)
    g_object_set (draft_of (self), "duration-days", self->offered_days, NULL);
  g_signal_emit (self, signals[SIGNAL_TAKEN], 0);
}

/* ---- words ---- */

static void
texts_cb (PrescribeMore *self)
{
  if (self->filling || self->sheet == NULL)
    return;
  g_object_freeze_notify (G_OBJECT (draft_of (self)));
  prescribe_sheet_set_text (self->sheet, "substitution-reason",
                            gtk_editable_get_text (self->substitution_reason_row));
  prescribe_sheet_set_text (self->sheet, "reason", gtk_editable_get_text (self->reason_row));
  prescribe_sheet_set_text (self->sheet, "note", gtk_editable_get_text (self->note_row));
  g_object_set (draft_of (self), "no-substitution",
                adw_switch_row_get_active (self->substitution_row), NULL);
  g_object_thaw_notify (G_OBJECT (draft_of (self)));
}

/* H20: the prescriber sees what the patient will read, in the patient's language. */
static void
show_patient_text (PrescribeMore *self)
{
  g_autofree char *sentence = prescribe_sheet_dup_patient_sentence (self->sheet);

  gtk_label_set_label (self->patient_label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->patient_label), sentence != NULL);
}

static void
sheet_changed_cb (PrescribeMore *self)
{
  g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (draft_of (self));

  show_limits (self);
  show_steps (self, steps);
  show_weight (self);
  show_supply (self, steps);
  show_patient_text (self);
}

/* ---- object ---- */

static void
prescribe_more_dispose (GObject *object)
{
  PrescribeMore *self = PRESCRIBE_MORE (object);

  if (self->sheet != NULL)
    g_signal_handlers_disconnect_by_data (self->sheet, self);
  g_clear_object (&self->sheet);
  g_clear_pointer (&self->step_rows, g_ptr_array_unref);
  g_clear_pointer (&self->shown_steps, g_free);
  g_clear_pointer (&self->offered_quantity, g_free);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PRESCRIBE_TYPE_MORE);

  G_OBJECT_CLASS (prescribe_more_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrescribeMore, name)
  CHILD (limits_group);
  CHILD (day_row);
  CHILD (max_row);
  CHILD (steps_group);
  CHILD (then_row);
  CHILD (then_label);
  CHILD (weight_row);
  CHILD (per_kg_row);
  CHILD (rounding_row);
  CHILD (result_row);
  CHILD (result_button);
  CHILD (enter_row);
  CHILD (supply_row);
  CHILD (supply_button);
  CHILD (substitution_row);
  CHILD (substitution_reason_row);
  CHILD (reason_row);
  CHILD (note_row);
  CHILD (patient_label);
#undef CHILD
#define CALLBACK(name) gtk_widget_class_bind_template_callback (widget_class, name)
  CALLBACK (day_cb);
  CALLBACK (max_cb);
  CALLBACK (then_cb);
  CALLBACK (then_changed_cb);
  CALLBACK (weight_cb);
  CALLBACK (enter_weight_cb);
  CALLBACK (use_weight_cb);
  CALLBACK (supply_cb);
  CALLBACK (texts_cb);
#undef CALLBACK
}

static void
prescribe_more_class_init (PrescribeMoreClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = prescribe_more_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/prescribe/prescribe-more.ui");
  bind_children (widget_class);

  signals[SIGNAL_TAKEN] = g_signal_new ("taken", PRESCRIBE_TYPE_MORE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

static void
prescribe_more_init (PrescribeMore *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  self->step_rows = g_ptr_array_new ();
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (day_names); i++)
    gtk_string_list_append (names, _ (day_names[i]));
  adw_combo_row_set_model (self->day_row, G_LIST_MODEL (names));
  self->filling = FALSE;
}

static void
fill_text (GtkEditable *row, const char *text)
{
  gtk_editable_set_text (row, text != NULL ? text : "");
}

/* Puts what the draft holds into the rows again. */
void
prescribe_more_fill (PrescribeMore *self)
{
  g_autofree char *most = NULL, *typed = NULL, *why = NULL, *reason = NULL, *note = NULL;
  gboolean fixed;

  g_return_if_fail (PRESCRIBE_IS_MORE (self));

  if (self->sheet == NULL)
    return;
  g_object_get (draft_of (self), "max-a-day", &most, "substitution-reason", &why, "reason", &reason,
                "note", &note, "no-substitution", &fixed, NULL);
  typed = prescribe_sheet_dup_typed (most);
  self->filling = TRUE;
  fill_text (self->max_row, typed);
  set_wrong (self->max_row, _ ("At most in a day"), NULL);
  fill_text (self->then_row, NULL);
  fill_text (self->per_kg_row, NULL);
  fill_text (self->rounding_row, NULL);
  adw_switch_row_set_active (self->substitution_row, fixed);
  fill_text (self->substitution_reason_row, why);
  fill_text (self->reason_row, reason);
  fill_text (self->note_row, note);
  self->filling = FALSE;
  sheet_changed_cb (self);
}

/* @sheet: (nullable): none is open */
void
prescribe_more_set_sheet (PrescribeMore *self, PrescribeSheet *sheet)
{
  g_return_if_fail (PRESCRIBE_IS_MORE (self));

  if (self->sheet != NULL)
    g_signal_handlers_disconnect_by_data (self->sheet, self);
  g_set_object (&self->sheet, sheet);
  if (sheet == NULL)
    return;
  g_signal_connect_object (sheet, "changed", G_CALLBACK (sheet_changed_cb), self,
                           G_CONNECT_SWAPPED);
  prescribe_more_fill (self);
}
