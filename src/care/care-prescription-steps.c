/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-draft.h"

#include <glib/gi18n.h>

#include "clinical-vocabulary.h"

#include <string.h>

/* A dosage of several steps in a draft: the first stands in its own properties, where the form
 * edits it; those that come then are kept as lines of one text. */

/* One step as a line: values that hold no tab, in this order. Append only. */
enum
{
  VALUE,
  HIGH,
  UNIT,
  FREQUENCY,
  PERIOD,
  PERIOD_MAX,
  PERIOD_UNIT,
  DAYS,
  WHEN,
  DURATION,
  AS_NEEDED,
  NEEDED_FOR,
  MAX_A_DAY,
  ROUTE,
  METHOD,
  N_FIELDS
};

static char *
set_or_null (const char *text)
{
  return *text ? g_strdup (text) : NULL;
}

static void
append_line (GString *out, const ClinicalDosage *step)
{
  g_autofree char *frequency = g_strdup_printf ("%d", step->frequency),
                  *period = g_strdup_printf ("%d", step->period),
                  *period_max = g_strdup_printf ("%d", step->period_max),
                  *duration = g_strdup_printf ("%d", step->duration_days);
  const char *const fields[N_FIELDS] = {
    step->dose_value,
    step->dose_high,
    step->dose_unit,
    frequency,
    period,
    period_max,
    step->period_unit,
    step->days,
    step->when,
    duration,
    step->as_needed ? "1" : NULL,
    step->as_needed_for,
    step->max_a_day,
    step->route_text,
    step->method,
  };

  g_string_append (out, out->len ? "\n" : "");
  for (gsize i = 0; i < N_FIELDS; i++)
    {
      g_autofree char *plain = g_strdelimit (g_strdup (fields[i] ? fields[i] : ""), "\t\r\n", ' ');

      g_string_append_printf (out, "%s%s", i > 0 ? "\t" : "", plain);
    }
}

/* What a step does not say of route and method holds from the first. */
static void
read_way (ClinicalDosage *step, char **fields, const ClinicalDosage *first)
{
  gboolean same = *fields[ROUTE] == '\0' || g_strcmp0 (fields[ROUTE], first->route_text) == 0;

  step->route_text = g_strdup (same ? first->route_text : fields[ROUTE]);
  step->route_code =
      g_strdup (same ? first->route_code : clinical_vocabulary_get_code_of_route (fields[ROUTE]));
  step->method = g_strdup (*fields[METHOD] ? fields[METHOD] : first->method);
}

/* A line that cannot be read is a step that says nothing: it stays in sight, and nothing is signed
 * without it. */
static ClinicalDosage *
read_line (const char *line, const ClinicalDosage *first)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);
  ClinicalDosage *step = clinical_dosage_new ();

  if (g_strv_length (fields) < N_FIELDS)
    return step;
  step->dose_value = set_or_null (fields[VALUE]);
  step->dose_high = set_or_null (fields[HIGH]);
  step->dose_unit = set_or_null (fields[UNIT]);
  step->frequency = (int) g_ascii_strtoll (fields[FREQUENCY], NULL, 10);
  step->period = (int) g_ascii_strtoll (fields[PERIOD], NULL, 10);
  step->period_max = (int) g_ascii_strtoll (fields[PERIOD_MAX], NULL, 10);
  step->period_unit = set_or_null (fields[PERIOD_UNIT]);
  step->days = set_or_null (fields[DAYS]);
  step->when = set_or_null (fields[WHEN]);
  step->duration_days = (int) g_ascii_strtoll (fields[DURATION], NULL, 10);
  step->as_needed = *fields[AS_NEEDED] == '1';
  step->as_needed_for = set_or_null (fields[NEEDED_FOR]);
  step->max_a_day = set_or_null (fields[MAX_A_DAY]);
  read_way (step, fields, first);
  return step;
}

/**
 * care_prescription_draft_dup_steps:
 *
 * Returns: (transfer full) (element-type ClinicalDosage): the dosage as it stands, complete or not:
 *   what is taken first, then, …
 */
GPtrArray *
care_prescription_draft_dup_steps (CarePrescriptionDraft *self)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_dosage_free);
  ClinicalDosage *first = care_prescription_draft_dup_dosage (self);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_ptr_array_add (steps, first);
  g_object_get (self, "steps", &text, NULL);
  lines = g_strsplit (text ? text : "", "\n", -1);
  for (char **line = lines; *line; line++)
    g_ptr_array_add (steps, read_line (*line, first));
  return steps;
}

static gboolean
are_too_many (guint n, GError **error)
{
  if (n <= CLINICAL_DOSAGE_MAX_STEPS)
    return FALSE;
  g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE,
               _ ("A dosage has %d steps at most."), CLINICAL_DOSAGE_MAX_STEPS);
  return TRUE;
}

static void
set_lines (CarePrescriptionDraft *self, GPtrArray *then)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; i < then->len; i++)
    append_line (lines, then->pdata[i]);
  g_object_set (self, "steps", lines->str, NULL);
}

/**
 * care_prescription_draft_set_steps:
 * @then: (element-type ClinicalDosage): what follows the first step; empty where nothing does
 *
 * Returns: FALSE with an error where there would be more steps than a dosage may have, and more
 * than there are; the draft is as it was then
 */
gboolean
care_prescription_draft_set_steps (CarePrescriptionDraft *self, GPtrArray *then, GError **error)
{
  g_autoptr (GPtrArray) now = care_prescription_draft_dup_steps (self);

  if (then->len + 1 >= now->len && are_too_many (then->len + 1, error))
    return FALSE;
  set_lines (self, then);
  return TRUE;
}

/**
 * care_prescription_draft_take:
 * @steps: (element-type ClinicalDosage): a dosage that was said whole, as in shorthand or at the
 *   last time
 *
 * Takes it in the place of what stands there. What it does not say of route, method and unit stays
 * with the drug.
 *
 * Returns: FALSE with an error where there are too many steps; the draft is as it was then
 */
gboolean
care_prescription_draft_take (CarePrescriptionDraft *self, GPtrArray *steps, GError **error)
{
  const ClinicalDosage *first = steps->pdata[0];
  g_autoptr (GPtrArray) then = g_ptr_array_new ();

  if (are_too_many (steps->len, error))
    return FALSE;
  for (guint i = 1; i < steps->len; i++)
    g_ptr_array_add (then, steps->pdata[i]);
  g_object_freeze_notify (G_OBJECT (self));
  g_object_set (self, "dose-value", first->dose_value, "dose-high", first->dose_high, "frequency",
                first->frequency, "period", MAX (first->period, 1), "period-max", first->period_max,
                "period-unit", first->period_unit ? first->period_unit : "d", "days", first->days,
                "when", first->when, "as-needed", first->as_needed, "as-needed-for",
                first->as_needed_for, "max-a-day", first->max_a_day, "duration-days",
                first->duration_days, "weight-note", NULL, "weight-reference", NULL, "by-weight",
                FALSE, NULL);
  if (first->dose_unit)
    g_object_set (self, "dose-unit", first->dose_unit, NULL);
  if (first->dose_unit && clinical_unit_is_counted (first->dose_unit))
    g_object_set (self, "quantity-unit", first->dose_unit, NULL);
  if (first->route_text)
    g_object_set (self, "route", first->route_text, "route-code",
                  first->route_code ? first->route_code
                                    : clinical_vocabulary_get_code_of_route (first->route_text),
                  NULL);
  if (first->method)
    g_object_set (self, "method", first->method, NULL);
  if (first->instruction)
    g_object_set (self, "instructions", first->instruction, NULL);
  set_lines (self, then);
  g_object_thaw_notify (G_OBJECT (self));
  return TRUE;
}

/**
 * care_prescription_draft_dup_text:
 *
 * Returns: (transfer full) (nullable): the sentence of the prescription; NULL with an error that
 *   says what is missing
 */
char *
care_prescription_draft_dup_text (CarePrescriptionDraft *self, GError **error)
{
  g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (self);

  return are_too_many (steps->len, error)
             ? NULL
             : clinical_dosage_say_steps (steps, "en", CLINICAL_READER_CLINICIAN, error);
}

/**
 * care_prescription_draft_dup_words:
 *
 * Returns: (transfer full) (nullable): dose and total in words, a line for each step, to be read
 *   before signing (H10)
 */
char *
care_prescription_draft_dup_words (CarePrescriptionDraft *self)
{
  g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (self);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < steps->len; i++)
    {
      g_autofree char *words = clinical_dosage_words (steps->pdata[i]);

      if (!words)
        return NULL;
      g_string_append_printf (out, "%s%s", i > 0 ? "\nthen " : "", words);
    }
  return g_string_free_and_steal (g_steal_pointer (&out));
}

/**
 * care_prescription_draft_dup_patient_text:
 * @language: (nullable): the patient's
 *
 * Returns: (transfer full) (nullable): what the patient reads; NULL while the dosage is not
 *   complete, or where there are no words in that language
 */
char *
care_prescription_draft_dup_patient_text (CarePrescriptionDraft *self, const char *language)
{
  g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (self);

  return clinical_dosage_say_steps (steps, language, CLINICAL_READER_PATIENT, NULL);
}
