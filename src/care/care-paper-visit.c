/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "care-document.h"
#include "care-paper-sheet.h"
#include "care-write.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-reference.h"
#include "store-resource.h"

/* The sheet that a patient takes home. Every line stands in the record or says that it does not:
 * nothing is concluded, judged or advised here. */

#define VISITS_AT_MOST 50

const char *
care_sheet_say (CareSheet *self, CareWord word)
{
  return care_words_get (self->language, word);
}

void
care_sheet_head (CareSheet *self, CareWord word)
{
  care_paper_heading (self->maker->paper, care_sheet_say (self, word));
}

void
care_sheet_line (CareSheet *self, CareWord word)
{
  care_paper_paragraph (self->maker->paper, care_sheet_say (self, word));
}

/* A sentence of the table with one thing filled in. */
void
care_sheet_line_with (CareSheet *self, CareWord word, const char *what)
{
  g_autofree char *text = g_strdup_printf (care_sheet_say (self, word), what);

  care_paper_paragraph (self->maker->paper, text);
}

/* (transfer full) (element-type FhirResource): what may be shown of the resources of @type. */
GPtrArray *
care_sheet_list (CareSheet *self, const char *type, GError **error)
{
  g_autoptr (GPtrArray) all =
      store_resource_list (self->maker->connection, self->maker->paper->patient_id, type, error);
  GPtrArray *shown;

  if (!all)
    return NULL;
  shown = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  for (guint i = 0; i < all->len; i++)
    {
      if (care_chart_is_error (all->pdata[i]))
        continue;
      if (care_chart_is_opaque (all->pdata[i]))
        self->withheld = TRUE;
      else
        g_ptr_array_add (shown, fhir_resource_ref (all->pdata[i]));
    }
  return shown;
}

gboolean
care_sheet_is_of_visit (CareSheet *self, FhirResource *resource)
{
  return g_strcmp0 (fhir_resource_path_text (resource, "encounter.reference"), self->reference) ==
         0;
}

/* ---- language ---- */

/* (transfer full) (nullable): the tag of the language that the patient prefers. */
static const FhirElement *
preferred_language (FhirResource *patient)
{
  const FhirElement *languages = fhir_resource_path (patient, "communication"), *first = NULL;

  fhir_element_foreach (item, languages)
    {
      if (fhir_element_is_true (fhir_element_get (item, "preferred")))
        return fhir_element_get (item, "language");
      if (!first)
        first = fhir_element_get (item, "language");
    }
  return first;
}

static void
choose_language (CareSheet *self)
{
  const FhirElement *wanted =
      self->maker->language ? NULL : preferred_language (self->maker->patient);
  const char *found = care_words_language (self->maker->language
                                               ? self->maker->language
                                               : fhir_element_path_text (wanted, "coding.0.code"));
  g_autofree char *name = wanted ? fhir_concept_dup_text (wanted) : NULL;

  self->language = found ? found : "en";
  self->chart.mark = care_words_get_mark (self->language);
  self->maker->paper->language = self->language;
  self->maker->paper->title = g_strdup (care_sheet_say (self, CARE_WORD_TITLE));
  care_sheet_line (self, CARE_WORD_INTRODUCTION);
  if (!found && wanted)
    {
      /* Read by who hands the sheet out as much as by the patient. */
      g_autofree char *text = g_strdup_printf (
          _ ("Preferred language: %s. Bedside has no words in it, so this sheet is in English."),
          name ? name : _ ("not recorded"));
      care_paper_paragraph (self->maker->paper, text);
    }
  if (*care_sheet_say (self, CARE_WORD_UNVERIFIED))
    care_sheet_line (self, CARE_WORD_UNVERIFIED);
}

/* ---- what was ---- */

static void
add_visit (CareSheet *self)
{
  FhirResource *encounter = self->encounter;
  g_autofree char *date = care_words_date (self->language, self->start, self->maker->zone);
  g_autofree char *reason = care_chart_concept (encounter, "reasonCode.0");
  const char *with = fhir_resource_path_text (encounter, "participant.0.individual.display");
  CareBlock *table;

  care_sheet_head (self, CARE_WORD_VISIT);
  table = care_paper_table (self->maker->paper, "", "", NULL);
  care_paper_row (table, care_sheet_say (self, CARE_WORD_DATE), date);
  care_paper_row (table, care_sheet_say (self, CARE_WORD_WITH),
                  with ? with : care_sheet_say (self, CARE_WORD_NOT_RECORDED));
  care_paper_row (table, care_sheet_say (self, CARE_WORD_REASON),
                  reason ? reason : care_sheet_say (self, CARE_WORD_NOT_RECORDED));
}

/* TRUE when @line opens the part of a note that @word names, in whatever language. */
static const char *
opens_part (const char *text, CareWord word)
{
  static const char *const tags[] = { "en", "de", "es", "fr", "ja" };
  g_autofree char *folded = g_utf8_casefold (text, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      const char *name = care_words_get (tags[i], word);
      g_autofree char *wanted = g_utf8_casefold (name, -1);
      const char *after = text + strlen (name);

      if (!g_str_has_prefix (folded, wanted) || strlen (text) < strlen (name))
        continue;
      after += strspn (after, " ");
      if (*after == ':')
        return after + 1;
      if (g_str_has_prefix (after, "：")) /* full-width */
        return after + strlen ("：");
    }
  return NULL;
}

/* The lines of a part, up to an empty one, are printed as they were signed. */
static gboolean
add_part_of (CareSheet *self, const char *note, CareWord word)
{
  g_auto (GStrv) lines = g_strsplit (note, "\n", -1);
  gboolean within = FALSE, found = FALSE;

  for (char **item = lines; *item; item++)
    {
      const char *first = opens_part (g_strstrip (*item), word);
      const char *text = first ? first + strspn (first, " ") : *item;

      within = first || (within && **item);
      if (!within || !*text)
        continue;
      care_paper_paragraph (self->maker->paper, text);
      found = TRUE;
    }
  return found;
}

/* What the signed notes of the visit say under a head of their own for the patient. */
gboolean
care_sheet_add_part (CareSheet *self, CareWord word, gboolean *found, GError **error)
{
  g_autoptr (GPtrArray) documents = care_sheet_list (self, "DocumentReference", error);

  *found = FALSE;
  for (guint i = 0; documents && i < documents->len; i++)
    {
      FhirResource *document = documents->pdata[i];
      g_autofree char *reference = fhir_resource_dup_reference (document);
      g_autoptr (CareDocument) note = NULL;
      g_autofree char *text = NULL;

      if (g_strcmp0 (fhir_resource_path_text (document, "context.encounter.0.reference"),
                     self->reference) != 0 ||
          g_strcmp0 (fhir_resource_path_text (document, "docStatus"), "final") != 0 ||
          g_strcmp0 (fhir_resource_path_text (document, "status"), "current") != 0)
        continue;
      note = care_document_load (self->maker->connection, reference, self->chart.clock, NULL);
      if (!note || !note->bytes || note->damaged || note->withheld || !note->content_type ||
          !g_str_has_prefix (note->content_type, "text/plain"))
        continue;
      text = g_utf8_make_valid (g_bytes_get_data (note->bytes, NULL),
                                (gssize) g_bytes_get_size (note->bytes));
      *found |= add_part_of (self, text, word);
    }
  return documents != NULL;
}

static gboolean
is_diagnosis (CareSheet *self, FhirResource *condition)
{
  g_autofree char *reference = fhir_resource_dup_reference (condition);
  const FhirElement *diagnoses = fhir_resource_path (self->encounter, "diagnosis");

  if (care_sheet_is_of_visit (self, condition))
    return TRUE;
  fhir_element_foreach (item, diagnoses)
    if (g_strcmp0 (fhir_element_path_text (item, "condition.reference"), reference) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
add_discussed (CareSheet *self, GError **error)
{
  g_autoptr (GPtrArray) conditions = care_sheet_list (self, "Condition", error);
  gboolean any = FALSE, said = FALSE;

  care_sheet_head (self, CARE_WORD_DISCUSSED);
  if (!conditions || !care_sheet_add_part (self, CARE_WORD_CLINICIAN_SAID, &said, error))
    return FALSE;
  for (guint i = 0; i < conditions->len; i++)
    {
      g_autofree char *name = care_chart_concept (conditions->pdata[i], "code");

      if (!name || !is_diagnosis (self, conditions->pdata[i]) ||
          fhir_concept_has_code (fhir_resource_path (conditions->pdata[i], "verificationStatus"),
                                 NULL, "refuted"))
        continue;
      care_paper_paragraph (self->maker->paper, name);
      any = TRUE;
    }
  if (!any && !said)
    care_sheet_line (self, CARE_WORD_NOTHING_DISCUSSED);
  return TRUE;
}

static gboolean
add_found (CareSheet *self, GError **error)
{
  g_autoptr (GPtrArray) observations = care_sheet_list (self, "Observation", error);
  CareBlock *table = NULL;

  care_sheet_head (self, CARE_WORD_FOUND);
  for (guint i = 0; observations && i < observations->len; i++)
    {
      g_autoptr (CareRow) row = NULL;
      const char *value;

      if (!care_sheet_is_of_visit (self, observations->pdata[i]))
        continue;
      row = care_chart_observation (&self->chart, observations->pdata[i]);
      value = care_row_get_text (row, CARE_ROW_VALUE);
      if (!table)
        table = care_paper_table (self->maker->paper, care_sheet_say (self, CARE_WORD_MEASURED),
                                  care_sheet_say (self, CARE_WORD_VALUE), NULL);
      care_paper_row (table, care_row_get_title (row),
                      value ? value : care_sheet_say (self, CARE_WORD_NOT_RECORDED));
    }
  if (observations && !table)
    care_sheet_line (self, CARE_WORD_NOTHING_FOUND);
  return observations != NULL;
}

static gboolean
make (CareSheet *self, GError **error)
{
  choose_language (self);
  add_visit (self);
  if (!add_discussed (self, error) || !add_found (self, error) ||
      !care_sheet_read_decisions (self, error))
    return FALSE;
  care_sheet_add_group (self, "Active", CARE_WORD_MEDICINES, CARE_WORD_NO_MEDICINE);
  care_sheet_add_group (self, "Suspended", CARE_WORD_PAUSED, CARE_N_WORDS);
  if (!care_sheet_add_stopped (self, error) || !care_sheet_add_next (self, error) ||
      !care_sheet_add_visits (self, error) || !care_sheet_add_call (self, error))
    return FALSE;
  if (self->withheld)
    care_sheet_line (self, CARE_WORD_WITHHELD);
  return TRUE;
}

/* @reference: "Encounter/1" */
gboolean
care_paper_make_after_visit (CarePaperMaker *self, const char *reference, GError **error)
{
  g_autofree char *type = NULL, *id = NULL, *patient = NULL, *today = NULL;
  g_autoptr (FhirResource) encounter = NULL;
  BaseClock *clock = care_context_get_clock (self->context);
  CareSheet sheet = { .maker = self };
  gboolean made;

  if (!reference || !fhir_reference_split (reference, &type, &id) ||
      !g_str_equal (type, "Encounter"))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("Choose a visit first."));
      return FALSE;
    }
  encounter = care_read (self->connection, "Encounter", id, error);
  if (!encounter)
    return FALSE;
  patient = care_patient_of (encounter);
  if (g_strcmp0 (patient, self->paper->patient_id) != 0 || care_chart_is_opaque (encounter))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("This visit does not belong to this patient, or it cannot be shown "
                              "safely."));
      return FALSE;
    }
  today = base_clock_dup_today (clock);
  sheet.chart =
      (CareChart) { self->connection, clock, self->zone, self->paper->patient_id, today, NULL };
  sheet.encounter = encounter;
  sheet.reference = (char *) reference;
  sheet.start = (char *) fhir_resource_path_text (encounter, "period.start");
  made = make (&sheet, error);
  g_clear_pointer (&sheet.decisions, g_hash_table_unref);
  return made;
}

static int
compare_newest (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = care_row_get_sort ((CareRow *) a), y = care_row_get_sort ((CareRow *) b);

  return (x < y) - (x > y);
}

/* (transfer full) (nullable): visits that took place or have begun. */
GListStore *
care_paper_list_visits (StoreConnection *connection,
                        CareContext *context,
                        const char *patient_id,
                        GError **error)
{
  g_autoptr (GListStore) rows = g_list_store_new (CARE_TYPE_ROW);
  g_autoptr (GDateTime) now = base_clock_dup_now (care_context_get_clock (context));
  g_autoptr (GPtrArray) visits = store_resource_list (connection, patient_id, "Encounter", error);
  CareChart chart = { .connection = connection,
                      .clock = care_context_get_clock (context),
                      .zone = g_date_time_get_timezone (now),
                      .patient_id = patient_id };
  guint n;

  if (!visits)
    return NULL;
  for (guint i = 0; i < visits->len; i++)
    {
      const char *status = fhir_resource_path_text (visits->pdata[i], "status");
      g_autoptr (CareRow) row = NULL;

      if (care_chart_is_error (visits->pdata[i]) || care_chart_is_opaque (visits->pdata[i]) ||
          g_strcmp0 (status, "planned") == 0 || g_strcmp0 (status, "cancelled") == 0)
        continue;
      row = care_chart_visit (&chart, visits->pdata[i]);
      g_list_store_append (rows, row);
    }
  g_list_store_sort (rows, compare_newest, NULL);
  n = g_list_model_get_n_items (G_LIST_MODEL (rows));
  if (n > VISITS_AT_MOST)
    g_list_store_splice (rows, VISITS_AT_MOST, n - VISITS_AT_MOST, NULL, 0);
  return g_steal_pointer (&rows);
}
