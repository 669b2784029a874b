/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicine-answer.h"
#include "care-medicines-private.h"
#include "care-paper-sheet.h"
#include "clinical-dosage.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "store-resource.h"

/* What the patient takes, and what no more. */

#define VERSIONS_AT_MOST 50
#define SLACK_US         (2 * G_USEC_PER_SEC) /* a list and its entries are written together */

/* ---- what was decided when the medicines were gone through ---- */

/* Of one entry, by the last list that names it. */
typedef struct
{
  char *act;
  char *instead; /* (nullable): the entry that holds in its place */
  gint64 when, updated;
  gboolean is_replaced; /* a statement of the list stands for it */
} Decision;

static void
decision_free (gpointer data)
{
  Decision *self = data;

  g_free (self->act);
  g_free (self->instead);
  g_free (self);
}

static gboolean
is_reconciliation (FhirResource *list)
{
  return !care_chart_is_error (list) && !care_chart_is_opaque (list) &&
         g_strcmp0 (fhir_resource_path_text (list, "status"), "current") == 0 &&
         fhir_concept_has_code (fhir_resource_path (list, "code"), CARE_SYSTEM_LIST,
                                CARE_LIST_RECONCILED);
}

/* (transfer full) (nullable) */
static char *
dup_instead (const FhirElement *entry)
{
  fhir_element_foreach (extension, fhir_element_get (entry, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), CARE_LIST_CONTINUED_AS) == 0)
      return g_strdup (fhir_element_path_text (extension, "valueReference.reference"));
  return NULL;
}

static void
take_list (GHashTable *decisions, FhirResource *list)
{
  const FhirElement *entries = fhir_resource_path (list, "entry");
  gint64 when = care_chart_time (fhir_resource_path_text (list, "date"));

  fhir_element_foreach (entry, entries)
    {
      const char *reference = fhir_element_path_text (entry, "item.reference");
      const char *act = fhir_concept_get_code (fhir_element_get (entry, "flag"), CARE_SYSTEM_LIST);
      const Decision *known = reference ? g_hash_table_lookup (decisions, reference) : NULL;
      Decision *decision;

      if (!reference || !act || (known && known->when > when))
        continue;
      decision = g_new0 (Decision, 1);
      decision->act = g_strdup (act);
      decision->instead = dup_instead (entry);
      decision->when = when;
      decision->updated = care_chart_time (fhir_resource_get_updated (list));
      g_hash_table_insert (decisions, g_strdup (reference), decision);
    }
}

/* The statement that was made when a list was signed stands for what it derives from. */
static void
mark_replaced (GHashTable *decisions, FhirResource *statement)
{
  const FhirElement *sources = fhir_resource_path (statement, "derivedFrom");
  g_autofree char *reference = fhir_resource_dup_reference (statement);
  const Decision *own = g_hash_table_lookup (decisions, reference);

  fhir_element_foreach (source, sources)
    {
      const char *of = fhir_element_path_text (source, "reference");
      Decision *decision = of ? g_hash_table_lookup (decisions, of) : NULL;

      if (own && decision && own->when == decision->when)
        decision->is_replaced = TRUE;
    }
}

gboolean
care_sheet_read_decisions (CareSheet *self, GError **error)
{
  StoreConnection *connection = self->maker->connection;
  const char *patient = self->maker->paper->patient_id;
  g_autoptr (GPtrArray) lists = store_resource_list (connection, patient, "List", error);
  g_autoptr (GPtrArray) statements =
      lists ? store_resource_list (connection, patient, "MedicationStatement", error) : NULL;

  self->decisions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, decision_free);
  for (guint i = 0; statements && i < lists->len; i++)
    if (is_reconciliation (lists->pdata[i]))
      take_list (self->decisions, lists->pdata[i]);
  for (guint i = 0; statements && i < statements->len; i++)
    if (!care_chart_is_error (statements->pdata[i]))
      mark_replaced (self->decisions, statements->pdata[i]);
  return statements != NULL;
}

/* (nullable): what was decided of it; nobody looked at what was changed since. */
static const Decision *
find_decision (CareSheet *self, FhirResource *medicine)
{
  g_autofree char *reference = fhir_resource_dup_reference (medicine);
  const Decision *decision = g_hash_table_lookup (self->decisions, reference);

  return decision && care_chart_time (fhir_resource_get_updated (medicine)) <=
                         decision->updated + SLACK_US
             ? decision
             : NULL;
}

/* What holds in the place of another entry has to hold still: who stopped it did not decide that
 * the other one is taken as little. */
static gboolean
still_holds (CareSheet *self, const char *reference)
{
  static const char *const current[] = { "active", "intended", "on-hold", NULL };
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) medicine = NULL;
  const char *status;

  if (!reference || !fhir_reference_split (reference, &type, &id))
    return FALSE;
  medicine = store_resource_get (self->maker->connection, type, id, NULL);
  status = medicine ? fhir_resource_path_text (medicine, "status") : NULL;
  return status && g_strv_contains (current, status);
}

/* Another organisation's entry stays as it was sent, whatever was decided here: it is not taken
 * any more where it was stopped, nor as it says where a statement of ours stands for it. An order
 * that the patient does not follow still stands. */
static gboolean
is_overruled (CareSheet *self, FhirResource *medicine)
{
  const Decision *decision = find_decision (self, medicine);

  if (care_medicine_is_answer (medicine))
    return TRUE; /* how they take it is not how to take it */
  if (!decision)
    return FALSE;
  if (g_str_equal (decision->act, "stop"))
    return TRUE;
  if (g_str_equal (decision->act, "not-taken"))
    return !g_str_equal (fhir_resource_get_type (medicine), "MedicationRequest");
  return decision->is_replaced || still_holds (self, decision->instead);
}

/* ---- what is taken ---- */

/* (transfer full): in the patient's words where the whole dosage has them, and always as it was
 * written where that is another language (hazard H20). */
static char *
how_to_take (CareSheet *self, FhirResource *medicine)
{
  const FhirElement *dosages = fhir_resource_path (medicine, "dosageInstruction");
  g_autofree char *words = NULL, *original = NULL, *written = NULL;
  gboolean disagrees = FALSE;

  if (!dosages)
    dosages = fhir_resource_path (medicine, "dosage");
  written = clinical_dosage_display (dosages, &disagrees);
  if (!written)
    return g_strdup (care_sheet_say (self, CARE_WORD_NO_HOW));
  /* where text and codes differ the codes alone are not the truth */
  if (!disagrees)
    words = clinical_dosage_say (dosages, self->language, CLINICAL_READER_PATIENT, NULL);
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
      if (!medicine || is_overruled (self, medicine))
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

/* ---- what was stopped ---- */

static gboolean
is_ended (FhirResource *medicine)
{
  const char *status = medicine ? fhir_resource_path_text (medicine, "status") : NULL;

  return g_strcmp0 (status, "stopped") == 0 || g_strcmp0 (status, "cancelled") == 0;
}

/* When it was ended, as far as its versions show: an entry that came here ended shows nothing. */
static gint64
when_ended (CareSheet *self, FhirResource *medicine)
{
  g_autoptr (GPtrArray) versions =
      store_resource_history (self->maker->connection, fhir_resource_get_type (medicine),
                              fhir_resource_get_id (medicine), VERSIONS_AT_MOST, NULL);
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

/* Ended in this visit or since: by the list that was signed, else by its versions. The end in a
 * dosage is the planned one and says nothing. */
static gboolean
was_stopped (CareSheet *self, FhirResource *medicine)
{
  g_autofree char *reference = fhir_resource_dup_reference (medicine);
  const Decision *decision = g_hash_table_lookup (self->decisions, reference);
  gboolean is_stop = decision && g_str_equal (decision->act, "stop");
  gint64 start = MAX (care_chart_time (self->start), G_MININT64 + 1);

  /* what gave way to another entry of the same medicine was not stopped */
  if (!is_ended (medicine) || (!is_stop && find_decision (self, medicine)))
    return FALSE;
  /* that the patient has stopped it is not that they should */
  if (!is_stop && care_medicine_is_answer (medicine))
    return FALSE;
  if (care_sheet_is_of_visit (self, medicine) ||
      g_strcmp0 (fhir_resource_path_text (medicine, "context.reference"), self->reference) == 0)
    return TRUE;
  if (is_stop && decision->when >= start)
    return TRUE;
  return when_ended (self, medicine) >= start;
}

/* @said: what is in the table; an order and the statement beside it are one line. */
static void
add_stopped_of (CareSheet *self, GPtrArray *medicines, CareBlock **table, GHashTable *said)
{
  for (guint i = 0; i < medicines->len; i++)
    {
      FhirResource *medicine = medicines->pdata[i];
      g_autofree char *name = NULL, *why = NULL, *line = NULL;

      if (!was_stopped (self, medicine))
        continue;
      name = care_chart_medicine (&self->chart, medicine);
      why = care_chart_concept (medicine, "statusReason");
      if (!why)
        why = care_chart_concept (medicine, "statusReason.0");
      line = g_strconcat (name, "\n", why, NULL);
      if (!g_hash_table_add (said, g_utf8_casefold (line, -1)))
        continue;
      if (!*table)
        *table = care_paper_table (self->maker->paper, care_sheet_say (self, CARE_WORD_MEDICINE),
                                   care_sheet_say (self, CARE_WORD_WHY), NULL);
      care_paper_row (*table, name, why ? why : care_sheet_say (self, CARE_WORD_NO_WHY));
    }
}

gboolean
care_sheet_add_stopped (CareSheet *self, GError **error)
{
  g_autoptr (GPtrArray) requests = care_sheet_list (self, "MedicationRequest", error);
  g_autoptr (GPtrArray) statements =
      requests ? care_sheet_list (self, "MedicationStatement", error) : NULL;
  g_autoptr (GHashTable) said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  CareBlock *table = NULL;

  care_sheet_head (self, CARE_WORD_STOPPED);
  if (!statements)
    return FALSE;
  add_stopped_of (self, requests, &table, said);
  add_stopped_of (self, statements, &table, said);
  if (!table)
    care_sheet_line (self, CARE_WORD_NOTHING_STOPPED);
  return TRUE;
}
