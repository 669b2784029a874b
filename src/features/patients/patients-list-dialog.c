/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-list-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "workspace-text.h"

#define CODE_LENGTH 5 /* shorter numbers are words */

struct _PatientsListDialog
{
  AdwDialog parent_instance;

  CareContext *context;
  CareCohort *cohort; /* nullable: the one that is changed */
  CareCohort *written;

  GtkButton *save_button;
  AdwEntryRow *name_row;
  AdwEntryRow *problem_row;
  AdwEntryRow *medicine_row;
  AdwSpinRow *low_row;
  AdwSpinRow *high_row;
  AdwEntryRow *result_row;
  AdwSpinRow *result_months_row;
  AdwSpinRow *seen_row;
  AdwSpinRow *order_row;
  AdwSwitchRow *unread_row;
  GtkLabel *words_label;
  GtkLabel *problem_label;
};

enum
{
  SIGNAL_SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatientsListDialog, patients_list_dialog, ADW_TYPE_DIALOG)

/* (transfer full) */
static char *
dup_text (AdwEntryRow *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

static int
number_of (AdwSpinRow *row)
{
  return (int) adw_spin_row_get_value (row);
}

/* "system|code", a number, or for a problem what has the shape of a code of the ICD: 44054006,
 * 4548-4, E11.9. COVID-19 and HBA1C are words. */
static gboolean
is_code (const char *part, CareCohortKind kind)
{
  if (strchr (part, '|'))
    return TRUE;
  if (kind == CARE_COHORT_CONDITION &&
      g_regex_match_simple ("^[A-Z][0-9][0-9AB](\\.[0-9A-Z]{1,4})?$", part, 0, 0))
    return TRUE;
  return strlen (part) >= CODE_LENGTH && g_ascii_isdigit (*part) &&
         strspn (part, "0123456789-.") == strlen (part);
}

/* (transfer full) (nullable): the codes that @text is, apart by commas; NULL: it is words */
static char *
dup_codes (const char *text, CareCohortKind kind)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  for (char **part = parts; *part; part++)
    if (!is_code (g_strstrip (*part), kind))
      return NULL;
  return g_strjoinv (",", parts);
}

static void
add_coded (CareCohort *cohort, CareCohortKind kind, AdwEntryRow *row, int months)
{
  g_autofree char *text = dup_text (row);
  g_autofree char *codes = dup_codes (text, kind);

  if (*text)
    care_cohort_add_rule (cohort, kind, codes, codes ? NULL : text, 0, 0, months);
}

/* (transfer full): the list as it is written in the form. */
static CareCohort *
read_form (PatientsListDialog *self)
{
  g_autofree char *name = dup_text (self->name_row);
  CareCohort *cohort =
      care_cohort_new (self->cohort ? care_cohort_get_id (self->cohort) : NULL, name);
  int low = number_of (self->low_row), high = number_of (self->high_row);

  add_coded (cohort, CARE_COHORT_CONDITION, self->problem_row, 0);
  add_coded (cohort, CARE_COHORT_MEDICINE, self->medicine_row, 0);
  if (low > 0 || high > 0)
    care_cohort_add_rule (cohort, CARE_COHORT_AGE, NULL, NULL, low, high, 0);
  add_coded (cohort, CARE_COHORT_NO_RESULT, self->result_row, number_of (self->result_months_row));
  if (number_of (self->seen_row) > 0)
    care_cohort_add_rule (cohort, CARE_COHORT_NOT_SEEN, NULL, NULL, 0, 0,
                          number_of (self->seen_row));
  if (number_of (self->order_row) > 0)
    care_cohort_add_rule (cohort, CARE_COHORT_OLD_ORDER, NULL, NULL, 0, 0,
                          number_of (self->order_row));
  if (adw_switch_row_get_active (self->unread_row))
    care_cohort_add_rule (cohort, CARE_COHORT_UNREAD, NULL, NULL, 0, 0, 0);
  return cohort;
}

static const char *
get_problem (PatientsListDialog *self, CareCohort *cohort)
{
  int low = number_of (self->low_row), high = number_of (self->high_row);

  if (!*care_cohort_get_name (cohort))
    return _ ("Give the list a name.");
  if (care_cohort_get_rules (cohort)->len == 0)
    return _ ("Say who belongs to the list: fill in at least one line.");
  if (high > 0 && high < low)
    return _ ("Nobody is that old and that young: the highest age is below the lowest.");
  return NULL;
}

static void
say_problem (PatientsListDialog *self, const char *problem)
{
  gtk_label_set_label (self->problem_label, problem ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

static void
update (PatientsListDialog *self)
{
  if (!self->context) /* the form is still being made */
    return;
  g_autoptr (CareCohort) cohort = read_form (self);
  const char *problem = get_problem (self, cohort);
  g_autofree char *words = care_cohort_dup_words (cohort);

  gtk_label_set_label (self->words_label, words);
  gtk_widget_set_visible (GTK_WIDGET (self->words_label), *words != '\0');
  say_problem (self, problem);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), !problem && !self->written);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PatientsListDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (care_cohort_command_finish (result, &error))
    {
      g_signal_emit (self, signals[SIGNAL_SAVED], 0, self->written);
      adw_dialog_force_close (ADW_DIALOG (self));
      return;
    }
  g_clear_object (&self->written);
  update (self);
  say_problem (self, error->message);
}

static void
save_cb (PatientsListDialog *self)
{
  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->save_button)))
    return;
  self->written = read_form (self);
  update (self);
  care_cohort_save_async (self->context, self->written, saved_cb, g_object_ref (self));
}

/* ---- object ---- */

static void
patients_list_dialog_dispose (GObject *object)
{
  PatientsListDialog *self = PATIENTS_LIST_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PATIENTS_TYPE_LIST_DIALOG);
  g_clear_object (&self->context);
  g_clear_object (&self->cohort);
  g_clear_object (&self->written);
  G_OBJECT_CLASS (patients_list_dialog_parent_class)->dispose (object);
}

static void
patients_list_dialog_class_init (PatientsListDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = patients_list_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/patients/patients-list-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PatientsListDialog, name)
  CHILD (save_button);
  CHILD (name_row);
  CHILD (problem_row);
  CHILD (medicine_row);
  CHILD (low_row);
  CHILD (high_row);
  CHILD (result_row);
  CHILD (result_months_row);
  CHILD (seen_row);
  CHILD (order_row);
  CHILD (unread_row);
  CHILD (words_label);
  CHILD (problem_label);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);

  signals[SIGNAL_SAVED] = g_signal_new ("saved", PATIENTS_TYPE_LIST_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, CARE_TYPE_COHORT);
}

static void
patients_list_dialog_init (PatientsListDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

static void
set_text (AdwEntryRow *row, const CareCohortRule *rule)
{
  gtk_editable_set_text (GTK_EDITABLE (row), rule->codes  ? rule->codes
                                             : rule->text ? rule->text
                                                          : "");
}

static void
fill_rule (PatientsListDialog *self, const CareCohortRule *rule)
{
  switch (rule->kind)
    {
    case CARE_COHORT_CONDITION:
      set_text (self->problem_row, rule);
      break;
    case CARE_COHORT_MEDICINE:
      set_text (self->medicine_row, rule);
      break;
    case CARE_COHORT_AGE:
      adw_spin_row_set_value (self->low_row, rule->low);
      adw_spin_row_set_value (self->high_row, rule->high);
      break;
    case CARE_COHORT_NO_RESULT:
      set_text (self->result_row, rule);
      adw_spin_row_set_value (self->result_months_row, rule->months);
      break;
    case CARE_COHORT_NOT_SEEN:
      adw_spin_row_set_value (self->seen_row, rule->months);
      break;
    case CARE_COHORT_OLD_ORDER:
      adw_spin_row_set_value (self->order_row, rule->months);
      break;
    case CARE_COHORT_UNREAD:
      adw_switch_row_set_active (self->unread_row, TRUE);
      break;
    case CARE_COHORT_N_KINDS:
      break;
    }
}

/* @cohort: (nullable): the list to be changed */
AdwDialog *
patients_list_dialog_new (CareContext *context, CareCohort *cohort)
{
  PatientsListDialog *self = g_object_new (PATIENTS_TYPE_LIST_DIALOG, NULL);

  self->context = g_object_ref (context);
  if (g_set_object (&self->cohort, cohort))
    {
      GPtrArray *rules = care_cohort_get_rules (cohort);

      adw_dialog_set_title (ADW_DIALOG (self), _ ("Change the List"));
      gtk_editable_set_text (GTK_EDITABLE (self->name_row), care_cohort_get_name (cohort));
      for (guint i = 0; i < rules->len; i++)
        fill_rule (self, rules->pdata[i]);
    }
  update (self);
  return ADW_DIALOG (self);
}
