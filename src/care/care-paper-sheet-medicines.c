/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-paper-sheet.h"
#include "fhir-date.h"
#include "fhir-reference.h"
#include "store-resource.h"

/* What the patient takes, and what no more. */

#define VERSIONS_AT_MOST 50

/* (transfer full): in the patient's words where the whole dosage has them, and always as it was
 * written where that is another language (hazard H20). */
static char *
how_to_take (CareSheet *self, FhirResource *medicine)
{
  const FhirElement *dosages = fhir_resource_path (medicine, "dosageInstruction");
  g_autoptr (ClinicalDosage) dosage = NULL;
  g_autofree char *words = NULL, *original = NULL, *written = NULL;
  gboolean disagrees = FALSE;

  if (!dosages)
    dosages = fhir_resource_path (medicine, "dosage");
  written = clinical_dosage_display (dosages, &disagrees);
  if (!written)
    return g_strdup (care_sheet_say (self, CARE_WORD_NO_HOW));
  if (fhir_element_get_length (dosages) == 1)
    dosage = clinical_dosage_from_fhir (fhir_element_at (dosages, 0), NULL);
  /* where text and codes differ the codes alone are not the truth */
  if (dosage && !disagrees)
    words = care_words_dosage (self->language, dosage);
  original = g_strdup_printf (care_sheet_say (self, CARE_WORD_AS_WRITTEN), written);
  if (!words)
    return g_steal_pointer (&original);
  return g_str_equal (self->language, "en") ? g_steal_pointer (&words)
                                            : g_strdup_printf ("%s\n%s", words, original);
}

void
care_sheet_add_group (CareSheet *self, const char *group, CareWord heading, CareWord none)
{
  GListModel *rows = care_summary_get_list (self->maker->summary, CARE_LIST_MEDICINES);
  CareBlock *table = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);
      g_autofree char *type = NULL, *id = NULL, *how = NULL;
      g_autoptr (FhirResource) medicine = NULL;
      const char *its_group = care_row_get_text (row, CARE_ROW_GROUP);

      self->withheld |= g_strcmp0 (its_group, "Not shown") == 0;
      if (g_strcmp0 (its_group, group) != 0 ||
          !fhir_reference_split (care_row_get_reference (row), &type, &id))
        continue;
      medicine = store_resource_get (self->maker->connection, type, id, NULL);
      if (!medicine)
        continue;
      how = how_to_take (self, medicine);
      if (!table)
        {
          care_sheet_head (self, heading);
          table = care_paper_table (self->maker->paper, care_sheet_say (self, CARE_WORD_MEDICINE),
                                    care_sheet_say (self, CARE_WORD_HOW),
                                    care_sheet_say (self, CARE_WORD_FOR), NULL);
        }
      care_paper_row (table, care_row_get_title (row), how,
                      care_row_get_text (row, CARE_ROW_DETAIL));
    }
  if (!table && none < CARE_N_WORDS)
    {
      care_sheet_head (self, heading);
      care_sheet_line (self, none);
    }
}

static gboolean
is_ended (FhirResource *request)
{
  const char *status = request ? fhir_resource_path_text (request, "status") : NULL;

  return g_strcmp0 (status, "stopped") == 0 || g_strcmp0 (status, "cancelled") == 0;
}

/* When it was ended, as far as its versions show: an entry that came here ended shows nothing. */
static gint64
when_ended (CareSheet *self, FhirResource *request)
{
  g_autoptr (GPtrArray) versions =
      store_resource_history (self->maker->connection, "MedicationRequest",
                              fhir_resource_get_id (request), VERSIONS_AT_MOST, NULL);
  const char *ended = NULL;

  for (guint i = 0; versions && i < versions->len; i++) /* the newest first */
    {
      const StoreVersion *version = versions->pdata[i];

      if (!is_ended (version->resource))
        return ended ? care_chart_time (ended) : G_MININT64;
      ended = version->updated;
    }
  return G_MININT64;
}

/* Ended in this visit or since: by the end of its dosage, else by its versions. */
static gboolean
was_stopped (CareSheet *self, FhirResource *request)
{
  const char *end =
      fhir_resource_path_text (request, "dosageInstruction.0.timing.repeat.boundsPeriod.end");
  gint64 start = care_chart_time (self->start);
  FhirDate day;
  gint64 low = 0, high = 0;

  if (!is_ended (request))
    return FALSE;
  if (care_sheet_is_of_visit (self, request))
    return TRUE;
  if (!end || !fhir_date_parse (end, &day))
    return when_ended (self, request) >= MAX (start, G_MININT64 + 1);
  fhir_date_bounds (&day, &low, &high);
  return start > G_MININT64 && high > start;
}

gboolean
care_sheet_add_stopped (CareSheet *self, GError **error)
{
  g_autoptr (GPtrArray) requests = care_sheet_list (self, "MedicationRequest", error);
  CareBlock *table = NULL;

  care_sheet_head (self, CARE_WORD_STOPPED);
  for (guint i = 0; requests && i < requests->len; i++)
    {
      g_autofree char *name = NULL, *why = NULL;

      if (!was_stopped (self, requests->pdata[i]))
        continue;
      name = care_chart_medicine (&self->chart, requests->pdata[i]);
      why = care_chart_concept (requests->pdata[i], "statusReason");
      if (!table)
        table = care_paper_table (self->maker->paper, care_sheet_say (self, CARE_WORD_MEDICINE),
                                  care_sheet_say (self, CARE_WORD_WHY), NULL);
      care_paper_row (table, name, why ? why : care_sheet_say (self, CARE_WORD_NO_WHY));
    }
  if (requests && !table)
    care_sheet_line (self, CARE_WORD_NOTHING_STOPPED);
  return requests != NULL;
}
