/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-extension.h"
#include "care-paper-sheet.h"
#include "care-visit-state.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "store-resource.h"

/* What comes after the visit, as far as the record says it. */

static gboolean
add_outcome (CareSheet *self)
{
  static const CareWord words[] = {
    [CARE_OUTCOME_IN_PERSON] = CARE_WORD_IN_PERSON,
    [CARE_OUTCOME_EMERGENCY] = CARE_WORD_EMERGENCY,
    [CARE_OUTCOME_NOT_COMPLETED] = CARE_WORD_NOT_COMPLETED,
  };
  const char *code =
      fhir_element_path_text (care_extension (self->encounter, "visit-outcome"), "valueCode");
  CareOutcome outcome;

  if (!code || !care_outcome_from_code (code, &outcome) || outcome == CARE_OUTCOME_SETTLED ||
      outcome == CARE_OUTCOME_FOLLOW_UP) /* its task has the day */
    return FALSE;
  care_sheet_line (self, words[outcome]);
  return TRUE;
}

static gboolean
is_over (FhirResource *resource)
{
  static const char *const over[] = { "cancelled", "revoked",   "rejected", "failed",
                                      "noshow",    "fulfilled", NULL };
  const char *status = fhir_resource_path_text (resource, "status");

  return status && g_strv_contains (over, status);
}

static gboolean
add_follow_up (CareSheet *self, gboolean *any, GError **error)
{
  g_autoptr (GPtrArray) tasks = care_sheet_list (self, "Task", error);

  for (guint i = 0; tasks && i < tasks->len; i++)
    {
      FhirResource *task = tasks->pdata[i];
      const char *due = fhir_resource_path_text (task, "restriction.period.end");
      g_autofree char *day = NULL;

      if (g_strcmp0 (fhir_resource_path_text (task, "focus.reference"), self->reference) != 0 ||
          !fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK,
                                  "follow-up") ||
          is_over (task) || !due)
        continue;
      day = care_words_date (self->language, due, self->maker->zone);
      care_sheet_line_with (self, CARE_WORD_FOLLOW_UP, day);
      *any = TRUE;
    }
  return tasks != NULL;
}

gboolean
care_sheet_add_next (CareSheet *self, GError **error)
{
  g_autoptr (GPtrArray) orders = care_sheet_list (self, "ServiceRequest", error);
  gboolean any;

  care_sheet_head (self, CARE_WORD_NEXT);
  any = add_outcome (self);
  if (!orders || !add_follow_up (self, &any, error))
    return FALSE;
  for (guint i = 0; i < orders->len; i++)
    {
      g_autofree char *name = care_chart_concept (orders->pdata[i], "code");

      if (!name || !care_sheet_is_of_visit (self, orders->pdata[i]) || is_over (orders->pdata[i]))
        continue;
      care_paper_paragraph (self->maker->paper, name);
      any = TRUE;
    }
  if (!any)
    care_sheet_line (self, CARE_WORD_NOTHING_NEXT);
  return TRUE;
}

static int
compare_start (gconstpointer a, gconstpointer b)
{
  FhirResource *first = *(FhirResource *const *) a, *second = *(FhirResource *const *) b;
  gint64 x = care_chart_time (fhir_resource_path_text (first, "start")),
         y = care_chart_time (fhir_resource_path_text (second, "start"));

  return (x > y) - (x < y);
}

static const char *
clinician_of (FhirResource *appointment)
{
  const FhirElement *participants = fhir_resource_path (appointment, "participant");

  fhir_element_foreach (item, participants)
    {
      const char *who = fhir_element_path_text (item, "actor.reference");

      if (who && g_str_has_prefix (who, "Practitioner"))
        return fhir_element_path_text (item, "actor.display");
    }
  return NULL;
}

gboolean
care_sheet_add_visits (CareSheet *self, GError **error)
{
  g_autoptr (GPtrArray) appointments = care_sheet_list (self, "Appointment", error);
  CareBlock *table = NULL;

  care_sheet_head (self, CARE_WORD_VISITS);
  if (appointments)
    g_ptr_array_sort (appointments, compare_start);
  for (guint i = 0; appointments && i < appointments->len; i++)
    {
      FhirResource *appointment = appointments->pdata[i];
      const char *start = fhir_resource_path_text (appointment, "start");
      g_autofree char *when = NULL, *reason = NULL;
      const char *with = clinician_of (appointment);

      if (is_over (appointment) || care_chart_time (start) < base_clock_now (self->chart.clock))
        continue;
      when = care_words_date (self->language, start, self->maker->zone);
      reason = care_chart_concept (appointment, "reasonCode.0");
      if (!table)
        table = care_paper_table (self->maker->paper, care_sheet_say (self, CARE_WORD_DATE),
                                  care_sheet_say (self, CARE_WORD_WITH),
                                  care_sheet_say (self, CARE_WORD_REASON), NULL);
      care_paper_row (table, when, with ? with : care_sheet_say (self, CARE_WORD_NOT_RECORDED),
                      reason);
    }
  if (appointments && !table)
    care_sheet_line (self, CARE_WORD_NO_VISITS);
  return appointments != NULL;
}

/* (transfer full) (nullable): the telephone of the clinic that keeps the record. */
static char *
phone_of (CarePaperMaker *maker)
{
  const char *reference =
      fhir_resource_path_text (maker->patient, "managingOrganization.reference");
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) clinic = NULL;
  const FhirElement *telecoms;

  if (!reference || !fhir_reference_split (reference, &type, &id))
    return NULL;
  clinic = store_resource_get (maker->connection, type, id, NULL);
  telecoms = clinic ? fhir_resource_path (clinic, "telecom") : NULL;
  fhir_element_foreach (item, telecoms)
    if (g_strcmp0 (fhir_element_path_text (item, "system"), "phone") == 0)
      return g_strdup (fhir_element_path_text (item, "value"));
  return NULL;
}

gboolean
care_sheet_add_call (CareSheet *self, GError **error)
{
  g_autofree char *phone = phone_of (self->maker);
  gboolean said = FALSE;

  care_sheet_head (self, CARE_WORD_CALL);
  if (!care_sheet_add_part (self, CARE_WORD_CALL, &said, error))
    return FALSE;
  if (!said)
    care_sheet_line (self, CARE_WORD_NO_CALL);
  if (phone)
    care_sheet_line_with (self, CARE_WORD_PHONE, phone);
  else
    care_sheet_line (self, CARE_WORD_NO_PHONE);
  return TRUE;
}
