/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-paper-private.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-write.h"
#include "fhir-reference.h"
#include "store-audit.h"
#include "store-resource.h"

/* The record on paper: what stands in a document is decided here, how it looks is not. */

static void
block_free (gpointer data)
{
  CareBlock *block = data;

  g_free (block->text);
  g_strfreev (block->columns);
  g_clear_pointer (&block->rows, g_ptr_array_unref);
  g_free (block);
}

static void
clear_paper (gpointer data)
{
  CarePaper *self = data;

  g_free (self->title);
  g_free (self->patient_id);
  g_free (self->name);
  g_free (self->born);
  g_free (self->identifier);
  g_free (self->clinic);
  g_free (self->reference);
  g_ptr_array_unref (self->blocks);
}

CarePaper *
care_paper_ref (CarePaper *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
care_paper_unref (CarePaper *self)
{
  g_atomic_rc_box_release_full (self, clear_paper);
}

static CareBlock *
add_block (CarePaper *self, CareBlockKind kind, const char *text)
{
  CareBlock *block = g_new0 (CareBlock, 1);

  block->kind = kind;
  block->text = g_strdup (text);
  g_ptr_array_add (self->blocks, block);
  return block;
}

void
care_paper_heading (CarePaper *self, const char *text)
{
  add_block (self, CARE_BLOCK_HEADING, text);
}

void
care_paper_paragraph (CarePaper *self, const char *text)
{
  add_block (self, CARE_BLOCK_PARAGRAPH, text);
}

/* Heads of the columns, ended by NULL. */
CareBlock *
care_paper_table (CarePaper *self, ...)
{
  CareBlock *block = add_block (self, CARE_BLOCK_TABLE, NULL);
  g_autoptr (GStrvBuilder) columns = g_strv_builder_new ();
  va_list args;

  va_start (args, self);
  for (const char *head = va_arg (args, const char *); head; head = va_arg (args, const char *))
    g_strv_builder_add (columns, head);
  va_end (args);
  block->columns = g_strv_builder_end (columns);
  block->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  return block;
}

/* As many texts as the table has columns; NULL for an empty cell. */
void
care_paper_row (CareBlock *table, ...)
{
  guint n = g_strv_length (table->columns);
  GStrv row = g_new0 (char *, n + 1);
  va_list args;

  va_start (args, table);
  for (guint i = 0; i < n; i++)
    {
      const char *cell = va_arg (args, const char *);
      row[i] = g_strdup (cell ? cell : "");
    }
  va_end (args);
  g_ptr_array_add (table->rows, row);
}

static gboolean
is_empty_column (const CareBlock *table, guint column)
{
  for (guint i = 0; i < table->rows->len; i++)
    if (*((char **) table->rows->pdata[i])[column])
      return FALSE;
  return TRUE;
}

static void
drop_cell (char **cells, guint column)
{
  g_free (cells[column]);
  do
    cells[column] = cells[column + 1];
  while (cells[++column]);
}

/* A column of which no row says anything takes room from those that do. */
static void
drop_empty_columns (CareBlock *table)
{
  for (guint column = g_strv_length (table->columns) - 1; column > 0; column--)
    if (is_empty_column (table, column))
      {
        drop_cell (table->columns, column);
        for (guint i = 0; i < table->rows->len; i++)
          drop_cell (table->rows->pdata[i], column);
      }
}

static void
tidy (CarePaper *self)
{
  for (guint i = 0; i < self->blocks->len; i++)
    {
      CareBlock *block = self->blocks->pdata[i];

      if (block->kind == CARE_BLOCK_TABLE)
        drop_empty_columns (block);
    }
}

/* (transfer full) (nullable): the clinic that keeps this record. */
static char *
clinic_of (StoreConnection *connection, FhirResource *patient)
{
  const char *display = fhir_resource_path_text (patient, "managingOrganization.display");
  const char *reference = fhir_resource_path_text (patient, "managingOrganization.reference");
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) organization = NULL;

  if (display || !reference || !fhir_reference_split (reference, &type, &id))
    return g_strdup (display);
  organization = store_resource_get (connection, type, id, NULL);
  return organization ? g_strdup (fhir_resource_path_text (organization, "name")) : NULL;
}

static CarePaper *
paper_new (CarePaperKind kind, CareSummary *summary, StoreConnection *connection, FhirResource *who)
{
  CarePaper *self = g_atomic_rc_box_new0 (CarePaper);

  self->kind = kind;
  self->patient_id = g_strdup (care_summary_get_patient_id (summary));
  self->name = g_strdup (care_summary_get_name (summary));
  self->born = g_strdup (care_summary_get_birth_date (summary));
  self->identifier = g_strdup (care_summary_get_identifier (summary));
  self->clinic = clinic_of (connection, who);
  self->language = "en";
  self->blocks = g_ptr_array_new_with_free_func (block_free);
  return self;
}

static CarePaper *
load (StoreConnection *connection,
      CareContext *context,
      CarePaperKind kind,
      const char *patient_id,
      const char *reference,
      const char *language,
      GError **error)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  g_autoptr (FhirResource) patient = care_read (connection, "Patient", patient_id, error);
  g_autoptr (CareSummary) summary =
      patient ? care_summary_load (connection, patient_id, clock, error) : NULL;
  g_autoptr (CarePaper) paper = NULL;
  CarePaperMaker maker = { connection, context, summary, patient, g_date_time_get_timezone (now),
                           NULL,       language };
  gboolean made = FALSE;

  if (!summary)
    return NULL;
  maker.paper = paper = paper_new (kind, summary, connection, patient);
  paper->reference = g_strdup (reference);
  switch (kind)
    {
    case CARE_PAPER_SUMMARY:
      made = care_paper_make_summary (&maker, error);
      break;
    case CARE_PAPER_MEDICINES:
      made = care_paper_make_medicines (&maker, error);
      break;
    case CARE_PAPER_NOTE:
      made = care_paper_make_note (&maker, reference, error);
      break;
    case CARE_PAPER_AFTER_VISIT:
      made = care_paper_make_after_visit (&maker, reference, error);
      break;
    }
  if (!made)
    return NULL;
  tidy (paper);
  return g_steal_pointer (&paper);
}

/**
 * care_paper_load:
 * @reference: (nullable): of a note ("DocumentReference/1", or the id of an own draft) or of a
 *   visit ("Encounter/1"); NULL where @kind needs none
 *
 * Returns: (transfer full) (nullable): the document as the record is now
 */
CarePaper *
care_paper_load (StoreConnection *connection,
                 CareContext *context,
                 CarePaperKind kind,
                 const char *patient_id,
                 const char *reference,
                 GError **error)
{
  return load (connection, context, kind, patient_id, reference, NULL, error);
}

/**
 * care_paper_load_after_visit:
 * @reference: "Encounter/1"
 * @language: (nullable): of Bedside's own words; NULL: the one that the patient's record prefers
 *
 * Returns: (transfer full) (nullable): the sheet that a patient takes home
 */
CarePaper *
care_paper_load_after_visit (StoreConnection *connection,
                             CareContext *context,
                             const char *patient_id,
                             const char *reference,
                             const char *language,
                             GError **error)
{
  return load (connection, context, CARE_PAPER_AFTER_VISIT, patient_id, reference, language, error);
}

static gboolean
load_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = (GDestroyNotify) care_paper_unref;
  c->result = care_paper_load (connection, c->context, c->number, c->texts[0], c->texts[1], error);
  return c->result != NULL;
}

void
care_paper_load_async (CareContext *context,
                       CarePaperKind kind,
                       const char *patient_id,
                       const char *reference,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  CareCommand *command = care_command_new (context, load_work, patient_id, reference, NULL);

  command->number = kind;
  care_command_read (command, care_context_get_store (context), care_paper_load_async, cancellable,
                     callback, user_data);
}

CarePaper *
care_paper_load_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
list_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = g_object_unref;
  if (c->number == CARE_PAPER_NOTE)
    c->result = care_paper_list_notes (connection, c->context, c->texts[0], error);
  else if (c->number == CARE_PAPER_AFTER_VISIT)
    c->result = care_paper_list_visits (connection, c->context, c->texts[0], error);
  else
    c->result = g_list_store_new (CARE_TYPE_ROW);
  return c->result != NULL;
}

void
care_paper_list_async (CareContext *context,
                       CarePaperKind kind,
                       const char *patient_id,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  CareCommand *command = care_command_new (context, list_work, patient_id, NULL);

  command->number = kind;
  care_command_read (command, care_context_get_store (context), care_paper_list_async, cancellable,
                     callback, user_data);
}

GListModel *
care_paper_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

/**
 * care_paper_record:
 * @action: "print" or "export"
 * @reference: (nullable): what of the record
 * @detail: which document, in words that name no patient
 *
 * Records that a document leaves the program. It is called before it does: what cannot be recorded
 * is not given out, and nothing is given out once the sign-in has run out.
 */
gboolean
care_paper_record (StoreConnection *connection,
                   CareContext *context,
                   const char *action,
                   const char *patient_id,
                   const char *reference,
                   const char *detail,
                   GError **error)
{
  if (!care_context_check_lease (context, NULL))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_LEASE,
                           _ ("Your sign-in has run out, so nothing can be printed or saved now. "
                              "Connect to the network: it works again as soon as the clinic’s "
                              "server answers."));
      return FALSE;
    }
  return store_audit_append (connection, action, care_context_get_user_reference (context),
                             patient_id, reference, detail, error);
}

static gboolean
record_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_paper_record (connection, c->context, c->texts[0], c->texts[1], c->texts[3],
                            c->texts[2], error);
}

void
care_paper_record_async (CareContext *context,
                         const char *action,
                         const CarePaper *paper,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  static const char *const names[] = { "summary", "current medicines", "note",
                                       "after-visit summary" };

  care_command_write (care_command_new (context, record_work, action, paper->patient_id,
                                        names[paper->kind], paper->reference, NULL),
                      care_paper_record_async, NULL, callback, user_data);
}

gboolean
care_paper_record_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
